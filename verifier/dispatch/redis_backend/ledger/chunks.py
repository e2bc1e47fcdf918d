"""Chunks in Redis: who has one, what came of it, what is sent in its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import redis

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.jobs import ForgedJob, parse_job
from verifier.dispatch.redis_backend.lua import chunks
from verifier.dispatch.redis_backend.lua.shared import whole
from verifier.dispatch.redis_backend.names import batch_key
from verifier.dispatch.redis_backend.records import NO_CHUNK, Has, Taken


class ChunkLedger:
    """Leases chunks to workers and takes what comes of them."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        script = client.register_script
        self._take = script(whole(chunks.TAKE))
        self._deliver = script(whole(chunks.DELIVER))
        self._turn = script(whole(chunks.TURN))
        self._replace = script(whole(chunks.REPLACE))
        self._incomplete = script(whole(chunks.INCOMPLETE))

    def take(self, batch: str, chunk: ChunkId, worker: str) -> Taken | None:
        """Have a chunk for this worker; None where it is not to be run (any more)."""
        found = self._take(args=[batch, str(chunk), worker])
        return None if found is None else _taken(batch, chunk, found)

    def handed(self, message: bytes) -> Taken:
        """The chunk that a worker was handed with this. Raises ForgedJob."""
        head, _, payload = message.partition(b"\n")
        try:
            job, left, *texts = json.loads(head)
            queue, about, owner = (text.encode() for text in texts)
            found = [payload, len(payload), b"", left, 0, queue, about, owner, 0]
            return _taken(*parse_job(job.encode()), found)
        except (ValueError, TypeError, AttributeError):
            raise ForgedJob(f"{message[:100]!r} names no chunk of ours and was not run.") from None

    def payload(self, batch: str, chunk: ChunkId) -> bytes:
        """What did not come along with its chunk; empty where it is gone."""
        found: Any = self._client.hget(batch_key(batch, "payloads"), str(chunk.payload))
        return bytes(found or b"")

    def truth(self, digest: str) -> bytes | None:
        """A ground truth that was too large to travel with every chunk."""
        found: Any = self._client.get(names.TRUTH + digest)
        return None if found is None else bytes(found)

    def deliver(self, batch: str, verdicts: Sequence[tuple[int, bytes]]) -> None:
        """Count these verdicts where there are none yet."""
        self._deliver(args=[batch, *_marked(verdicts)])

    def turn(
        self,
        batch: str,
        verdicts: Sequence[tuple[int, bytes]],
        done: ChunkId | None,
        worker: str,
        lanes: Sequence[str],
        goes_on: Has = NO_CHUNK,
    ) -> Taken | None:
        """Deliver, with `done` end that chunk's lease, and have the next chunk of these lanes for
        this worker: one way for all. None where nothing waits or, where it `goes_on` with one that
        it has, too little for one to be taken ahead. Raises ForgedJob when it has delivered."""
        arguments: list[Any] = [batch, str(done or ""), *_marked(verdicts), worker]
        found: Any = self._turn(args=[*arguments, goes_on.batch, str(goes_on.chunk or ""), *lanes])
        if found is None:
            return None
        job, *taken = found
        return _taken(*parse_job(job), taken)

    def replace(
        self,
        batch: str,
        chunk: ChunkId,
        *,
        send: Sequence[ChunkId],
        keep: ChunkId | None = None,
        behind: bool = False,
        lost: bool = False,
    ) -> bool:
        """Send other chunks in place of one that is leased.

        `keep` is what its worker goes on with, under the same lease; what is sent goes to the front
        of the queue where there is nothing to go on with, unless it is to go `behind`. `lost` says
        that its lease has ended. Whether it goes on so."""
        how, where = "lost" if lost else "held", "back" if keep or behind else "front"
        arguments = [batch, str(chunk), how, str(keep or ""), where]
        return bool(self._replace(args=[*arguments, *map(str, send)]))

    def incomplete(self, batch: str, chunk: ChunkId) -> bool:
        """Redis has lost something of what this leased chunk consists of: who waits for the batch
        is to submit it again. Whether anybody does."""
        return bool(self._incomplete(args=[batch, str(chunk)]))


def _marked(verdicts: Sequence[tuple[int, bytes]]) -> tuple[int, bytes, int, bytes]:
    """As `lua.chunks` has them: the byte of the batch's bitmap at which the marks begin, the marks,
    how many verdicts there are, and these in the order of their places, one a line."""
    by_place = dict(sorted(verdicts))
    if not by_place:
        return 0, b"", 0, b""
    start = min(by_place) // 8
    marks = bytearray(max(by_place) // 8 - start + 1)
    for place in by_place:
        marks[place // 8 - start] |= 128 >> place % 8
    return start, bytes(marks), len(by_place), b"\n".join(by_place.values())


def _taken(batch: str, chunk: ChunkId, found: Sequence[Any]) -> Taken:
    payload, size, judged, left, waited, queue, about, owner, others_wait = found
    return Taken(
        batch,
        chunk,
        None if size and not payload else payload,
        judged,
        float(left),
        max(0.0, float(waited)),
        queue.decode(),
        about.decode(),
        owner.decode(),
        bool(others_wait),
    )
