"""Puts a batch into Redis as a whole, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import redis

from verifier.dispatch.batch import Batch
from verifier.dispatch.costs import Costs
from verifier.dispatch.dispatcher import DispatchError
from verifier.dispatch.redis_backend.api_side.calls import Calls, refusal
from verifier.dispatch.redis_backend.api_side.gathering import Opened
from verifier.dispatch.redis_backend.api_side.lookout import Lookout
from verifier.dispatch.redis_backend.api_side.named import name_for
from verifier.dispatch.redis_backend.api_side.open_batches import OpenBatches
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.redis_backend.records import Plan
from verifier.logs import now_about
from verifier.model import Task


@dataclass(frozen=True, slots=True)
class Called:
    """What a batch is called by who sent it."""

    name: str | None = None
    note: str | None = None
    owner: str = ""


class Enqueuer:
    """Of one API process, all of whose batches are in one of QUEUES."""

    def __init__(
        self,
        ledger: BatchLedger,
        calls: Calls,
        lookout: Lookout,
        open_batches: OpenBatches,
        *,
        queue: str,
        max_queued: int,
        keep_s: float,
    ) -> None:
        """See `RedisDispatcher` for the last three."""
        self._ledger = ledger
        self._calls = calls
        self._lookout = lookout
        self._open = open_batches
        self._queue = queue
        self._max_queued = max_queued
        self._keep_s = keep_s
        self._costs = Costs()

    async def enqueue(
        self, tasks: Sequence[Task], deadline_s: float, called: Called, watcher: str
    ) -> Opened:
        """The batch, which Redis has and `watcher` waits for. Raises QueueFull, Unavailable."""
        batch = Batch(tasks, deadline_s, costs=self._costs)
        about = json.dumps(now_about())

        def plan_and_store() -> tuple[Plan, Callable[[float], None]]:
            plan = self._plan(tasks, called, about)
            self._lookout.require_workers({chunk.kind for chunk in plan.chunks})
            self._lookout.require_room(plan.bytes)
            named = None
            if called.name is not None and called.note is not None:
                named = name_for(called.name, called.note, tasks, plan.order)

            def enqueue(within_s: float) -> None:
                self._ledger.accept(plan, watcher, within_s, self._max_queued)
                if named:
                    self._ledger.name(plan, named, self._keep_s)

            enqueue(deadline_s)
            return plan, enqueue

        plan, enqueue = await self._whole(plan_and_store, watcher)
        keep = called.name is not None
        return Opened(batch, plan.batch, len(tasks), keep, plan.order, enqueue, is_new=not keep)

    def _plan(self, tasks: Sequence[Task], called: Called, about: str) -> Plan:
        return plan_batch(
            tasks,
            name=called.name,
            anonymous=secrets.token_hex(16),
            owner=called.owner,
            queue=self._queue,
            workers=self._lookout.workers,
            about=about,
            costs=self._costs,
        )

    async def _whole(
        self, store: Callable[[], tuple[Plan, Callable[[float], None]]], watcher: str
    ) -> tuple[Plan, Callable[[float], None]]:
        """What was enqueued, and how to do it again. Raises QueueFull, Unavailable."""
        storing = asyncio.create_task(self._calls.call(store))
        try:
            return await asyncio.shield(storing)
        except asyncio.CancelledError:
            # It cannot be stopped half-way; what it enqueues is taken back.
            with contextlib.suppress(redis.RedisError, DispatchError):
                plan, _ = await storing
                self._open.take_back(plan.batch, watcher)
            raise
        except redis.RedisError as error:
            raise refusal(error) from error
