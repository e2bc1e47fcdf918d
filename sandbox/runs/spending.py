"""What the runs of one program have used so far, held against the limits on all of them."""

from __future__ import annotations

from dataclasses import replace

from sandbox.model import Limits, RunResult, Status

_MESSAGE = "its runs together used up their CPU time, or slept past their wall limit"


class Spending:
    """Of one program, from its first run to its last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cpu_s = self._slept_s = 0.0

    @property
    def left(self) -> Limits:
        """The limits of the next run, whose totals are what the others have left."""
        return replace(
            self._limits,
            total_cpu_s=self._limits.total_cpu_s - self._cpu_s,
            total_wall_s=self._limits.total_wall_s - self._slept_s,
        )

    def left_with(self, patience: int) -> Limits:
        """The same, with so many times the time asleep."""
        left = self.left
        wall_s, total_wall_s = left.wall_s * patience, left.total_wall_s * patience
        return replace(left, wall_s=wall_s, total_wall_s=total_wall_s)

    @property
    def refusal(self) -> RunResult | None:
        """The result of every further run where nothing is left for one."""
        left = self.left
        if left.total_cpu_s > 0 and left.total_wall_s > 0:
            return None
        return RunResult(Status.TIME_LIMIT, b"", b"", 0.0, 0, message=_MESSAGE)

    def has_room_for(self, result: RunResult) -> bool:
        """Whether a run that used this had been within what is left."""
        left = self.left
        return (
            self.refusal is None
            and result.cpu_s <= left.total_cpu_s
            and result.slept_s <= left.total_wall_s
        )

    def add(self, result: RunResult) -> None:
        """Count what a run has used."""
        self._cpu_s += result.cpu_s
        self._slept_s += result.slept_s
