"""The state of one batch: which rollouts wait, which a worker has, which have a verdict."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence

from sandbox.counting import count
from verifier.dispatch.chunk import CHUNK_S, MAX_CHARS, MAX_ROLLOUTS, MIN_ROLLOUTS
from verifier.dispatch.costs import CHUNK_COST_S, Costs
from verifier.dispatch.figures import problem_label
from verifier.ground_truth import truth_text
from verifier.logs import now_about
from verifier.model import Outcome, Rollout, Verdict

MAX_LOSSES = 2
_DEADLINE = Verdict(
    outcome=Outcome.DEADLINE_EXCEEDED, message="The batch's deadline came before its verdict."
)
_LOST = Verdict(
    outcome=Outcome.VERIFIER_ERROR,
    message=f"The worker that judged it died, {MAX_LOSSES} times.",
)


class Batch:
    """Every position gets exactly one verdict, whatever becomes of the workers."""

    def __init__(
        self,
        rollouts: Sequence[Rollout],
        deadline_s: float,
        owner: str = "",
        costs: Costs | None = None,
    ) -> None:
        """`costs` learn what it takes, and say what of it is expected to take long."""
        self.owner = owner
        self.about = now_about()
        self._rollouts = rollouts
        self._costs = costs or Costs()
        self._expected_s = list(map(self._costs.expected, rollouts))
        self._waiting = deque(
            sorted(range(len(rollouts)), key=lambda index: -self._expected_s[index])
        )
        self._suspects: deque[int] = deque()
        self._losses: dict[int, int] = {}
        self._pace = float(MIN_ROLLOUTS)
        """Rollouts that a worker judges in CHUNK_S, going by the last chunk."""
        self._open = set(range(len(rollouts)))
        self._verdicts: asyncio.Queue[tuple[int, Verdict]] = asyncio.Queue()
        self._on_close: list[Callable[[], None]] = []
        self.since = asyncio.get_running_loop().time()
        """When it was submitted."""
        self.deadline = self.since + deadline_s

    @property
    def unjudged(self) -> int:
        return len(self._open)

    @property
    def missing(self) -> list[int]:
        """The positions that have no verdict yet."""
        return sorted(self._open)

    @property
    def has_work(self) -> bool:
        """Whether something waits for a worker."""
        return bool(self._waiting or self._suspects)

    def is_within(self, rollouts: int, chars: int) -> bool:
        """Whether all of it that waits is no more than this, and none of it has to go alone."""
        return (
            not self._suspects
            and len(self._waiting) <= rollouts
            and sum(len(self._rollouts[index].completion) for index in self._waiting) <= chars
        )

    @property
    def closed(self) -> bool:
        """Whether nobody waits for further verdicts."""
        return not self._open

    def take(self, workers: int) -> list[tuple[int, Rollout]]:
        """The next rollouts for one worker: few where few are left, so that all end together."""
        if self._suspects:
            index = self._suspects.popleft()
            return [(index, self._rollouts[index])]
        most = min(MAX_ROLLOUTS, max(MIN_ROLLOUTS, int(self._pace)))
        # Below this, handing them over costs more than an uneven end.
        fewest = max(1, int(self._pace) // 16)
        most = min(most, max(fewest, len(self._waiting) // (4 * workers)))
        taken: list[tuple[int, Rollout]] = []
        chars, expected_s = 0, 0.0
        while self._waiting and len(taken) < most:
            rollout = self._rollouts[self._waiting[0]]
            if self._waiting[0] not in self._open:  # judged by who was to leave it to others
                self._waiting.popleft()
                continue
            chars += len(rollout.completion)
            expected_s += self._expected_s[self._waiting[0]]
            if taken and (chars > MAX_CHARS or expected_s > CHUNK_COST_S):
                break
            taken.append((self._waiting.popleft(), rollout))
        return taken

    def deliver(self, index: int, verdict: Verdict) -> None:
        """Count a verdict, unless this position has one."""
        if index in self._open:
            self._open.remove(index)
            self._costs.learn(self._rollouts[index], verdict)
            self._verdicts.put_nowait((index, verdict))
            if self.closed:
                self._close()

    def chunk_ended(self, judged: int, took_s: float) -> None:
        """Learn from its pace how large the next chunk may be."""
        self._pace = CHUNK_S * judged / max(took_s, 1e-6)

    def take_back(self, indices: Sequence[int]) -> None:
        """Have others judge, in this order and next, what a worker leaves."""
        if not self.closed:
            self._waiting.extendleft(reversed(indices))

    def suspect(self, index: int) -> None:
        """Take back the rollout that a worker was at when it died: it is tried once more, alone."""
        self._losses[index] = self._losses.get(index, 0) + 1
        if self._losses[index] >= MAX_LOSSES:
            truth = truth_text(self._rollouts[index].ground_truth).text
            count("poison", problem_label(truth))
            self.deliver(index, _LOST)
        elif index in self._open:
            count("retries", "any", "training")
            self._suspects.append(index)

    def give_up(self, verdict: Verdict) -> None:
        """Deliver this verdict wherever there is none yet."""
        for index in sorted(self._open):
            self.deliver(index, verdict)

    def when_closed(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called once nobody waits any more; returns how to forget it."""
        self._on_close.append(callback)
        return lambda: self._on_close.remove(callback)

    async def verdicts(self) -> AsyncGenerator[tuple[int, Verdict], None]:
        """See `Dispatcher.submit`."""
        for _ in range(len(self._rollouts)):
            yield await self._next_verdict()

    async def _next_verdict(self) -> tuple[int, Verdict]:
        if (
            not self._verdicts.empty()
        ):  # a time-out is armed only where there is something to wait for
            return self._verdicts.get_nowait()
        try:
            async with asyncio.timeout_at(self.deadline):
                return await self._verdicts.get()
        except TimeoutError:
            self.give_up(_DEADLINE)
            return self._verdicts.get_nowait()

    def _close(self) -> None:
        self._waiting.clear()
        self._suspects.clear()
        for callback in list(self._on_close):
            callback()
