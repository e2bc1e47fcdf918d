"""Owners taking turns, and each one's batches: a chunk at a time, so that none starves another."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import MAX_CHARS, MIN_ROLLOUTS
from verifier.dispatch.tasks import text_of_task
from verifier.model import Task


@dataclass(frozen=True, slots=True)
class Piece:
    """A task on its way to a worker, with the batch that waits for it."""

    batch: Batch
    index: int
    task: Task


class Rotation:
    """The batches with work to give, and the idle workers waiting for some."""

    def __init__(self) -> None:
        self._owners: deque[str] = deque()
        self._batches: dict[str, deque[Batch]] = {}
        """By their owner; one without any is in neither."""
        self._lined_up: set[Batch] = set()
        self._arrived = asyncio.Event()
        self._idle = 0

    @property
    def has_idle_workers(self) -> bool:
        """Whether some worker would take what is added now at once."""
        return self._idle > 0 and not self._owners

    def add(self, batch: Batch) -> None:
        """Let the batch take its turns; call again when work came back to it."""
        if not batch.has_work or batch in self._lined_up:
            return
        self._lined_up.add(batch)
        if batch.owner not in self._batches:
            self._owners.append(batch.owner)
            self._batches[batch.owner] = deque()
        self._batches[batch.owner].append(batch)
        self._arrived.set()

    async def take(self, workers: int) -> list[Piece]:
        """The next chunk, as soon as there is one: of the batch whose turn it is, and of those
        behind it where all of them are small.

        Cancelling this loses nothing: between taking and returning it does not wait."""
        self._idle += 1
        try:
            while not (pieces := self._chunk(workers)):
                self._arrived.clear()
                await self._arrived.wait()
        finally:
            self._idle -= 1
        return pieces

    def _chunk(self, workers: int) -> list[Piece]:
        # So many small ones are left that all workers end together.
        room = min(MIN_ROLLOUTS, 1 + len(self._lined_up) // (2 * workers))
        chars = MAX_CHARS
        pieces: list[Piece] = []
        while self._owners:
            batch = self._batches[self._owners[0]][0]
            is_small = batch.is_within(room - len(pieces), chars)
            if pieces and not is_small:
                break
            self._advance()
            taken = [Piece(batch, index, task) for index, task in batch.take(workers)]
            self.add(batch)
            pieces += taken
            chars -= sum(len(text_of_task(piece.task)) for piece in taken)
            if pieces and not is_small:
                break
        return pieces

    def _advance(self) -> None:
        """The batch whose turn it was goes; its owner's others come after the other owners'."""
        owner = self._owners.popleft()
        batches = self._batches[owner]
        self._lined_up.discard(batches.popleft())
        if batches:
            self._owners.append(owner)
        else:
            del self._batches[owner]
