"""One chunk at one worker: each of its rollouts is judged, or goes back to its batch.

Whatever happens, each has its verdict delivered to its batch or waits in it again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence

from verifier.dispatch.chunk import JUDGE_CPU_S, SHARE_S, Chunk
from verifier.dispatch.embedded.process import WorkerProcess
from verifier.dispatch.embedded.rotation import Piece, Rotation

GRACE_S = 5.0
"""How long a worker may stay at a rollout that nobody waits for any more."""
LOOK_S = 0.05
"""How long a rollout may hold up the rest of its chunk where another worker has nothing to do."""

logger = logging.getLogger(__name__)


class Assignment:
    """Belongs to the task that keeps its worker."""

    def __init__(self, worker: WorkerProcess, pieces: Sequence[Piece], rotation: Rotation) -> None:
        self._worker = worker
        self._pieces = pieces
        self._rotation = rotation
        self._loop = asyncio.get_running_loop()
        self._missing = dict(enumerate(pieces))
        """By their numbers in the chunk; the first is the one at hand."""
        self._began_at = self._loop.time()
        """With the rollout at hand."""
        self._began_cpu_s: float | None = None
        self._looking = self._loop.call_later(LOOK_S, self._look)
        self._killing: asyncio.TimerHandle | None = None

    async def carry_out(self) -> None:
        """Returns when the worker can have the next chunk. Raises WorkerLost."""
        batches = {piece.batch for piece in self._pieces}
        forget = [batch.when_closed(self._leave_unwanted) for batch in batches]
        began = self._loop.time()
        try:
            async for found in self._worker.work(self._chunk()):
                for place, result in found:
                    self._missing.pop(place, None)
                    piece = self._pieces[place]
                    piece.batch.deliver(piece.index, result)
                    self._rotation.add(piece.batch)
                self._began_at, self._began_cpu_s = self._loop.time(), None
                self._leave_unwanted()
            judged = len(self._pieces) - len(self._missing)
            for batch in batches:
                batch.chunk_ended(judged, self._loop.time() - began)
        except BaseException:
            if self._missing:
                suspect = self._missing.pop(next(iter(self._missing)))
                suspect.batch.suspect(suspect.index)
                self._rotation.add(suspect.batch)
            raise
        finally:
            for no_longer in forget:
                no_longer()
            self._looking.cancel()
            if self._killing:
                self._killing.cancel()
            self._return(self._missing)

    def _chunk(self) -> Chunk:
        now = time.time() - self._loop.time()
        tasks = [(place, piece.task) for place, piece in enumerate(self._pieces)]
        return Chunk(
            tasks,
            [now + piece.batch.deadline for piece in self._pieces],
            [now + piece.batch.since for piece in self._pieces],
            [piece.batch.about for piece in self._pieces],
            [piece.batch.owner for piece in self._pieces],
        )

    def _look(self) -> None:
        """Let no rollout hold up the others, nor a worker for ever."""
        at_it_s = self._loop.time() - self._began_at
        if len(self._missing) > 1:
            patience_s = LOOK_S if self._rotation.has_idle_workers else SHARE_S
            if at_it_s >= patience_s:
                self._share()
        if at_it_s >= LOOK_S and self._missing:
            used_s = self._worker.cpu_s
            self._began_cpu_s = used_s if self._began_cpu_s is None else self._began_cpu_s
            if used_s - self._began_cpu_s > JUDGE_CPU_S:
                logger.error("judging a rollout takes more than %g s of CPU time", JUDGE_CPU_S)
                self._worker.kill()
        self._looking = self._loop.call_later(
            LOOK_S if len(self._missing) > 1 else SHARE_S, self._look
        )

    def _share(self) -> None:
        """Leave all but the rollout at hand to others. The worker may have begun with the next one
        meanwhile; what is judged twice counts once."""
        self._worker.cancel()
        self._return(list(self._missing)[1:])

    def _leave_unwanted(self) -> None:
        """Where nobody waits for the rollout at hand any more, do not let it go on for long."""
        at_hand = next(iter(self._missing.values()), None)
        if at_hand and at_hand.batch.closed and not self._killing:
            self._share()
            self._killing = self._loop.call_later(GRACE_S, self._worker.kill)

    def _return(self, places: Iterable[int]) -> None:
        for place in reversed([*places]):
            piece = self._missing.pop(place)
            piece.batch.take_back([piece.index])
            self._rotation.add(piece.batch)
