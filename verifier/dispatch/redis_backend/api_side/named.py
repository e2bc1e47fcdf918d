"""Batches that any API process at this Redis finds by their names."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from verifier.dispatch.batch import Batch
from verifier.dispatch.dispatcher import Recalled, Unavailable, VerdictStream, verdicts_of
from verifier.dispatch.redis_backend.api_side.calls import Calls
from verifier.dispatch.redis_backend.api_side.gathering import POLL_S, Opened, within
from verifier.dispatch.redis_backend.api_side.open_batches import OpenBatches
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.records import Name
from verifier.model import Member, Rollout, Task


class NamedInRedis:
    """The `NamedBatches` of a `RedisDispatcher`."""

    def __init__(self, ledger: BatchLedger, calls: Calls, open_batches: OpenBatches) -> None:
        self._ledger = ledger
        self._calls = calls
        self._open = open_batches

    async def recall(self, name: str) -> Recalled | None:
        """See `NamedBatches`."""
        found = await self._calls.ask(self._ledger.named, _digest(name))
        if found is None:
            return None
        known_as, named = found
        known = json.loads(named.members)
        members = [Member(*member) for member in known["members"]]
        order = known["order"] or range(len(members))
        return Recalled(members, named.note.decode(), self._joined(known_as, order))

    async def cancel(self, name: str) -> bool:
        """See `NamedBatches`."""
        return await self._calls.ask(self._ledger.cancel, _digest(name))

    async def forgotten(self, name: str, note: str) -> bool:
        """See `NamedBatches`."""
        return await self._calls.ask(self._ledger.forgotten, _digest(name), note.encode())

    @asynccontextmanager
    async def _joined(self, known_as: str, order: Sequence[int]) -> AsyncIterator[VerdictStream]:
        """The verdicts of a batch that is in Redis. Entering it raises Unavailable."""
        watcher = secrets.token_hex(8)
        left_s = await self._calls.ask(self._ledger.join, known_as, watcher)
        if left_s is None:
            raise Unavailable("The batch has just been given up; send it again.")
        waited_for = [Rollout(completion="", ground_truth=None)] * len(order)  # by place alone
        batch = Batch(waited_for, max(0.0, left_s))
        opened = Opened(batch, known_as, len(order), keep=True, order=order)
        async with self._open.results(opened, watcher) as results:
            await within(POLL_S, opened.looked)  # its owner may ask at once how many there are
            yield verdicts_of(results)


def name_for(name: str, note: str, tasks: Sequence[Task], order: Sequence[int]) -> Name:
    """What is said in Redis of a batch by this name; where it lies in its own order, there is none
    to be kept."""
    members = {
        "members": [
            [task.id, task.group] if isinstance(task, Rollout) else [None, None] for task in tasks
        ],
        "order": None if isinstance(order, range) else order,
    }
    return Name(_digest(name), note.encode(), json.dumps(members).encode("ascii"))


def _digest(name: str) -> str:
    return hashlib.sha256(json.dumps(name).encode("ascii")).hexdigest()
