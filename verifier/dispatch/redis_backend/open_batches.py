"""The batches that an API process waits for: gathered while it does, and left when it does not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import redis

from verifier.dispatch.batch import Batch
from verifier.dispatch.dispatcher import Cancelled, ResultStream
from verifier.dispatch.redis_backend.calls import Calls
from verifier.dispatch.redis_backend.connection import plain
from verifier.dispatch.redis_backend.gathering import Gatherer, Opened
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.model import Outcome, Verdict

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
        closing = [self._calls.call(self._close, left, watcher) for watcher, left in ending.items()]
        await asyncio.gather(*closing, *self._leaving)
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
        left = self._open.pop(watcher, None)
        if left and not self._stopping:
            task = asyncio.create_task(self._calls.call(self._close, left, watcher))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _close(self, left: Opened, watcher: str) -> None:
        try:
            self._ledger.leave(left.known_as, watcher, keep=left.keep)
        except redis.RedisError as error:
            # Its deadline ends it in Redis just as well.
            logger.warning("a batch could not be closed: %s", plain(error))
