"""Counts what is judged for this process, and how long it took."""

from __future__ import annotations

from api.access.keys import Owner
from api.metrics.service import Metrics
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import Verdict


class JudgingCounts:
    """An `api.batches.observer.Observer`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def refused(self, error: QueueFull | Unavailable) -> None:
        """See `Observer`."""
        reason = "queue_full" if isinstance(error, QueueFull) else "unavailable"
        self._metrics.refused.labels(reason).inc()

    def judged(self, verdict: Verdict, owner: Owner) -> None:
        """See `Observer`."""
        self._metrics.of_outcome[verdict.outcome].inc()
        if verdict.cpu_s:
            self._metrics.count_cpu(owner, verdict.cpu_s)

    def ended(self, took_s: float) -> None:
        """See `Observer`."""
        self._metrics.batch_seconds.observe(took_s)
