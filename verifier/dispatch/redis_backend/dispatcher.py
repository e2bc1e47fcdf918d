"""The API's end: a `Dispatcher` that hands batches to Redis and gathers their verdicts there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

import redis

from verifier.dispatch.base import DispatchError, Readiness, Unavailable, VerdictStream
from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import decode_verdict
from verifier.dispatch.redis_backend.ledger import Ledger, Plan, connect
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.redis_backend.reaper import Reaper
from verifier.model import Outcome, Rollout, Verdict

MAX_QUEUED = 65_536
POLL_S = 1.0
"""How long a lost notice of new verdicts may go unnoticed."""
LINGER_S = 0.01
STOP_CHECK_S = 0.2
AWAY_PAUSE_S = 0.25
THREADS = 16

logger = logging.getLogger(__name__)
T = TypeVar("T")

_STOPPED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The service was stopped before its verdict."
)


@dataclass(slots=True)
class _Open:
    batch: Batch
    plan: Plan
    keep: bool
    """Whether its verdicts are worth finding again: not where one of them is our own failure."""


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
    ) -> None:
        """`max_queued` bounds the rollouts without a verdict, over all API processes.

        Raises ValueError for an address that is none."""
        self._ledger = Ledger(connect(url))
        self._queue = queue
        self._max_queued = max_queued
        self._threads = ThreadPoolExecutor(THREADS, "redis")
        self._news: dict[str, set[asyncio.Event]] = {}
        self._open: dict[str, _Open] = {}
        """What is under way, by the name under which this process waits for it."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._stopping = threading.Event()
        self._background: list[threading.Thread] = []

    async def start(self) -> None:
        """See `Dispatcher`."""
        loop = asyncio.get_running_loop()
        self._background = [
            threading.Thread(target=self._listen, args=[loop], name="redis-news", daemon=True),
            threading.Thread(
                target=Reaper(self._ledger).run, args=[self._stopping], name="reaper", daemon=True
            ),
        ]
        for thread in self._background:
            thread.start()

    async def stop(self) -> None:
        """See `Dispatcher`. Named batches go on in the workers: their senders may come back."""
        self._stopping.set()
        unkept = {watcher: left for watcher, left in self._open.items() if not left.keep}
        closing = [self._call(self._close, left, watcher) for watcher, left in unkept.items()]
        await asyncio.gather(*closing, *self._leaving)
        for left in self._open.values():
            left.batch.give_up(_STOPPED)
        for thread in self._background:
            await asyncio.to_thread(thread.join)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._ledger.client.close()

    async def readiness(self) -> Readiness:
        """See `Dispatcher`."""
        try:
            census = await self._call(self._ledger.census)
        except redis.RedisError as error:
            return Readiness(False, 0, 0, 0, f"Redis does not answer: {_plain(error)}.")
        if census.workers:
            detail = "Every worker has judged known rollouts rightly."
        else:
            detail = _no_worker(census.fault)
        ready = census.workers > 0
        return Readiness(ready, census.workers, census.workers, census.queued_rollouts, detail)

    @asynccontextmanager
    async def submit(
        self, rollouts: Sequence[Rollout], deadline_s: float, name: str | None = None
    ) -> AsyncIterator[VerdictStream]:
        """See `Dispatcher`."""
        batch = Batch(rollouts, deadline_s)
        watcher = secrets.token_hex(8)
        plan = await self._accept(rollouts, watcher, deadline_s, name)
        opened = self._open[watcher] = _Open(batch, plan, keep=name is not None)
        gathering = asyncio.create_task(self._gather(opened, watcher))
        try:
            async with aclosing(batch.verdicts()) as verdicts:
                yield verdicts
        finally:
            gathering.cancel()
            await asyncio.wait({gathering})
            self._leave(watcher)

    async def _accept(
        self, rollouts: Sequence[Rollout], watcher: str, deadline_s: float, name: str | None
    ) -> Plan:
        """Raises QueueFull, Unavailable."""

        def plan_and_store() -> Plan:
            census = self._ledger.census()
            if not census.workers:
                raise Unavailable(_no_worker(census.fault))
            plan = plan_batch(
                rollouts,
                name=name,
                anonymous=secrets.token_hex(16),
                queue=self._queue,
                workers=census.workers,
            )
            self._ledger.accept(plan, watcher, deadline_s, self._max_queued)
            return plan

        accepting = asyncio.create_task(self._call(plan_and_store))
        try:
            return await asyncio.shield(accepting)
        except asyncio.CancelledError:
            # It cannot be stopped half-way; what it hands in is taken back.
            with contextlib.suppress(redis.RedisError, DispatchError):
                self._open[watcher] = _Open(Batch([], 0), await accepting, keep=False)
                self._leave(watcher)
            raise
        except redis.RedisError as error:
            raise Unavailable(
                f"The queue cannot be reached at present ({_plain(error)}); send the batch again."
            ) from error

    async def _gather(self, opened: _Open, watcher: str) -> None:
        """Deliver what comes in, until every position has its verdict; outlasts Redis' absence."""
        batch, plan = opened.batch, opened.plan
        loop = asyncio.get_running_loop()
        news = asyncio.Event()
        self._news.setdefault(plan.batch, set()).add(news)
        seen = 0
        try:
            while not batch.closed:
                news.clear()
                try:
                    found = await self._call(self._new_verdicts, plan.batch, seen)
                    if found is None:
                        # Redis lost it (flushed, or replaced by an empty one): hand it in again.
                        left_s = batch.deadline - loop.time()
                        await self._call(
                            self._ledger.accept, plan, watcher, left_s, self._max_queued
                        )
                        seen = 0
                        continue
                except Exception as error:  # noqa: BLE001 - the batch's deadline ends this, no error does
                    logger.warning("verdicts cannot be fetched at present: %s", _plain(error))
                    await asyncio.sleep(AWAY_PAUSE_S)
                    continue
                verdicts, judged = found
                seen += len(verdicts)
                for index, verdict in verdicts:
                    batch.deliver(index, verdict)
                    opened.keep &= verdict.outcome is not Outcome.VERIFIER_ERROR
                if judged > plan.size - batch.unjudged:
                    # Redis lost its last moments: the list was shorter for a while.
                    seen = 0
                    await asyncio.sleep(AWAY_PAUSE_S)
                elif not verdicts:
                    await _within(POLL_S, news)
                    # Of a large batch more is ready at once: it is fetched together.
                    await asyncio.sleep(min(LINGER_S, batch.unjudged * LINGER_S / 2048))
        finally:
            watching = self._news[plan.batch]
            watching.discard(news)
            if not watching:
                del self._news[plan.batch]

    def _new_verdicts(self, batch: str, seen: int) -> tuple[list[tuple[int, Verdict]], int] | None:
        found = self._ledger.verdicts(batch, seen)
        if found is None:
            return None
        lines, judged = found
        return [decode_verdict(json.loads(line)) for line in lines], judged

    def _leave(self, watcher: str) -> None:
        left = self._open.pop(watcher, None)
        if left and not self._stopping.is_set():
            task = asyncio.create_task(self._call(self._close, left, watcher))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _close(self, left: _Open, watcher: str) -> None:
        try:
            self._ledger.leave(left.plan.batch, watcher, keep=left.keep)
        except redis.RedisError as error:
            # Its deadline ends it in Redis just as well.
            logger.warning("a batch could not be closed: %s", _plain(error))

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake whoever waits for a batch that has new verdicts."""
        while not self._stopping.is_set():
            try:
                with self._ledger.news() as channel:
                    while not self._stopping.is_set():
                        message = channel.get_message(timeout=STOP_CHECK_S)
                        if message:
                            loop.call_soon_threadsafe(self._wake, message["data"].decode())
            except redis.RedisError:
                self._stopping.wait(AWAY_PAUSE_S)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

    def _wake(self, batch: str) -> None:
        for event in self._news.get(batch, ()):
            event.set()

    async def _call(self, function: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: function(*arguments))


async def _within(seconds: float, event: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _no_worker(fault: str) -> str:
    why = f" The last one to start reported: {fault}" if fault else ""
    return f"No worker is connected to the queue; start `verifier worker --redis URL`.{why}"


def _plain(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
