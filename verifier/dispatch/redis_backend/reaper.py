"""Enqueues the chunks of dead workers again. Runs in all processes, acts in one."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from typing import Any

import redis

from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES, ChunkId
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.losses import LossLedger
from verifier.dispatch.redis_backend.names import LEASE_S
from verifier.dispatch.redis_backend.records import has_verdict
from verifier.logs import FIELDS, about, words_of
from verifier.model import Outcome, Verdict
from verifier.wire import encode_result

PASS_S = 0.25
TERM_MS = 1000
"""How long after the reaper's death another takes over."""
QUEUE_CHECK_S = 1.0
_GIVEN_UP = Verdict(
    outcome=Outcome.VERIFIER_ERROR,
    message=f"The worker that judged it died, {MAX_TRIES} times.",
)

logger = logging.getLogger(__name__)


class Reaper:
    """Reaps while it is elected: every process at a Redis has one, and one of them acts."""

    def __init__(self, client: redis.Redis) -> None:
        self._batches = BatchLedger(client)
        self._chunks = ChunkLedger(client)
        self._losses = LossLedger(client)
        self._name = secrets.token_hex(8)
        self._missing: dict[bytes, float] = {}
        self._checked_at = 0.0

    def run(self, stopping: threading.Event) -> None:
        """Reap, whenever elected, until told to stop."""
        while not stopping.wait(PASS_S):
            try:
                if self._losses.elected(self._name, TERM_MS):
                    self.once()
            except redis.RedisError:
                # Its workers could not renew their leases either: give them the time to.
                stopping.wait(LEASE_S)
            except Exception:
                logger.exception("the reaper failed; it goes on")

    def once(self) -> None:
        """One pass over everything that may be lost. Raises redis.RedisError."""
        for batch, chunk in self._losses.reap():
            self._bring_back(batch, chunk)
        if time.monotonic() - self._checked_at >= QUEUE_CHECK_S:
            self._checked_at = time.monotonic()
            self._resend_missing()

    def _bring_back(self, batch: str, chunk: ChunkId) -> None:
        judged = self._batches.judged(batch)
        open_ = (i for i in range(chunk.first, chunk.stop) if not has_verdict(judged, i))
        culprit = next(open_, None)
        if culprit is None:
            self._chunks.replace(batch, chunk, send=[], lost=True)
            return
        if chunk.tries + 1 >= MAX_TRIES:
            with about(**words_of(self._batches.about(batch))):
                logger.error("a rollout is given up: all its workers died", extra=_of(chunk))
            self._losses.count_poison(batch, chunk, culprit)
            self._chunks.deliver(batch, [(culprit, encode_result(culprit, _GIVEN_UP))])
        instead = chunk.after_loss(culprit)
        if self._chunks.replace(batch, chunk, send=instead, lost=True):
            with about(**words_of(self._batches.about(batch))):
                logger.warning("a chunk lost its worker; enqueued again", extra=_of(chunk))

    def _resend_missing(self) -> None:
        """What is in no queue in two looks running was popped by a worker that died before it had
        a lease. Where it was merely slow, the chunk is judged twice and counted once."""
        missing = self._losses.missing_from_queues()
        for job, since in missing.items():
            if self._missing.get(job) == since:
                logger.warning("job %s was taken but never leased; enqueued again", job.decode())
                self._losses.resend(job, since)
        self._missing = missing


def _of(chunk: ChunkId) -> dict[str, Any]:
    return {FIELDS: {"chunk": str(chunk)}}
