"""Every batch of the service by its id: judged once, however often it is sent, and kept a while.

Works over any Dispatcher. What is kept is bounded in rollouts and in time, and where it is too much
whoever has most of it has less kept; a batch that was dropped is judged anew when it is sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import Counter, deque

from api.access.accounts import Accounts
from api.access.keys import Owner
from api.batches.envelope import Envelope
from api.batches.ingest import Batch
from api.batches.journal import Journal
from api.batches.observer import Observer
from api.batches.recent import Recent
from api.batches.submission import Submission, name_of
from api.beside import SMALL_BYTES
from api.http.budget import BodyBudget
from api.http.errors import Refusal
from verifier.dispatch import Dispatcher, QueueFull, Recalled, Unavailable
from verifier.logs import about, now_about

SUBMISSION_ROLLOUTS = 8
"""What a submission takes of memory at least, in rollouts: an empty batch is no nothing."""


class Batches:
    """Every batch of the service; those that have an id can be found by it."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        budget: BodyBudget,
        accounts: Accounts,
        observer: Observer,
        max_kept_rollouts: int,
        keep_s: float,
    ) -> None:
        self._dispatcher = dispatcher
        self._accounts = accounts
        self._observer = observer
        self._budget = budget
        self._max_kept_rollouts = max_kept_rollouts
        self._keep_s = keep_s
        self._submissions: dict[tuple[Owner, str], Submission] = {}
        self._ended: dict[Owner, deque[tuple[float, str, Submission]]] = {}
        """(when, under which name, what), oldest first; named ones only."""
        self._ended_rollouts: Counter[Owner] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._journal = Journal(accounts)
        self.recent = Recent()

    async def submit(self, batch: Batch, owner: Owner, *, detached: bool = False) -> Submission:
        """The submission that judges this batch: a new one, or the one that its id already has.

        Raises Refusal 409 where the id belongs to another batch; QueueFull, Unavailable."""
        submission, digest = None, batch.digest
        if batch.batch_id is not None:
            await self._drop_forgotten(owner, batch.batch_id)
            digest = await self._digest(owner, batch.batch_id, batch.digest)
            submission = self._known(owner, batch.batch_id)
        if digest != batch.digest or (submission and submission.envelope.digest != batch.digest):
            raise Refusal(
                409,
                "This batch_id was sent before with another body. Choose an id that no other batch "
                "has (the run's name and the step, say), or DELETE /v1/batches/{batch_id} first.",
            )
        submission = submission or Submission(Envelope.of(batch), owner, self._observer)
        submission.detached |= detached
        if not submission.under_way and (submission.final < submission.size or not submission.size):
            self._start(submission, batch, owner)
        await submission.admitted()
        return submission

    async def find(self, owner: Owner, batch_id: str) -> Submission | None:
        """The submission of this id; where another process has it, one that follows it once.

        Raises Unavailable."""
        await self._drop_forgotten(owner, batch_id)
        submission = self._known(owner, batch_id)
        if submission:
            return submission
        recalled = await self._recalled(owner, batch_id)
        if recalled is None:
            return None
        submission = Submission(Envelope.of_recalled(recalled, batch_id), owner, self._observer)
        self._see_to_its_end(None, submission, submission.follow(recalled))
        await submission.admitted()
        return submission

    async def _drop_forgotten(self, owner: Owner, batch_id: str) -> None:
        """Forget a finished submission whose batch was cancelled at another process.

        One that is under way is told; where the queue cannot be asked, it is still good."""
        submission = self._known(owner, batch_id)
        if submission is None or submission.under_way:
            return
        named = self._dispatcher.named
        with contextlib.suppress(Unavailable):
            note = submission.envelope.note
            if named and await named.forgotten(name_of(owner, batch_id), note):
                self._drop(owner, batch_id, submission)

    async def _digest(self, owner: Owner, batch_id: str, fallback: str | None) -> str | None:
        """Of the body under this id, where another process has it."""
        if self._known(owner, batch_id):
            return fallback
        recalled = await self._recalled(owner, batch_id)
        return Envelope.of_recalled(recalled, batch_id).digest if recalled else fallback

    async def _recalled(self, owner: Owner, batch_id: str) -> Recalled | None:
        """The batch as another process took it. Raises Unavailable."""
        named = self._dispatcher.named
        return await named.recall(name_of(owner, batch_id)) if named else None

    def _known(self, owner: Owner, batch_id: str) -> Submission | None:
        self._drop_old()
        submission = self._submissions.get((owner, batch_id))
        return None if submission is None or submission.is_void else submission

    async def cancel(self, owner: Owner, batch_id: str) -> bool:
        """End and forget it, wherever it is; whether there was such a batch. Raises Unavailable."""
        submission = self._submissions.pop((owner, batch_id), None)
        if submission:
            submission.cancel()
        named = self._dispatcher.named
        elsewhere = named is not None and await named.cancel(name_of(owner, batch_id))
        return submission is not None or elsewhere

    async def close(self) -> None:
        """End every submission."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._journal.tell_small()

    def _start(self, submission: Submission, batch: Batch, owner: Owner) -> None:
        size_bytes, rollouts = batch.size_bytes, submission.size - submission.final
        self._accounts.take(owner, submission, rollouts)
        try:
            self._budget.take(size_bytes)
        except (Refusal, QueueFull):
            self._accounts.give_back(owner, submission, rollouts)
            raise
        key = None if batch.batch_id is None else (owner, batch.batch_id)
        if key:
            self._submissions[key] = submission
        began = time.monotonic()
        words = {"batch": batch.batch_id or uuid.uuid4().hex, **now_about()}
        with about(**words):
            judging = submission.start(batch, self._dispatcher)
        if key is None and size_bytes <= SMALL_BYTES:
            ending = self._see_small_to_its_end(judging)
        else:
            ending = self._see_to_its_end(key, submission, judging)
        ending.add_done_callback(lambda _: self._budget.give_back(size_bytes))
        ending.add_done_callback(lambda _: self._accounts.give_back(owner, submission, rollouts))
        ending.add_done_callback(lambda _: self._journal.ended(submission, owner, began, words))
        self.recent.began(submission, owner)
        ending.add_done_callback(lambda _: self.recent.ended(submission, owner))

    def _see_small_to_its_end(self, judging: asyncio.Task[None]) -> asyncio.Task[None]:
        """As below, without a task for what a thousand requests a second need."""
        self._tasks.add(judging)
        judging.add_done_callback(self._tasks.discard)
        return judging

    def _see_to_its_end(
        self, key: tuple[Owner, str] | None, submission: Submission, judging: asyncio.Task[None]
    ) -> asyncio.Task[None]:
        task = asyncio.create_task(self._keep(key, submission, judging))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _keep(
        self, key: tuple[Owner, str] | None, submission: Submission, judging: asyncio.Task[None]
    ) -> None:
        """See the submission to its end; what has no name is not kept, what was refused neither."""
        try:
            await asyncio.wait({judging})
        finally:
            judging.cancel()
            await asyncio.wait({judging})
        if key is None or self._submissions.get(key) is not submission:
            return
        if submission.is_void:
            del self._submissions[key]
            return
        owner, batch_id = key
        ended = self._ended.setdefault(owner, deque())
        ended.append((asyncio.get_running_loop().time(), batch_id, submission))
        self._ended_rollouts[owner] += _weight(submission)
        self._drop_old()

    def _drop_old(self) -> None:
        oldest = asyncio.get_running_loop().time() - self._keep_s
        for owner in [owner for owner, ended in self._ended.items() if ended[0][0] < oldest]:
            while owner in self._ended and self._ended[owner][0][0] < oldest:
                self._drop_oldest_of(owner)
        while self._ended_rollouts.total() > self._max_kept_rollouts:
            ((owner, _),) = self._ended_rollouts.most_common(1)
            self._drop_oldest_of(owner)

    def _drop_oldest_of(self, owner: Owner) -> None:
        _, batch_id, submission = self._ended[owner].popleft()
        self._ended_rollouts[owner] -= _weight(submission)
        if not self._ended[owner]:
            del self._ended[owner], self._ended_rollouts[owner]
        if not submission.under_way:
            self._drop(owner, batch_id, submission)

    def _drop(self, owner: Owner, batch_id: str, submission: Submission) -> None:
        if self._submissions.get((owner, batch_id)) is submission:
            del self._submissions[owner, batch_id]


def _weight(submission: Submission) -> int:
    """Rollouts that take as much memory as the submission does."""
    return max(submission.size, SUBMISSION_ROLLOUTS)
