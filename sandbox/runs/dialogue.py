"""Two runs that talk with each other: each reads what the other writes, through the worker.

Their jails know nothing of one another. What either writes is counted, and its limits are its own.
The time that it waits for the other is time asleep, as long as the other is asleep, too: while that
one works, or is starved of a CPU, nobody can blame who waits.
"""

from __future__ import annotations

import itertools
import os
import select
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace

from sandbox.errors import JailFault
from sandbox.jail import Runner
from sandbox.model import Dialogue, Limits, RunResult
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.ending import Ending
from sandbox.runs.outputs import STDERR_BYTES, Capture, Output

PATIENCE = (1, 8, 64)
"""Times the wall limits, try after try: until it is known who of the two was asleep by itself."""
ASLEEP_S = 0.5
"""So long nobody sleeps by chance: agents look every 50 ms."""
MAX_PENDING_BYTES = 1 << 20
"""Of what one has written and the other has not read: no more is taken before that has been."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that was asked for."""

    link: AgentLink
    limits: Limits
    """Those that it was started with."""
    conclude: Callable[[Output], RunResult]


class Conversing(ABC):
    """A runner whose runs may be given any standard input."""

    @abstractmethod
    def unstartable(self) -> RunResult | None:
        """The result of every run where the program cannot be run (any more)."""

    @abstractmethod
    def begun(self, stdin: int, patience: int) -> AbstractContextManager[Begun]:
        """A run whose standard input is this descriptor, which stays the caller's, and whose wall
        limits are so many times what they were."""

    def converse(self, other: Runner) -> Dialogue:
        """See `sandbox.jail.Runner.converse`."""
        assert isinstance(other, Conversing)
        for patience in PATIENCE:
            mine, theirs = self.unstartable(), other.unstartable()
            if mine is not None or theirs is not None:
                return Dialogue(mine, theirs, other_ended_first=mine is None)
            with _begun(other, patience) as second, _begun(self, patience) as first:
                _relay(first, second)
                assert first.silent_since is not None
                assert second.silent_since is not None
                is_second = second.silent_since <= first.silent_since
                slept_on = first.was_left_asleep(second)
                dialogue = Dialogue(first.result(second), second.result(first), is_second, slept_on)
                if not (first.was_kept_waiting(second) or second.was_kept_waiting(first)):
                    return dialogue
        raise JailFault("the machine is too busy for two programs that talk with each other")


@contextmanager
def _begun(runner: Conversing, patience: int) -> Iterator[_Side]:
    with ExitStack() as stack:
        theirs, ours = os.pipe2(os.O_CLOEXEC)
        try:
            begun = stack.enter_context(runner.begun(theirs, patience))
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        side = _Side(begun, ours)
        stack.callback(side.close)
        side.listen()
        yield side


