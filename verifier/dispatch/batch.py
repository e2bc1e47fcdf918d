"""The state of one batch: which tasks wait, which a worker has, of which it is known what came."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence

from sandbox.counting import count
from verifier.dispatch.chunk import (
    CHUNK_S,
    MAX_CHARS,
    MAX_ROLLOUTS,
    MIN_ROLLOUTS,
    SLACK,
    with_whole_groups,
)
from verifier.dispatch.costs import CHUNK_COST_S, Costs
from verifier.dispatch.memory import Memory
from verifier.dispatch.tasks import label_of_task, places_of_equal, problems_of, text_of_task
from verifier.logs import now_about
from verifier.model import Outcome, Result, Task, Verdict

MAX_LOSSES = 2
_DEADLINE = Verdict(
    outcome=Outcome.DEADLINE_EXCEEDED, message="The batch's deadline came before its verdict."
)
_LOST = Verdict(
    outcome=Outcome.VERIFIER_ERROR,
    message=f"The worker that judged it died, {MAX_LOSSES} times.",
)


class Batch:
    """Every position gets exactly one result, whatever becomes of the workers."""

    def __init__(
        self,
        tasks: Sequence[Task],
        deadline_s: float,
        owner: str = "",
        costs: Costs | None = None,
        *,
        shares: bool = False,
        memory: Memory | None = None,
    ) -> None:
        """`costs` learn what it takes, and say what of it is expected to take long. `shares`: of
        tasks that are equal the others wait for the first, and may have its result. What `memory`
        knows is there at once."""
        self.owner = owner
        self.about = now_about()
        self._tasks = tasks
        self._costs = costs or Costs()
        self._expected_s = list(map(self._costs.expected, tasks))
        self._problems = problems_of(tasks)
        self._equal = places_of_equal(tasks) if shares else {}
        """By the first of them: those that wait for what comes of that one."""
        self._memory = memory
        self._keys = memory.keys(tasks, owner) if memory else {}
        known = memory.found(self._keys) if memory else {}
        elsewhere = {index for equal in self._equal.values() for index in equal} | known.keys()
        waiting = (index for index in range(len(tasks)) if index not in elsewhere)
        self._waiting = deque(sorted(waiting, key=lambda index: -self._expected_s[index]))
        self._suspects: deque[int] = deque()
        self._losses: dict[int, int] = {}
        self._pace = float(MIN_ROLLOUTS)
        """Rollouts that a worker judges in CHUNK_S, going by the last chunk."""
        self._open = set(range(len(tasks)))
        self._results: asyncio.Queue[tuple[int, Result]] = asyncio.Queue()
        self._on_close: list[Callable[[], None]] = []
        self.since = asyncio.get_running_loop().time()
        """When it was submitted."""
        self.deadline = self.since + deadline_s
        for index, verdict in known.items():
            self.deliver(index, verdict)

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
            and sum(len(text_of_task(self._tasks[index])) for index in self._waiting) <= chars
        )

    @property
    def closed(self) -> bool:
        """Whether nobody waits for further verdicts."""
        return not self._open

    def take(self, workers: int) -> list[tuple[int, Task]]:
        """The next tasks for one worker: few where few are left, so that all end together."""
        if self._suspects:
            index = self._suspects.popleft()
            return [(index, self._tasks[index])]
        most = min(MAX_ROLLOUTS, max(MIN_ROLLOUTS, int(self._pace)))
        # Below this, handing them over costs more than an uneven end.
        fewest = max(1, int(self._pace) // 16)
        most = min(most, max(fewest, len(self._waiting) // (4 * workers)))
        following = itertools.islice(self._waiting, most + SLACK + 1)
        is_plenty = len(self._waiting) > most + MIN_ROLLOUTS * workers
        problems = [self._problems[index] for index in following]
        most = with_whole_groups(problems, most, is_plenty=is_plenty)
        taken: list[tuple[int, Task]] = []
        chars, expected_s = 0, 0.0
        while self._waiting and len(taken) < most:
            task = self._tasks[self._waiting[0]]
            if self._waiting[0] not in self._open:  # judged by who was to leave it to others
                self._waiting.popleft()
                continue
            chars += len(text_of_task(task))
            expected_s += self._expected_s[self._waiting[0]]
            if taken and (chars > MAX_CHARS or expected_s > CHUNK_COST_S):
                break
            taken.append((self._waiting.popleft(), task))
        return taken

    def deliver(self, index: int, result: Result) -> None:
        """Count what came of a task, and of those that are equal to it, unless that is known. Where
        it does not hold for those, they wait for a worker from now on."""
        if index not in self._open:
            return
        if self._memory and (key := self._keys.get(index)):
            self._memory.learn(key, result)
        equal = self._equal.pop(index, [])
        if not (isinstance(result, Verdict) and result.holds_for_equal):
            self._waiting += equal
            equal = []
        for each in (index, *equal):
            self._open.remove(each)
            self._costs.learn(self._tasks[each], result)
            self._results.put_nowait((each, result))
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
            count("poison", label_of_task(self._tasks[index]))
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

    async def results(self) -> AsyncGenerator[tuple[int, Result], None]:
        """(position, what came of its task), as each is ready."""
        for _ in range(len(self._tasks)):
            yield await self._next_result()

    async def _next_result(self) -> tuple[int, Result]:
        if (
            not self._results.empty()
        ):  # a time-out is armed only where there is something to wait for
            return self._results.get_nowait()
        try:
            async with asyncio.timeout_at(self.deadline):
                return await self._results.get()
        except TimeoutError:
            self.give_up(_DEADLINE)
            return self._results.get_nowait()

    def _close(self) -> None:
        self._waiting.clear()
        self._suspects.clear()
        for callback in list(self._on_close):
            callback()
