"""Places files in a run's folder before it starts, and fetches files when it has ended.

All of it happens as the run's own user and inside its limits: what a path leads to, the run could
read or write itself. What the run reports is not believed (see python_run).
"""

import base64
import json
import os
import signal
import stat
from collections.abc import Callable, Sequence
from typing import NoReturn

from . import MAX_FETCHED_BYTES
from .python_run import content_of

_CANNOT_PLACE = 126


def with_files(
    run: Callable[[Sequence[int]], NoReturn],
) -> Callable[[Sequence[int]], NoReturn]:
    """`run` with files: the first descriptor has JSON {"files": {path: base64}, "fetch": [path]},
    the second is memory for JSON {path: base64} of those of `fetch` that are there."""

    def run_with_files(descriptors: Sequence[int]) -> NoReturn:
        given, fetched, *rest = descriptors
        document = json.loads(content_of(given))
        os.close(given)
        _place(document["files"])
        if document["fetch"]:
            program = os.fork()
            if program:
                _, status = os.waitpid(program, 0)
                _write_fetched(document["fetch"], fetched)
                _end_as(status)
        os.close(fetched)
        run(rest)

    return run_with_files


def _place(files: dict[str, str]) -> None:
    try:
        for path, content in files.items():
            if folder := os.path.dirname(path):
                os.makedirs(folder, exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(content))
    except OSError as error:
        os.write(2, f"the file {path} cannot be placed: {error.strerror}\n".encode())
        os._exit(_CANNOT_PLACE)


def _write_fetched(paths: Sequence[str], fetched: int) -> None:
    found = {}
    left = MAX_FETCHED_BYTES
    for path in paths:
        content = _content(path, left)
        if content is not None:
            found[path] = base64.b64encode(content).decode("ascii")
            left -= len(content)
    with open(fetched, "wb") as file:
        file.write(json.dumps(found).encode("ascii"))


def _content(path: str, most: int) -> bytes | None:
    """What is in a plain file of at most `most` bytes; None where there is no such file."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size <= most:
                content = file.read(most + 1)
                return content if len(content) <= most else None
    except (OSError, ValueError):
        pass  # not there, not to be read, or no path at all
    return None


def _end_as(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))
