"""What every jail offers: one warm place that runs one untrusted program at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sandbox.model import CallResult, Dialogue, Exchange, Limits, Program, RunResult

Arguments = tuple[Sequence[Any], Mapping[str, Any]]
"""What a function is called with: by position, and by name."""


class Runner(Protocol):
    """A program that is compiled once and run once per input."""

    def run(self, stdin: bytes) -> RunResult:
        """Run the program in a fresh process with this standard input.

        Raises JailFault where the jail, not the program, failed."""

    def run_each(self, inputs: Iterable[bytes]) -> Iterator[RunResult]:
        """The results of one run after the other, as `run` gives them.

        The jail may be some quick runs ahead of the one whose result is at hand, never more than
        were at hand before and never past one that failed."""

    def converse(self, other: Runner) -> Dialogue:
        """Run this program and `other`, of another jail, each with the other's standard output for
        its standard input.

        Raises JailFault where a jail failed."""


class Calls(Protocol):
    """A program loaded in one process, whose entry point is called again and again."""

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the process; known once it has ended, 0 before."""

    def call(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], *, consume: bool = False
    ) -> CallResult:
        """Call the entry point with plain data and return what it returned, as plain data.

        `consume`: drain a returned iterator into `Opaque.items`. An exception of the candidate is
        NONZERO_EXIT with `raised` its type's name, and the process stays usable. After any other
        status but OK it is over: later calls answer the same.
        Raises JailFault where the jail, not the program, failed, and TypeError or RecursionError
        for arguments that cannot be carried."""

    def call_each(
        self, cases: Iterable[Arguments], *, consume: bool = False
    ) -> Iterator[CallResult]:
        """The results of one call after the other, as `call` gives them.

        The process may be some quick calls ahead of the one whose result is at hand; leaving the
        iterator early ends it no later."""

    def exchange(self, requests: Sequence[bytes]) -> Exchange:
        """The same in bytes, for those who read the answers elsewhere: ask for these calls; for
        none, wait for more answers to those before. Raises JailFault.

        Gives at least one answer, or says that the process is over."""


class Jail(Protocol):
    """One warm, isolated place. Not thread-safe: it belongs to whoever took it from the pool."""

    def load(self, program: Program, limits: Limits) -> AbstractContextManager[Runner]:
        """Prepare a program that reads standard input and writes standard output."""

    def open_calls(
        self, program: Program, entry_point: str, limits: Limits
    ) -> AbstractContextManager[Calls]:
        """Start a process with `program` loaded, ready for calls to `entry_point`.

        `entry_point` is `f` or `Solution().f`: a name of the program's globals, optionally an
        instance of it made once and a method of that."""

    def close(self) -> None:
        """End the jail and everything in it; safe to call twice."""
