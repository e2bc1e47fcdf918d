"""What workers lost, as the reaper finds it."""

from __future__ import annotations

from typing import Any

import redis

from sandbox.counting import name_of
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.lua import losses
from verifier.dispatch.redis_backend.lua.shared import whole
from verifier.dispatch.redis_backend.names import batch_key, rq_key
from verifier.dispatch.redis_backend.payload import truth_label


class LossLedger:
    """Finds leases that ended and jobs that are nowhere; elects who looks for them."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        script = client.register_script
        self._reap = script(whole(losses.REAP))
        self._resend = script(whole(losses.RESEND))
        self._elect = script(whole(losses.ELECT))

    def elected(self, candidate: str, term_ms: int) -> bool:
        """Whether the candidate is the one reaper for this long."""
        return bool(self._elect(args=[candidate, term_ms]))

    def reap(self) -> list[tuple[str, ChunkId]]:
        """Keep batches flowing; returns the chunks whose workers fell silent."""
        return [_parse(member) for member in self._reap(args=[names.WORKER_FORGOTTEN_S])]

    def missing_from_queues(self) -> dict[bytes, float]:
        """Jobs noted as sent that are in no queue, with the time of their note: just being taken,
        or lost by whoever popped them."""
        with self._client.pipeline(transaction=True) as pipe:
            pipe.zrange(names.SENT, 0, -1, withscores=True)
            for name in names.LANES:
                pipe.lrange(rq_key(name), 0, -1)
            sent, *queues = pipe.execute()
        queued = {job for queue in queues for job in queue}
        return {job: since for job, since in sent if job not in queued}

    def resend(self, member: bytes, since: float) -> None:
        """Send a job again that was lost between queue and lease."""
        batch, chunk = _parse(member)
        self._resend(args=[batch, str(chunk), repr(since)])

    def count_poison(self, batch: str, chunk: ChunkId, place: int) -> None:
        """A rollout was given up because its workers died of it: count it for its problem."""
        payload: Any = self._client.hget(batch_key(batch, "payloads"), str(chunk.payload))
        label = truth_label(payload, place) if payload else "unknown"
        self._client.hincrby(names.COUNTS, name_of("poison", label), 1)


def _parse(member: bytes) -> tuple[str, ChunkId]:
    batch, _, chunk = member.decode("ascii").partition("_")
    return batch, ChunkId.parse(chunk)
