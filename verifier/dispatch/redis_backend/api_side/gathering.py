"""Gathers the verdicts of the batches that an API process waits for, as Redis tells of them: those
of small batches come with the notice, the others are fetched."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import redis

from verifier.dispatch.batch import Batch
from verifier.dispatch.dispatcher import DispatchError
from verifier.dispatch.redis_backend.connection import plain
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.lua.chunks import CARRIED_BYTES
from verifier.dispatch.redis_backend.records import Found
from verifier.model import Outcome, Result, Verdict
from verifier.wire import decode_result

POLL_S = 1.0
"""How long a lost notice of new verdicts may go unnoticed."""
LINGER_S = 0.01
EARLY_NEWS = 4096
"""Of so many batches that nobody waits for yet, or any more, the news are kept."""
STOP_CHECK_S = 0.2
AWAY_PAUSE_S = 0.25

logger = logging.getLogger(__name__)

CANCELLED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The batch was cancelled before its verdict."
)
_FAILED = Verdict(
    outcome=Outcome.VERIFIER_ERROR,
    message="The service failed at what Redis has of its batch; its log says more.",
)
_NOT_THERE = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="It is no longer judged; send the batch again."
)


@dataclass(slots=True)
class Opened:
    """A batch that is waited for."""

    batch: Batch
    known_as: str
    """What Redis calls it."""
    size: int
    keep: bool
    """Whether its verdicts are worth finding again: not where one of them is our own failure."""
    order: Sequence[int]
    """Which rollout is at each place of the batch in Redis."""
    enqueue: Callable[[float], None] | None = None
    """Has it judged within so many seconds; None for who only recalled a batch."""
    is_new: bool = False
    """Whether Redis had nothing of it before, so that every verdict of it will be news."""
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    """What Redis had at the beginning is delivered."""
    cancelled: bool = False

    def deliver(self, results: Sequence[tuple[int, Result]]) -> None:
        """What is new."""
        for place, result in results:
            self.batch.deliver(self.order[place], result)
            if isinstance(result, Verdict):
                self.keep &= result.outcome is not Outcome.VERIFIER_ERROR

    def conclude(self, state: Found) -> None:
        """Where no more will come, say so."""
        self.looked.set()
        if state.cancelled:
            self.cancelled = True
            self.batch.give_up(CANCELLED)
        elif not self.enqueue and self.ended_early(state):
            self.batch.give_up(_NOT_THERE)

    def ended_early(self, state: Found) -> bool:
        """Whether nobody judges the rest, though there would be time: who submitted it has left, or
        the clock of Redis leapt. Not where all is judged, or the deadline is at hand."""
        rest_s = self.batch.deadline - asyncio.get_running_loop().time()
        missing = self.batch.unjudged
        left = state.closed and not state.cancelled
        return left and 0 < missing == self.size - state.judged and rest_s > POLL_S


class _Watch:
    """What was heard of a batch that is waited for, and was not looked at yet."""

    def __init__(self, notices: Sequence[bytes]) -> None:
        """`notices` came before anybody waited."""
        self.news = asyncio.Event()
        self._carried: dict[int, bytes] = {}
        """Groups of verdicts by their number, from one."""
        self._listed = 0.0
        """Groups that there are by now; infinite where there is something else to see."""
        for notice in notices:
            self.hear(notice)

    def hear(self, notice: bytes) -> None:
        """What the channel said behind the batch's name."""
        number, _, lines = notice.partition(b"\n")
        self._listed = max(self._listed, float(number or "inf"))
        if lines:
            self._carried[int(number)] = lines
        self.news.set()

    def following(self, seen: int) -> tuple[list[bytes], bool]:
        """The groups right behind the first `seen`, as far as they came with their notices, and
        whether that is all there is to see. It is looked at with this."""
        groups: list[bytes] = []
        while lines := self._carried.get(seen + len(groups) + 1):
            groups.append(lines)
        is_all = bool(groups) and self._listed == seen + len(groups)
        self._carried.clear()
        self._listed = 0.0
        return groups, is_all


