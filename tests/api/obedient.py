"""A dispatcher without workers, whose verdicts are what the completions say."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from verifier.dispatch import DispatchError, Figures, Readiness, VerdictStream
from verifier.ground_truth import truth_text
from verifier.model import Outcome, Result, Rollout, Run, Verdict


class ObedientDispatcher:
    """`correct`, `wrong_answer`, ...: that outcome. `wait ...`: the same once `gate` is open."""

    named = None

    def __init__(self) -> None:
        self.submitted: list[list[str]] = []
        """The completions of each batch, the source of each run."""
        self.any_order: list[set[bool]] = []
        """Of each batch, whether the order of its rollouts' tests was left open."""
        self.left = asyncio.Event()
        """A batch was given up before its end."""
        self.gate = asyncio.Event()
        self.refusal: DispatchError | None = None
        self.fault: Exception | None = None
        self.ready = True
        self.known = Figures()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def readiness(self) -> Readiness:
        return Readiness(self.ready, 1, int(self.ready), 0, "As the test says.")

    async def figures(self) -> Figures:
        return self.known

    @asynccontextmanager
    async def submit(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        name: str | None = None,
        note: str | None = None,
        owner: str = "",
    ) -> AsyncIterator[VerdictStream]:
        if self.refusal:
            raise self.refusal
        if self.fault:
            raise self.fault
        self.submitted.append([rollout.completion for rollout in rollouts])
        self.any_order.append({rollout.any_order for rollout in rollouts})
        try:
            yield self._verdicts(rollouts)
        except asyncio.CancelledError:
            self.left.set()
            raise

    async def run(self, run: Run, deadline_s: float, owner: str = "") -> Result:
        if self.refusal:
            raise self.refusal
        self.submitted.append([run.source])
        try:
            if run.source.startswith("wait "):
                await self.gate.wait()
            return self._result(run)
        except asyncio.CancelledError:
            self.left.set()
            raise

    def _result(self, run: Run) -> Result:
        raise NotImplementedError

    async def _verdicts(self, rollouts: Sequence[Rollout]) -> AsyncIterator[tuple[int, Verdict]]:
        later = []
        for index, rollout in enumerate(rollouts):
            if rollout.completion.startswith("wait "):
                later.append(index)
            else:
                yield index, self._verdict(rollout)
        for index in later:
            await self.gate.wait()
            yield index, self._verdict(rollouts[index])

    def _verdict(self, rollout: Rollout) -> Verdict:
        if rollout.unusable is not None:
            return Verdict(outcome=Outcome.VERIFIER_ERROR, message=rollout.unusable)
        outcome = Outcome(rollout.completion.split()[-1])
        failure = {"case": 0, "got": "1", "input": "in", "expected": "secret"}
        return Verdict(
            outcome=outcome,
            answer=repr(json.loads(truth_text(rollout.ground_truth).text)),
            first_failure=failure if outcome is Outcome.WRONG_ANSWER else None,
        )


async def leave_when_submitted(sending: Coroutine[Any, Any, Any], seen: Sequence[Any]) -> None:
    """Send a request, and go as soon as the dispatcher has `seen` it: a time-out of a client's may
    be over before a busy machine has sent a byte."""
    request = asyncio.create_task(sending)
    while not seen:  # noqa: ASYNC110 - a list sets no event
        await asyncio.sleep(0.01)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
