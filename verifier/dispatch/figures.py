"""The numbers that monitoring reads: of workers, of the queue, and of problems."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LABEL_CHARS = 12
"""Of a digest."""


@dataclass(frozen=True, slots=True)
class WorkerAt:
    """A worker and what it is at; whose batch that is of, it does not say."""

    name: str
    lanes: Sequence[str]
    """What it serves; nothing where it serves all there is."""
    is_busy: bool
    for_s: float
    """Since when it is so, in seconds; 0 where it is not known."""
    rollouts: int | None = None
    """That it has at present; None where only the worker knows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it is of every worker and every API process at one queue, not of one of them."""

    counts: Mapping[str, float] = field(default_factory=dict)
    """What was counted, by `sandbox.counting`'s names, since the queue is there."""
    oldest_s: Mapping[str, float] = field(default_factory=dict)
    """For how long the oldest batch that still has something waiting has waited, by its lane."""
    busy_workers: int = 0
    workers: Sequence[WorkerAt] = ()
    """Those that are ready or at something."""
    jails: int = 0
    used_bytes: int = 0
    """What Redis holds."""
    allowed_bytes: int = 0
    """What it may hold."""
    trip_s: float = 0.0
    """What asking Redis for this took."""


def add_counts(to: dict[str, float], counts: Mapping[str, float]) -> None:
    """Add what was counted since."""
    for name, number in counts.items():
        to[name] = to.get(name, 0) + number


def problem_label(truth: str) -> str:
    """What metrics call a ground truth: the beginning of the SHA-256 of its JSON text."""
    return hashlib.sha256(truth.encode("utf-8", "surrogatepass")).hexdigest()[:LABEL_CHARS]
