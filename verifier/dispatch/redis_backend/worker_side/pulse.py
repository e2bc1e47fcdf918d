"""The heartbeat of a worker: a small process beside it that renews its lease.

A thread of the worker could not: a rollout that makes one operation of the interpreter last keeps
its lock, and the worker would look dead and lose its chunk. So this process renews the lease, and
where the rollout at hand takes long it leaves the rest of the chunk to others. It vouches for no
worker that is stopped, and ends one that uses JUDGE_CPU_S of its own for a single rollout.

The worker tells it through a pipe what it has, one line a change, and through shared memory which
rollout it is at; and hears through another pipe who waits and what was left to others. The lines
are read at each beat, not as they come: a lone rollout is two of them, and would wake this process
twice. What is not to wait for the next beat rings a bell. What the worker has ahead, to begin with
next, is leased likewise, and goes back where others have nothing to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import mmap
import os
import select
import signal
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import redis

from sandbox.counting import SEPARATOR
from verifier.dispatch.chunk import JUDGE_CPU_S, SHARE_S
from verifier.dispatch.cpu_clock import cpu_s_of
from verifier.dispatch.figures import add_counts
from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.connection import connect
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.names import HEARTBEAT_S
from verifier.dispatch.redis_backend.records import NO_CHUNK, Has, Standing, Told
from verifier.dispatch.redis_backend.worker_side.collected import in_lines

_AT = struct.Struct("=qd")
_DRAINED = _AT.size
"""Where in the shared memory it stands whether the worker's machine is drained."""
_NOTHING = -1
_HAS, _AHEAD, _SERVES, _COUNTED = "has", "ahead", "serves", "counted"
_CHANGES = {"jail_starts": 1, "jail_ends": -1}
_SPACE = r"\u0020"
_PIPE_BYTES = 64 * 1024
_WORDS_BYTES = 256 * 1024
"""Of the pipe with what the worker says: many times what it says from one beat to the next."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the pulse about a chunk."""

    batch: str
    chunk: ChunkId
    """As the worker knew it."""
    wanted: bool
    """Whether the worker has it still, and somebody waits for it."""
    left: ChunkId | None
    """What of it is the worker's now; None for one ahead that it no longer has."""


