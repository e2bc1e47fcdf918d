"""`verifier` in forks of a process that has imported it: that takes longer than most commands."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from api.cli import main
from tests.nobody import ROOT

LONGEST_S = 800.0
"""Only what hangs takes as long, on however busy a machine."""
START = "import sys, tests.api.cli.forked as forked; forked.serve(int(sys.argv[1]))"
"""Not with -m: a command calls itself by what was started."""


class Commands:
    """The process that is forked."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` is what it is imported in."""
        self._asked, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", START, str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def run(
        self, arguments: Sequence[str], stdin: str, folder: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """What becomes of `verifier ARGUMENTS` there."""
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(stdin.encode())
            given.seek(0)
            asked = json.dumps([[*arguments], str(folder), dict(environment)]).encode()
            streams = [stream.fileno() for stream in (given, out, err)]
            socket.send_fds(self._asked, [asked], streams)
            ended, _, _ = select.select([self._asked], [], [], LONGEST_S)
            status = int(self._asked.recv(100)) if ended else None
            shown = [_text_in(stream.fileno()) for stream in (out, err)]
        assert status is not None, f"{arguments} do not end: {shown}"
        return subprocess.CompletedProcess(["verifier", *arguments], status, *shown)

    def close(self) -> None:
        self._asked.close()  # it ends by that
        self._process.wait()


def _text_in(descriptor: int) -> str:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode()


def _end_as(command: Callable[[], None]) -> NoReturn:
    """End this process as the command ends; to take an interpreter apart takes longer than most."""
    try:
        command()
        code: str | int | None = 0
    except SystemExit as end:
        code = end.code
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code if isinstance(code, int) else code is not None)


def serve(descriptor: int) -> None:
    """Run what is asked for on that socket, one command at a time."""
    asked = socket.socket(fileno=descriptor)
    while True:
        message, streams, _, _ = socket.recv_fds(asked, 1 << 20, 3)
        if not message:
            sys.exit()
        child = os.fork()
        if child == 0:
            asked.close()
            arguments, folder, environment = json.loads(message)
            for standard, stream in enumerate(streams):
                os.dup2(stream, standard)
                os.close(stream)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            sys.argv = ["verifier", *arguments]
            _end_as(main)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        asked.send(str(os.waitstatus_to_exitcode(status)).encode())
