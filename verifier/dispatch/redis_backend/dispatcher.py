"""The API's end: a `Dispatcher` that puts batches into Redis and gathers their verdicts."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from typing import Literal, TypeVar

import redis

from verifier.dispatch.batch import Batch
from verifier.dispatch.costs import Costs
from verifier.dispatch.dispatcher import (
    Cancelled,
    DispatchError,
    QueueFull,
    Readiness,
    Recalled,
    Unavailable,
    VerdictStream,
)
from verifier.dispatch.figures import Figures
from verifier.dispatch.redis_backend.connection import connect
from verifier.dispatch.redis_backend.gathering import CANCELLED, POLL_S, Gatherer, Opened, within
from verifier.dispatch.redis_backend.ledger import Ledger, plain
from verifier.dispatch.redis_backend.lookout import RETRY_FULL_S, Lookout
from verifier.dispatch.redis_backend.names import KEEP_S
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.redis_backend.reaper import Reaper
from verifier.dispatch.redis_backend.records import Name, Plan
from verifier.dispatch.redis_backend.together import Drop, Together
from verifier.logs import now_about
from verifier.model import Member, Outcome, Rollout, Verdict
from verifier.wire import encode_verdict

MAX_QUEUED = 65_536
THREADS = 16

logger = logging.getLogger(__name__)
T = TypeVar("T")

_STOPPED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The service was stopped before its verdict."
)


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
        self._ledger = Ledger(connect(url))
        self._queue = queue
        self._max_queued = max_queued
        self._keep_s = keep_s
        self._lookout = Lookout(url, queue, max_bytes)
        self._threads = ThreadPoolExecutor(THREADS, "redis")
        self._costs = Costs()
        self._gatherer = Gatherer(self._ledger, self._call)
        self._open: dict[str, Opened] = {}
        """What is under way, by the name under which this process waits for it."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._together = Together(self._enqueue)
        self._stopping = threading.Event()
        self._reaping = threading.Thread(
            target=Reaper(self._ledger).run, args=[self._stopping], name="reaper", daemon=True
        )

    async def start(self) -> None:
        """See `Dispatcher`."""
        self._gatherer.start()
        self._reaping.start()

    async def stop(self) -> None:
        """See `Dispatcher`. Named batches go on in the workers: their senders may come back."""
        self._stopping.set()
        await self._together.stop()
        ending = {
            watcher: left
            for watcher, left in self._open.items()
            if not (left.keep and left.enqueue)
        }
        closing = [self._call(self._close, left, watcher) for watcher, left in ending.items()]
        await asyncio.gather(*closing, *self._leaving)
        for left in self._open.values():
            left.batch.give_up(_STOPPED)
        await self._gatherer.stop()
        if self._reaping.is_alive():
            await asyncio.to_thread(self._reaping.join)
        self._lookout.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._ledger.client.close()

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
        if name is None and self._together.takes(rollouts):
            async with self._together.submit(rollouts, deadline_s, owner) as verdicts:
                yield verdicts
        else:
            enqueued = self._enqueued(rollouts, deadline_s, name, note, owner)
            async with enqueued as (_, verdicts):
                yield verdicts

    @asynccontextmanager
    async def _enqueue(
        self, rollouts: Sequence[Rollout], deadline_s: float, owner: str
    ) -> AsyncIterator[tuple[VerdictStream, Drop]]:
        async with self._enqueued(rollouts, deadline_s, None, None, owner) as (opened, verdicts):

            async def drop(indices: Sequence[int]) -> None:
                gone = [opened.order.index(index) for index in indices]
                await self._call(self._drop, opened.known_as, gone)

            yield verdicts, drop

    def _drop(self, known_as: str, places: Sequence[int]) -> None:
        try:
            self._ledger.deliver(known_as, [(n, encode_verdict(n, CANCELLED)) for n in places])
        except redis.RedisError as error:
            # It is judged in vain, at most until the batch's deadline.
            logger.warning("rollouts could not be dropped: %s", plain(error))

    @asynccontextmanager
    async def _enqueued(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        name: str | None,
        note: str | None,
        owner: str,
    ) -> AsyncIterator[tuple[Opened, VerdictStream]]:
        """See `Dispatcher.submit`."""
        batch = Batch(rollouts, deadline_s, costs=self._costs)
        watcher = secrets.token_hex(8)
        about = json.dumps(now_about())

        def cut(workers: int) -> tuple[Plan, Name | None]:
            plan = plan_batch(
                rollouts,
                name=name,
                anonymous=secrets.token_hex(16),
                owner=owner,
                queue=self._queue,
                workers=workers,
                about=about,
                costs=self._costs,
            )
            if name is None or note is None:
                return plan, None
            return plan, _name(name, note, rollouts, plan.order)

        plan, enqueue = await self._accept(cut, watcher, deadline_s)
        keep = name is not None
        opened = Opened(batch, plan.batch, len(rollouts), keep, plan.order, enqueue)
        async with self._gathered(opened, watcher) as verdicts:
            yield opened, verdicts

    async def recall(self, name: str) -> Recalled | None:
        """See `Dispatcher`."""
        found = await self._ask(self._ledger.named, _digest(name))
        if found is None:
            return None
        known_as, named = found
        known = json.loads(named.members)
        members = [Member(*member) for member in known["members"]]
        order = known["order"] or range(len(members))
        return Recalled(members, named.note.decode(), self._joined(known_as, order))

    async def cancel(self, name: str) -> bool:
        """See `Dispatcher`."""
        return await self._ask(self._ledger.cancel, _digest(name))

    async def forgotten(self, name: str, note: str) -> bool:
        """See `Dispatcher`."""
        return await self._ask(self._ledger.forgotten, _digest(name), note.encode())

    @asynccontextmanager
    async def _joined(self, known_as: str, order: Sequence[int]) -> AsyncIterator[VerdictStream]:
        """The verdicts of a batch that is in Redis. Entering it raises Unavailable."""
        watcher = secrets.token_hex(8)
        left_s = await self._ask(self._ledger.join, known_as, watcher)
        if left_s is None:
            raise Unavailable("The batch has just been given up; send it again.")
        waited_for = [Rollout(completion="", ground_truth=None)] * len(order)  # by place alone
        batch = Batch(waited_for, max(0.0, left_s))
        opened = Opened(batch, known_as, len(order), keep=True, order=order)
        async with self._gathered(opened, watcher) as verdicts:
            await within(POLL_S, opened.looked)  # its owner may ask at once how many there are
            yield verdicts

    @asynccontextmanager
    async def _gathered(self, opened: Opened, watcher: str) -> AsyncIterator[VerdictStream]:
        """Leaving it raises Cancelled."""
        self._open[watcher] = opened
        if self._stopping.is_set():  # it was on its way into Redis when all others were given up
            opened.batch.give_up(_STOPPED)
        gathering = asyncio.create_task(self._gatherer.gather(opened))
        try:
            async with aclosing(opened.batch.verdicts()) as verdicts:
                yield verdicts
        finally:
            gathering.cancel()
            await asyncio.wait({gathering})
            self._leave(watcher)
        if opened.cancelled:
            raise Cancelled("The batch was cancelled by its id.")

    async def _accept(
        self, cut: Callable[[int], tuple[Plan, Name | None]], watcher: str, deadline_s: float
    ) -> tuple[Plan, Callable[[float], None]]:
        """What was enqueued, and how to do it again. Raises QueueFull, Unavailable."""

        def plan_and_store() -> tuple[Plan, Callable[[float], None]]:
            plan, named = cut(self._lookout.workers)
            self._lookout.require_workers({chunk.kind for chunk in plan.chunks})
            self._lookout.require_room(plan.bytes)

            def enqueue(within_s: float) -> None:
                self._ledger.accept(plan, watcher, within_s, self._max_queued)
                if named:
                    self._ledger.name(plan, named, self._keep_s)

            enqueue(deadline_s)
            return plan, enqueue

        accepting = asyncio.create_task(self._call(plan_and_store))
        try:
            return await asyncio.shield(accepting)
        except asyncio.CancelledError:
            # It cannot be stopped half-way; what it enqueues is taken back.
            with contextlib.suppress(redis.RedisError, DispatchError):
                plan, _ = await accepting
                self._open[watcher] = Opened(Batch([], 0), plan.batch, 0, keep=False, order=[])
                self._leave(watcher)
            raise
        except redis.RedisError as error:
            raise _refusal(error) from error

    def _leave(self, watcher: str) -> None:
        left = self._open.pop(watcher, None)
        if left and not self._stopping.is_set():
            task = asyncio.create_task(self._call(self._close, left, watcher))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _close(self, left: Opened, watcher: str) -> None:
        try:
            self._ledger.leave(left.known_as, watcher, keep=left.keep)
        except redis.RedisError as error:
            # Its deadline ends it in Redis just as well.
            logger.warning("a batch could not be closed: %s", plain(error))

    async def _ask(self, function: Callable[..., T], *arguments: object) -> T:
        """Raises Unavailable where Redis does not answer, QueueFull where it is full."""
        try:
            return await self._call(function, *arguments)
        except redis.RedisError as error:
            raise _refusal(error) from error

    async def _call(self, function: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: function(*arguments))


def _digest(name: str) -> str:
    return hashlib.sha256(json.dumps(name).encode("ascii")).hexdigest()


def _name(name: str, note: str, rollouts: Sequence[Rollout], order: Sequence[int]) -> Name:
    """Where they lie in their own order, there is none to be kept."""
    members = {
        "members": [[rollout.id, rollout.group] for rollout in rollouts],
        "order": None if isinstance(order, range) else order,
    }
    return Name(_digest(name), note.encode(), json.dumps(members).encode("ascii"))


def _refusal(error: redis.RedisError) -> DispatchError:
    """What a client is told."""
    if isinstance(error, redis.exceptions.OutOfMemoryError):
        return QueueFull(
            "Redis has no memory for more rollouts; send them again later, or fewer at a time.",
            retry_after_s=RETRY_FULL_S,
        )
    return Unavailable(f"The queue cannot be reached at present ({plain(error)}); send it again.")
