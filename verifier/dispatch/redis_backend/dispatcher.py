"""The API's end: a `Dispatcher` that hands batches to Redis and gathers their verdicts there."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import redis

from verifier.dispatch.base import (
    Cancelled,
    DispatchError,
    KindReadiness,
    Readiness,
    Recalled,
    Unavailable,
    VerdictStream,
)
from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import decode_verdict, encode_verdict
from verifier.dispatch.redis_backend.ledger import Ledger, connect
from verifier.dispatch.redis_backend.names import KEEP_S
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.redis_backend.reaper import Reaper
from verifier.dispatch.redis_backend.records import Census, Found, Name, Plan
from verifier.dispatch.redis_backend.together import Drop, Together
from verifier.model import Kind, Outcome, Rollout, Verdict

MAX_QUEUED = 65_536
POLL_S = 1.0
"""How long a lost notice of new verdicts may go unnoticed."""
LINGER_S = 0.01
CENSUS_S = 0.2
"""For how long workers that were there are taken to be there: a request less for each hand-in."""
STOP_CHECK_S = 0.2
AWAY_PAUSE_S = 0.25
THREADS = 16

logger = logging.getLogger(__name__)
T = TypeVar("T")

_STOPPED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The service was stopped before its verdict."
)
_CANCELLED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The batch was cancelled before its verdict."
)
_NOT_THERE = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="It is no longer judged; send the batch again."
)


@dataclass(slots=True)
class _Open:
    batch: Batch
    known_as: str
    """What Redis calls it."""
    size: int
    keep: bool
    """Whether its verdicts are worth finding again: not where one of them is our own failure."""
    order: Sequence[int]
    """Which rollout is at each place of the batch in Redis."""
    hand_in: Callable[[float], None] | None = None
    """Has it judged within so many seconds; who only recalled a batch has nothing to hand in."""
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    """What Redis had at the beginning is delivered."""
    cancelled: bool = False

    def deliver(self, verdicts: Sequence[tuple[int, Verdict]], state: Found) -> None:
        """What is new; and where no more will come, say so."""
        for place, verdict in verdicts:
            self.batch.deliver(self.order[place], verdict)
            self.keep &= verdict.outcome is not Outcome.VERIFIER_ERROR
        self.looked.set()
        if state.cancelled:
            self.cancelled = True
            self.batch.give_up(_CANCELLED)
        elif state.closed and not self.hand_in and self._ends_early(state):
            self.batch.give_up(_NOT_THERE)

    def _ends_early(self, state: Found) -> bool:
        """Whether who handed it in left it: not where all is judged, or the deadline is at hand."""
        rest_s = self.batch.deadline - asyncio.get_running_loop().time()
        return state.judged == self.size - self.batch.unjudged and rest_s > POLL_S


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
        keep_s: float = KEEP_S,
    ) -> None:
        """`max_queued` bounds the rollouts without a verdict, over all API processes; `keep_s` is
        for how long such a process may keep the verdicts of a named batch.

        Raises ValueError for an address that is none."""
        self._ledger = Ledger(connect(url))
        self._queue = queue
        self._max_queued = max_queued
        self._keep_s = keep_s
        self._threads = ThreadPoolExecutor(THREADS, "redis")
        self._news: dict[str, set[asyncio.Event]] = {}
        self._open: dict[str, _Open] = {}
        """What is under way, by the name under which this process waits for it."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._together = Together(self._hand_in)
        self._census = -CENSUS_S, Census(0, {}, {}, "")
        """When it was taken, and what was found."""
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
        await self._together.stop()
        ending = {
            watcher: left
            for watcher, left in self._open.items()
            if not (left.keep and left.hand_in)
        }
        closing = [self._call(self._close, left, watcher) for watcher, left in ending.items()]
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
        detail = _lacking(census, tuple(Kind)) or "Every worker has judged known rollouts rightly."
        kinds = {kind: KindReadiness(census.serving[kind], census.queued[kind]) for kind in Kind}
        workers, queued = census.workers, census.queued_rollouts
        return Readiness(workers > 0, workers, workers, queued, detail, kinds)

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
            handed_in = self._handed_in(rollouts, deadline_s, name, note, owner)
            async with handed_in as (_, verdicts):
                yield verdicts

    @asynccontextmanager
    async def _hand_in(
        self, rollouts: Sequence[Rollout], deadline_s: float, owner: str
    ) -> AsyncIterator[tuple[VerdictStream, Drop]]:
        async with self._handed_in(rollouts, deadline_s, None, None, owner) as (opened, verdicts):

            async def drop(indices: Sequence[int]) -> None:
                gone = [opened.order.index(index) for index in indices]
                await self._call(self._drop, opened.known_as, gone)

            yield verdicts, drop

    def _drop(self, known_as: str, places: Sequence[int]) -> None:
        try:
            self._ledger.deliver(known_as, [(n, encode_verdict(n, _CANCELLED)) for n in places])
        except redis.RedisError as error:
            # It is judged in vain, at most until the batch's deadline.
            logger.warning("rollouts could not be dropped: %s", _plain(error))

    @asynccontextmanager
    async def _handed_in(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        name: str | None,
        note: str | None,
        owner: str,
    ) -> AsyncIterator[tuple[_Open, VerdictStream]]:
        """See `Dispatcher.submit`."""
        batch = Batch(rollouts, deadline_s)
        watcher = secrets.token_hex(8)

        def cut(workers: int) -> tuple[Plan, Name | None]:
            plan = plan_batch(
                rollouts,
                name=name,
                anonymous=secrets.token_hex(16),
                owner=owner,
                queue=self._queue,
                workers=workers,
            )
            if name is None or note is None:
                return plan, None
            return plan, _name(name, note, rollouts, plan.order)

        plan, hand_in = await self._accept(cut, watcher, deadline_s)
        keep = name is not None
        opened = _Open(batch, plan.batch, len(rollouts), keep, plan.order, hand_in)
        async with self._gathered(opened, watcher) as verdicts:
            yield opened, verdicts

    async def recall(self, name: str) -> Recalled | None:
        """See `Dispatcher`."""
        found = await self._ask(self._ledger.named, _digest(name))
        if found is None:
            return None
        known_as, named = found
        known = json.loads(named.members)
        rollouts = [
            Rollout(completion="", ground_truth=None, id=id_, group=group)
            for id_, group in known["members"]
        ]
        order = known["order"] or range(len(rollouts))
        verdicts = self._joined(rollouts, known_as, order)
        return Recalled(rollouts, named.note.decode(), verdicts)

    async def cancel(self, name: str) -> bool:
        """See `Dispatcher`."""
        return await self._ask(self._ledger.cancel, _digest(name))

    async def forgotten(self, name: str, note: str) -> bool:
        """See `Dispatcher`."""
        return await self._ask(self._ledger.forgotten, _digest(name), note.encode())

    @asynccontextmanager
    async def _joined(
        self, rollouts: Sequence[Rollout], known_as: str, order: Sequence[int]
    ) -> AsyncIterator[VerdictStream]:
        """The verdicts of a batch that is in Redis. Entering it raises Unavailable."""
        watcher = secrets.token_hex(8)
        left_s = await self._ask(self._ledger.join, known_as, watcher)
        if left_s is None:
            raise Unavailable("The batch has just been given up; send it again.")
        batch = Batch(rollouts, max(0.0, left_s))
        opened = _Open(batch, known_as, len(rollouts), keep=True, order=order)
        async with self._gathered(opened, watcher) as verdicts:
            await _within(POLL_S, opened.looked)  # its owner may ask at once how many there are
            yield verdicts

    @asynccontextmanager
    async def _gathered(self, opened: _Open, watcher: str) -> AsyncIterator[VerdictStream]:
        """Leaving it raises Cancelled."""
        self._open[watcher] = opened
        if self._stopping.is_set():  # it was on its way into Redis when all others were given up
            opened.batch.give_up(_STOPPED)
        gathering = asyncio.create_task(self._gather(opened))
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
        """What was handed in, and how to do it again. Raises QueueFull, Unavailable."""

        def plan_and_store() -> tuple[Plan, Callable[[float], None]]:
            taken_at, census = self._census
            if time.monotonic() - taken_at > CENSUS_S:
                census = self._new_census()
            plan, named = cut(census.workers)
            kinds = {chunk.kind for chunk in plan.chunks}
            if _lacking(census, kinds) and (lacking := _lacking(self._new_census(), kinds)):
                raise Unavailable(lacking)

            def hand_in(within_s: float) -> None:
                self._ledger.accept(plan, watcher, within_s, self._max_queued)
                if named:
                    self._ledger.name(plan, named, self._keep_s)

            hand_in(deadline_s)
            return plan, hand_in

        accepting = asyncio.create_task(self._call(plan_and_store))
        try:
            return await asyncio.shield(accepting)
        except asyncio.CancelledError:
            # It cannot be stopped half-way; what it hands in is taken back.
            with contextlib.suppress(redis.RedisError, DispatchError):
                plan, _ = await accepting
                self._open[watcher] = _Open(Batch([], 0), plan.batch, 0, keep=False, order=[])
                self._leave(watcher)
            raise
        except redis.RedisError as error:
            raise _away(error) from error

    def _new_census(self) -> Census:
        self._census = time.monotonic(), self._ledger.census()
        return self._census[1]

    async def _gather(self, opened: _Open) -> None:
        """Deliver what comes in, until every position has its verdict; outlasts Redis' absence."""
        batch, known_as = opened.batch, opened.known_as
        loop = asyncio.get_running_loop()
        news = asyncio.Event()
        self._news.setdefault(known_as, set()).add(news)
        seen = 0
        try:
            while not batch.closed:
                news.clear()
                try:
                    found = await self._call(self._new_verdicts, known_as, seen)
                    if found is None and opened.hand_in:
                        # Redis lost it (flushed, or replaced by an empty one): hand it in again.
                        await self._call(opened.hand_in, batch.deadline - loop.time())
                        seen = 0
                        continue
                except Exception as error:  # noqa: BLE001 - the batch's deadline ends this, no error does
                    logger.warning("verdicts cannot be fetched at present: %s", _plain(error))
                    await asyncio.sleep(AWAY_PAUSE_S)
                    continue
                if found is None:
                    batch.give_up(_NOT_THERE)
                    break
                verdicts, state = found
                seen += len(verdicts)
                opened.deliver(verdicts, state)
                if state.judged > opened.size - batch.unjudged:
                    # Redis lost its last moments: the list was shorter for a while.
                    seen = 0
                    await asyncio.sleep(AWAY_PAUSE_S)
                elif not verdicts:
                    await _within(POLL_S, news)
                    # Of a large batch more is ready at once: it is fetched together.
                    await asyncio.sleep(min(LINGER_S, batch.unjudged * LINGER_S / 2048))
        finally:
            watching = self._news[known_as]
            watching.discard(news)
            if not watching:
                del self._news[known_as]

    def _new_verdicts(
        self, batch: str, seen: int
    ) -> tuple[list[tuple[int, Verdict]], Found] | None:
        found = self._ledger.verdicts(batch, seen)
        if found is None:
            return None
        return [decode_verdict(json.loads(line)) for line in found.verdicts], found

    def _leave(self, watcher: str) -> None:
        left = self._open.pop(watcher, None)
        if left and not self._stopping.is_set():
            task = asyncio.create_task(self._call(self._close, left, watcher))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    def _close(self, left: _Open, watcher: str) -> None:
        try:
            self._ledger.leave(left.known_as, watcher, keep=left.keep)
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

    async def _ask(self, function: Callable[..., T], *arguments: object) -> T:
        """Raises Unavailable where Redis does not answer."""
        try:
            return await self._call(function, *arguments)
        except redis.RedisError as error:
            raise _away(error) from error

    async def _call(self, function: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: function(*arguments))


