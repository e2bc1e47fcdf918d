"""What a run is seen to use is what it used, whatever its processes do while they are looked at."""

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from sandbox.agent import usage
from sandbox.agent.cgroup import Cgroup
from sandbox.agent.usage import Limits, Meter, Sample

MIB = 1 << 20
USED_S = 0.3
ITSELF = f"import time\nwhile time.process_time() < {USED_S}: pass"
ITS_CHILD = f"import os\nif os.fork(): os.wait(); raise SystemExit\n{ITSELF}"


@pytest.mark.parametrize("who", [ITSELF, ITS_CHILD], ids=["itself", "its-child"])
@pytest.mark.parametrize("after", ["_own_cpu_s", "_children_cpu_s"])
@pytest.mark.parametrize("parent_first", [False, True])
def test_a_process_that_is_waited_for_during_a_look_is_not_counted_twice(
    monkeypatch: pytest.MonkeyPatch, who: str, after: str, parent_first: bool
) -> None:
    me = os.getpid()
    child = subprocess.Popen([sys.executable, "-c", who])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    read = getattr(usage, after)

    def read_and_wait(process: int) -> float:
        cpu_s: float = read(process)
        if process == child.pid:
            child.wait()
        return cpu_s

    before_s, used_s = usage.cpu_s_of([me, child.pid]), usage.cpu_s_of([child.pid])
    monkeypatch.setattr(usage, after, read_and_wait)
    during_s = usage.cpu_s_of([me, child.pid] if parent_first else [child.pid, me])
    monkeypatch.undo()
    assert child.returncode == 0
    assert before_s - used_s - 0.5 * USED_S < during_s < before_s + 0.5 * USED_S
    assert usage.cpu_s_of([me, child.pid]) >= before_s - 0.02


def meter_of_what_processes_show(monkeypatch: pytest.MonkeyPatch, began_s: float) -> Meter:
    """Of a run that began then, however long this test has been waiting for its turn since."""
    for question in ("cpu_s", "memory_used"):
        monkeypatch.setattr(Cgroup, question, lambda _: None)
    limits = Limits(1.0, 0.5, total_cpu_s=3.0, total_wall_s=0.7, memory_bytes=7 * MIB)
    with monkeypatch.context() as then:
        then.setattr(usage, "time", SimpleNamespace(monotonic=lambda: began_s))
        return Meter(Cgroup(), (1, 2), limits)


def test_one_look_between_the_end_of_a_starved_child_and_its_parents_waking_up_is_no_sleep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parent, child = 1001, 1002
    began_s = time.monotonic()
    runnable = {child}
    looks = iter(
        [
            Sample(began_s + 0.1, 0.05, 0.0, 0, {parent: 0.0, child: 0.05}),
            # The child had no CPU for a second, got it, and ended: nobody knows of its wait now.
            Sample(began_s + 1.1, 0.06, 0.0, 0, {parent: 0.0}),
            Sample(began_s + 1.2, 0.06, 0.0, 0, {parent: 0.0}),
            Sample(began_s + 1.3, 0.06, 0.0, 0, {parent: 0.0}),
        ]
    )
    monkeypatch.setattr(usage, "_sample", lambda _: next(looks))
    monkeypatch.setattr(usage, "_is_runnable", lambda threads: not runnable.isdisjoint(threads))
    meter = meter_of_what_processes_show(monkeypatch, began_s)
    assert [meter.exceeded() for _ in range(2)] == [None, None]
    runnable.add(parent)
    assert meter.exceeded() is None
    runnable.clear()
    assert meter.exceeded() is None, "it has been seen asleep but once since"


def test_who_sleeps_past_the_wall_limit_is_asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    began_s = time.monotonic()
    looks = iter([Sample(began_s + 0.3 * n, 0.05, 0.0, 0, {1001: 0.0}) for n in range(1, 5)])
    monkeypatch.setattr(usage, "_sample", lambda _: next(looks))
    monkeypatch.setattr(usage, "_is_runnable", lambda _: False)
    meter = meter_of_what_processes_show(monkeypatch, began_s)
    assert [meter.exceeded() for _ in range(4)] == [None, None, "asleep", "asleep"]


