"""A program run in two jails at once: each of its inputs is for a run of its own.

Results come in the order of the inputs, and are those that one jail would give: the second starts
from what the first has compiled, and what it did is done again where the runs before it left no
room for it under the limits on all of them. The second jail only helps: what it does not deliver,
broken or not, the first one does.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

from sandbox.errors import JailFault
from sandbox.jail import Runner
from sandbox.model import Dialogue, RunResult, Status
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.python_script import Script

AHEAD = 32
"""So many inputs are at work, or have results that are not yet wanted."""
MOST_AT_ONCE = 8
"""Inputs of one batch, each of which costs a way to the agent and back."""
_KILL_AGAIN_S = 0.02
"""A kill that comes before its run does nothing."""


class Helper(NamedTuple):
    """A second jail, and a thread that has nothing else to do."""

    jail: AgentLink
    thread: Executor


@dataclass(slots=True)
class _Case:
    """An input, and its result as soon as there is one."""

    stdin: bytes
    result: RunResult | None = None


class SideBySide:
    """Implements `sandbox.jail.Runner`."""

    def __init__(
        self, script: Script, lend: Callable[[], AbstractContextManager[Helper | None]]
    ) -> None:
        """`lend` is asked for a second jail when that could help; it may have none."""
        self._script = script
        self._lend = lend

    def run(self, stdin: bytes) -> RunResult:
        """See `sandbox.jail.Runner.run`."""
        return self._script.run(stdin)

    def converse(self, other: Runner) -> Dialogue:
        """See `sandbox.jail.Runner.converse`."""
        return self._script.converse(other)

    def run_each(self, inputs: Iterable[bytes]) -> Iterator[RunResult]:
        """See `sandbox.jail.Runner.run_each`; the jails are up to AHEAD runs ahead."""
        source = iter(inputs)
        # Most wrong programs fail at the first, and a program is compiled once.
        for result in self._script.run_each(itertools.islice(source, 1)):
            yield result
            if result.status is not Status.OK:
                yield from self._script.run_each(source)
                return
        with self._lend() as helper:
            if helper is None:
                yield from self._script.run_each(source)
            else:
                yield from _Sharing(self._script, helper).run_each(source)


class _Sharing:
    """The work on one program's inputs, and who is at which."""

    def __init__(self, script: Script, helper: Helper) -> None:
        self._script = script
        self._second = script.beside(helper.jail)
        self._thread = helper.thread
        self._changed = threading.Condition()
        self._cases: deque[_Case] = deque()
        """Those whose results are not yet given, in order,"""
        self._free: deque[_Case] = deque()
        """and those of them that nobody is at."""
        self._over = False

    def run_each(self, inputs: Iterator[bytes]) -> Iterator[RunResult]:
        """The results in order."""
        at_once = MOST_AT_ONCE
        with self._helped():
            while self._fill(inputs):
                if (first := self._take_first()) is not None:
                    yield self._given(first)
                elif batch := self._take(at_once):
                    at_once = self._do(self._script, batch)
                else:
                    self._wait()

    def _fill(self, inputs: Iterator[bytes]) -> bool:
        """Have as many at hand as there may be; whether there are any."""
        new = [_Case(stdin) for stdin in itertools.islice(inputs, AHEAD - len(self._cases))]
        with self._changed:
            self._cases += new
            self._free += new
            self._changed.notify_all()
        return bool(self._cases)

    def _take_first(self) -> _Case | None:
        """The next one, if it has a result."""
        with self._changed:
            return self._cases.popleft() if self._cases[0].result is not None else None

    def _given(self, case: _Case) -> RunResult:
        """The result, if those before have left as much as it took."""
        result, spending = case.result, self._script.spending
        if result is None or not spending.has_room_for(result):
            (result,) = self._script.run_some([case.stdin])
        spending.add(result)
        return result

    def _take(self, most: int) -> list[_Case]:
        """The next batch: half of what is left at most, or one jail would end long before the
        other."""
        with self._changed:
            count = min(most, (len(self._free) + 1) // 2)
            return [self._free.popleft() for _ in range(count)]

    def _do(self, script: Script, batch: list[_Case]) -> int:
        """Run what the jail does of this in one go; returns how many to do at once next."""
        done = 0
        try:
            results = script.run_some([case.stdin for case in batch])
            for case, result in zip(batch, results, strict=False):
                case.result = result
            done = len(results)
        finally:
            with self._changed:
                self._free.extendleft(reversed(batch[done:]))
                self._changed.notify_all()
        return min(2 * done, MOST_AT_ONCE)

    def _wait(self) -> None:
        """Until the next result is there, or something to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._cases[0].result is not None or bool(self._free))

    @contextmanager
    def _helped(self) -> Iterator[None]:
        """The second jail takes part for as long as the results are wanted."""
        helping = self._thread.submit(self._help)
        try:
            yield
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()
            self._end(helping)

    def _end(self, helping: Future[None]) -> None:
        while not helping.done():
            with suppress(JailFault):
                self._second.kill()
            wait([helping], timeout=_KILL_AGAIN_S)
        helping.result()

    def _help(self) -> None:
        at_once = MOST_AT_ONCE
        with suppress(JailFault):
            while self._may_help():
                if batch := self._take(at_once):
                    at_once = self._do(self._second, batch)

    def _may_help(self) -> bool:
        """Waits until there is something to do; False where there will be nothing any more. What
        comes behind a run that failed is not begun: it will hardly be wanted."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._over
                    or (
                        self._free
                        and not any(case.result and _failed(case) for case in self._cases)
                    )
                )
            )
            return not self._over


def _failed(case: _Case) -> bool:
    return case.result is not None and case.result.status is not Status.OK
