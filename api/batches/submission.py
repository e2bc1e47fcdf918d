"""A submitted batch: its verdicts so far, who waits for the rest, when it is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager

from api.access.keys import Owner
from api.batches.envelope import Envelope
from api.batches.ingest import Batch
from api.batches.observer import Observer, observed
from verifier.dispatch import Cancelled, Dispatcher, Recalled, Unavailable, VerdictStream
from verifier.model import Outcome, Verdict

GRACE_S = 30.0
"""How long a named batch goes on after its last client left, who may come back for it."""
MOST_TOGETHER = 256
"""Verdicts of one burst, so that turning them into text holds nobody up."""
_NOT_FINAL = frozenset({Outcome.VERIFIER_ERROR, Outcome.DEADLINE_EXCEEDED})
"""Outcomes that say nothing about the rollout: judged again when the batch is sent again."""
_CANCELLED = Verdict(
    outcome=Outcome.VERIFIER_ERROR, message="The batch was cancelled before its verdict."
)

logger = logging.getLogger(__name__)


def name_of(owner: Owner, batch_id: str) -> str:
    """What dispatchers call a batch."""
    return f"{owner.hex()}/{batch_id}"


class Submission:
    """One batch being judged, or judged; belongs to the event loop."""

    def __init__(self, envelope: Envelope, owner: Owner, observer: Observer) -> None:
        self.envelope = envelope
        self._owner = owner
        self._observer = observer
        self.refusal: Exception | None = None
        self.detached = False
        """It goes on whether or not anyone waits."""
        self._cancelled = False
        self.first_at: float | None = None
        """When the first verdict came, by the monotonic clock."""
        self.ends_with_client = envelope.batch_id is None
        """It is given up as soon as its last client has left."""
        self._delivered: list[tuple[int, Verdict]] = []
        self._changed = asyncio.Event()
        self._admitted = asyncio.Event()
        self._watchers = 0
        self._leaving: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        return len(self.envelope.members)

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

    async def ends_within(self, seconds: float) -> bool:
        """Whether every rollout has its verdict, once that is so or the time is up."""
        if seconds and not self.finished:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not self.finished:
                        await self._changed.wait()
        return self.finished

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many there are of each."""
        return Counter(verdict.outcome for _, verdict in self._delivered)

    @property
    def reasons(self) -> Counter[str]:
        """Why rollouts have no verdict, and how many for each reason."""
        unjudged = [verdict for _, verdict in self._delivered if verdict.reward is None]
        return Counter(verdict.message or verdict.outcome.value for verdict in unjudged)

    @property
    def cpu_s(self) -> float:
        """CPU seconds that programs used."""
        return sum(verdict.cpu_s or 0.0 for _, verdict in self._delivered)

    @property
    def final(self) -> int:
        """Rollouts that judging again would not change."""
        return sum(verdict.outcome not in _NOT_FINAL for _, verdict in self._delivered)

    @property
    def is_void(self) -> bool:
        """It was refused and there is nothing to fetch, or it is to be forgotten."""
        return self._cancelled or (self.refusal is not None and not self.final)

    def start(self, batch: Batch, dispatcher: Dispatcher) -> asyncio.Task[None]:
        """Have judged what has no final verdict yet; `batch` is the one of the envelope. Nothing
        here keeps its texts once they are judged."""
        self.first_at = None
        self._delivered = [found for found in self._delivered if found[1].outcome not in _NOT_FINAL]
        known = {index for index, _ in self._delivered}
        missing = [index for index in range(self.size) if index not in known]
        self.refusal = None
        self._admitted.clear()
        rollouts = [batch.rollouts[index] for index in missing]
        judging = dispatcher.submit(
            rollouts,
            batch.deadline_s,
            None if batch.batch_id is None else name_of(self._owner, batch.batch_id),
            self.envelope.note if len(missing) == self.size else None,
            self._owner.hex(),
        )
        return self._begin(observed(judging, self._owner, self._observer), missing)

    def follow(self, recalled: Recalled) -> asyncio.Task[None]:
        """Have the verdicts of a batch that another process took, for as long as someone waits."""
        self.ends_with_client = True
        return self._begin(recalled.verdicts, range(self.size))

    def _begin(
        self,
        judging: AbstractAsyncContextManager[VerdictStream],
        positions: Sequence[int],
    ) -> asyncio.Task[None]:
        self._leave_after(GRACE_S)
        self._task = asyncio.create_task(self._judge(judging, positions))
        return self._task

    async def admitted(self) -> None:
        """Returns once the dispatcher took the batch. Raises what it refused it with."""
        await self._admitted.wait()
        if self.refusal:
            raise self.refusal

    async def verdicts(self) -> AsyncIterator[tuple[int, Verdict]]:
        """(position, verdict), those that are there first, then each as it is ready."""
        async for found in self.bursts():
            for position_and_verdict in found:
                yield position_and_verdict

    async def bursts(self) -> AsyncIterator[list[tuple[int, Verdict]]]:
        """`verdicts`, those together that are there at the same time."""
        delivered = self._delivered
        sent = 0
        while sent < self.size:
            changed = self._changed
            if found := delivered[sent : sent + MOST_TOGETHER]:
                yield found
                sent += len(found)
            else:
                await changed.wait()

    async def in_order(self) -> list[Verdict]:
        """All verdicts in request order, when all are there."""
        delivered = self._delivered
        while len(delivered) < self.size:
            await self._changed.wait()
        found = dict(delivered)
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
            if not self._watchers and self.under_way:
                self._leave_after(0.0 if self.ends_with_client else GRACE_S)

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
        self._leaving = (
            None  # it refers to this submission: a circle would keep the batch in memory
        )
        if not self.detached and not self._watchers:
            self.cancel()

    async def _judge(
        self,
        judging: AbstractAsyncContextManager[VerdictStream],
        positions: Sequence[int],
    ) -> None:
        """Delivers each verdict as it comes; what is left at the end is `cancelled`."""
        missing = dict.fromkeys(positions)
        try:
            async with judging as verdicts:
                self._admitted.set()
                async for position, verdict in verdicts:
                    del missing[positions[position]]
                    self._deliver(positions[position], verdict)
        except Cancelled:
            self._cancelled = True
        except Exception as error:
            self.refusal = error
            if self._admitted.is_set():
                logger.exception("a batch could not be judged completely")
        finally:
            if not self._admitted.is_set():
                self.refusal = self.refusal or Unavailable("The batch was cancelled.")
            for index in missing:
                self._deliver(index, _CANCELLED)
            self._admitted.set()
            self._stay()  # nothing is left to give up: no timer keeps it in memory

    def _deliver(self, index: int, verdict: Verdict) -> None:
        if self.first_at is None:
            self.first_at = time.monotonic()
        self._delivered.append((index, verdict))
        self._changed.set()
        self._changed = asyncio.Event()
