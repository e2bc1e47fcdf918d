"""The workers at this Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import redis

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.lua import workers
from verifier.dispatch.redis_backend.lua.shared import whole
from verifier.dispatch.redis_backend.records import (
    NO_CHUNK,
    NOTHING,
    Beaten,
    Has,
    Standing,
    Told,
    WorkerNow,
)


class WorkerLedger:
    """Who lives, serves what, and is to take no more."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        script = client.register_script
        self._beat = script(whole(workers.BEAT))
        self._count = script(whole(workers.COUNT))
        self._forget = script(whole(workers.FORGET))
        self._workers_now = script(whole(workers.WORKERS_NOW))

    def beat(
        self,
        worker: str,
        lanes: Sequence[str],
        known: Mapping[str, str],
        has: Has = NO_CHUNK,
        ahead: Has = NO_CHUNK,
        *,
        at_hand: int = -1,
        ahead_is_long: bool = False,
        told: Told = NOTHING,
    ) -> Beaten:
        """Say that the worker lives and serves these lanes and no others, none where it is drained;
        how it stands with the chunk that it `has`, and the rollout at hand. The one that it has
        `ahead` goes back where others have none, or where it has been there for long. `known` is
        what RQ's tools tell of a worker, `told` what it counted."""
        flat = [part for item in known.items() for part in item]
        arguments: list[Any] = [worker, has.batch, str(has.chunk or ""), at_hand]
        arguments += [ahead.batch, str(ahead.chunk or ""), int(ahead_is_long)]
        arguments += [told.number, told.json, len(lanes), *lanes, *flat]
        standing, drained, has_ahead = cast("Any", self._beat(args=arguments))
        return Beaten(Standing(standing), bool(drained), bool(has_ahead))

    def count(self, worker: str, told: Told) -> None:
        """Add what the worker counted; the same again adds nothing."""
        self._count(args=[worker, told.number, told.json])

    def forget(self, worker: str) -> None:
        """It has ended in order."""
        self._forget(args=[worker])

    def report_fault(self, sentence: str) -> None:
        """Tell operators why a worker cannot judge; with "" that the last one who said so can."""
        if sentence:
            self._client.set(names.FAULT, sentence.encode("utf-8", "replace"), ex=120)
        else:
            self._client.delete(names.FAULT)

    def serving(self, lane: str) -> int:
        """How many workers serve a lane."""
        return int(self._client.zcard(names.SERVING + lane))

    def alive(self) -> list[WorkerNow]:
        """Those that live."""
        found = cast("Any", self._workers_now(args=[names.WORKER_FORGOTTEN_S]))
        return [_worker(*row) for row in found]

    def drain(self, host: str) -> None:
        """Have the workers of this machine, or EVERYWHERE, take no more chunks."""
        self._client.sadd(names.DRAINED, host)

    def end_draining(self, host: str) -> None:
        """Have them take chunks again; EVERYWHERE: all of them."""
        if host == names.EVERYWHERE:
            self._client.delete(names.DRAINED)
        else:
            self._client.srem(names.DRAINED, host)


def _worker(name: bytes, row: Sequence[bytes], job: bytes, since: bytes) -> WorkerNow:
    host, pid, state, jails, release, queues, chunks = (text.decode() for text in row)
    lanes = [queue.removeprefix(names.rq_queue("")) for queue in queues.split(",")]
    for_s = max(0.0, float(since))
    return WorkerNow(
        name.decode(), host, pid, state, jails, release, lanes, chunks, job.decode(), for_s
    )
