"""The default dispatcher: worker processes of our own, no server of any kind."""

from __future__ import annotations

import asyncio
import errno
import functools
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from sandbox.counting import count, news
from verifier.dispatch.batch import Batch
from verifier.dispatch.costs import Costs
from verifier.dispatch.dispatcher import (
    QueueFull,
    Readiness,
    ResultStream,
    Unavailable,
    VerdictStream,
    result_of_run,
    verdicts_of,
)
from verifier.dispatch.embedded.assignment import Assignment
from verifier.dispatch.embedded.process import WORKER_COMMAND, WorkerLost, WorkerProcess
from verifier.dispatch.embedded.rotation import Rotation
from verifier.dispatch.figures import Figures, WorkerAt, add_counts
from verifier.dispatch.memory import Memory
from verifier.model import Outcome, Result, Rollout, Run, Task, Verdict

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
HOPELESS_STARTS = 3
"""Failed starts in a row after which waiting rollouts are told so instead of kept waiting."""
MAX_QUEUED = 65_536

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Slot:
    """The place of one worker: the process in it now, and how starting it went."""

    worker: WorkerProcess | None = None
    failed_starts: int = 0
    fault: str = ""
    rollouts: int = 0
    """That the worker has."""
    since: float = 0.0
    """When it took them, or gave the last ones back; by the loop's clock."""


