"""Who is told of what is judged."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Protocol

from api.access.keys import Owner
from verifier.dispatch import QueueFull, Unavailable, VerdictStream
from verifier.model import Verdict


class Observer(Protocol):
    """Counts; whatever it does takes no time and raises nothing."""

    def refused(self, error: QueueFull | Unavailable) -> None:
        """The dispatcher did not take a batch."""

    def judged(self, verdict: Verdict, owner: Owner) -> None:
        """A rollout has its verdict."""

    def ended(self, took_s: float) -> None:
        """All of a batch have, this many seconds after they were submitted."""


@asynccontextmanager
async def observed(
    judging: AbstractAsyncContextManager[VerdictStream], owner: Owner, observer: Observer
) -> AsyncIterator[VerdictStream]:
    """What `Dispatcher.submit` gave, and the observer is told of it."""
    start = time.monotonic()
    try:
        async with (
            judging as verdicts,
            aclosing(_told(verdicts, owner, observer)) as told,
        ):
            yield told
    except (QueueFull, Unavailable) as error:
        observer.refused(error)
        raise
    observer.ended(time.monotonic() - start)


async def _told(
    verdicts: VerdictStream, owner: Owner, observer: Observer
) -> AsyncGenerator[tuple[int, Verdict], None]:
    async for index, verdict in verdicts:
        observer.judged(verdict, owner)
        yield index, verdict
