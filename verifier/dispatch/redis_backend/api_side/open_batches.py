"""The batches that an API process waits for: gathered while it does, and left when it does not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import redis

from verifier.dispatch.batch import Batch
from verifier.dispatch.dispatcher import Cancelled, ResultStream
from verifier.dispatch.redis_backend.api_side.calls import Calls
from verifier.dispatch.redis_backend.api_side.gathering import Gatherer, Opened
from verifier.dispatch.redis_backend.connection import plain
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.records import Left
from verifier.model import Outcome, Verdict

LATER_S = 0.05
"""After the last verdict of a batch that nobody can send again Redis is told that it was left, with
others that are by then."""

logger = logging.getLogger(__name__)

_STOPPED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The service was stopped before its verdict."
)


class OpenBatches:
    """Belongs to the event loop."""

    def __init__(self, ledger: BatchLedger, calls: Calls) -> None:
        self._ledger = ledger
        self._calls = calls
        self._gatherer = Gatherer(ledger, calls.call)
        self._open: dict[str, Opened] = {}
        """By the name under which this process waits for it."""
        self._left: list[Left] = []
        """Those that are to be told of next."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._stopping = False

    def start(self) -> None:
        """Listen for results."""
        self._gatherer.start()

    async def stop(self) -> None:
        """Give all up. Named batches go on in the workers: their senders may come back."""
        self._stopping = True
        ending = {
            watcher: left
            for watcher, left in self._open.items()
            if not (left.keep and left.enqueue)
        }
        self._left += [Left(left.known_as, watcher, left.keep) for watcher, left in ending.items()]
        await asyncio.gather(self._tell(0), *self._leaving)
        for left in self._open.values():
            left.batch.give_up(_STOPPED)
        await self._gatherer.stop()

    @asynccontextmanager
    async def results(self, opened: Opened, watcher: str) -> AsyncIterator[ResultStream]:
        """What comes of it, as it comes. Leaving this raises Cancelled."""
        self._open[watcher] = opened
        if self._stopping:  # it was on its way into Redis when all others were given up
            opened.batch.give_up(_STOPPED)
        gathering = asyncio.create_task(self._gatherer.gather(opened))
        try:
            async with aclosing(opened.batch.results()) as results:
                yield results
        finally:
            gathering.cancel()
            await asyncio.wait({gathering})
            self._leave(watcher)
        if opened.cancelled:
            raise Cancelled("The batch was cancelled by its id.")

    def take_back(self, known_as: str, watcher: str) -> None:
        """Leave a batch that was enqueued and that nobody waits for any more."""
        self._open[watcher] = Opened(Batch([], 0), known_as, 0, keep=False, order=[])
        self._leave(watcher)

    def _leave(self, watcher: str) -> None:
        opened = self._open.pop(watcher, None)
        if opened and not self._stopping:
            self._left.append(Left(opened.known_as, watcher, opened.keep))
            has_time = opened.is_new and opened.batch.closed
            if has_time and len(self._left) > 1:
                return  # it is told of with that which came before it
            task = asyncio.create_task(self._tell(LATER_S if has_time else 0))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _tell(self, after_s: float) -> None:
        """Have Redis know what was left, which takes as long as a lone rollout's judging does."""
        await asyncio.sleep(after_s)
        left, self._left = self._left, []
        if left:
            await self._calls.call(self._close, left)

    def _close(self, left: Sequence[Left]) -> None:
        try:
            self._ledger.leave(left)
        except redis.RedisError as error:
            # Their deadlines end them in Redis just as well.
            logger.warning("%d batches could not be closed: %s", len(left), plain(error))
