"""Compares returned values, call after call, with what the ground truth expects.

It runs in the evaluator's child (`verifier.programs.evaluator.child`), which can be stopped: how
much work it is to compare a value, the candidate chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox import CallResult, Status
from sandbox.jail import Calls
from verifier.excerpts import value_excerpt
from verifier.model import AssertTruth, CallCase, CallTruth, Outcome, Verdict
from verifier.outcomes import failed, outcome_of, unusable
from verifier.programs.assertions import BrokenSuite, CallFailed, Suite, Unsupported
from verifier.programs.checkers import value_matches
from verifier.programs.referee.hearing import survey_of, unproven


def run_cases(truth: CallTruth, calls: Calls) -> Verdict:
    """The verdict on the candidate behind `calls`.

    Where every case is to be run it goes on after a failed one, up to one that ended the process;
    `total` is then the number of those that were run."""
    passed, first = 0, None
    results = calls.call_each((case.args, case.kwargs) for case in truth.cases)
    for number, case in enumerate(truth.cases):
        try:
            result = next(results)
        except (TypeError, RecursionError):
            return unusable(f"The arguments of test case {number} cannot be carried.")
        matches = result.status is Status.OK and value_matches(case.expected, result.value, truth)
        outcome = outcome_of(result.status, matches=matches)
        if outcome is Outcome.CORRECT:
            passed += 1
            continue
        if first is None:
            first = failed(outcome, number, len(truth.cases), **_call_details(case, result))
        if not truth.every_case:
            return first
        if result.status is not Status.OK and result.raised is None:
            return replace(first, passed=passed, total=number + 1)
    return _all_passed(len(truth.cases)) if first is None else replace(first, passed=passed)


def _call_details(case: CallCase, result: CallResult) -> dict[str, Any]:
    shown = [value_excerpt(arg) for arg in case.args]
    shown += [f"{name}={value_excerpt(value)}" for name, value in case.kwargs.items()]
    return {
        "got": value_excerpt(result.value) if result.status is Status.OK else "",
        "message": result.message,
        "input": ", ".join(shown),
        "expected": value_excerpt(case.expected),
    }


def run_suite(truth: AssertTruth, suite: Suite, calls: Calls) -> Verdict:
    """The verdict on a suite that the trusted side reads. Raises Unsupported where it cannot."""
    ahead = zip(suite.foreseen, calls.call_each(suite.foreseen), strict=True)

    def call(args: Sequence[Any], kwargs: Mapping[str, Any], *, consume: bool) -> Any:
        try:
            foreseen, result = next(ahead, (None, None))
            if result is None:
                result = calls.call(args, kwargs, consume=consume)
            elif foreseen != (args, kwargs) or consume:
                raise Unsupported("another call than was foreseen")
        except (TypeError, RecursionError) as error:
            raise Unsupported(f"an argument that cannot be carried ({error})") from None
        if result.status is not Status.OK:
            raise CallFailed(result)
        return result.value

    try:
        run = suite.run(call)
    except BrokenSuite as error:
        return unusable(f"The test suite cannot be used: {error}.")
    if run.failure is None:
        return _all_passed(run.passed) if run.passed else unproven(survey_of(truth))
    shown, status = run.failure, run.failure.status
    return failed(
        Outcome.WRONG_ANSWER if status is None else outcome_of(status, matches=False),
        run.passed,
        suite.total,
        got=shown.got,
        message=shown.message,
        input=shown.arguments,
        expected=shown.assertion,
    )


def _all_passed(count: int) -> Verdict:
    return Verdict(outcome=Outcome.CORRECT, passed=count, total=count)
