"""The command, run as a user runs it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.cli.forked import Commands

VERIFIER = str(Path(sys.executable).with_name("verifier"))
Run = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    running = Commands(_environment({}))
    yield running
    running.close()


@pytest.fixture
def run(tmp_path: Path, commands: Commands) -> Run:
    """Run `verifier` to its end; no command may ever show a traceback."""

    def run(
        *arguments: object, stdin: str = "", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        environment = _environment(variables)
        found = commands.run([*map(str, arguments)], stdin, tmp_path, environment)
        assert "Traceback" not in found.stderr + found.stdout
        return found

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start `verifier`; whatever still runs at the end of the test is killed."""
    started = []

    def start(
        *arguments: object, interrupts: str = "default", **variables: str
    ) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            # A suite in a shell's background has it ignored, and so would what it starts.
            ["/usr/bin/env", f"--{interrupts}-signal=INT", VERIFIER, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=_environment(variables),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _environment(variables: dict[str, str]) -> dict[str, str]:
    defaults = {"VERIFIER_SANDBOX": "local", "VERIFIER_WORKERS": "1", "COLUMNS": "200"}
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **defaults, **variables}
