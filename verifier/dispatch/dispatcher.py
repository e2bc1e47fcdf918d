"""The interfaces of queue backends, `Dispatcher` and `NamedBatches`, and the errors they raise.

DispatchError
├── QueueFull     too many rollouts wait already; come back later
├── Unavailable   no worker can judge anything at present
└── Cancelled     someone gave the batch up by its name
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, cast

from verifier.dispatch.figures import Figures
from verifier.errors import VerifierError
from verifier.model import Kind, Member, Result, Rollout, Run, Verdict

VerdictStream = AsyncIterator[tuple[int, Verdict]]
"""(position in the batch, its verdict), as each is ready; every position exactly once."""
ResultStream = AsyncIterator[tuple[int, Result]]
"""The same of tasks, inside a dispatcher."""


class DispatchError(VerifierError):
    """Base of what submitting a batch may raise; its text is a sentence for the client."""


class QueueFull(DispatchError):
    """The batch would exceed the bound on waiting rollouts."""

    def __init__(self, sentence: str, retry_after_s: int) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class Unavailable(DispatchError):
    """Nothing can serve; the text says why and what to do."""


class Cancelled(DispatchError):
    """The batch was given up by its name, here or by another process; it is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A named batch, whichever process took it."""

    members: Sequence[Member]
    note: str
    """What it was submitted with."""
    verdicts: AbstractAsyncContextManager[VerdictStream]
    """As `Dispatcher.submit` gives them: those that are there at once, then the others."""


@dataclass(frozen=True, slots=True)
class KindReadiness:
    """Whether rollouts of one kind can be judged now."""

    workers: int
    queued_rollouts: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether rollouts can be judged now."""

    ready: bool
    workers: int
    workers_ready: int
    """Workers that have judged a known rollout rightly since they started."""
    queued_rollouts: int
    detail: str
    """One sentence for an operator."""
    kinds: Mapping[Kind, KindReadiness] = field(default_factory=dict)
    """Where there may be workers that serve one kind only."""
    reachable: bool = True
    """Whether what holds the queue answers and takes something. Where not, the numbers are those
    last known."""


class NamedBatches(Protocol):
    """The batches that several API processes at the same workers know by name, whichever took them.

    Every method raises Unavailable where that cannot be told."""

    async def recall(self, name: str) -> Recalled | None:
        """The batch that some process took under this name, with a note."""

    async def cancel(self, name: str) -> bool:
        """Give that batch up wherever it is waited for, and forget it; whether there was one."""

    async def forgotten(self, name: str, note: str) -> bool:
        """Whether the batch submitted under this name with this note was given up by its name
        since, or gave the name to another."""


class Dispatcher(Protocol):
    """Takes batches, has workers judge them, and loses no rollout on the way."""

    @property
    def named(self) -> NamedBatches | None:
        """What other processes took; None where there are no others."""

    async def start(self) -> None:
        """Begin to bring workers up; does not wait for them."""

    async def stop(self) -> None:
        """End every worker; what is not judged by then becomes a `verifier_error`."""

    async def readiness(self) -> Readiness:
        """Never raises."""

    async def figures(self) -> Figures:
        """What happened until now, for whoever watches. Never raises."""

    def submit(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        name: str | None = None,
        note: str | None = None,
        owner: str = "",
    ) -> AbstractAsyncContextManager[VerdictStream]:
        """Have a batch judged: `async with submit(...) as verdicts`, then `async for` over them.

        The stream yields each position once, in the order in which they are ready, and ends at the
        latest `deadline_s` seconds from now: what is not judged then is `deadline_exceeded`.
        Leaving the context gives up what is not judged yet. Entering it raises QueueFull or
        Unavailable, leaving it Cancelled; the stream raises nothing.

        Where several processes dispatch to the same workers, the same rollouts under the same
        `name` are one batch: whoever sends them again, to whichever process, finds the verdicts
        that are there. With a `note`, any process can recall the batch by its name alone.

        Owners take turns at the workers, and the batches of each owner among themselves: however
        many batches one of them has, another waits for a turn and not for their end.
        """

    async def run(self, run: Run, deadline_s: float, owner: str = "") -> Result:
        """Have a program run that nobody judges: what happened or, where it was not run within
        `deadline_s` seconds or cannot be, a verdict without a reward. Cancelling gives it up.

        It waits for the turn of its owner as batches do. Raises QueueFull or Unavailable."""


def verdicts_of(results: ResultStream) -> VerdictStream:
    """The results of tasks that are rollouts, of which there are only verdicts."""
    return cast("VerdictStream", results)


async def result_of_run(running: AbstractAsyncContextManager[ResultStream]) -> Result:
    """What came of the one task that is under way."""
    async with running as results:
        _, result = await anext(results)
    return result
