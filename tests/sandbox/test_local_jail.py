"""What only the local jail can get wrong: it is started by a process of ours."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits, Program
from sandbox.agent.confine import MAX_FILES
from sandbox.local_jail import open_local_jail
from sandbox.warm_jail import WarmJail


@pytest.fixture
def start(not_here: Callable[[str], NoReturn]) -> Callable[[], WarmJail]:
    def start() -> WarmJail:
        try:
            return open_local_jail()
        except JailUnavailable as refusal:
            not_here(str(refusal))

    return start


def test_nothing_of_a_worker_with_many_open_files_reaches_a_run(
    start: Callable[[], WarmJail],
) -> None:
    many = [os.dup(0) for _ in range(MAX_FILES + 50)]
    try:
        jail = start()
    finally:
        for descriptor in many:
            os.close(descriptor)
    program = Program("import os\nprint(sorted(map(int, os.listdir('/proc/self/fd'))))")
    with jail.load(program, Limits()) as script:
        assert script.run(b"").stdout == b"[0, 1, 2, 3]\n"
    jail.close()


def test_a_jail_leaves_nothing_on_the_host(start: Callable[[], WarmJail]) -> None:
    descriptors = os.listdir("/proc/self/fd")
    jail = start()
    jail.close()
    assert os.listdir("/proc/self/fd") == descriptors
    assert "/verifier" not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")


def test_signals_that_the_worker_ignores_are_not_ignored_by_runs(
    start: Callable[[], WarmJail],
) -> None:
    numbers = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        jail = start()
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    program = Program(
        "import signal as s\n"
        "print(s.getsignal(s.SIGINT) is s.default_int_handler,\n"
        "      s.getsignal(s.SIGHUP) == s.getsignal(s.SIGQUIT) == s.SIG_DFL)"
    )
    with jail.load(program, Limits()) as script:
        assert script.run(b"").stdout == b"True True\n"
    jail.close()
