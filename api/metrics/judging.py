"""Counts what is judged for this process, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence

from api.access.keys import Owner
from api.metrics.service import Metrics
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import Rollout, Verdict


class JudgingCounts:
    """An `api.batches.observer.Observer`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def refused(self, rollouts: Sequence[Rollout], error: QueueFull | Unavailable) -> None:
        """See `Observer`. Runs wait for a place and try again: they have numbers of their own."""
        if not _are_runs(rollouts):
            reason = "queue_full" if isinstance(error, QueueFull) else "unavailable"
            self._metrics.refused.labels(reason).inc()

    def judged(self, rollout: Rollout, verdict: Verdict, owner: Owner) -> None:
        """See `Observer`."""
        if rollout.run is None:
            self._metrics.of_outcome[verdict.outcome].inc()
        else:
            self._metrics.runs.labels((verdict.ran or {}).get("status", verdict.outcome)).inc()
        if verdict.cpu_s:
            self._metrics.count_cpu(owner, verdict.cpu_s)

    def ended(self, rollouts: Sequence[Rollout], took_s: float) -> None:
        """See `Observer`."""
        metrics = self._metrics
        took = metrics.run_seconds if _are_runs(rollouts) else metrics.batch_seconds
        took.observe(took_s)


def _are_runs(rollouts: Sequence[Rollout]) -> bool:
    return any(rollout.run for rollout in rollouts)
