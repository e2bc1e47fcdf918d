"""The trainers themselves: their wheels in an environment apart, asked through small drivers.

`make trainers` makes the environment (see `environment`). A driver imports a trainer's own calling
code, hands it completions as if they had been sampled, and tells what its tensors held.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.conftest import running_service
from tests.environments import Lacking
from tests.trainers.checkouts import CHECKOUTS
from tests.trainers.environment import VERIFIERS
from tests.trainers.proxy import Proxy

HERE = Path(__file__).parent
CLIENT = HERE.parents[1] / "client"
LONGEST_ANSWER_S = 300.0
MOST_DRIVERS = 2
"""That live at a time in one of the processes that run tests: each has 400 MB."""


def of_driver(name: str) -> pytest.MarkDecorator:
    """The tests of one driver run one after another in one process: it is imported once."""
    return pytest.mark.xdist_group(f"trainer {name}")


class Driver:
    """A process with one trainer in it."""

    def __init__(self, python: Path, name: str, log: Path) -> None:
        """`name` is that of its file, or of a checkout. Raises Lacking."""
        self._log = log
        program, *arguments = _command(name)
        if program == "verifiers":
            python = VERIFIERS.python() or _lacking("make trainers installs what verifiers imports")
        environment = {**os.environ, "PYTHONPATH": str(CLIENT), "HF_HUB_OFFLINE": "1"}
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [python, HERE / "drivers" / f"drive_{program}.py", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                cwd=log.parent,
                text=True,
                start_new_session=True,
            )

    def run(self, **request: Any) -> dict[str, Any]:
        """What the trainer held; `environment` are its VERIFIER_ variables."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        readable, _, _ = select.select([self._process.stdout], [], [], LONGEST_ANSWER_S)
        answer = self._process.stdout.readline() if readable else ""
        assert answer, self._log.read_text()[-3000:]
        return dict(json.loads(answer))

    @property
    def said(self) -> str:
        """What the trainer and the client logged."""
        return self._log.read_text()

    def close(self) -> None:
        # With the processes of its own that it has forked: they hold its pipes open.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


def _command(name: str) -> list[str]:
    """A driver and its arguments. Raises Lacking where it drives sources that are not here."""
    checkout, _, part = name.partition(" ")
    if checkout not in CHECKOUTS:
        return [name]
    needed = [checkout, *(["prime_rl"] if part else [])]
    folders = [CHECKOUTS[one].folder for one in needed]
    for folder in folders:
        if not folder.exists():
            _lacking(f"make trainers fetches the sources of {folder.name}")
    paths = list(map(str, folders))
    return ["verifiers", *paths, part] if part else ["checkout", *paths, checkout]


def _lacking(reason: str) -> NoReturn:
    raise Lacking(reason)


@pytest.fixture(scope="session")
def driver(
    trainers_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Driver]]:
    """Drivers by name, kept while they are asked: importing a trainer takes a while."""
    log = tmp_path_factory.mktemp("drivers")
    started: dict[str, Driver] = {}
    """Whoever was asked last is the last."""

    def start(name: str) -> Driver:
        found = started.pop(name, None)
        if found is None:
            try:
                found = Driver(trainers_python, name, log / name)
            except Lacking as reason:  # no index has them, so neither has every CI
                pytest.skip(str(reason))
        started[name] = found
        while len(started) > MOST_DRIVERS:
            started.pop(next(iter(started))).close()
        return found

    yield start
    for each in started.values():
        each.close()


class Service:
    """A service that stands behind a proxy and whose workers may be killed."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]", proxy: Proxy) -> None:
        self.proxy = proxy
        self.url = proxy.url
        self.upstream = url
        self._process = process

    def kill_workers(self) -> None:
        for pid in _children(self._process.pid):
            with contextlib.suppress(OSError):
                if (
                    b"verifier.dispatch.embedded.worker"
                    in Path(f"/proc/{pid}/cmdline").read_bytes()
                ):
                    os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for children in listed for child in children.read_text().split()]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    with running_service(folder / "log") as (url, process), Proxy(url) as proxy:
        yield Service(url, process, proxy)
