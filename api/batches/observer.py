"""Who is told of what is judged."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Protocol

from api.access.keys import Owner
from verifier.dispatch import QueueFull, Unavailable, VerdictStream
from verifier.model import Rollout, Verdict


class Observer(Protocol):
    """Counts; whatever it does takes no time and raises nothing."""

    def refused(self, rollouts: Sequence[Rollout], error: QueueFull | Unavailable) -> None:
        """The dispatcher did not take these together."""

    def judged(self, rollout: Rollout, verdict: Verdict, owner: Owner) -> None:
        """One of them has its verdict."""

    def ended(self, rollouts: Sequence[Rollout], took_s: float) -> None:
        """All of them have, this many seconds after they were submitted."""


@asynccontextmanager
async def observed(
    judging: AbstractAsyncContextManager[VerdictStream],
    rollouts: Sequence[Rollout],
    owner: Owner,
    observer: Observer,
) -> AsyncIterator[VerdictStream]:
    """What `Dispatcher.submit` gave for these rollouts, and the observer is told of it."""
    start = time.monotonic()
    try:
        async with (
            judging as verdicts,
            aclosing(_told(verdicts, rollouts, owner, observer)) as told,
        ):
            yield told
    except (QueueFull, Unavailable) as error:
        observer.refused(rollouts, error)
        raise
    observer.ended(rollouts, time.monotonic() - start)


async def _told(
    verdicts: VerdictStream, rollouts: Sequence[Rollout], owner: Owner, observer: Observer
) -> AsyncGenerator[tuple[int, Verdict], None]:
    async for index, verdict in verdicts:
        observer.judged(rollouts[index], verdict, owner)
        yield index, verdict
