"""A worker process of the Redis mode: owns one Judge, takes chunks from RQ's queues, judges them.

Started by `supervisor`, which writes the address of Redis to its standard input: arguments and
environments can be read by others. It ends in order on SIGTERM: gives the rest of its chunk to
others and finishes the rollout at hand, if that takes no longer than its grace.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from types import FrameType
from typing import Any, TypeVar
from uuid import uuid4

import redis

from sandbox.counting import news as counted
from verifier.dispatch.redis_backend.connection import connect
from verifier.dispatch.redis_backend.jobs import ChunkQueue, ForgedJob, described, next_job
from verifier.dispatch.redis_backend.kept_truths import Gone
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.names import HANDED, HEARTBEAT_S, QUEUES, lane
from verifier.dispatch.redis_backend.payload import PayloadReader
from verifier.dispatch.redis_backend.reaper import Reaper
from verifier.dispatch.redis_backend.records import NO_CHUNK, Has, Taken, has_verdict
from verifier.dispatch.redis_backend.worker_side.ahead import Ahead
from verifier.dispatch.redis_backend.worker_side.collected import tell
from verifier.dispatch.redis_backend.worker_side.diary import Diary
from verifier.dispatch.redis_backend.worker_side.fitness import Fitness
from verifier.dispatch.redis_backend.worker_side.pulse import Pulse
from verifier.dispatch.redis_backend.worker_side.recall import Recall, Recalled, judged_by
from verifier.dispatch.redis_backend.worker_side.work import Work
from verifier.dispatch.working import (
    GRACE_S,
    UNABLE,
    Judging,
    die_with_parent,
    freeze_heap,
    prove,
    result_of,
)
from verifier.errors import NeedsSandbox
from verifier.judge import Judge
from verifier.logs import FIELDS, about, configure, words_of
from verifier.model import Kind, Outcome, Rollout, Task, Verdict
from verifier.tracing import export, span

STUCK_S = 5.0
"""How long a rollout may go on that nobody waits for."""
AWAY_PAUSE_S = 0.5
POP_TIMEOUT_S = 1
MOST_FAILED, MOST_PASSES = 1024, 20
PASS_ON_PAUSE_S = 0.05
"""Before it looks again, so that what only it may not judge does not go round and round."""
_UNREADABLE = Verdict(
    outcome=Outcome.VERIFIER_ERROR,
    message="What Redis had of it cannot be read; the worker's log says more.",
)

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class ChunkWorker:
    """Judges chunk after chunk until told to stop.

    RQ's own loop ends at the first time-out of Redis and keeps registries that come into force
    after a minute; leases do that within seconds."""

    def __init__(
        self,
        name: str,
        client: redis.Redis,
        judge: Judging,
        recall: Recall,
        pulse: Pulse,
        queues: Sequence[str],
        kinds: Sequence[Kind],
        counts_end: int | None = None,
    ) -> None:
        """`queues` in the order in which it looks into them; in each, the kinds take turns. `pulse`
        beats for a worker of this `name`. `counts_end` is its supervisor's pipe for counts."""
        self._name = name
        self._counts_end = counts_end
        self._client = client
        self._chunks = ChunkLedger(client)
        self._workers = WorkerLedger(client)
        self._judge = judge
        self._fitness = Fitness(judge, kinds, self._report_fault)
        self._failed: OrderedDict[tuple[str, int], int] = OrderedDict()
        """Rollouts, by batch and place, that it failed to judge lately, and how often each may
        be left to others yet."""
        self._pulse = pulse
        self._served = queues
        self._queues = [
            deque(ChunkQueue(lane(kind, name), client) for kind in kinds) for name in queues
        ]
        self._reader = PayloadReader(self._chunks.truth)
        self._work: Work | None = None
        self._ahead = Ahead(self._chunks, pulse)
        self._recall = recall
        self._diary = Diary()
        self._stopping = threading.Event()
        self._stop_by = float("inf")
        self._ended = threading.Event()

    def run(self) -> None:
        """Returns after SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        threads = [
            threading.Thread(target=self._report_judged, name="reporting", daemon=True),
            threading.Thread(
                target=Reaper(self._client).run, args=[self._ended], name="reaper", daemon=True
            ),
        ]
        for thread in threads:
            thread.start()
        export("verifier-worker")
        try:
            while not self._stopping.is_set():
                try:
                    self._serve()
                except redis.RedisError as error:
                    logger.warning("Redis does not answer (%s); trying again", error)
                    self._stopping.wait(AWAY_PAUSE_S)
        finally:
            self._ended.set()
            self._fitness.close()
            self._diary.tell()
            with contextlib.suppress(redis.RedisError):
                self._ahead.give_back()
            for thread in threads:
                thread.join(timeout=STUCK_S)
            self._pulse.close()
            with contextlib.suppress(redis.RedisError):
                self._workers.forget(self._name)

    def _serve(self) -> None:
        """Work on one connection to Redis. Raises redis.RedisError."""
        taken: Taken | None = None
        while taken or not self._stopping.is_set():
            if self._fitness.regained():
                self._serve_lanes()
            taken = self._judge_chunk(taken) if taken else self._wait_for_chunk()

    def _wait_for_chunk(self) -> Taken | None:
        """For POP_TIMEOUT_S at most; where it is to take none, for as long."""
        if not self._fitness.kinds or self._pulse.is_drained:
            self._stopping.wait(POP_TIMEOUT_S)
            return None
        try:
            found = next_job(self._lanes(), HANDED + self._name, POP_TIMEOUT_S, self._client)
            if isinstance(found, bytes):
                return self._chunks.handed(found)
        except ForgedJob as error:
            _warn_of(error)
            return None
        if found is None:
            self._diary.tell()
            return None
        return self._chunks.take(*found, self._name)

    def _lanes(self) -> list[ChunkQueue]:
        """Where to look for the next chunk, in this order."""
        lanes = set(self._serving())
        return [queue for kinds in self._queues for queue in kinds if queue.lane in lanes]

    def _serving(self) -> list[str]:
        return [lane(kind, queue) for queue in self._served for kind in self._fitness.kinds]

    def _serve_lanes(self) -> None:
        """Let others know whose chunks it takes from now on."""
        self._pulse.serves(self._serving(), described(self._name, self._lanes(), self._client))

    def _report_fault(self, fault: str) -> None:
        with contextlib.suppress(redis.RedisError):
            self._workers.report_fault(fault and f"{fault} ({socket.gethostname()})")

    def _judge_chunk(self, taken: Taken) -> Taken | None:
        """The next one, where there was one by the time that this one's verdicts were reported."""
        for kinds in self._queues:
            kinds.rotate()
        work = Work(self._chunks, self._pulse, taken)
        self._work = work
        try:
            if self._is_for_others(work):
                work.pass_on()
                self._stopping.wait(PASS_ON_PAUSE_S)
                return self._next()
            if taken.others_wait and not self._ahead.is_coming:
                at = Has(taken.batch, taken.chunk)
                self._ahead.fetch(partial(self._look_ahead, at, self._next_lanes()))
            words = words_of(taken.about)
            self._diary.turn_to(taken.batch, words)
            of = {"batch": words.get("batch", taken.batch), "chunk": str(taken.chunk)}
            with about(**words), span("judge", words, **of):
                complete = self._do_tasks(work, taken)
            following = self._next()
            goes_on = Has(following.batch, following.chunk) if following else NO_CHUNK
            finish = partial(self._finish, work, complete, self._next_lanes(), goes_on)
            if following is None:
                return finish()
            self._ahead.fetch(finish)
            return following
        finally:
            self._work = None
            self._pulse.has()

    def _finish(
        self, work: Work, complete: bool, lanes: Sequence[str], goes_on: Has
    ) -> Taken | None:
        """Report it as soon as Redis answers; what was taken of these lanes then."""

        def finish() -> Taken | None:
            then = [] if self._stopping.is_set() else lanes
            return work.finish(complete=complete, worker=self._name, lanes=then, goes_on=goes_on)

        try:
            return _persist(finish, work)
        except ForgedJob as error:
            _warn_of(error)
            return None

    def _look_ahead(self, at: Has, lanes: Sequence[str]) -> Taken | None:
        """Take the next chunk of these lanes while it is at this one."""
        try:
            return self._chunks.turn(at.batch, [], None, self._name, lanes, at)
        except ForgedJob as error:
            _warn_of(error)
        except redis.RedisError as error:
            logger.warning("Redis does not answer (%s); nothing is taken ahead", error)
        return None

    def _next(self) -> Taken | None:
        """What was taken ahead, unless others are to have it now."""
        following = self._ahead.next()
        if following is None:
            return None
        lanes = self._next_lanes()
        if lane(following.chunk.kind, following.queue) in lanes:
            return following
        with contextlib.suppress(redis.RedisError):  # its lease ends by itself
            self._ahead.leave(following)
        return None

    def _next_lanes(self) -> list[str]:
        """Where to look for a chunk as soon as one is done; nowhere where none is to follow."""
        if self._stopping.is_set() or self._pulse.is_drained:
            return []
        return [queue.lane for queue in self._lanes()]

    def _do_tasks(self, work: Work, taken: Taken) -> bool:
        """Whether nothing of the chunk, as far as it was not given away, was left out."""
        tasks = self._read(work, taken)
        if tasks is None:
            return False
        first = work.chunk.first
        to_do = [
            (position, task)
            for position, task in tasks
            if first <= position < work.chunk.stop and not has_verdict(taken.judged, position)
        ]
        is_code = work.chunk.kind is Kind.CODE
        recalled = self._recall.of(to_do if is_code else (), taken.owner)
        try:
            return self._judge_each(work, taken, to_do, recalled)
        finally:
            self._ahead.make(partial(_try, recalled.tell))

    def _judge_each(
        self, work: Work, taken: Taken, to_do: Sequence[tuple[int, Task]], recalled: Recalled
    ) -> bool:
        """As `_do_tasks`, but for what is known already."""
        chunk = work.chunk
        waited_from = taken.waited_s - taken.at
        for position, task in to_do:
            if work.report_is_due():
                self._report(work)
            if not work.begin(position):
                return position >= work.chunk.stop
            if known := recalled.verdict(position):
                work.end(position, known)
                self._diary.done(known)
                continue
            try:
                waited_s = waited_from + time.monotonic()
                result = result_of(self._judge, task, chunk.kind, taken.queue, waited_s)
            except NeedsSandbox:
                logger.warning("a rollout was taken for mathematics", extra=_of(work, task))
                _persist(partial(work.hand_over, position), work)
                continue
            if isinstance(result, Verdict) and result.outcome is Outcome.VERIFIER_ERROR:
                if self._fitness.is_lost(chunk.kind):
                    self._serve_lanes()
                    _persist(work.give_back, work)
                    return False
                logger.warning(
                    "a rollout could not be judged: %s", result.message, extra=_of(work, task)
                )
                if self._is_tried_elsewhere(work, position):
                    continue
            work.end(position, result)
            recalled.learn(position, result)
            self._diary.done(result)
        return True

    def _report(self, work: Work) -> None:
        """Where a worker was lost with it, before more of it is judged."""
        if work.chunk.tries:
            _persist(work.report, work)
        else:
            self._ahead.make(partial(_try, work.report))

    def _read(self, work: Work, taken: Taken) -> list[tuple[int, Task]] | None:
        """What there is to do; None where some of it is no longer in Redis."""
        payload = taken.payload
        if payload is None:
            payload = _persist(partial(self._chunks.payload, work.batch, work.chunk), work)
        try:
            return self._reader.tasks(payload or b"", taken.owner)
        except Gone as error:
            if _persist(work.lack, work):
                logger.warning("a batch has to be submitted again: %s", error, extra=_of(work))
            return None
        except (LookupError, ValueError):
            logger.exception("the data of a chunk cannot be read", extra=_of(work))
            for position in range(work.chunk.first, work.chunk.stop):
                work.end(position, _UNREADABLE)
            return []

    def _is_tried_elsewhere(self, work: Work, position: int) -> bool:
        self._failed[work.batch, position] = MOST_PASSES
        if len(self._failed) > MOST_FAILED:
            self._failed.popitem(last=False)
        return bool(_persist(partial(work.try_elsewhere, position), work))

    def _is_for_others(self, work: Work) -> bool:
        """Whether this worker failed at it, and there is one that has not tried."""
        chunk = work.chunk
        passes = self._failed.get((work.batch, chunk.first), 0)
        if not chunk.tries or not passes:
            return False
        self._failed[work.batch, chunk.first] = passes - 1
        serving = (self._workers.serving(lane(chunk.kind, queue)) for queue in self._served)
        return max(serving) > chunk.tries

    def _report_judged(self) -> None:
        """Report what is judged, and let nothing hold the worker up."""
        self._serve_lanes()
        while not self._ended.is_set():
            news = self._pulse.wait(HEARTBEAT_S)
            counts = counted()
            self._pulse.counted(counts)
            if self._counts_end is not None:
                tell(self._counts_end, counts)
            work = self._work
            for told in news:
                self._ahead.hear(told)
                if work:
                    work.hear(told)
            if self._stopping.is_set():
                _try(self._ahead.give_back)
            if work is None:
                continue
            with contextlib.suppress(redis.RedisError):
                work.report()
                if self._stopping.is_set():
                    work.leave_rest()
            if work.stuck_s() > STUCK_S:
                logger.error("judging a rollout does not end, so this worker ends")
                self._leave_now()
            if time.monotonic() > self._stop_by:
                with contextlib.suppress(redis.RedisError):
                    work.give_back()
                self._leave_now()

    def _on_signal(self, *_: int | FrameType | None) -> None:
        if self._stop_by == 0:
            raise SystemExit(1)
        if not self._stopping.is_set():
            self._stop_by = time.monotonic() + GRACE_S
            self._stopping.set()

    def _leave_now(self) -> None:
        """Have the main thread let go of whatever it is at, and close its Judge."""
        self._stop_by = 0
        os.kill(os.getpid(), signal.SIGTERM)
        if not self._ended.wait(STUCK_S):
            os._exit(1)