class _Side:
    """One of the two, as the worker sees it."""

    def __init__(self, begun: Begun, stdin: int) -> None:
        """`stdin` is the end to write to, which becomes this object's."""
        os.set_blocking(stdin, False)
        self._begun = begun
        self.link = begun.link
        self.stdin: int | None = stdin
        self.pending = bytearray()
        """What the other has written and this one has not been given."""
        self._outputs: list[int] = []
        self.ending: Ending | None = None
        self.silent_since: int | None = None
        """At which turn of the worker's it could say no more. Its end comes later, when all of its
        processes are gone; by then the other may have ended because of it."""
        self._told_to_end = False
        self._began_s = self._ended_s = time.monotonic()

    def listen(self) -> None:
        """Hear of its start. Raises JailFault."""
        (self._outputs[:],), endings = self.link.receive_outputs()
        most = self._begun.limits.output_bytes
        self.stdout = Capture(self._outputs[0], most, most)
        self.stderr = Capture(self._outputs[1], most, STDERR_BYTES)
        if endings:
            self._end(endings[0])

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and all that it wrote has been taken."""
        return self.ending is not None and self.stdout.ended and self.stderr.ended

    def hear(self) -> None:
        """Its agent has a word. Raises JailFault."""
        if (ending := self.link.receive_ending()) is not None:
            self._end(ending)

    def _end(self, ending: Ending) -> None:
        self.ending = ending
        self._ended_s = time.monotonic()
        self.pending.clear()
        self.hang_up()

    def stop_if_flooded(self) -> None:
        """Have it ended where it wrote too much."""
        flooded = self.stdout.flooded or self.stderr.flooded
        if flooded and self.ending is None and not self._told_to_end:
            self._told_to_end = True
            self.link.send({"op": "kill"})

    def give(self) -> None:
        """Write what it will take of what the other has written."""
        assert self.stdin is not None
        try:
            del self.pending[: os.write(self.stdin, self.pending)]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.pending.clear()
            self.hang_up()

    def hang_up(self) -> None:
        """It finds the end of its standard input, once it has read what there is."""
        if self.stdin is not None:
            os.close(self.stdin)
            self.stdin = None

    def result(self, other: _Side) -> RunResult:
        """What came of it; it slept as long as both did."""
        assert self.ending is not None
        flooded = self.stdout.flooded or self.stderr.flooded
        ending = replace(self.ending, slept_s=self._asleep_with(other))
        output = Output(ending, self.stdout.bytes(), self.stderr.bytes(), flooded)
        return self._begun.conclude(output)

    def was_kept_waiting(self, other: _Side) -> bool:
        """Whether it was ended as a sleeper, for a time that the other was at work for the most
        part."""
        assert self.ending is not None
        limits = self._begun.limits
        most_s = min(limits.wall_s, limits.total_wall_s)
        return self.ending.limit == "asleep" and self._asleep_with(other) < most_s / 2

    def was_left_asleep(self, other: _Side) -> bool:
        """Whether it was ended as a sleeper, and the other slept on: who had waited for a word
        of it would have met the end of its standard input, and so would have woken."""
        assert self.ending is not None
        assert other.ending is not None
        slept_on_s = other.ending.slept_s - (self._ended_s - self._began_s)
        return self.ending.limit == "asleep" and slept_on_s > ASLEEP_S

    def _asleep_with(self, other: _Side) -> float:
        """Seconds that it slept, less those in which the other lived and was not seen to sleep."""
        assert self.ending is not None
        assert other.ending is not None
        both_lived_s = min(self._ended_s, other._ended_s) - self._began_s
        at_work_s = max(0.0, both_lived_s - other.ending.slept_s)
        return max(0.0, self.ending.slept_s - at_work_s)

    def close(self) -> None:
        """End what is left of it. Raises JailFault."""
        self.hang_up()
        try:
            if self.ending is None and self.link.reusable:
                self.link.send({"op": "kill"})
                while self.ending is None:
                    self.hear()
        finally:
            for descriptor in self._outputs:
                os.close(descriptor)


def _relay(first: _Side, second: _Side) -> None:
    """Move bytes until both are over. Raises JailFault."""
    pairs = ((first, second), (second, first))
    for turn in itertools.count():
        for side, other in pairs:
            _heed_silence(side, other, turn)
        if first.is_over and second.is_over:
            return
        poll = select.poll()
        for side, other in pairs:
            _watch(poll, side, other)
        ready = {descriptor for descriptor, _ in poll.poll()}
        for side, other in pairs:
            _move(side, other, ready)


def _heed_silence(side: _Side, other: _Side, turn: int) -> None:
    """Where one will say no more, the other shall know once it has been given the rest."""
    if side.stdout.ended:
        side.silent_since = turn if side.silent_since is None else side.silent_since
        if not other.pending:
            other.hang_up()


def _watch(poll: select.poll, side: _Side, other: _Side) -> None:
    """Have it told when there is something to do for this side."""
    if side.ending is None:
        poll.register(side.link.fileno(), select.POLLIN)
    if not side.stdout.ended and len(other.pending) < MAX_PENDING_BYTES:
        poll.register(side.stdout.descriptor, select.POLLIN)
    if not side.stderr.ended:
        poll.register(side.stderr.descriptor, select.POLLIN)
    if side.pending and side.stdin is not None:
        poll.register(side.stdin, select.POLLOUT)


def _move(side: _Side, other: _Side, ready: set[int]) -> None:
    if side.stdin in ready and side.pending:
        side.give()
    if side.stderr.descriptor in ready:
        side.stderr.read()
    if side.stdout.descriptor in ready:
        side.stdout.read()
        if other.stdin is not None:
            other.pending += side.stdout.latest
        side.stop_if_flooded()
    if side.link.fileno() in ready and side.ending is None:
        side.hear()
