"""Batches under way and, for a while, behind it: each is judged once, however often it is sent.

Works over any Dispatcher. What is kept is bounded in rollouts and in time; a batch that was dropped
is judged anew when it is sent again.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from api.errors import Problem
from api.ingest import Batch
from verifier.dispatch import Dispatcher, Unavailable
from verifier.model import Outcome, Rollout, Verdict

GRACE_S = 30.0
"""How long a named batch goes on after its last client left, who may come back for it."""
_NOT_FINAL = frozenset({Outcome.VERIFIER_ERROR, Outcome.DEADLINE_EXCEEDED})
"""Outcomes that say nothing about the rollout: judged again when the batch is sent again."""
_CANCELLED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The batch was cancelled before its verdict."
)

logger = logging.getLogger(__name__)

Owner = bytes
"""Whose batches these are, a digest of the key that was sent with them; others never meet them."""


class Run:
    """One batch being judged, or judged; belongs to the event loop."""

    def __init__(self, batch: Batch, owner: Owner) -> None:
        self.batch = batch
        self._owner = owner
        self.refusal: Exception | None = None
        self.detached = False
        """It goes on whether or not anyone waits."""
        self._delivered: list[tuple[int, Verdict]] = []
        self._changed = asyncio.Event()
        self._admitted = asyncio.Event()
        self._watchers = 0
        self._leaving: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        return len(self.batch.rollouts)

    @property
    def judged(self) -> int:
        return len(self._delivered)

    @property
    def under_way(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def finished(self) -> bool:
        """Every rollout has its verdict."""
        return self._admitted.is_set() and self.judged == self.size

    @property
    def final(self) -> int:
        """Rollouts that judging again would not change."""
        return sum(verdict.outcome not in _NOT_FINAL for _, verdict in self._delivered)

    @property
    def is_void(self) -> bool:
        """It was refused, and there is nothing to fetch."""
        return self.refusal is not None and not self.final

    def start(self, batch: Batch, dispatcher: Dispatcher) -> asyncio.Task[None]:
        """Have judged what has no final verdict yet; `batch` is this one, with its completions."""
        self.batch = batch
        self._delivered = [found for found in self._delivered if found[1].outcome not in _NOT_FINAL]
        known = {index for index, _ in self._delivered}
        missing = {i: batch.rollouts[i] for i in range(self.size) if i not in known}
        self.refusal = None
        self._admitted.clear()
        self._leave_after(GRACE_S)
        self._task = asyncio.create_task(self._judge(dispatcher, missing))
        return self._task

    async def admitted(self) -> None:
        """Returns once the dispatcher took the batch. Raises what it refused it with."""
        await self._admitted.wait()
        if self.refusal:
            raise self.refusal

    async def verdicts(self) -> AsyncIterator[tuple[int, Verdict]]:
        """(position, verdict), those that are there first, then each as it is ready."""
        delivered = self._delivered
        sent = 0
        while sent < self.size:
            changed = self._changed
            while sent < len(delivered):
                yield delivered[sent]
                sent += 1
            if sent < self.size:
                await changed.wait()

    async def in_order(self) -> list[Verdict]:
        """All verdicts in request order, when all are there."""
        found = {index: verdict async for index, verdict in self.verdicts()}
        return [found[index] for index in range(self.size)]

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Someone waits for it. When the last one has left, it ends, unless it is detached."""
        self._watchers += 1
        self._stay()
        try:
            yield
        finally:
            self._watchers -= 1
            if not self._watchers:
                self._leave_after(GRACE_S if self.batch.batch_id is not None else 0)

    def cancel(self) -> None:
        """Give up what is not judged."""
        if self._task:
            self._task.cancel()

    def _leave_after(self, seconds: float) -> None:
        self._stay()
        self._leaving = asyncio.get_running_loop().call_later(seconds, self._abandon)

    def _stay(self) -> None:
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None

    def _abandon(self) -> None:
        self._leaving = None  # it refers to this run: a circle would keep the batch in memory
        if not self.detached and not self._watchers:
            self.cancel()

    async def _judge(self, dispatcher: Dispatcher, missing: dict[int, Rollout]) -> None:
        positions, rollouts = list(missing), list(missing.values())
        try:
            submission = dispatcher.submit(rollouts, self.batch.deadline_s, self._name())
            async with submission as verdicts:
                self._admitted.set()
                async for position, verdict in verdicts:
                    del missing[positions[position]]
                    self._deliver(positions[position], verdict)
        except Exception as error:
            self.refusal = error
            if self._admitted.is_set():
                logger.exception("a batch could not be judged to its end")
        finally:
            if not self._admitted.is_set():
                self.refusal = self.refusal or Unavailable("The batch was cancelled.")
            for index in missing:
                self._deliver(index, _CANCELLED)
            self._admitted.set()

    def _name(self) -> str | None:
        batch_id = self.batch.batch_id
        return None if batch_id is None else f"{self._owner.hex()}/{batch_id}"

    def _deliver(self, index: int, verdict: Verdict) -> None:
        self._delivered.append((index, verdict))
        self._changed.set()
        self._changed = asyncio.Event()


