"""What happened in this process, counted; whoever watches it takes the numbers from here.

The lowest floor has it, because every floor counts. It knows nothing of who reads the numbers:
`api.metrics` has the table of their names.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Mapping

SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000)
"""Upper bounds of the buckets into which times are counted; above the last is one more."""
BOUNDS = (*(f"{bound:g}" for bound in SECONDS), "+Inf")
SEPARATOR = "|"

_lock = threading.Lock()
_counts: dict[str, float] = {}


def name_of(name: str, *labels: str) -> str:
    """As what a count travels: its name and its labels, none of which holds the separator."""
    return SEPARATOR.join((name, *labels))


def count(name: str, *labels: str, by: float = 1) -> None:
    """Thread-safe. Labels are words of ours: what comes from outside has no bound."""
    key = SEPARATOR.join((name, *labels))
    with _lock:
        _counts[key] = _counts.get(key, 0) + by


def observe(name: str, *labels: str, seconds: float) -> None:
    """Count a time into the bucket it falls in, and into the sum of all."""
    stem = SEPARATOR.join((name, *labels))
    bucket = f"{stem}{SEPARATOR}{BOUNDS[bisect_left(SECONDS, seconds)]}"
    total = f"{stem}{SEPARATOR}sum"
    with _lock:
        _counts[bucket] = _counts.get(bucket, 0) + 1
        _counts[total] = _counts.get(total, 0) + seconds


def news() -> Mapping[str, float]:
    """What was counted since this was asked last."""
    global _counts
    with _lock:
        taken, _counts = _counts, {}
    return taken
