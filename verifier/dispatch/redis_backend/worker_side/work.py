"""The state of one chunk at one worker: what is judged, reported, and left to others.

Shared by two threads, the one that judges and the one that reports: so a slow rollout does not
delay the reports of those before it. The pulse has the rest of the chunk judged meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import redis

from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES, ChunkId
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.records import NO_CHUNK, Has, Taken
from verifier.dispatch.redis_backend.worker_side.pulse import Heard, Pulse
from verifier.model import Kind, Result
from verifier.wire import encode_result

REPORT_S = 0.05
"""Verdicts of quick rollouts are reported together, this long apart,"""
REPORT_SHARE = 10
"""and so many times as long as a report takes, where Redis is far."""


class Work:
    """A chunk under way. `chunk` shrinks when its rest is given away."""

    def __init__(self, ledger: ChunkLedger, pulse: Pulse, taken: Taken) -> None:
        self.batch = taken.batch
        self.chunk = taken.chunk
        self._ledger = ledger
        self._pulse = pulse
        pulse.has(self.batch, self.chunk)
        self._ends_at = taken.at + taken.left_s
        self._lock = threading.Lock()
        self._reporting = threading.Lock()
        """Held on the way to Redis, and never taken by who has the other."""
        self._unreported: list[tuple[int, bytes]] = []
        self._reported_at = time.monotonic()
        self._report_s = REPORT_S
        self._position: int | None = None
        self._began_at = time.monotonic()
        self._unwanted_at: float | None = None

    def report_is_due(self) -> bool:
        """Whether to have what is judged reported: it is taken to be on its way from then on."""
        careful = self.chunk.tries > 0
        late = time.monotonic() - self._reported_at > self._report_s
        if not self._unreported or not (careful or late):
            return False
        self._reported_at = time.monotonic()
        return True

    def begin(self, position: int) -> bool:
        """Whether to judge this rollout now."""
        with self._lock:
            if not self.wanted or position >= self.chunk.stop:
                return False
            self._position, self._began_at = position, time.monotonic()
            self._pulse.is_at(position)
            return True

    def end(self, position: int, result: Result) -> None:
        """What came of what `begin` began."""
        with self._lock:
            self._unreported.append((position, encode_result(position, result)))
            self._position = None
            self._pulse.is_at(None)

    @property
    def wanted(self) -> bool:
        """Whether it is ours and somebody waits for it."""
        return self._unwanted_at is None and time.monotonic() < self._ends_at

    def abandon(self) -> None:
        """Begin nothing more of it: it is another's now, or nobody's."""
        self._unwanted_at = self._unwanted_at or time.monotonic()

    def stuck_s(self) -> float:
        """For how long it has been at a rollout that nobody waits for."""
        if self._position is None:
            return 0.0
        unwanted_at = min(self._unwanted_at or self._ends_at, self._ends_at)
        return time.monotonic() - max(self._began_at, unwanted_at)

    def report(self) -> None:
        """Report what is judged. Raises redis.RedisError and keeps it then."""
        with self._reporting:
            with self._lock:
                verdicts, self._unreported = self._unreported, []
            if not verdicts:
                return
            began = time.monotonic()
            try:
                self._ledger.deliver(self.batch, verdicts)
            except redis.RedisError:
                with self._lock:
                    self._unreported = verdicts + self._unreported
                raise
            self._reported_at = time.monotonic()
            self._report_s = max(REPORT_S, REPORT_SHARE * (self._reported_at - began))

    def hear(self, told: Heard) -> None:
        """Take over what the pulse did and found out."""
        with self._lock:
            if (told.batch, told.chunk) == (self.batch, self.chunk):
                self.chunk = told.left or self.chunk
                if not told.wanted:
                    self.abandon()

    def leave_rest(self) -> None:
        """Have others judge what is behind the rollout at hand. Raises redis.RedisError."""
        with self._lock:
            at, chunk = self._position, self.chunk
            if at is None or at + 1 >= chunk.stop or not self.wanted:
                return
            kept = replace(chunk, stop=at + 1)
            rest = replace(chunk, first=at + 1, tries=min(chunk.tries, 1))
            if self._ledger.replace(self.batch, chunk, keep=kept, send=[rest]):
                self._is_now(kept)

    def hand_over(self, position: int) -> None:
        """Leave the rollout at hand to workers with a sandbox. Raises redis.RedisError."""
        self.report()
        with self._lock:
            chunk = self.chunk
            tries = min(chunk.tries, 1)
            alone = replace(chunk, kind=Kind.CODE, first=position, stop=position + 1, tries=tries)
            self._send_apart(position, alone)

    def try_elsewhere(self, position: int) -> bool:
        """Have the rollout at hand, which we failed to judge, judged anew, unless that was done
        often enough: whether so. Raises redis.RedisError."""
        self.report()
        with self._lock:
            chunk = self.chunk
            alone = replace(chunk, first=position, stop=position + 1, tries=chunk.tries + 1)
            if alone.tries >= MAX_TRIES:
                return False
            self._send_apart(position, alone)
            return True

    def pass_on(self) -> None:
        """Leave all of it to another worker, whenever that comes. Raises redis.RedisError."""
        with self._lock:
            self._ledger.replace(self.batch, self.chunk, send=[self.chunk], behind=True)
            self.abandon()

    def give_back(self) -> None:
        """Have others judge what is left, the rollout at hand too. Raises redis.RedisError."""
        self.report()
        with self._lock:
            at, chunk = self._position, self.chunk
            rest = replace(chunk, first=chunk.first if at is None else at)
            self._ledger.replace(self.batch, chunk, send=[rest])
            self.abandon()

    def lack(self) -> bool:
        """Have the batch submitted again, as Redis no longer has all of it; whether anybody waits
        for it. Raises redis.RedisError."""
        with self._lock:
            was_wanted = self._ledger.incomplete(self.batch, self.chunk)
            self.abandon()
            return was_wanted

    def finish(
        self, *, complete: bool, worker: str, lanes: Sequence[str], goes_on: Has = NO_CHUNK
    ) -> Taken | None:
        """Report the last verdicts, end the lease, and take the next chunk of these lanes, if any;
        with one that it `goes_on` with, one ahead. Raises redis.RedisError, ForgedJob.

        Where something was left out, the lease ends by itself: someone may wait for that again."""
        with self._reporting:
            with self._lock:
                done = self.chunk if complete else None
                verdicts, self._unreported = self._unreported, []
            try:
                return self._ledger.turn(self.batch, verdicts, done, worker, lanes, goes_on)
            except redis.RedisError:
                with self._lock:
                    self._unreported = verdicts
                raise

    def _send_apart(self, position: int, alone: ChunkId) -> None:
        """Enqueue the rollout at hand in a chunk of its own, and go on with those behind it."""
        kept = replace(self.chunk, first=position + 1)
        keep = kept if kept.first < kept.stop else None
        if self._ledger.replace(self.batch, self.chunk, keep=keep, send=[alone], behind=True):
            self._is_now(kept)
            self._position = None
        else:
            self.abandon()

    def _is_now(self, chunk: ChunkId) -> None:
        self.chunk = chunk
        self._pulse.has(self.batch, chunk)