class Gatherer:
    """Belongs to the event loop; listens in a thread of its own."""

    def __init__(self, ledger: BatchLedger, call: Callable[..., Awaitable[Any]]) -> None:
        """`call` runs a function in another thread."""
        self._ledger = ledger
        self._call = call
        self._watches: dict[str, set[_Watch]] = {}
        self._early: dict[str, list[bytes]] = {}
        """News of batches that nobody waited for, of the latest batch last."""
        self._stopping = threading.Event()
        self._listening: threading.Thread | None = None

    def start(self) -> None:
        """Listen for news."""
        loop = asyncio.get_running_loop()
        self._listening = threading.Thread(
            target=self._listen, args=[loop], name="redis-news", daemon=True
        )
        self._listening.start()

    async def stop(self) -> None:
        self._stopping.set()
        if self._listening:
            await asyncio.to_thread(self._listening.join)

    async def gather(self, opened: Opened) -> None:
        """Deliver what comes in, until every position has its verdict; outlasts Redis' absence.
        Any other fault is a bug, or not ours: it is logged and ends the batch."""
        batch, known_as = opened.batch, opened.known_as
        watch = _Watch(self._early.pop(known_as, ()))
        self._watches.setdefault(known_as, set()).add(watch)
        seen = 0
        try:
            if opened.is_new:
                opened.looked.set()
                await within(POLL_S, watch.news)
            while not batch.closed:
                watch.news.clear()
                try:
                    seen = await self._look(opened, watch, seen)
                except (redis.RedisError, DispatchError) as error:
                    logger.warning("verdicts cannot be fetched at present: %s", plain(error))
                    await asyncio.sleep(AWAY_PAUSE_S)
        except Exception:
            logger.exception("the verdicts of a batch cannot be gathered")
            opened.keep = False
            batch.give_up(_FAILED)
        finally:
            watching = self._watches[known_as]
            watching.discard(watch)
            if not watching:
                del self._watches[known_as]

    async def _look(self, opened: Opened, watch: _Watch, seen: int) -> int:
        """Deliver what there is behind the first `seen` groups, or wait for news where there is
        nothing; how many groups are known now."""
        batch = opened.batch
        carried, is_all = watch.following(seen)
        for group in carried:
            opened.deliver(_decoded(group.split(b"\n")))
        seen += len(carried)
        if is_all:
            opened.looked.set()
            if not batch.closed:
                await within(POLL_S, watch.news)
            return seen
        found: tuple[list[tuple[int, Result]], Found] | None = await self._call(
            self._new_results, opened.known_as, seen
        )
        if opened.enqueue and (found is None or opened.ended_early(found[1])):
            # Redis lost it (flushed, or replaced by an empty one), or closed it.
            await self._enqueue_again(opened.enqueue, batch)
            return 0
        if found is None:
            batch.give_up(_NOT_THERE)
            return seen
        results, state = found
        opened.deliver(results)
        opened.conclude(state)
        if state.judged > opened.size - batch.unjudged:
            # Redis lost its last moments: the list was shorter for a while.
            await asyncio.sleep(AWAY_PAUSE_S)
            return 0
        if not results:
            await within(POLL_S, watch.news)
            # Of a large batch more is ready at once: it is fetched together.
            await asyncio.sleep(min(LINGER_S, batch.unjudged * LINGER_S / 2048))
        return seen + state.groups

    async def _enqueue_again(self, enqueue: Callable[[float], None], batch: Batch) -> None:
        await self._call(enqueue, batch.deadline - asyncio.get_running_loop().time())

    def _new_results(self, batch: str, seen: int) -> tuple[list[tuple[int, Result]], Found] | None:
        found = self._ledger.results(batch, seen)
        if found is None:
            return None
        return _decoded(found.verdicts), found

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of batches with new verdicts."""
        while not self._stopping.is_set():
            try:
                with self._ledger.news() as channel:
                    while not self._stopping.is_set():
                        message = channel.get_message(timeout=STOP_CHECK_S)
                        if message:
                            loop.call_soon_threadsafe(self.hear, message["data"])
            except redis.RedisError:
                self._stopping.wait(AWAY_PAUSE_S)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

    def hear(self, message: bytes) -> None:
        """Wake whoever waits for a batch that has new verdicts."""
        name, _, notice = message.partition(b" ")
        batch = name.decode("ascii")
        for watch in self._watches.get(batch, ()):
            watch.hear(notice)
        if batch not in self._watches:
            early = self._early.setdefault(batch, [])
            early.append(notice)
            if sum(map(len, early)) > CARRIED_BYTES:
                early[:] = [b""]
            if len(self._early) > EARLY_NEWS:
                del self._early[next(iter(self._early))]


def _decoded(lines: Sequence[bytes]) -> list[tuple[int, Result]]:
    return [decode_result(json.loads(line)) for line in lines]


async def within(seconds: float, event: asyncio.Event) -> None:
    """Wait for it, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