@pytest.mark.parametrize(
    ("awaited_s", "verdicts"),
    [
        (0.4, [None, "asleep", "asleep"]),  # all of it in wait for answers: it sleeps in its calls
        (0.0, [None, None, None]),  # the worker was busy or starved, and the run waited for it
        (0.1, [None, None, None]),  # an answer took so long, and the rest the worker
    ],
)
def test_what_calls_sleep_adds_up_and_waits_for_the_worker_do_not(
    monkeypatch: pytest.MonkeyPatch, awaited_s: float, verdicts: list[str | None]
) -> None:
    began_s = time.monotonic()
    looks = iter([Sample(began_s + 0.4 * n, 0.05, 0.0, 0, {1001: 0.0}) for n in range(1, 5)])
    monkeypatch.setattr(usage, "_sample", lambda _: next(looks))
    monkeypatch.setattr(usage, "_is_runnable", lambda _: False)
    meter = meter_of_what_processes_show(monkeypatch, began_s)
    assert meter.mark(0.4) is None  # the first look cannot know of the time before it
    assert [meter.mark(awaited_s) for _ in verdicts] == verdicts


def test_a_run_that_waits_for_a_cpu_while_it_is_awaited_has_not_slept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And then waits for a worker that waits for one: each of them does, half of the time."""
    began_s = time.monotonic()
    looks = iter([Sample(began_s + n, 0.05, 0.0, 0, {1001: 0.5 * n}) for n in range(1, 9)])
    monkeypatch.setattr(usage, "_sample", lambda _: next(looks))
    monkeypatch.setattr(usage, "_is_runnable", lambda _: False)
    meter = meter_of_what_processes_show(monkeypatch, began_s)
    assert {meter.mark(0.5) for _ in range(8)} == {None}


def test_cpu_time_of_all_test_cases_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    began_s = time.monotonic()
    looks = iter([Sample(began_s + n, 0.9 * n, 0.0, 0, {1001: 0.0}) for n in range(1, 5)])
    monkeypatch.setattr(usage, "_sample", lambda _: next(looks))
    monkeypatch.setattr(usage, "_is_runnable", lambda _: False)
    meter = meter_of_what_processes_show(monkeypatch, began_s)
    assert [meter.mark(0.0) for _ in range(4)] == [None, None, None, "time"]


def limits_met(
    monkeypatch: pytest.MonkeyPatch, *looks: tuple[float, float, int]
) -> list[str | None]:
    """By a run with 1 s of CPU and 8 MiB, seen with so many CPU seconds, of them in the kernel, and
    MiB in use."""
    began_s = time.monotonic()
    samples = (
        Sample(began_s + cpu_s, cpu_s, kernel_s, memory * MIB, {1001: 0.0})
        for cpu_s, kernel_s, memory in looks
    )
    monkeypatch.setattr(usage, "_sample", lambda _: next(samples))
    meter = meter_of_what_processes_show(monkeypatch, began_s)
    return [meter.exceeded() for _ in looks]


@pytest.mark.parametrize(
    ("looks", "limit"),
    [
        ([(0.9, 0.8, 5), (1.1, 1.0, 6), (1.3, 1.2, 7), (1.5, 1.4, 9)], "memory"),
        ([(1.1, 1.0, 3), (2.1, 2.0, 5), (3.1, 3.0, 7), (3.7, 3.6, 9)], "memory"),
        ([(0.9, 0.8, 5), (1.1, 0.5, 6)], "time"),
        ([(0.9, 0.8, 1), (1.1, 1.0, 2)], "time"),
        ([(0.9, 0.8, 5), (1.1, 1.0, 6), (1.6, 1.5, 6)], "time"),
        ([(1.1, 1.0, 7), (2.1, 2.0, 7)], "time"),
    ],
    ids=["fills", "fills slowly", "computes", "too slow", "stops", "holds"],
)
def test_a_run_out_of_time_goes_on_as_long_as_it_fills_its_memory(
    monkeypatch: pytest.MonkeyPatch, looks: list[tuple[float, float, int]], limit: str
) -> None:
    assert limits_met(monkeypatch, *looks) == [None] * (len(looks) - 1) + [limit]
