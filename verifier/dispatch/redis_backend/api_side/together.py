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
from verifier.dispatch.dispatcher import ResultStream, Unavailable
from verifier.dispatch.tasks import text_of_task
from verifier.model import Outcome, Task, Verdict

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
    [Sequence[Task], float, str], AbstractAsyncContextManager[tuple[ResultStream, Drop]]
]
"""As `Dispatcher.submit`, of tasks, deadline in seconds and owner."""


class Together:
    """Belongs to the event loop."""

    def __init__(self, enqueue: Enqueue) -> None:
        self._enqueue = enqueue
        self._waiting: dict[tuple[str, float], list[_Member]] = {}
        """By owner and deadline; there while a batch of theirs is being enqueued."""
        self._tasks: set[asyncio.Future[None]] = set()
        self._stopped = False

    @staticmethod
    def takes(tasks: Sequence[Task]) -> bool:
        """Whether a batch is small enough to go with others."""
        return (
            0 < len(tasks) <= SMALL_ROLLOUTS
            and sum(len(text_of_task(task)) for task in tasks) <= SMALL_CHARS
        )

    @asynccontextmanager
    async def submit(
        self, tasks: Sequence[Task], deadline_s: float, owner: str
    ) -> AsyncIterator[ResultStream]:
        """See `Dispatcher`; raises what enqueuing raises."""
        member = _Member(Batch(tasks, deadline_s, owner), tasks)
        key = owner, deadline_s
        if key in self._waiting:
            self._waiting[key].append(member)
        else:
            self._waiting[key] = [member]
            self._carry_next(key)
        try:
            await member.admitted
            async with aclosing(member.batch.results()) as results:
                yield results
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
            before = sum(len(other.tasks) for other in carrier.members[:first])
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
        tasks = [task for member in carrier.members for task in member.tasks]
        places = [(m.batch, index) for m in carrier.members for index in range(len(m.tasks))]
        is_enqueuing = True
        try:
            async with self._enqueue(tasks, deadline_s, owner) as (results, carrier.drop):
                for member in carrier.members:
                    member.admit(None)
                self._carry_next(key)
                is_enqueuing = False
                async for place, result in results:
                    batch, index = places[place]
                    batch.deliver(index, result)
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

    def __init__(self, batch: Batch, tasks: Sequence[Task]) -> None:
        self.batch = batch
        self.tasks = tasks
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
