"""The runs of a program share its total limits, and none begins when these are used up."""

from sandbox.model import Limits, RunResult, Status
from sandbox.runs.spending import Spending


def used(cpu_s: float, slept_s: float = 0.0) -> RunResult:
    return RunResult(Status.OK, b"", b"", cpu_s, 0, slept_s=slept_s)


def test_each_run_has_what_the_others_left() -> None:
    spending = Spending(Limits(cpu_s=1.0, total_cpu_s=3.0, total_wall_s=4.0))
    spending.add(used(1.0, slept_s=0.5))
    assert (spending.left.total_cpu_s, spending.left.total_wall_s) == (2.0, 3.5)
    assert spending.left.cpu_s == 1.0
    assert spending.refusal is None


def test_nothing_runs_where_time_or_sleep_is_used_up() -> None:
    for result in (used(3.0), used(0.0, slept_s=4.0)):
        spending = Spending(Limits(total_cpu_s=3.0, total_wall_s=4.0))
        spending.add(result)
        assert spending.refusal is not None
        assert spending.refusal.status is Status.TIME_LIMIT
