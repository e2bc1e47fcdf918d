"""Reads assertion suites on the trusted side: calls of the candidate, and what must hold of them.

The suite is read as a syntax tree and evaluated by a small, bounded reader of our own; nothing of
it is executed by Python. A suite with any statement that the reader does not understand is left to
the referee as a whole.
"""

from __future__ import annotations

from functools import lru_cache

from verifier.errors import GroundTruthError
from verifier.model import AssertTruth
from verifier.programs.assertions.frame import CallFailed
from verifier.programs.assertions.meter import Unsupported
from verifier.programs.assertions.plain_lines import parse_suite
from verifier.programs.assertions.scope import Scope
from verifier.programs.assertions.source import parse_python
from verifier.programs.assertions.suite import (
    BrokenSuite,
    Failure,
    Suite,
    SuiteReader,
    SuiteRun,
    find_check,
)

__all__ = [
    "BrokenSuite",
    "CallFailed",
    "Failure",
    "Suite",
    "SuiteRun",
    "Unsupported",
    "read_suite",
]


@lru_cache(maxsize=16)
def read_suite(truth: AssertTruth, *, to_run: bool = False) -> Suite | None:
    """The suite of `truth`, or None where only the referee can run it.

    `to_run`: make all of its tables now, which a hostile suite can make a matter of minutes; it is
    read in a process that can be stopped then.
    Raises GroundTruthError where it is no Python, or asserts nothing of the candidate."""
    try:
        test = parse_suite(truth.test, "the test suite", large=to_run)
        setup = parse_python(truth.setup, "the set-up code")
        check = find_check(test)
        parameter = check.args.args[0].arg if check else None
        scope = Scope(truth.entry_point, parameter, setup, test)
        suite = SuiteReader(scope, truth.test).read(test)
    except (Unsupported, RecursionError):
        return None
    if suite.total == 0:
        raise GroundTruthError(
            "The ground truth cannot be used: no assertion of the test suite depends on what "
            f"`{truth.entry_point}` returns."
        )
    return suite