class Batches:
    """Every batch of the service; those that have an id can be found by it."""

    def __init__(self, dispatcher: Dispatcher, max_kept_rollouts: int, keep_s: float) -> None:
        self._dispatcher = dispatcher
        self._max_kept_rollouts = max_kept_rollouts
        self._keep_s = keep_s
        self._runs: dict[tuple[Owner, str], Run] = {}
        self._ended: deque[tuple[float, tuple[Owner, str], Run]] = deque()
        """(when, under which name, what), oldest first; named ones only."""
        self._ended_rollouts = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, batch: Batch, owner: Owner, *, detached: bool = False) -> Run:
        """The run that judges this batch: a new one, or the one that its id already has.

        Raises Problem 409 where the id belongs to another batch; QueueFull, Unavailable."""
        run = None if batch.batch_id is None else self.find(owner, batch.batch_id)
        if run and run.batch.digest != batch.digest:
            raise Problem(
                409,
                "This batch_id was sent before with another body. Choose an id that no other batch "
                "has (the run's name and the step, say), or DELETE /v1/batches/{batch_id} first.",
            )
        run = run or Run(batch, owner)
        run.detached |= detached
        if not run.under_way and (run.final < run.size or not run.size):
            self._start(run, batch, owner)
        await run.admitted()
        return run

    def find(self, owner: Owner, batch_id: str) -> Run | None:
        self._drop_old()
        run = self._runs.get((owner, batch_id))
        return None if run is None or run.is_void else run

    def cancel(self, owner: Owner, batch_id: str) -> bool:
        """End and forget it; whether there was such a batch."""
        run = self._runs.pop((owner, batch_id), None)
        if run:
            run.cancel()
        return run is not None

    async def close(self) -> None:
        """End every run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, run: Run, batch: Batch, owner: Owner) -> None:
        key = None if batch.batch_id is None else (owner, batch.batch_id)
        if key:
            self._runs[key] = run
        task = asyncio.create_task(self._keep(key, run, run.start(batch, self._dispatcher)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(
        self, key: tuple[Owner, str] | None, run: Run, judging: asyncio.Task[None]
    ) -> None:
        """See the run to its end; what has no name is not kept, what was refused neither."""
        try:
            await asyncio.wait({judging})
        finally:
            judging.cancel()
            await asyncio.wait({judging})
        if key is None or self._runs.get(key) is not run:
            return
        if run.is_void:
            del self._runs[key]
            return
        run.batch = await asyncio.to_thread(_without_texts, run.batch)
        self._ended.append((asyncio.get_running_loop().time(), key, run))
        self._ended_rollouts += run.size
        self._drop_old()

    def _drop_old(self) -> None:
        oldest = asyncio.get_running_loop().time() - self._keep_s
        while self._ended and (
            self._ended[0][0] < oldest or self._ended_rollouts > self._max_kept_rollouts
        ):
            _, key, run = self._ended.popleft()
            self._ended_rollouts -= run.size
            if self._runs.get(key) is run and not run.under_way:
                del self._runs[key]


def _without_texts(batch: Batch) -> Batch:
    """What an answer needs of a batch that is judged."""
    rollouts = [
        dataclasses.replace(rollout, completion="", ground_truth=None) for rollout in batch.rollouts
    ]
    return dataclasses.replace(batch, rollouts=rollouts)