class Pulse:
    """The worker's end. Beats from the first word of `serves` on until the worker has ended."""

    def __init__(self, url: str, worker: str) -> None:
        """Forks, so it is for a process that has no threads yet."""
        self._at = mmap.mmap(-1, mmap.PAGESIZE)
        theirs, self._words = os.pipe()
        with contextlib.suppress(OSError):  # where a user's pipes have that much already
            fcntl.fcntl(self._words, fcntl.F_SETPIPE_SZ, _WORDS_BYTES)
        bell, self._bell = os.pipe()
        self._told, ours = os.pipe()
        parent = os.getpid()
        self._process = os.fork()
        if self._process == 0:
            with contextlib.suppress(BaseException):
                for end in (self._words, self._bell, self._told):
                    os.close(end)
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, signal.SIG_IGN)  # it ends with its worker
                _Beating(parent, connect(url), worker, self._at).run(theirs, bell, ours)
            os._exit(0)
        for end in (theirs, bell, ours):
            os.close(end)
        os.set_blocking(self._told, False)
        os.set_blocking(self._words, False)
        self._heard = b""
        self._closed = False
        self.is_at(None)

    def has(self, batch: str = "", chunk: ChunkId | None = None) -> None:
        """What chunk the worker has now, if any."""
        self._say(_HAS, f"{time.monotonic()}", batch, str(chunk or ""))

    def has_ahead(self, batch: str = "", chunk: ChunkId | None = None) -> None:
        """What it begins with next, if anything, until it says that it has it now."""
        self._say(_AHEAD, f"{time.monotonic()}", batch, str(chunk or ""))

    def serves(self, lanes: Sequence[str], known: Mapping[str, str]) -> None:
        """Whose chunks the worker takes from now on, and what RQ's tools are to know of it."""
        self._say(_SERVES, json.dumps([lanes, known], separators=(",", ":")).replace(" ", _SPACE))
        self._ring()

    def counted(self, counts: Mapping[str, float]) -> None:
        """What the worker counted since it said so last."""
        for line in in_lines(counts):
            self._say(_COUNTED, line.replace(" ", _SPACE))

    def _say(self, *words: str) -> None:
        line = " ".join(words).encode("ascii") + b"\n"
        while True:
            try:
                os.write(self._words, line)
            except BlockingIOError:  # so much was said since the last beat
                self._ring()
                select.select([], [self._words], [])
            else:
                return

    def _ring(self) -> None:
        os.write(self._bell, b"!")

    def is_at(self, position: int | None) -> None:
        """Which rollout of it the worker begins with, or that it is at none."""
        _AT.pack_into(self._at, 0, _NOTHING if position is None else position, time.monotonic())

    @property
    def is_drained(self) -> bool:
        """Whether the worker is to take no more chunks, as of the last beat."""
        return bool(self._at[_DRAINED])

    def wait(self, seconds: float) -> list[Heard]:
        """What the pulse has found out, at the latest after so long."""
        if select.select([self._told], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                self._heard += os.read(self._told, _PIPE_BYTES)
        *lines, self._heard = self._heard.split(b"\n")
        return [_read(line.decode("ascii")) for line in lines]

    def close(self) -> None:
        """End it; safe to call twice."""
        if not self._closed:
            self._closed = True
            os.close(self._words)
            os.close(self._bell)
            os.waitpid(self._process, 0)
            os.close(self._told)


def _read(line: str) -> Heard:
    batch, chunk, wanted, left = line.split(" ")
    return Heard(batch, ChunkId.parse(chunk), wanted == "1", ChunkId.parse(left) if left else None)


class _Beating:
    """The process itself."""

    def __init__(self, worker: int, client: redis.Redis, name: str, at: mmap.mmap) -> None:
        self._worker = worker
        self._workers = WorkerLedger(client)
        self._chunks = ChunkLedger(client)
        self._name = name
        self._lanes: list[str] | None = None
        """None until the worker can judge."""
        self._known: dict[str, str] = {}
        self._at = at
        self._begun = b""
        """A sentence that was not heard to its end."""
        self._has = NO_CHUNK
        self._has_since = 0.0
        self._ahead = NO_CHUNK
        self._ahead_since = 0.0
        self._worked_s = 0.0
        """Until it had what it has."""
        self._counts: dict[str, float] = {}
        """Not told yet."""
        self._jails = 0.0
        """Of the worker, by what it counted."""
        self._telling = Told(0, "")
        self._seen: tuple[tuple[int, float], float] | None = None
        """The rollout at hand at the last beat, and the worker's CPU time when first seen at it."""

    def run(self, words: int, bell: int, told: int) -> None:
        """Until the worker has ended, which closes the `bell`; when that rings it beats at once."""
        os.set_blocking(words, False)
        os.set_blocking(told, False)
        beat_at, is_over = time.monotonic() + HEARTBEAT_S, False
        while not is_over and os.getppid() == self._worker:
            wait_s = max(0.0, beat_at - time.monotonic())
            if select.select([bell], [], [], wait_s)[0]:
                is_over = not os.read(bell, _PIPE_BYTES)
            self._listen(words)
            if not is_over:
                beat_at = time.monotonic() + HEARTBEAT_S
                with contextlib.suppress(redis.RedisError):
                    self._beat(told)
        with contextlib.suppress(redis.RedisError):
            while self._tell().json:
                self._workers.count(self._name, self._telling)
                self._was_told()

    def _listen(self, words: int) -> None:
        """Hear all that the worker has said by now."""
        with contextlib.suppress(BlockingIOError):
            while data := os.read(words, _PIPE_BYTES):
                *said, self._begun = (self._begun + data).split(b"\n")
                for sentence in said:
                    self._hear(*sentence.decode("ascii").split(" "))

    def _tell(self) -> Told:
        """What was counted and is not known to Redis. Without an answer it is the same again."""
        if not self._telling.json and self._counts:
            counts = json.dumps(self._counts)
            self._telling = Told(self._telling.number + 1, counts)
            self._counts = {}
        return self._telling

    def _was_told(self) -> None:
        self._telling = Told(self._telling.number, "")

    def _hear(self, word: str, *rest: str) -> None:
        if word == _SERVES:
            self._lanes, self._known = json.loads(rest[0])
        elif word == _COUNTED:
            counts = json.loads(rest[0])
            add_counts(self._counts, counts)
            for name, by in counts.items():
                self._jails += by * _CHANGES.get(name.partition(SEPARATOR)[0], 0)
        else:
            since_s, batch, chunk = float(rest[0]), *rest[1:]
            has = Has(batch, ChunkId.parse(chunk) if chunk else None)
            if word == _AHEAD:
                self._ahead, self._ahead_since = has, since_s
                return
            if self._has.chunk:
                self._worked_s += since_s - self._has_since
            self._has, self._has_since = has, since_s
            if has == self._ahead:
                self._ahead = NO_CHUNK

    def _beat(self, told: int) -> None:
        """Raises redis.RedisError."""
        if self._lanes is None or _is_stopped(self._worker):
            return
        self._end_who_works_for_ever()
        known = {"jails": f"{self._jails:.0f}", "total_working_time": f"{self._worked_s:.6f}"}
        position, began_at = _AT.unpack_from(self._at)
        has, ahead = self._has, self._ahead
        beaten = self._workers.beat(
            self._name,
            self._lanes,
            {**self._known, **known},
            has,
            ahead,
            at_hand=position,
            ahead_is_long=time.monotonic() - self._ahead_since > SHARE_S,
            told=self._tell(),
        )
        self._was_told()
        self._at[_DRAINED], standing = beaten.is_drained, beaten.standing
        if ahead.chunk and not beaten.has_ahead:
            self._ahead = NO_CHUNK
            _inform(told, ahead.batch, ahead.chunk, False, "")
        if not has.chunk:
            return
        is_wanted = standing is Standing.WANTED
        is_slow = time.monotonic() - began_at > SHARE_S
        left = has.chunk
        if standing is Standing.REST_WANTED or (is_wanted and is_slow):
            left = self._share(has.batch, has.chunk, position)
        self._has = Has(has.batch, left)
        _inform(told, has.batch, has.chunk, is_wanted, left)

    def _share(self, batch: str, chunk: ChunkId, position: int) -> ChunkId:
        """Leave what is behind the rollout at hand to others; what the worker keeps. Should it
        begin with the next one meanwhile, that is judged twice and counts once."""
        if not chunk.first <= position < chunk.stop - 1:
            return chunk
        kept = replace(chunk, stop=position + 1)
        rest = replace(chunk, first=position + 1, tries=min(chunk.tries, 1))
        return kept if self._chunks.replace(batch, chunk, keep=kept, send=[rest]) else chunk

    def _end_who_works_for_ever(self) -> None:
        at, used_s = _AT.unpack_from(self._at), cpu_s_of(self._worker)
        if self._seen is None or self._seen[0] != at:
            self._seen = at, used_s
        elif at[0] != _NOTHING and used_s - self._seen[1] > JUDGE_CPU_S:
            logger.error("judging a rollout takes more than %g s of CPU time", JUDGE_CPU_S)
            os.kill(self._worker, signal.SIGKILL)


def _inform(told: int, batch: str, chunk: ChunkId, is_wanted: bool, left: object) -> None:
    with contextlib.suppress(BlockingIOError):  # the worker has no time to listen
        os.write(told, f"{batch} {chunk} {int(is_wanted)} {left}\n".encode("ascii"))


def _is_stopped(process: int) -> bool:
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b") ")[2][:1]
        return state in b"TtZX"
    return True