async def _within(seconds: float, event: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _digest(name: str) -> str:
    return hashlib.sha256(json.dumps(name).encode("ascii")).hexdigest()


def _name(name: str, note: str, rollouts: Sequence[Rollout], order: Sequence[int]) -> Name:
    """Where they lie in their own order, there is none to be kept."""
    members = {
        "members": [[rollout.id, rollout.group] for rollout in rollouts],
        "order": None if isinstance(order, range) else order,
    }
    return Name(_digest(name), note.encode(), json.dumps(members).encode("ascii"))


def _away(error: redis.RedisError) -> Unavailable:
    return Unavailable(f"The queue cannot be reached at present ({_plain(error)}); send it again.")


def _lacking(census: Census, kinds: Container[Kind]) -> str:
    """What to start so that rollouts of these kinds can be judged; empty where they can."""
    if not census.workers:
        return _no_worker(census.fault)
    unserved = [kind for kind, workers in census.serving.items() if kind in kinds and not workers]
    return " ".join(_no_worker(census.fault, kind) for kind in unserved)


def _no_worker(fault: str, kind: Kind | None = None) -> str:
    why = f" The last one to start reported: {fault}" if fault else ""
    serving, option = (f" that serves {kind}", f" --kinds {kind}") if kind else ("", "")
    return (
        f"No worker{serving} is connected to the queue; "
        f"start `verifier worker --redis URL{option}`.{why}"
    )


def _plain(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
