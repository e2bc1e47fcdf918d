"""RQ's jobs, made safe: a job names a chunk and can name nothing else.

RQ imports whatever dotted name a job carries, for its function and for its callbacks, so whoever
can write to Redis could run any code in a worker. A `ChunkJob` admits one function, by a name that
is no path, with two short strings; nothing of it is ever imported. A forged job is refused when it
is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from redis import Redis
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.names import rq_queue

FUNCTION = "judge-chunk"
_MAX_DATA_BYTES = 1024
_BATCH = re.compile(r"[0-9a-f]{32}", re.ASCII)


class ForgedJob(Exception):
    """A job that none of our processes can have written."""

    def __init__(self, sentence: str, job: str) -> None:
        super().__init__(sentence)
        self.job = job


class ChunkJob(Job):
    """A job whose only possible function is to judge a chunk."""

    batch: str
    chunk: ChunkId

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        """Read what a chunk's job consists of, and nothing else that may be there.

        Raises ForgedJob."""
        try:
            data = raw_data[b"data"]
            if len(data) > _MAX_DATA_BYTES:
                raise ValueError
            function, instance, (batch, chunk), keywords = json.loads(data)
            if not (function == FUNCTION and instance is None and keywords == {}):
                raise ValueError
            if not _BATCH.fullmatch(batch):
                raise ValueError
            self.batch, self.chunk = batch, ChunkId.parse(chunk)
        except (KeyError, TypeError, ValueError, RecursionError):
            sentence = f"Job {self.id!r} is not one of ours and was not run."
            raise ForgedJob(sentence, self.id) from None
        self.data = data
        self.origin = raw_data.get(b"origin", b"").decode("ascii", "replace")

    def _refuse(self) -> NoReturn:
        raise ForgedJob("Jobs of this service name nothing to import.", self.id)

    func = property(_refuse)
    success_callback = property(_refuse)
    failure_callback = property(_refuse)
    stopped_callback = property(_refuse)


class NoDeathPenalty(BaseDeathPenalty):
    """RQ's time limits use `signal.alarm`, which libraries disarm; leases are the limits here."""

    def setup_death_penalty(self) -> None: ...

    def cancel_death_penalty(self) -> None: ...


class ChunkQueue(Queue):
    """A queue of chunks."""

    job_class = ChunkJob
    line: str

    @classmethod
    def of(cls, line: str, connection: Redis) -> ChunkQueue:
        """That of a line."""
        queue = cls(rq_queue(line), connection=connection, serializer=JSONSerializer)
        queue.line = line
        return queue

    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> Any:
        """Of a single queue RQ keeps jobs in a list more, which only its registries clear."""
        return cls.lpop([queue_key], timeout, connection)

    @classmethod
    def next_job(cls, queues: list[ChunkQueue], timeout_s: int, connection: Redis) -> ChunkJob:
        """The first job of the first queue that has one.

        It is popped by BLPOP: a worker that dies right after it has taken the job along. The reaper
        finds it, because the job is noted as sent until it is leased.
        Raises DequeueTimeout, ForgedJob."""
        while True:
            try:
                found: Any = cls.dequeue_any(
                    queues,
                    timeout_s,
                    connection=connection,
                    job_class=ChunkJob,
                    serializer=JSONSerializer,
                    death_penalty_class=NoDeathPenalty,
                )
            except ForgedJob as error:
                connection.delete(ChunkJob.key_for(error.job))
                raise
            except ValueError:
                raise ForgedJob("A job has a name that RQ cannot have given it.", "") from None
            if found:
                job: ChunkJob = found[0]
                return job
