"""Decides which of the waiting requests to /run_code goes next.

A client of /run_code waits a few seconds longer than its program may take and scores a program 0
that it got no answer for. So only as many runs are at the workers as they can soon do, and among
the others an owner who has few there comes first, then who asked for little time or long ago.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.access.keys import Owner
from verifier.dispatch import Dispatcher

RUNS_PER_WORKER = 4
"""At the workers at once: enough for none to wait for an answer to get out and a request in."""
COUNTED_S = 1.0
"""How long a count of workers is good for."""


@dataclass(slots=True, eq=False)
class _Waiting:
    owner: Owner
    due: float
    """When it came, and the seconds that it asked for: those that ask for little pass others, and
    nobody is passed for ever."""
    admitted: asyncio.Future[None]


class RunTurns:
    """Belongs to the event loop."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._places = RUNS_PER_WORKER
        self._counted_at = -COUNTED_S
        self._running: Counter[Owner] = Counter()
        self._waiting: list[_Waiting] = []

    @property
    def waiting(self) -> int:
        """How many have not had their turn."""
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, owner: Owner, asked_s: float) -> AsyncIterator[None]:
        """Entered when it is the caller's turn, and given on when left. `asked_s`: how long the
        caller's program may take."""
        loop = asyncio.get_running_loop()
        mine = _Waiting(owner, loop.time() + asked_s, loop.create_future())
        self._waiting.append(mine)
        try:
            await self._count_places()
            self._admit()
            await mine.admitted
            yield
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._running[owner] -= 1
                self._running += Counter()  # without those that are at 0
            self._admit()

    def _admit(self) -> None:
        while self._waiting and self._running.total() < self._places:
            following = min(self._waiting, key=lambda one: (self._running[one.owner], one.due))
            self._waiting.remove(following)
            self._running[following.owner] += 1
            if not following.admitted.done():  # else it is about to be told that it was cancelled
                following.admitted.set_result(None)

    async def _count_places(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._counted_at >= COUNTED_S:
            self._counted_at = now
            workers = (await self._dispatcher.readiness()).workers
            self._places = RUNS_PER_WORKER * max(1, workers)
