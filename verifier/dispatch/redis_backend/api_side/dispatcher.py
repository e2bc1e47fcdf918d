"""The API's end: a `Dispatcher` that puts batches into Redis and gathers their verdicts."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal

import redis

from verifier.dispatch.dispatcher import (
    NamedBatches,
    Readiness,
    ResultStream,
    VerdictStream,
    result_of_run,
    verdicts_of,
)
from verifier.dispatch.figures import Figures
from verifier.dispatch.redis_backend.api_side.calls import Calls
from verifier.dispatch.redis_backend.api_side.enqueuing import Called, Enqueuer
from verifier.dispatch.redis_backend.api_side.gathering import CANCELLED
from verifier.dispatch.redis_backend.api_side.lookout import Lookout
from verifier.dispatch.redis_backend.api_side.named import NamedInRedis
from verifier.dispatch.redis_backend.api_side.open_batches import OpenBatches
from verifier.dispatch.redis_backend.api_side.together import Drop, Together
from verifier.dispatch.redis_backend.connection import connect, plain
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.names import KEEP_S
from verifier.dispatch.redis_backend.reaper import Reaper
from verifier.model import Result, Rollout, Run, Task
from verifier.wire import encode_result

MAX_QUEUED = 65_536

logger = logging.getLogger(__name__)


class RedisDispatcher:
    """A `Dispatcher` whose workers are elsewhere: whatever runs `verifier worker` at this Redis.

    `queue` says which traffic this is; workers look for training before evaluation.
    """

    def __init__(
        self,
        url: str,
        *,
        queue: Literal["training", "evaluation"] = "training",
        max_queued: int = MAX_QUEUED,
        max_bytes: int | None = None,
        keep_s: float = KEEP_S,
    ) -> None:
        """`max_queued` bounds the rollouts without a verdict, over all API processes, `max_bytes`
        what Redis holds, None leaving that to its `maxmemory`; `keep_s` is for how long an API
        process may keep the verdicts of a named batch.

        Raises ValueError for an address that is none."""
        self._client = connect(url)
        batches = BatchLedger(self._client)
        self._chunks = ChunkLedger(self._client)
        self._lookout = Lookout(url, queue, max_bytes)
        self._calls = Calls()
        self._open = OpenBatches(batches, self._calls)
        self._enqueuer = Enqueuer(
            batches,
            self._calls,
            self._lookout,
            self._open,
            queue=queue,
            max_queued=max_queued,
            keep_s=keep_s,
        )
        self.named: NamedBatches = NamedInRedis(batches, self._calls, self._open)
        self._together = Together(self._enqueued_together)
        self._stopping = threading.Event()
        self._reaping = threading.Thread(
            target=Reaper(self._client).run, args=[self._stopping], name="reaper", daemon=True
        )

    async def start(self) -> None:
        """See `Dispatcher`."""
        self._open.start()
        self._reaping.start()

    async def stop(self) -> None:
        """See `Dispatcher`. Named batches go on in the workers: their senders may come back."""
        self._stopping.set()
        await self._together.stop()
        await self._open.stop()
        if self._reaping.is_alive():
            await asyncio.to_thread(self._reaping.join)
        self._lookout.close()
        self._calls.close()
        self._client.close()

    async def readiness(self) -> Readiness:
        """See `Dispatcher`."""
        return await self._lookout.readiness()

    async def figures(self) -> Figures:
        """See `Dispatcher`."""
        return await self._lookout.figures()

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
        async with self._under_way(rollouts, deadline_s, Called(name, note, owner)) as results:
            yield verdicts_of(results)

    async def run(self, run: Run, deadline_s: float, owner: str = "") -> Result:
        """See `Dispatcher`."""
        return await result_of_run(self._under_way([run], deadline_s, Called(owner=owner)))

    def _under_way(
        self, tasks: Sequence[Task], deadline_s: float, called: Called
    ) -> AbstractAsyncContextManager[ResultStream]:
        if called.name is None and self._together.takes(tasks):
            return self._together.submit(tasks, deadline_s, called.owner)
        return self._enqueued(tasks, deadline_s, called)

    @asynccontextmanager
    async def _enqueued(
        self, tasks: Sequence[Task], deadline_s: float, called: Called
    ) -> AsyncIterator[ResultStream]:
        watcher = secrets.token_hex(8)
        opened = await self._enqueuer.enqueue(tasks, deadline_s, called, watcher)
        async with self._open.results(opened, watcher) as results:
            yield results

    @asynccontextmanager
    async def _enqueued_together(
        self, tasks: Sequence[Task], deadline_s: float, owner: str
    ) -> AsyncIterator[tuple[ResultStream, Drop]]:
        watcher = secrets.token_hex(8)
        opened = await self._enqueuer.enqueue(tasks, deadline_s, Called(owner=owner), watcher)

        async def drop(indices: Sequence[int]) -> None:
            gone = [opened.order.index(index) for index in indices]
            await self._calls.call(self._drop, opened.known_as, gone)

        async with self._open.results(opened, watcher) as results:
            yield results, drop

    def _drop(self, known_as: str, places: Sequence[int]) -> None:
        try:
            self._chunks.deliver(known_as, [(n, encode_result(n, CANCELLED)) for n in places])
        except redis.RedisError as error:
            # It is judged in vain, at most until the batch's deadline.
            logger.warning("rollouts could not be dropped: %s", plain(error))
