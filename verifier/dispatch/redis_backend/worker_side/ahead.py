"""The chunk that a worker begins with next: taken while it judges, so that no way to Redis, however
long, keeps it waiting."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import redis

from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.records import Taken
from verifier.dispatch.redis_backend.worker_side.pulse import Heard, Pulse

logger = logging.getLogger(__name__)


class Ahead:
    """One chunk at most, leased like any other. Thread-safe; ways to Redis are made in a thread of
    its own, in the order in which they were asked for."""

    def __init__(self, ledger: ChunkLedger, pulse: Pulse) -> None:
        self._ledger = ledger
        self._pulse = pulse
        self._lock = threading.Lock()
        self._held: Taken | None = None
        self._coming: Future[None] | None = None
        self._ways: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._make_ways, name="ahead", daemon=True).start()

    def make(self, way: Callable[[], None]) -> None:
        """Have this done meanwhile."""
        self._ways.put(way)

    def fetch(self, take: Callable[[], Taken | None]) -> None:
        """Have this done meanwhile; the chunk that it takes, if any, is the next one."""
        coming = self._coming = Future[None]()

        def way() -> None:
            try:
                if taken := take():
                    self._hold(taken)
            finally:
                coming.set_result(None)

        self._ways.put(way)

    @property
    def is_coming(self) -> bool:
        """Whether something was fetched since it was asked for the next one."""
        return self._coming is not None

    def next(self) -> Taken | None:
        """The chunk to begin with now, once all that was fetched is there."""
        if self._coming:
            self._coming.result()
            self._coming = None
        with self._lock:
            held, self._held = self._held, None
            return held

    def hear(self, told: Heard) -> None:
        """Take over what the pulse did."""
        with self._lock:
            held = self._held
            if held and (told.batch, told.chunk, told.left) == (held.batch, held.chunk, None):
                self._held = None

    def give_back(self) -> None:
        """Leave it to others. Raises redis.RedisError and has it still then."""
        with self._lock:
            if self._held:
                self._leave(self._held)
                self._held = None

    def leave(self, taken: Taken) -> None:
        """Likewise, of one that was to be begun with. Raises redis.RedisError."""
        with self._lock:
            self._leave(taken)

    def _leave(self, taken: Taken) -> None:
        self._pulse.has_ahead()
        self._ledger.replace(taken.batch, taken.chunk, send=[taken.chunk])

    def _hold(self, taken: Taken) -> None:
        self._pulse.has_ahead(taken.batch, taken.chunk)
        if taken.payload is None:
            with contextlib.suppress(redis.RedisError):  # it is asked for again, when it is begun
                taken = replace(taken, payload=self._ledger.payload(taken.batch, taken.chunk))
        with self._lock:
            self._held = taken

    def _make_ways(self) -> None:
        while True:
            way = self._ways.get()
            try:
                way()
            except Exception:
                # What it did not report is judged again when its lease has ended.
                logger.exception("a way to Redis failed")
