"""How far `verifier score` is: a line that changes in a terminal, now and then one in a log."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli.terminal import err

_LOG_EVERY_S = 30.0
_SHOWN_OUTCOMES = 4


class Judged:
    """Rows written so far, by outcome; those of earlier runs count, but not in the rate."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.unjudged = 0

    def count(self, added: dict[str, Any]) -> None:
        """One more row, with what was added to it."""
        self.outcomes[added["outcome"]] += 1
        self.unjudged += added["reward"] is None

    @property
    def rows(self) -> int:
        return self.outcomes.total()

    def in_words(self, most: int | None = None) -> str:
        """`3 correct, 1 no_answer`, commonest first."""
        return ", ".join(f"{n} {outcome}" for outcome, n in self.outcomes.most_common(most))


class ProgressShown:
    """Shows `judged` against the number of rows. A context manager."""

    def __init__(self, judged: Judged, total: int) -> None:
        self._judged = judged
        self._total = total
        self._before = judged.rows
        self._began = self._logged = time.monotonic()
        self._bar = Progress(
            TextColumn("judged"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[outcomes]}"),
            console=err,
            disable=not err.is_terminal,
        )
        self._task = self._bar.add_task(
            "judged", total=total, completed=self._before, rate="", outcomes=""
        )

    def __enter__(self) -> ProgressShown:
        self._bar.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._bar.stop()

    def update(self) -> None:
        """After each row that was written."""
        now = time.monotonic()
        if err.is_terminal:
            self._bar.update(
                self._task,
                completed=self._judged.rows,
                rate=f"{self._rate(now):,.0f}/s",
                outcomes=self._judged.in_words(_SHOWN_OUTCOMES),
            )
        elif now - self._logged >= _LOG_EVERY_S:
            self._logged = now
            err.print(self._line(now))

    def _line(self, now: float) -> str:
        rate = self._rate(now)
        left_s = (self._total - self._judged.rows) / rate if rate else 0.0
        left = f"{left_s / 60:.0f} min" if left_s >= 120 else f"{left_s:.0f} s"
        return (
            f"{self._judged.rows:,} of {self._total:,} rows judged, {rate:,.0f}/s, about {left} "
            f"left: {self._judged.in_words(_SHOWN_OUTCOMES)}"
        )

    def _rate(self, now: float) -> float:
        return (self._judged.rows - self._before) / max(now - self._began, 1e-3)
