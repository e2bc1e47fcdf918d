"""Whether a batch can be taken at present, as an API process sees it, and why not."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import redis

from verifier.dispatch.dispatcher import KindReadiness, QueueFull, Readiness, Unavailable
from verifier.dispatch.figures import Figures, WorkerAt
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.connection import connect, plain
from verifier.dispatch.redis_backend.ledger.totals import Totals
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.records import Census
from verifier.model import Kind

CENSUS_S = 0.2
"""For how long workers that were there are taken to be there: one request less for each batch."""
PROBE_S = 1.0
"""A Redis that takes longer to answer is taken not to."""
RETRY_FULL_S = 5
FULL_SHARE = 7 / 8
"""Of the memory that Redis may take; the rest is for the verdicts of what was taken in."""

logger = logging.getLogger(__name__)


class Lookout:
    """One for each API process, with a connection and a thread of its own: it answers while
    everything else waits for Redis. Only `readiness` is for the event loop."""

    def __init__(self, url: str, queue: str, max_bytes: int | None = None) -> None:
        """`max_bytes` is what Redis may hold before batches are refused; None leaves it to
        FULL_SHARE of its `maxmemory` or, where it has none, of its machine's memory."""
        self._client = connect(url, timeout_s=PROBE_S)
        self._totals = Totals(self._client)
        self._workers = WorkerLedger(self._client)
        self._queue = queue
        self._max_bytes = max_bytes
        self._thread = ThreadPoolExecutor(1, "lookout")
        self._asked: asyncio.Future[Census] | None = None
        self._counting: asyncio.Future[None] | None = None
        self._taken_at = -CENSUS_S
        self._latest = Census(0, dict.fromkeys(names.LANES, 0), dict.fromkeys(Kind, 0), "")
        self._figures = Figures()
        self._warned = False

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    async def readiness(self) -> Readiness:
        """Within PROBE_S; where Redis does not answer, with the numbers last known."""
        if self._asked is None or self._asked.done():
            loop = asyncio.get_running_loop()
            self._asked = loop.run_in_executor(self._thread, self._new_census)
            self._asked.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        reachable = False
        try:
            census = await asyncio.wait_for(asyncio.shield(self._asked), PROBE_S)
        except (TimeoutError, redis.TimeoutError):
            detail = f"Redis has not answered for {PROBE_S:g} s."
        except redis.RedisError as error:
            detail = f"Redis does not answer or takes nothing: {plain(error)}."
        else:
            reachable, detail = True, self._lacking(census, tuple(Kind))
        latest = self._latest
        kinds = {
            kind: KindReadiness(self._serving(latest, kind), latest.queued[kind]) for kind in Kind
        }
        ready = reachable and any(state.workers for state in kinds.values())
        detail = detail or "Every worker has judged known rollouts rightly."
        workers, queued = latest.workers, latest.queued_rollouts
        return Readiness(ready, workers, workers, queued, detail, kinds, reachable)

    async def figures(self) -> Figures:
        """Within PROBE_S; where Redis does not answer, those last known."""
        if self._counting is None or self._counting.done():
            loop = asyncio.get_running_loop()
            self._counting = loop.run_in_executor(self._thread, self._new_figures)
            self._counting.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        with contextlib.suppress(TimeoutError, redis.RedisError):
            await asyncio.wait_for(asyncio.shield(self._counting), PROBE_S)
        latest, figures = self._latest, self._figures
        return replace(figures, used_bytes=latest.used_bytes, allowed_bytes=latest.allowed_bytes)

    def _new_figures(self) -> None:
        workers = [
            WorkerAt(f"{one.host} {one.pid}", one.lanes, is_busy=bool(one.job), for_s=one.for_s)
            for one in self._workers.alive()
        ]
        self._figures = replace(self._totals.figures(), workers=workers)

    @property
    def workers(self) -> int:
        """About how many there are. Raises redis.RedisError."""
        return self._census().workers

    def require_workers(self, kinds: Container[Kind]) -> None:
        """Raises Unavailable where rollouts of one of these kinds would wait for nobody, and
        redis.RedisError."""
        lacks = self._lacking(self._census(), kinds)
        if lacks and (lacks := self._lacking(self._new_census(), kinds)):
            raise Unavailable(lacks)

    def require_room(self, more_bytes: int) -> None:
        """Raises QueueFull where Redis would hold too much, and redis.RedisError."""
        census = self._census()
        bound = self._max_bytes or int(census.allowed_bytes * FULL_SHARE)
        if bound and census.used_bytes + more_bytes > bound:
            raise QueueFull(
                f"Redis holds {census.used_bytes} bytes and this batch has {more_bytes}, which "
                f"would exceed the limit of {bound}; send it again later, or in parts.",
                retry_after_s=RETRY_FULL_S,
            )

    def _census(self) -> Census:
        if time.monotonic() - self._taken_at > CENSUS_S:
            return self._new_census()
        return self._latest

    def _new_census(self) -> Census:
        asked_at = time.monotonic()
        self._latest, self._taken_at = self._totals.census(), asked_at
        if not self._warned and self._latest.evicts:
            self._warned = True
            logger.error(
                "this Redis removes keys when its memory is full, and batches with them: set "
                "`maxmemory-policy noeviction`"
            )
        return self._latest

    def _serving(self, census: Census, kind: Kind) -> int:
        return census.serving[names.lane(kind, self._queue)]

    def _lacking(self, census: Census, kinds: Container[Kind]) -> str:
        """What to start so that rollouts of these kinds can be judged; empty where they can."""
        if not census.workers:
            return self._no_worker(census)
        unserved = [kind for kind in Kind if kind in kinds and not self._serving(census, kind)]
        return " ".join(self._no_worker(census, kind) for kind in unserved)

    def _no_worker(self, census: Census, kind: Kind | None = None) -> str:
        serving, option = "", ""
        if kind:
            elsewhere = any(census.serving[names.lane(kind, other)] for other in names.QUEUES)
            serving, option = f" that serves {kind}", f" --kinds {kind}"
            if elsewhere:
                serving, option = f"{serving} of {self._queue}", f"{option} --queue {self._queue}"
        said = (
            f"No worker{serving} is connected to the queue; "
            f"start `verifier worker --redis URL{option}`."
        )
        if census.fault:
            said += f" The last one that could not judge reported: {census.fault}"
        if census.other_formats:
            formats = ", ".join(map(str, census.other_formats))
            said += (
                f" The workers that are there have format {formats} and this service "
                f"{names.FORMAT}: they are of another release."
            )
        return said
