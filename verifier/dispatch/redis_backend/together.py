"""Small batches enqueued together: each time costs as much as a few dozen rollouts do.

While a batch of an owner is being enqueued, the small ones that come wait and make up that owner's
next one. So a lone batch never waits, and the more come, the more go together. They share nothing
else: owners are never put together, each batch has its own deadline and verdicts, and what one of
them gives up is dropped from the common one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager

from verifier.dispatch.batch import Batch
from verifier.dispatch.dispatcher import Unavailable, VerdictStream
from verifier.model import Outcome, Rollout, Verdict

SMALL_ROLLOUTS, SMALL_CHARS = 8, 32 * 1024
"""The most of a batch that goes together with others,"""
MOST_BATCHES = 256
"""and of all that go together."""
_LEFT = Verdict(outcome=Outcome.VERIFIER_ERROR, message="Nobody waited for its verdict.")
_STOPPED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The service was stopped before its verdict."
)

Drop = Callable[[Sequence[int]], Awaitable[None]]
"""Has these positions of an enqueued batch judged no more."""
Enqueue = Callable[
    [Sequence[Rollout], float, str], AbstractAsyncContextManager[tuple[VerdictStream, Drop]]
]
"""As `Dispatcher.submit`, of rollouts, deadline in seconds and owner."""


class Together:
    """Belongs to the event loop."""

    def __init__(self, enqueue: Enqueue) -> None:
        self._enqueue = enqueue
        self._waiting: dict[tuple[str, float], list[_Member]] = {}
        """By owner and deadline; there while a batch of theirs is being enqueued."""
        self._tasks: set[asyncio.Future[None]] = set()
        self._stopped = False

    @staticmethod
    def takes(rollouts: Sequence[Rollout]) -> bool:
        """Whether a batch is small enough to go with others."""
        return (
            0 < len(rollouts) <= SMALL_ROLLOUTS
            and sum(len(rollout.completion) for rollout in rollouts) <= SMALL_CHARS
        )

    @asynccontextmanager
    async def submit(
        self, rollouts: Sequence[Rollout], deadline_s: float, owner: str
    ) -> AsyncIterator[VerdictStream]:
        """See `Dispatcher`; raises what enqueuing raises."""
        member = _Member(Batch(rollouts, deadline_s, owner), rollouts)
        key = owner, deadline_s
        if key in self._waiting:
            self._waiting[key].append(member)
        else:
            self._waiting[key] = [member]
            self._carry_next(key)
        try:
            await member.admitted
            async with aclosing(member.batch.verdicts()) as verdicts:
                yield verdicts
        finally:
            if member.carrier:
                self._leave(member, member.carrier)
            elif member in self._waiting.get(key, ()):
                self._waiting[key].remove(member)

    async def stop(self) -> None:
        """Give everything up."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _leave(self, member: _Member, carrier: _Carrier) -> None:
        missing = member.batch.missing
        member.batch.give_up(_LEFT)
        carrier.staying.discard(member)
        if not missing:
            return
        if not carrier.staying:
            carrier.task.cancel()
        elif carrier.drop:
            first = carrier.members.index(member)
            before = sum(len(other.rollouts) for other in carrier.members[:first])
            self._keep(asyncio.ensure_future(carrier.drop([before + index for index in missing])))

    def _carry_next(self, key: tuple[str, float]) -> None:
        """Enqueue what waits, if anything."""
        waiting = self._waiting.pop(key)
        if self._stopped:
            for member in waiting:
                member.admit(Unavailable("The service is stopping; send it to another."))
        elif waiting:
            self._waiting[key] = waiting[MOST_BATCHES:]
            carrier = _Carrier(waiting[:MOST_BATCHES])
            carrier.task = asyncio.create_task(self._carry(key, carrier))
            self._keep(carrier.task)

    def _keep(self, task: asyncio.Future[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, key: tuple[str, float], carrier: _Carrier) -> None:
        """Enqueue these, let the next ones follow, and deliver what comes."""
        owner, deadline_s = key
        rollouts = [rollout for member in carrier.members for rollout in member.rollouts]
        places = [(m.batch, index) for m in carrier.members for index in range(len(m.rollouts))]
        is_enqueuing = True
        try:
            async with self._enqueue(rollouts, deadline_s, owner) as (verdicts, carrier.drop):
                for member in carrier.members:
                    member.admit(None)
                self._carry_next(key)
                is_enqueuing = False
                async for place, verdict in verdicts:
                    batch, index = places[place]
                    batch.deliver(index, verdict)
        except Exception as error:  # noqa: BLE001 - those who wait for it raise it
            for member in carrier.members:
                member.admit(error)
        finally:
            if is_enqueuing:
                self._carry_next(key)
            for member in carrier.members:
                member.batch.give_up(_STOPPED)
                member.admit(Unavailable(_STOPPED.message or ""))


class _Member:
    """A small batch."""

    def __init__(self, batch: Batch, rollouts: Sequence[Rollout]) -> None:
        self.batch = batch
        self.rollouts = rollouts
        self.carrier: _Carrier | None = None
        """With which it goes, from when on it no longer waits to."""
        self.admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def admit(self, refusal: Exception | None) -> None:
        """Say that it is enqueued, or why not."""
        if self.admitted.done():
            return
        if refusal:
            self.admitted.set_exception(refusal)
            self.admitted.exception()  # who has left does not ask
        else:
            self.admitted.set_result(None)


class _Carrier:
    """The small batches that are enqueued as one."""

    task: asyncio.Task[None]

    def __init__(self, members: list[_Member]) -> None:
        self.members = members
        self.staying = set(members)
        self.drop: Drop | None = None
        """Once it is enqueued."""
        for member in members:
            member.carrier = self