class EmbeddedDispatcher:
    """A `Dispatcher` with `workers` processes on this machine, each with a Judge of its own."""

    named = None
    """No other process has any of its batches."""

    def __init__(
        self,
        *,
        workers: int,
        sandbox: str = "auto",
        max_queued: int = MAX_QUEUED,
        worker_command: Sequence[str] = WORKER_COMMAND,
    ) -> None:
        """`max_queued` bounds the rollouts without a verdict, over all batches."""
        self._slots = [_Slot() for _ in range(workers)]
        self._start_worker = functools.partial(WorkerProcess.start, sandbox, worker_command)
        self._max_queued = max_queued
        self._batches: set[Batch] = set()
        self._rotation = Rotation()
        self._costs = Costs()
        self._memory = Memory()
        self._tasks: list[asyncio.Task[None]] = []
        self._counts: dict[str, float] = {}

    async def start(self) -> None:
        """See `Dispatcher`."""
        self._tasks = [asyncio.create_task(self._keep_working(slot)) for slot in self._slots]

    async def stop(self) -> None:
        """See `Dispatcher`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._give_up("The service was stopped before its verdict.")

    async def readiness(self) -> Readiness:
        """See `Dispatcher`."""
        ready = sum(slot.worker is not None for slot in self._slots)
        faults = {slot.fault for slot in self._slots if slot.fault}
        if ready == len(self._slots):
            detail = "Every worker has judged known rollouts rightly."
        else:
            reason = " ".join(sorted(faults)) or "The others are starting."
            detail = f"{ready} of {len(self._slots)} workers can judge. {reason}"
        return Readiness(ready > 0, len(self._slots), ready, self._queued, detail)

    async def figures(self) -> Figures:
        """See `Dispatcher`."""
        add_counts(self._counts, news())
        for slot in self._slots:
            if slot.worker:
                self._take_counts(slot.worker)
        now = asyncio.get_running_loop().time()
        waiting = [now - batch.since for batch in self._batches if batch.has_work]
        return Figures(
            dict(self._counts),
            {"any-training": max(waiting, default=0.0)},
            busy_workers=sum(slot.rollouts > 0 for slot in self._slots),
            workers=[
                WorkerAt(
                    f"process {slot.worker.pid}",
                    (),
                    is_busy=slot.rollouts > 0,
                    for_s=now - slot.since,
                    rollouts=slot.rollouts,
                )
                for slot in self._slots
                if slot.worker
            ],
        )

    def _take_counts(self, worker: WorkerProcess) -> None:
        add_counts(self._counts, worker.counts)
        worker.counts.clear()

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that can judge now."""
        return [slot.worker.pid for slot in self._slots if slot.worker]

    @asynccontextmanager
    async def submit(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        name: str | None = None,  # noqa: ARG002 - no other process could know of the batch
        note: str | None = None,  # noqa: ARG002 - nor ask for it
        owner: str = "",
    ) -> AsyncIterator[VerdictStream]:
        """See `Dispatcher`."""
        async with self._under_way(rollouts, deadline_s, owner) as results:
            yield verdicts_of(results)

    async def run(self, run: Run, deadline_s: float, owner: str = "") -> Result:
        """See `Dispatcher`."""
        return await result_of_run(self._under_way([run], deadline_s, owner))

    @asynccontextmanager
    async def _under_way(
        self, tasks: Sequence[Task], deadline_s: float, owner: str
    ) -> AsyncIterator[ResultStream]:
        """Leaving it gives up what is not done. Raises QueueFull, Unavailable."""
        self._admit(len(tasks))
        batch = Batch(tasks, deadline_s, owner, self._costs, shares=True, memory=self._memory)
        self._batches.add(batch)
        self._rotation.add(batch)
        try:
            async with aclosing(batch.results()) as results:
                yield results
        finally:
            batch.give_up(_error("Nobody waited for its verdict."))
            self._batches.remove(batch)

    @property
    def _queued(self) -> int:
        return sum(batch.unjudged for batch in self._batches)

    def _admit(self, count: int) -> None:
        if all(slot.failed_starts and not slot.worker for slot in self._slots):
            raise Unavailable(f"No worker can judge at present. {self._slots[0].fault}")
        queued = self._queued
        if queued + count > self._max_queued:
            raise QueueFull(
                f"{queued} rollouts wait for a verdict and {count} more would exceed the limit of "
                f"{self._max_queued}; send them again later, or fewer at a time.",
                retry_after_s=max(1, min(60, queued // (100 * len(self._slots)))),
            )

    def _give_up(self, sentence: str) -> None:
        for batch in self._batches:
            batch.give_up(_error(sentence))

    async def _keep_working(self, slot: _Slot) -> None:
        """Have a worker in this slot, and work in the worker, until cancelled."""
        while True:
            try:
                slot.worker = await self._start_worker(failed_before=slot.failed_starts)
            except (WorkerLost, OSError) as error:
                await self._start_failed(slot, _in_words(error))
                continue
            slot.failed_starts, slot.fault = 0, ""
            try:
                await self._feed(slot, slot.worker)
            except WorkerLost as error:
                slot.fault = str(error)
                count("workers_lost")
                logger.warning("worker %d was lost: %s", slot.worker.pid, error)
            finally:
                worker, slot.worker = slot.worker, None
                self._take_counts(worker)
                await worker.stop()

    async def _start_failed(self, slot: _Slot, fault: str) -> None:
        slot.failed_starts += 1
        slot.fault = fault
        logger.error("a worker cannot start: %s", fault)
        if all(s.failed_starts >= HOPELESS_STARTS and not s.worker for s in self._slots):
            self._give_up(f"No worker can judge at present. {fault}")
        await asyncio.sleep(
            min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(slot.failed_starts - 1, 32))
        )

    async def _feed(self, slot: _Slot, worker: WorkerProcess) -> None:
        """Give the slot's worker chunk after chunk. Raises WorkerLost."""
        task = asyncio.current_task()
        clock = asyncio.get_running_loop().time
        assert task
        ended = asyncio.create_task(worker.ended())
        idle = False
        ended.add_done_callback(lambda _: idle and task.cancel())
        try:
            while not ended.done():
                slot.rollouts, slot.since = 0, clock()
                idle = True
                pieces = await self._rotation.take(len(self._slots))
                idle = False
                slot.rollouts, slot.since = len(pieces), clock()
                await Assignment(worker, pieces, self._rotation).carry_out()
        except asyncio.CancelledError:
            if not (idle and ended.done()) or task.uncancel() > 0:
                raise
        finally:
            idle = False
            slot.rollouts = 0
            ended.cancel()
        raise WorkerLost("It ended while it had nothing to do.")


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return "There are too few file descriptors for another worker; raise `ulimit -n`."
    return str(error)


def _error(sentence: str) -> Verdict:
    return Verdict(outcome=Outcome.VERIFIER_ERROR, message=sentence)
