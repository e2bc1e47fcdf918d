"""RQ's queues, made safe: what is in one names a chunk and can name nothing else.

RQ imports whatever dotted name a job carries, for its function and for its callbacks, so whoever
can write to Redis could run any code in a worker. Ours reads no job: the id that is in the queue
says which chunk it is, and the record beside it is for RQ's own tools to look at.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import socket
from collections.abc import Sequence
from typing import Any

from redis import Redis
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.utils import now
from rq.worker import SimpleWorker

from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.names import rq_queue
from verifier.errors import VerifierError

_ID = re.compile(rb"([0-9a-f]{32})_(.{1,64})")


class ForgedJob(VerifierError):
    """What none of our processes can have put into a queue."""


def parse_job(name: bytes) -> tuple[str, ChunkId]:
    """The batch and the chunk that a job's id names. Raises ForgedJob."""
    try:
        match = _ID.fullmatch(name)
        if match is None:
            raise ValueError("not the name of a job")
        return match[1].decode("ascii"), ChunkId.parse(match[2].decode("ascii"))
    except ValueError:
        raise ForgedJob(f"Job {name[:100]!r} is not one of ours and was not run.") from None


class ChunkQueue(Queue):
    """The RQ queue of a lane."""

    def __init__(self, lane: str, connection: Redis) -> None:
        super().__init__(rq_queue(lane), connection=connection, serializer=JSONSerializer)
        self.lane = lane


def next_job(
    queues: Sequence[ChunkQueue], handed: str, timeout_s: int, connection: Redis
) -> tuple[str, ChunkId] | bytes | None:
    """The first chunk of the first queue that has one, once there is one or the time is up; or what
    comes into the list `handed` meanwhile, as it is.

    It is popped by BLPOP: a worker that dies right after it has taken the job along. The reaper
    finds it, because the job is noted as sent until it is leased.
    Raises ForgedJob, redis.RedisError."""
    found: Any = connection.blpop([handed, *(queue.key for queue in queues)], timeout_s)
    if found is None:
        return None
    key, member = found
    return bytes(member) if key == handed.encode("ascii") else parse_job(member)


class _Described(SimpleWorker):
    connection_timeout = 0  # leaves the client's socket timeout as it is


def described(name: str, queues: Sequence[ChunkQueue], connection: Redis) -> dict[str, str]:
    """What RQ's tools are to know of a worker."""
    worker = _Described(
        queues, name, connection=connection, serializer=JSONSerializer, prepare_for_work=False
    )
    worker.hostname, worker.pid = socket.gethostname(), os.getpid()
    worker.birth_date = worker.last_heartbeat = now()
    known: dict[str, Any] = worker.serialize()
    del known["last_heartbeat"]  # that of each beat
    known["release"] = importlib.metadata.version("grpo-verifier")
    return {key: str(value or "") for key, value in known.items()}
