"""What Prometheus may know, counted around the dispatcher, which knows nothing of Prometheus."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from verifier.dispatch import Dispatcher, QueueFull, Readiness, Recalled, Unavailable, VerdictStream
from verifier.model import Outcome, Rollout, Verdict

_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600)


class Metrics:
    """The numbers of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.verdicts = Counter(
            "verifier_verdicts", "Rollouts by outcome.", ["outcome"], registry=self.registry
        )
        # Those that never came are 0, not absent: alerts rest on them.
        self.of_outcome = {outcome: self.verdicts.labels(outcome.value) for outcome in Outcome}
        self.runs = Counter(
            "verifier_runs",
            "Programs run and not judged, by how they ended.",
            ["status"],
            registry=self.registry,
        )
        self.run_requests = Counter(
            "verifier_run_requests",
            "Requests for runs: answered, told to ask again (504), given up by their client.",
            ["answer"],
            registry=self.registry,
        )
        self.run_wait_seconds = Histogram(
            "verifier_run_wait_seconds",
            "From a request for a run to its turn.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.run_seconds = Histogram(
            "verifier_run_seconds",
            "From handing a run in to its end.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.runs_waiting = Gauge(
            "verifier_runs_waiting", "Runs before their turn.", registry=self.registry
        )
        self.refused = Counter(
            "verifier_refused_batches", "Batches not taken.", ["reason"], registry=self.registry
        )
        self.batch_seconds = Histogram(
            "verifier_batch_seconds",
            "From taking a batch to its end.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.queued = Gauge(
            "verifier_queued_rollouts", "Rollouts without a verdict.", registry=self.registry
        )
        self.held_bytes = Gauge(
            "verifier_held_body_bytes",
            "Bodies that arrive or are judged.",
            registry=self.registry,
        )
        self.workers = Gauge("verifier_workers", "Workers there should be.", registry=self.registry)
        self.workers_ready = Gauge(
            "verifier_workers_ready", "Workers that can judge.", registry=self.registry
        )

        self.redis_up = Gauge(
            "verifier_redis_up",
            "Whether Redis answers and takes something; 1 where none is used. While it is 0, the "
            "numbers of rollouts and workers are those last known.",
            registry=self.registry,
        )
        self.queued_of_kind = Gauge(
            "verifier_kind_queued_rollouts",
            "Rollouts without a verdict, where workers may serve one kind only.",
            ["kind"],
            registry=self.registry,
        )
        self.workers_of_kind = Gauge(
            "verifier_kind_workers", "Workers that serve a kind.", ["kind"], registry=self.registry
        )

    def page(self, readiness: Readiness, held_bytes: int) -> bytes:
        """All of it as Prometheus reads it."""
        self.held_bytes.set(held_bytes)
        self.redis_up.set(readiness.reachable)
        self.queued.set(readiness.queued_rollouts)
        self.workers.set(readiness.workers)
        self.workers_ready.set(readiness.workers_ready)
        for kind, state in readiness.kinds.items():
            self.queued_of_kind.labels(kind.value).set(state.queued_rollouts)
            self.workers_of_kind.labels(kind.value).set(state.workers)
        return generate_latest(self.registry)


class ObservedDispatcher:
    """A `Dispatcher` that counts what goes through another one."""

    def __init__(self, dispatcher: Dispatcher, metrics: Metrics) -> None:
        self._dispatcher = dispatcher
        self._metrics = metrics

    async def start(self) -> None:
        """See `Dispatcher`."""
        await self._dispatcher.start()

    async def stop(self) -> None:
        """See `Dispatcher`."""
        await self._dispatcher.stop()

    async def readiness(self) -> Readiness:
        """See `Dispatcher`."""
        return await self._dispatcher.readiness()

    @asynccontextmanager
    async def submit(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        name: str | None = None,
        note: str | None = None,
        owner: str = "",
    ) -> AsyncIterator[VerdictStream]:
        """See `Dispatcher`."""
        start = time.monotonic()
        # Runs wait for a place and try again: they have numbers of their own.
        is_run = any(rollout.run for rollout in rollouts)
        try:
            async with (
                self._dispatcher.submit(rollouts, deadline_s, name, note, owner) as verdicts,
                aclosing(self._counted(rollouts, verdicts)) as counted,
            ):
                yield counted
        except QueueFull:
            self._metrics.refused.labels("queue_full").inc(not is_run)
            raise
        except Unavailable:
            self._metrics.refused.labels("unavailable").inc(not is_run)
            raise
        took = self._metrics.run_seconds if is_run else self._metrics.batch_seconds
        took.observe(time.monotonic() - start)

    async def recall(self, name: str) -> Recalled | None:
        """See `Dispatcher`. Its verdicts are counted where it was submitted."""
        return await self._dispatcher.recall(name)

    async def cancel(self, name: str) -> bool:
        """See `Dispatcher`."""
        return await self._dispatcher.cancel(name)

    async def forgotten(self, name: str, note: str) -> bool:
        """See `Dispatcher`."""
        return await self._dispatcher.forgotten(name, note)

    async def _counted(
        self, rollouts: Sequence[Rollout], verdicts: VerdictStream
    ) -> AsyncGenerator[tuple[int, Verdict], None]:
        async for index, verdict in verdicts:
            if rollouts[index].run is None:
                self._metrics.of_outcome[verdict.outcome].inc()
            else:
                self._metrics.runs.labels((verdict.ran or {}).get("status", verdict.outcome)).inc()
            yield index, verdict
