"""Owners taking turns, and each one's batches: a chunk at a time, so that none starves another."""

from __future__ import annotations

import asyncio
from collections import deque

from verifier.dispatch.batch import Batch
from verifier.model import Rollout


class Rotation:
    """The batches with work to give, and the idle workers waiting for some."""

    def __init__(self) -> None:
        self._owners: deque[str] = deque()
        self._batches: dict[str, deque[Batch]] = {}
        """By their owner; one without any is in neither."""
        self._arrived = asyncio.Event()

    def add(self, batch: Batch) -> None:
        """Let the batch take its turns; call again when work came back to it."""
        batches = self._batches.get(batch.owner, ())
        if not batch.has_work or batch in batches:
            return
        if not batches:
            self._owners.append(batch.owner)
            self._batches[batch.owner] = deque()
        self._batches[batch.owner].append(batch)
        self._arrived.set()

    async def take(self, workers: int) -> tuple[Batch, list[tuple[int, Rollout]]]:
        """The next chunk of the batch whose turn it is, as soon as there is one.

        Cancelling this loses nothing: between taking and returning it does not wait."""
        while True:
            while self._owners:
                batch = self._next()
                if batch.has_work:
                    taken = batch.take(workers)
                    self.add(batch)
                    return batch, taken
            self._arrived.clear()
            await self._arrived.wait()

    def _next(self) -> Batch:
        owner = self._owners.popleft()
        batches = self._batches[owner]
        batch = batches.popleft()
        if batches:
            self._owners.append(owner)
        else:
            del self._batches[owner]
        return batch
