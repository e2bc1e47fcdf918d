"""What Redis knows about batches, chunks, leases and verdicts: every operation there is on it.

Blocking, thread-safe; every method may raise redis.RedisError and may be repeated after one: what
happened twice counts once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import redis

from sandbox.counting import name_of
from verifier.dispatch.dispatcher import QueueFull
from verifier.dispatch.figures import Figures
from verifier.dispatch.redis_backend import names, scripts
from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.jobs import parse_job
from verifier.dispatch.redis_backend.names import batch_key, job_id, rq_key
from verifier.dispatch.redis_backend.payload import truth_label
from verifier.dispatch.redis_backend.records import (
    NOTHING,
    Beaten,
    Census,
    Found,
    Name,
    Plan,
    Standing,
    Taken,
    Told,
    WorkerNow,
)
from verifier.model import Kind

_UPLOAD_BYTES = 4 * 1024 * 1024
_UNASKED_BYTES = 64 * 1024
"""Of a batch that is stored before it is known whether there is room for it."""


class Ledger:
    """All that API processes, workers and the reaper say to Redis."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        script = client.register_script
        self._accept = script(scripts.whole(scripts.ACCEPT))
        self._discard = script(scripts.whole(scripts.DISCARD))
        self._leave = script(scripts.whole(scripts.LEAVE))
        self._name = script(scripts.whole(scripts.NAME))
        self._join = script(scripts.whole(scripts.JOIN))
        self._cancel = script(scripts.whole(scripts.CANCEL))
        self._take = script(scripts.whole(scripts.TAKE))
        self._deliver = script(scripts.whole(scripts.DELIVER))
        self._turn = script(scripts.whole(scripts.TURN))
        self._census = script(scripts.whole(scripts.CENSUS))
        self._forget = script(scripts.whole(scripts.FORGET))
        self._count = script(scripts.whole(scripts.COUNT))
        self._figures = script(scripts.whole(scripts.FIGURES))
        self._workers_now = script(scripts.whole(scripts.WORKERS_NOW))
        self._beat = script(scripts.whole(scripts.BEAT))
        self._replace = script(scripts.whole(scripts.REPLACE))
        self._incomplete = script(scripts.whole(scripts.INCOMPLETE))
        self._tend = script(scripts.whole(scripts.TEND))
        self._resend = script(scripts.whole(scripts.RESEND))
        self._elect = script(scripts.whole(scripts.ELECT))

    # The API's end

    def accept(self, plan: Plan, watcher: str, deadline_s: float, max_queued: int) -> None:
        """Have the batch judged, as far as it is not; joins it where it is under way already.

        Raises QueueFull. Nothing of what is refused stays in Redis."""
        arguments: list[Any] = [
            plan.batch,
            watcher,
            plan.size,
            deadline_s,
            max_queued,
            plan.queue,
            plan.owner,
            plan.code_from,
            plan.about,
        ]
        # One way less for what is stored as soon as it is asked about.
        is_stored_unasked = plan.is_new and plan.bytes <= _UNASKED_BYTES
        answer = [b"store"] if is_stored_unasked else self._accept(args=[*arguments, 0, 0])
        if answer[0] == b"store":
            arguments += [len(plan.payloads), len(plan.truths), *plan.truths]
            try:
                answer = self._store(plan, [*arguments, *map(str, plan.chunks)])
            except redis.ResponseError:
                self._discard(args=[plan.batch])
                raise
            if answer[0] == b"store":
                raise redis.RedisError("it took too long to store the batch")
        if answer[0] == b"full":
            self._discard(args=[plan.batch])
            queued = int(answer[1])
            raise QueueFull(
                f"{queued} rollouts wait for a verdict and {plan.size} more would exceed the limit "
                f"of {max_queued}; send them again later, or fewer at a time.",
                retry_after_s=max(1, min(60, queued // 1000)),
            )

    def _store(self, plan: Plan, to_accept: Sequence[Any]) -> Any:
        """What ACCEPT says then, for whose arguments it takes no way of its own.

        It is stored for as long as it may take until it is accepted: whatever was sent expires from
        then on. Each transaction is done as a whole, or not at all where this process dies in it.
        """
        payloads = batch_key(plan.batch, "payloads")
        with self.client.pipeline(transaction=True) as pipe:
            for digest in plan.truths:
                pipe.expire(names.TRUTH + digest, names.UPLOAD_S, gt=True)
                pipe.exists(names.TRUTH + digest)
            there = pipe.execute()[1::2] if plan.truths else []
            missing = [
                item for item, found in zip(plan.truths.items(), there, strict=True) if not found
            ]
            for digest, truth in missing:
                pipe.set(names.TRUTH + digest, truth, ex=names.UPLOAD_S)
                _flush_when_large(pipe, truth)
            for start, payload in plan.payloads.items():
                pipe.hset(payloads, str(start), payload)
                pipe.expire(payloads, names.UPLOAD_S)
                _flush_when_large(pipe, payload)
            pipe.evalsha(self._accept.sha, 0, *to_accept)
            try:
                return pipe.execute()[-1]
            except redis.exceptions.NoScriptError:  # a Redis that was started anew, say
                return self._accept(args=to_accept)

    def name(self, plan: Plan, name: Name, keep_s: float) -> None:
        """Have an accepted batch found by its name from now on; `keep_s` is for how long an API
        process may keep its verdicts."""
        self._name(
            args=[
                name.digest,
                plan.batch,
                name.note,
                name.members,
                keep_s,
                plan.owner,
                names.MAX_OWNED,
            ]
        )

    def named(self, digest: str) -> tuple[str, Name] | None:
        """The batch of a name, and what was said of it."""
        found: Any = self.client.hmget(names.NAMED + digest, "batch", "note")
        if found[0] is None:
            return None
        batch = found[0].decode("ascii")
        members: Any = self.client.get(batch_key(batch, "members"))
        return None if members is None else (batch, Name(digest, found[1] or b"", members))

    def join(self, batch: str, watcher: str) -> float | None:
        """Wait for a batch that is there; seconds to its deadline, None where it is not."""
        left: Any = self._join(args=[batch, watcher])
        return None if left is None else float(left)

    def cancel(self, digest: str) -> bool:
        """Give up and forget the batch of that name; whether there was one."""
        return bool(self._cancel(args=[digest]))

    def forgotten(self, digest: str, note: bytes) -> bool:
        """Whether the batch of that name and note was cancelled, or another one has the name."""
        with self.client.pipeline(transaction=True) as pipe:
            pipe.hget(names.NAMED + digest, "note")
            pipe.exists(names.CANCELLED + digest)
            noted, cancelled = pipe.execute()
        return bool(cancelled) if noted is None else noted != note

    def verdicts(self, batch: str, seen: int) -> Found | None:
        """How far it is, without the first `seen` verdicts; None where Redis does not know it."""
        with self.client.pipeline(transaction=True) as pipe:
            pipe.lrange(batch_key(batch, "results"), seen, -1)
            pipe.bitcount(batch_key(batch, "judged"))
            pipe.hmget(batch_key(batch), "closed", "void")
            results, judged, (closed, void) = pipe.execute()
        if closed is None:
            return None
        return Found(results, judged, closed == b"1", void == b"cancelled")

    @contextmanager
    def news(self) -> Iterator[redis.client.PubSub]:
        """A channel with the names of batches that have new verdicts."""
        with self.client.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
            channel.subscribe(names.NEWS)
            yield channel

    def leave(self, batch: str, watcher: str, *, keep: bool) -> None:
        """Stop waiting for it. When nobody does, what has not begun is dropped.

        `keep` the verdicts for someone who sends the same batch again."""
        self._leave(args=[batch, watcher, int(keep)])

    def census(self) -> Census:
        """How things stand; writes, so that it fails where Redis takes nothing."""
        found: Any = self._census(args=[names.WORKER_FORGOTTEN_S])
        workers, serving, queued, code, fault, others, used, allowed, evicts = found
        return Census(
            workers,
            dict(zip(names.LINES, serving, strict=True)),
            {Kind.MATH: queued - code, Kind.CODE: code},
            fault.decode(errors="replace"),
            tuple(sorted(map(int, others))),
            used,
            allowed,
            bool(evicts),
        )

    def figures(self) -> Figures:
        """What happened until now, without what the census tells."""
        began = time.monotonic()
        counts, ages, busy, jails = cast("Any", self._figures(args=[names.WORKER_FORGOTTEN_S]))
        flat = iter(counts)
        return Figures(
            counts={
                name.decode(errors="replace"): float(number)
                for name, number in zip(flat, flat, strict=True)
            },
            oldest_s=dict(zip(names.LINES, (max(0.0, float(age)) for age in ages), strict=True)),
            busy_workers=busy,
            jails=jails,
            trip_s=time.monotonic() - began,
        )

    # A worker's end

    def take(self, batch: str, chunk: ChunkId, worker: str) -> Taken | None:
        """Have a chunk for this worker; None where it is not to be run (any more)."""
        found = self._take(args=[batch, str(chunk), worker])
        return None if found is None else _taken(batch, chunk, found)

    def truth(self, digest: str) -> bytes | None:
        """A ground truth that was too large to travel with every chunk."""
        found: Any = self.client.get(names.TRUTH + digest)
        return None if found is None else bytes(found)

    def deliver(
        self, batch: str, verdicts: Sequence[tuple[int, bytes]], done: ChunkId | None = None
    ) -> None:
        """Count these verdicts where there are none yet; with `done`, end that chunk's lease."""
        flat = [part for verdict in verdicts for part in verdict]
        self._deliver(args=[batch, str(done or ""), *flat])

    def turn(
        self,
        batch: str,
        verdicts: Sequence[tuple[int, bytes]],
        done: ChunkId | None,
        worker: str,
        lines: Sequence[str],
    ) -> Taken | None:
        """Deliver, and have the next chunk of these lines for this worker: one way for both. None
        where nothing waits. Raises ForgedJob when it has delivered."""
        flat = [part for verdict in verdicts for part in verdict]
        arguments = [batch, str(done or ""), worker, len(lines), *lines, *flat]
        found: Any = self._turn(args=arguments)
        if found is None:
            return None
        job, *taken = found
        return _taken(*parse_job(job), taken)

    def beat(
        self,
        worker: str,
        lines: Sequence[str],
        known: Mapping[str, str],
        batch: str = "",
        chunk: ChunkId | None = None,
        at_hand: int = -1,
        told: Told = NOTHING,
    ) -> Beaten:
        """Say that the worker lives and serves these lines and no others, none where it is drained;
        how it stands with its chunk, and the rollout at hand. `known` is what RQ's tools tell of a
        worker, `told` what it counted."""
        job = job_id(batch, chunk) if chunk else ""
        flat = [part for item in known.items() for part in item]
        counted = [told.number, told.json]
        arguments: list[Any] = [worker, job, batch, at_hand, *counted, len(lines), *lines, *flat]
        standing, drained = cast("Any", self._beat(args=arguments))
        return Beaten(Standing(standing), bool(drained))

    def count(self, worker: str, told: Told) -> None:
        """Add what the worker counted; the same again adds nothing."""
        self._count(args=[worker, told.number, told.json])

    def count_poison(self, batch: str, chunk: ChunkId, place: int) -> None:
        """A rollout was given up because its workers died of it: count it for its problem."""
        payload: Any = self.client.hget(batch_key(batch, "payloads"), str(chunk.payload))
        label = truth_label(payload, place) if payload else "unknown"
        self.client.hincrby(names.COUNTS, name_of("poison", label), 1)

    def forget_worker(self, worker: str) -> None:
        """It has ended in order."""
        self._forget(args=[worker])

    def report_fault(self, sentence: str) -> None:
        """Tell operators why a worker cannot judge; with "" that the last one who said so can."""
        if sentence:
            self.client.set(names.FAULT, sentence.encode("utf-8", "replace"), ex=120)
        else:
            self.client.delete(names.FAULT)

    def serving(self, line: str) -> int:
        """How many workers serve a line."""
        return int(self.client.zcard(names.SERVING + line))

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

    def incomplete(self, batch: str, chunk: ChunkId) -> None:
        """Redis has lost something of what this leased chunk consists of: who waits for the batch
        is to submit it again."""
        self._incomplete(args=[batch, str(chunk)])

    # Who looks after the machines

    def workers(self) -> list[WorkerNow]:
        """Those that live."""
        found = cast("Any", self._workers_now(args=[names.WORKER_FORGOTTEN_S]))
        return [_worker(*row) for row in found]

    def drain(self, host: str) -> None:
        """Have the workers of this machine, or EVERYWHERE, take no more chunks."""
        self.client.sadd(names.DRAINED, host)

    def end_draining(self, host: str) -> None:
        """Have them take chunks again; EVERYWHERE: all of them."""
        if host == names.EVERYWHERE:
            self.client.delete(names.DRAINED)
        else:
            self.client.srem(names.DRAINED, host)

    # The reaper's

    def elected(self, candidate: str, term_ms: int) -> bool:
        """Whether the candidate is the one reaper for this long."""
        return bool(self._elect(args=[candidate, term_ms]))

    def tend(self) -> list[tuple[str, ChunkId]]:
        """Keep batches flowing; returns the chunks whose workers fell silent."""
        return [_parse(member) for member in self._tend(args=[names.WORKER_FORGOTTEN_S])]

    def about(self, batch: str) -> str:
        """What lines of the log say of a batch, as its plan has it."""
        found: Any = self.client.hget(batch_key(batch), "about")
        return "{}" if found is None else bytes(found).decode()

    def judged(self, batch: str) -> bytes:
        """Bitmap over the batch, as in `Taken`."""
        found: Any = self.client.get(batch_key(batch, "judged"))
        return bytes(found or b"")

    def missing_from_queues(self) -> dict[bytes, float]:
        """Jobs noted as sent that are in no queue, with the time of their note: just being taken,
        or lost by whoever popped them."""
        with self.client.pipeline(transaction=True) as pipe:
            pipe.zrange(names.SENT, 0, -1, withscores=True)
            for name in names.LINES:
                pipe.lrange(rq_key(name), 0, -1)
            sent, *queues = pipe.execute()
        queued = {job for queue in queues for job in queue}
        return {job: since for job, since in sent if job not in queued}

    def resend(self, member: bytes, since: float) -> None:
        """Send a job again that was lost between queue and lease."""
        batch, chunk = _parse(member)
        self._resend(args=[batch, str(chunk), repr(since)])


def _taken(batch: str, chunk: ChunkId, found: Sequence[bytes]) -> Taken:
    payload, judged, left, waited, *words = found
    waited_s = max(0.0, float(waited))
    decoded = (word.decode() for word in words)
    return Taken(batch, chunk, payload, judged, float(left), waited_s, *decoded)


def _worker(name: bytes, row: Sequence[bytes], job: bytes, since: bytes) -> WorkerNow:
    host, pid, state, jails, release, queues, chunks = (text.decode() for text in row)
    lines = [queue.removeprefix(names.rq_queue("")) for queue in queues.split(",")]
    for_s = max(0.0, float(since))
    return WorkerNow(
        name.decode(), host, pid, state, jails, release, lines, chunks, job.decode(), for_s
    )


def has_verdict(judged: bytes, position: int) -> bool:
    """Whether that bit of a bitmap, as Redis keeps them, is set."""
    byte, bit = divmod(position, 8)
    return byte < len(judged) and bool(judged[byte] >> (7 - bit) & 1)


def _parse(member: bytes) -> tuple[str, ChunkId]:
    batch, _, chunk = member.decode("ascii").partition("_")
    return batch, ChunkId.parse(chunk)


def plain(error: Exception) -> str:
    """What it says, to be put into a sentence."""
    return str(error).rstrip(".") or type(error).__name__


def _flush_when_large(pipe: Any, added: bytes) -> None:
    """A pipeline holds all it will send; a batch may be hundreds of megabytes."""
    if len(added) > _UPLOAD_BYTES or len(pipe) % 64 == 0:
        pipe.execute()