def _try(action: Callable[[], None]) -> None:
    """Do it if Redis answers."""
    with contextlib.suppress(redis.RedisError):
        action()


def _persist(action: Callable[[], Result | None], work: Work) -> Result | None:
    """Do it as soon as Redis answers; give up when nobody waits any more."""
    while True:
        try:
            return action()
        except redis.RedisError as error:
            if not work.wanted:
                return None
            logger.warning("Redis does not answer (%s); trying again", error)
            time.sleep(AWAY_PAUSE_S)


def _warn_of(forged: ForgedJob) -> None:
    logger.error("%s Something that is no verifier writes to this Redis.", forged)


def _of(work: Work, task: Task | None = None) -> dict[str, Any]:
    """What a line of the log says beside its sentence."""
    named = {"rollout": task.id} if isinstance(task, Rollout) and task.id is not None else {}
    return {FIELDS: {**named, "chunk": str(work.chunk)}}


def serve(
    url: str,
    queues: Sequence[str],
    kinds: Sequence[Kind],
    open_judge: Callable[[], AbstractContextManager[Judging]],
    counts_end: int | None = None,
) -> int:
    """Judge until told to stop; returns the exit status."""
    name = uuid4().hex
    pulse = Pulse(url, name)
    client = connect(url)
    with contextlib.ExitStack() as stack:
        stack.callback(pulse.close)
        try:
            judge = stack.enter_context(open_judge())
            prove(judge, kinds)
            recall = Recall(client, judged_by(judge.surroundings() if Kind.CODE in kinds else ""))
            freeze_heap()
        except Exception as error:  # noqa: BLE001 - whatever keeps it from judging is its report
            fault = str(error) or type(error).__name__
            logger.error("this worker cannot judge: %s", fault)  # noqa: TRY400 - the sentence says it
            with contextlib.suppress(redis.RedisError):
                WorkerLedger(client).report_fault(f"{fault} ({socket.gethostname()})")
            return UNABLE
        ChunkWorker(name, client, judge, recall, pulse, queues, kinds, counts_end).run()
    return 0


def main(
    open_judge: Callable[[str | None], AbstractContextManager[Judging]] = Judge,
) -> int:
    """`python -m verifier.dispatch.redis_backend.worker_side.worker --parent PID --sandbox JAIL`

    One that does not serve code opens no sandbox."""
    parser = argparse.ArgumentParser(prog="verifier.dispatch.redis_backend.worker_side.worker")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--queues", nargs="+", choices=QUEUES, default=QUEUES)
    parser.add_argument("--kinds", nargs="+", type=Kind, default=tuple(Kind))
    parser.add_argument("--counts", type=int)
    options = parser.parse_args()
    if options.counts is not None:
        os.set_inheritable(options.counts, False)
    die_with_parent(options.parent)
    configure("worker")
    url = sys.stdin.readline().strip()
    sandbox = options.sandbox if Kind.CODE in options.kinds else None
    return serve(url, options.queues, options.kinds, lambda: open_judge(sandbox), options.counts)


if __name__ == "__main__":
    sys.exit(main())
