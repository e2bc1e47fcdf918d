"""Batches in Redis, as API processes see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis

from verifier.dispatch.dispatcher import QueueFull
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.lua import batches
from verifier.dispatch.redis_backend.lua.shared import whole
from verifier.dispatch.redis_backend.names import batch_key
from verifier.dispatch.redis_backend.records import Found, Left, Name, Plan

_UPLOAD_BYTES = 4 * 1024 * 1024
_UNASKED_BYTES = 64 * 1024
"""Of a batch that is sent before it is known whether there is room for it."""


class BatchLedger:
    """Takes batches in, finds them by their names, tells how far they are."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        script = client.register_script
        self._accept = script(whole(batches.ACCEPT))
        self._discard = script(whole(batches.DISCARD))
        self._leave = script(whole(batches.LEAVE))
        self._name = script(whole(batches.NAME))
        self._join = script(whole(batches.JOIN))
        self._cancel = script(whole(batches.CANCEL))

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
        chunks = [*map(str, plan.chunks)]
        # One way less for what is stored as soon as it is asked about.
        is_small = plan.is_new and plan.bytes <= _UNASKED_BYTES
        if is_small and not plan.truths:
            carried = [part for payload in plan.payloads.items() for part in payload]
            count = len(plan.payloads)
            answer: Any = self._accept(args=[*arguments, count, 0, count, *carried, *chunks])
        else:
            answer = [b"store"] if is_small else self._accept(args=[*arguments, 0, 0, 0])
        if answer[0] == b"store":
            arguments += [len(plan.payloads), len(plan.truths), 0, *plan.truths]
            try:
                answer = self._store(plan, [*arguments, *chunks])
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
        with self._client.pipeline(transaction=True) as pipe:
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
        found: Any = self._client.hmget(names.NAMED + digest, "batch", "note")
        if found[0] is None:
            return None
        batch = found[0].decode("ascii")
        members: Any = self._client.get(batch_key(batch, "members"))
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
        with self._client.pipeline(transaction=True) as pipe:
            pipe.hget(names.NAMED + digest, "note")
            pipe.exists(names.CANCELLED + digest)
            noted, cancelled = pipe.execute()
        return bool(cancelled) if noted is None else noted != note

    def results(self, batch: str, seen: int) -> Found | None:
        """How far it is, without the first `seen` groups; None where Redis does not know it."""
        with self._client.pipeline(transaction=True) as pipe:
            pipe.lrange(batch_key(batch, "results"), seen, -1)
            pipe.bitcount(batch_key(batch, "judged"))
            pipe.hmget(batch_key(batch), "closed", "void")
            results, judged, (closed, void) = pipe.execute()
        if closed is None:
            return None
        verdicts = [line for group in results for line in group.split(b"\n")]
        return Found(verdicts, len(results), judged, closed == b"1", void == b"cancelled")

    @contextmanager
    def news(self) -> Iterator[redis.client.PubSub]:
        """A channel with the names of batches that have new verdicts."""
        with self._client.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
            channel.subscribe(names.NEWS)
            yield channel

    def leave(self, left: Sequence[Left]) -> None:
        """Stop waiting for these. What of a batch has not begun is dropped when nobody waits."""
        told = [(each.batch, each.watcher, int(each.keep)) for each in left]
        self._leave(args=[word for words in told for word in words])

    def about(self, batch: str) -> str:
        """What lines of the log say of a batch, as its plan has it."""
        found: Any = self._client.hget(batch_key(batch), "about")
        return "{}" if found is None else bytes(found).decode()

    def judged(self, batch: str) -> bytes:
        """Bitmap over the batch, as in `Taken`."""
        found: Any = self._client.get(batch_key(batch, "judged"))
        return bytes(found or b"")


def _flush_when_large(pipe: Any, added: bytes) -> None:
    """A pipeline holds all it will send; a batch may be hundreds of megabytes."""
    if len(added) > _UPLOAD_BYTES or len(pipe) % 64 == 0:
        pipe.execute()
