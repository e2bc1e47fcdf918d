"""A dispatcher that counts what goes through another one, which knows nothing of Prometheus."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

from api.metrics.service import Metrics
from verifier.dispatch import (
    Dispatcher,
    Figures,
    QueueFull,
    Readiness,
    Recalled,
    Unavailable,
    VerdictStream,
)
from verifier.model import Rollout, Verdict


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

    async def figures(self) -> Figures:
        """See `Dispatcher`."""
        return await self._dispatcher.figures()

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
                aclosing(self._counted(rollouts, verdicts, owner)) as counted,
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
        self, rollouts: Sequence[Rollout], verdicts: VerdictStream, owner: str
    ) -> AsyncGenerator[tuple[int, Verdict], None]:
        async for index, verdict in verdicts:
            if rollouts[index].run is None:
                self._metrics.of_outcome[verdict.outcome].inc()
            else:
                self._metrics.runs.labels((verdict.ran or {}).get("status", verdict.outcome)).inc()
            if verdict.cpu_s:
                self._metrics.count_cpu(owner, verdict.cpu_s)
            yield index, verdict
