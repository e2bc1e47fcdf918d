"""Has programs run that nobody judges: each has its turn, is counted, and ends with its client.

What did not get its turn in time is to be told so: a full queue and missing workers are waited for.
"""

from __future__ import annotations

import asyncio
import sys

from api.access.accounts import Accounts
from api.access.keys import Owner
from api.http.budget import BodyBudget
from api.metrics.service import Metrics
from api.runs.turns import RunTurns
from verifier.dispatch import Dispatcher, QueueFull, Unavailable
from verifier.dispatch.tasks import word_for
from verifier.model import Outcome, Result, Run, Verdict

PAUSE_S = 0.25
"""Between two attempts to submit a run."""
RUN_BYTES = 200
"""Of a run beside its texts."""


class Runs:
    """Of one API process; belongs to the event loop."""

    def __init__(
        self, dispatcher: Dispatcher, budget: BodyBudget, accounts: Accounts, metrics: Metrics
    ) -> None:
        self._dispatcher = dispatcher
        self._budget = budget
        self._accounts = accounts
        self._metrics = metrics
        self._turns = RunTurns(dispatcher)

    @property
    def waiting(self) -> int:
        """How many have not had their turn."""
        return self._turns.waiting

    async def run(self, run: Run, deadline_s: float, owner: Owner) -> Result:
        """What happened, or a verdict that says why it was not run, `deadline_exceeded` where
        there was no time for it. Raises Refusal, and QueueFull or Unavailable where these are
        still so when the time is nearly over."""
        loop = asyncio.get_running_loop()
        came = loop.time()
        until = came + deadline_s
        try:
            async with asyncio.timeout_at(until):
                with self._budget.share() as held:
                    held.take(size_of(run))
                    async with self._turns.turn(owner, deadline_s):
                        self._metrics.run_wait_seconds.observe(loop.time() - came)
                        return await self._counted(run, until, owner)
        except TimeoutError:
            return Verdict(outcome=Outcome.DEADLINE_EXCEEDED)

    async def _counted(self, run: Run, until: float, owner: Owner) -> Result:
        work = _UnderWay()
        self._accounts.take(owner, work, work.size)
        began = asyncio.get_running_loop().time()
        try:
            result = await self._submitted(run, until, owner)
        finally:
            self._accounts.give_back(owner, work, work.size)
        self._metrics.run_seconds.observe(asyncio.get_running_loop().time() - began)
        self._metrics.runs.labels(word_for(result)).inc()
        if result.cpu_s:
            self._metrics.count_cpu(owner, result.cpu_s)
        return result

    async def _submitted(self, run: Run, until: float, owner: Owner) -> Result:
        """A client that was told at once that there is no place would not ask for long."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await self._dispatcher.run(run, until - loop.time(), owner.hex())
            except (QueueFull, Unavailable):
                if loop.time() + PAUSE_S > until:
                    raise
            await asyncio.sleep(PAUSE_S)


class _UnderWay:
    """One run, as `Accounts` counts rollouts without a verdict."""

    size = 1
    judged = 0


def size_of(run: Run) -> int:
    """About what it holds of memory, in bytes."""
    texts = [run.source, run.stdin, *(run.files or {}).values()]
    return RUN_BYTES + sum(map(sys.getsizeof, texts))
