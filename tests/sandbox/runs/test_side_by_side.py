"""A program in two jails at once has the results that it has in one, whatever becomes of either."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from typing import NoReturn, cast

import pytest

from sandbox import JailUnavailable, Limits, Program, RunResult, Status
from sandbox.jails.local import open_local_jail
from sandbox.runs.python_script import Script
from sandbox.runs.side_by_side import AHEAD, Helper, SideBySide
from sandbox.runs.warm_jail import WarmJail

Results = list[tuple[Status, bytes]]
MANY = range(3 * AHEAD)
SHORT = Limits(cpu_s=0.5, wall_s=0.5)


@pytest.fixture(scope="module")
def jails(not_here: Callable[[str], NoReturn]) -> Iterator[tuple[WarmJail, WarmJail]]:
    try:
        first, second = open_local_jail(), open_local_jail()
    except JailUnavailable as refusal:
        not_here(str(refusal))
    yield first, second
    first.close()
    second.close()


def in_one(jail: WarmJail, source: str, inputs: range, limits: Limits = SHORT) -> Results:
    with jail.load(Program(source), limits) as runner:
        return told(runner.run_each(b"%d" % number for number in inputs))


def in_two(
    jails: tuple[WarmJail, WarmJail],
    source: str,
    inputs: range,
    limits: Limits = SHORT,
    most: int | None = None,
) -> Results:
    """The same, of the first `most` results."""
    first, second = jails
    with ThreadPoolExecutor(1) as thread, first.load(Program(source), limits) as runner:

        @contextmanager
        def lend() -> Iterator[Helper]:
            yield Helper(second, thread)

        both = SideBySide(cast("Script", runner), lend)
        results = both.run_each(b"%d" % number for number in inputs)
        found = told(itertools.islice(results, most))
        results.close()  # type: ignore[attr-defined]
    return found


def told(results: Iterator[RunResult]) -> Results:
    return [(result.status, result.stdout) for result in results]


@pytest.mark.parametrize(
    "source",
    [
        "print(int(input()) * 2)",
        "print(1 / (int(input()) % 7 - 3))",
        "n = int(input())\nwhile n % 20 == 11: pass\nprint(n)",
        "print(int(input()",
        "1 / 0",
    ],
    ids=["right", "every seventh fails", "some run for ever", "does not parse", "fails at once"],
)
def test_the_results_are_those_of_one_jail(jails: tuple[WarmJail, WarmJail], source: str) -> None:
    runs = jails[1].runs
    inputs = MANY if source.startswith("print(int") else range(24)
    expected = in_one(jails[0], source, inputs)
    assert in_two(jails, source, inputs) == expected
    assert (jails[1].runs > runs) == (expected[0][0] is Status.OK), "who took part"


def test_who_wants_no_more_does_not_wait_for_the_second(jails: tuple[WarmJail, WarmJail]) -> None:
    """It would be busy for ten minutes; and both jails are fit for what comes next."""
    where = "import os\nwhere = os.readlink('/proc/self/ns/pid')\n"
    with jails[1].load(Program(f"{where}print(where)"), SHORT) as runner:
        second = runner.run(b"").stdout.decode().strip()
    endless = f"{where}n = int(input())\nwhile n > 1 and where == '{second}': pass\nprint(n)"
    limits = Limits(cpu_s=600, wall_s=600, total_cpu_s=3600)
    assert in_two(jails, endless, MANY, limits, most=2) == [
        (Status.OK, b"0\n"),
        (Status.OK, b"1\n"),
    ]
    assert all(jail.healthy for jail in jails)
    assert in_one(jails[1], "print(input())", range(1)) == [(Status.OK, b"0\n")]


def test_a_run_that_is_killed_before_it_has_begun_costs_no_jail(
    jails: tuple[WarmJail, WarmJail],
) -> None:
    """It has not been confined yet, and has run nothing that would have to be."""
    with jails[1].load(Program("while input(): pass"), SHORT) as runner:
        script = cast("Script", runner)
        for _ in range(5):
            script.run(b"")  # a kill that finds no run does nothing
            with kept_killing(script):
                (killed,) = script.run_some([b"1\n" * 9])
            assert killed.status in {Status.SIGNALLED, Status.NONZERO_EXIT}
    assert in_one(jails[1], "print(input())", range(1)) == [(Status.OK, b"0\n")]
    assert jails[1].healthy


@contextmanager
def kept_killing(script: Script) -> Iterator[None]:
    over = Event()

    def kill() -> None:
        while not over.wait(0.0005):
            script.kill()

    killing = Thread(target=kill)
    killing.start()
    yield
    over.set()
    killing.join()


def test_limits_on_all_runs_are_held_against_both_together(
    jails: tuple[WarmJail, WarmJail],
) -> None:
    busy = "import time\nwhile time.process_time() < 0.1: pass\nprint(input())"
    limits = Limits(cpu_s=2, wall_s=2, total_cpu_s=0.35)
    for found in (in_two(jails, busy, range(6), limits), in_one(jails[0], busy, range(6), limits)):
        assert found[:3] == [(Status.OK, b"%d\n" % number) for number in range(3)]
        # What the next one has written until it is ended is the machine's affair.
        assert [status for status, _ in found[3:]] == [Status.TIME_LIMIT] * 3


def test_what_a_broken_second_jail_owes_the_first_does(jails: tuple[WarmJail, WarmJail]) -> None:
    broken = open_local_jail()
    broken.fault("for this test")
    expected = [(Status.OK, b"%d\n" % number) for number in MANY]
    assert in_two((jails[0], broken), "print(input())", MANY) == expected
