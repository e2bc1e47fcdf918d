"""Rows that cannot be used: they end the command, or are skipped and listed."""

from __future__ import annotations

from api.cli.files.source import Source
from api.cli.terminal import Unusable, err

MAX_LISTED = 100


class Skipped:
    """The rows that were passed over; each is told once, however often the file is read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._last = 0
        self.count = 0

    def refuse(self, number: int, reason: str) -> None:
        """See `api.cli.files.records.Refuse`."""
        if number <= self._last:
            return
        self._last = number
        self.count += 1
        if self.count <= MAX_LISTED:
            err.print(f"skipped: {self._source.place(number)} {reason}")
        elif self.count == MAX_LISTED + 1:
            err.print("skipped: more, which are counted and not listed")


def refuse(source: Source, number: int, reason: str) -> None:
    """For runs that pass no row over. Raises Unusable."""
    raise Unusable(f"{source.place(number)} {reason} --skip-bad goes on without such rows.")
