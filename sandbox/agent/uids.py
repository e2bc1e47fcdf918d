"""The uids that this jail's runs may have: one of its own for each, where there are several."""

import random

_FIRST, _FIRST_OF_ALL_IDS = 1000, 1 << 20
_END = 1 << 31
"""Some calls take an id as a signed number: getpriority, by which processes of a uid are found."""
_LEAST_PARTS = 128
"""Jails that share a range of ids (all of a rootless daemon's do) pick one of its parts."""
_MOST = 1 << 16
"""Ids of one part, at most."""


class Uids:
    """Gives out the uids of one part, picked at random, of the ids that exist in this namespace."""

    def __init__(self) -> None:
        first, end = _largest_range()
        # Where all ids exist the low ones may belong to somebody.
        first = max(first, _FIRST_OF_ALL_IDS if end - first > _MOST else _FIRST)
        self._count = min(_MOST, (end - first) // _LEAST_PARTS)
        if self._count > 0:
            parts = (end - first) // self._count
            self._first = first + random.SystemRandom().randrange(parts) * self._count
        self._given = 0

    @property
    def several(self) -> bool:
        """Whether every run has one of its own."""
        return self._count > 0

    def next(self) -> int | None:
        """The next run's uid; None where it must share the agent's."""
        if not self.several:
            return None
        self._given += 1
        return self._first + self._given % self._count


def _largest_range() -> tuple[int, int]:
    with open("/proc/self/uid_map", encoding="ascii") as uid_map:
        ranges = [[int(number) for number in line.split()] for line in uid_map]
    first, _, count = max(ranges, key=lambda numbers: numbers[2])
    return first, min(first + count, _END)
