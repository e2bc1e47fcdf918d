"""Judges programs: runs them in jails and compares what comes out on the trusted side.

Expected values stay here; a jail is given a program and its inputs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox import CallResult, JailFault, Limits, Program, Status
from sandbox.jail import Calls, Jail
from sandbox.pool import JailPool
from verifier.assertions import Beyond, BrokenSuiteError, CallFailed, Suite, read_suite
from verifier.candidate import resolve_entry_point, with_setup
from verifier.checkers import output_matches, value_matches
from verifier.excerpts import value_excerpt
from verifier.model import (
    AssertTruth,
    CallCase,
    CallTruth,
    LimitsOverride,
    Outcome,
    StdinTruth,
    Verdict,
)
from verifier.outcomes import failed, outcome_of, unusable
from verifier.referee import referee_suite, survey_of, unproven

MAX_TRIES = 2
"""A jail that broke says nothing about the program, which gets another one once."""


class ProgramJudge:
    """Judges programs in jails of `pool`, and of `referees` too where a suite cannot be read."""

    def __init__(self, pool: JailPool, referees: JailPool, limits: Limits) -> None:
        """`limits` hold for each test case where neither ground truth nor rollout sets others."""
        self._pool = pool
        self._referees = referees
        self.limits = limits

    def judge(
        self, truth: StdinTruth | CallTruth | AssertTruth, source: str, override: LimitsOverride
    ) -> Verdict:
        """The verdict on a candidate's program. A broken jail makes it `verifier_error`."""
        limits = override.or_else(truth.limits).over(self.limits)
        return tried_again(lambda: self._judge(truth, source, limits))

    def _judge(
        self, truth: StdinTruth | CallTruth | AssertTruth, source: str, limits: Limits
    ) -> Verdict:
        if isinstance(truth, AssertTruth):
            return self._judge_asserts(truth, source, limits)
        with self._pool.jail(truth.language) as jail:
            if isinstance(truth, StdinTruth):
                return _judge_stdin(truth, source, limits, jail)
            return _judge_calls(truth, source, limits, jail)

    def _judge_asserts(self, truth: AssertTruth, source: str, limits: Limits) -> Verdict:
        program = Program(with_setup(truth.setup, source, truth.entry_point), truth.language)
        entry_point = resolve_entry_point(truth.entry_point, source)
        suite = read_suite(truth)
        if suite is not None:
            try:
                with (
                    self._pool.jail() as jail,
                    jail.open_calls(program, entry_point, limits) as calls,
                ):
                    verdict = _run_suite(truth, suite, calls)
                return replace(verdict, cpu_s=calls.cpu_s)
            except Beyond:  # met only in the run; the referee starts afresh
                limits = replace(limits, total_cpu_s=limits.total_cpu_s - calls.cpu_s)
        with self._pool.jail() as jail, self._referees.jail() as referee:
            return referee_suite(truth, program, entry_point, limits, jail, referee)


def tried_again(attempt: Callable[[], Verdict]) -> Verdict:
    """What `attempt` gives, in another jail where the first broke; else a `verifier_error`."""
    for _ in range(MAX_TRIES):
        try:
            return attempt()
        except JailFault as fault:
            message = f"The sandbox broke {MAX_TRIES} times: {fault}"
    return Verdict(outcome=Outcome.VERIFIER_ERROR, message=message)


def _judge_stdin(truth: StdinTruth, source: str, limits: Limits, jail: Jail) -> Verdict:
    cpu_s = 0.0
    with jail.load(Program(source, truth.language), limits) as runner:
        results = runner.run_each(case.input.encode() for case in truth.cases)
        for number, (case, result) in enumerate(zip(truth.cases, results, strict=True)):
            cpu_s += result.cpu_s
            matches = result.status is Status.OK and output_matches(
                case.output, result.stdout, truth.checker
            )
            outcome = outcome_of(result.status, matches=matches)
            if outcome is not Outcome.CORRECT:
                details = {"got": result.stdout, "message": result.message}
                details |= {"input": case.input, "expected": case.output}
                return failed(outcome, number, len(truth.cases), cpu_s=cpu_s, **details)
    return _all_passed(len(truth.cases), cpu_s)


def _judge_calls(truth: CallTruth, source: str, limits: Limits, jail: Jail) -> Verdict:
    program = Program(with_setup(truth.setup, source, truth.entry_point), truth.language)
    entry_point = resolve_entry_point(truth.entry_point, source)
    with jail.open_calls(program, entry_point, limits) as calls:
        verdict = _run_cases(truth, calls)
    return replace(verdict, cpu_s=calls.cpu_s)


def _run_cases(truth: CallTruth, calls: Calls) -> Verdict:
    results = calls.call_each((case.args, case.kwargs) for case in truth.cases)
    for number, case in enumerate(truth.cases):
        try:
            result = next(results)
        except (TypeError, RecursionError):
            return unusable(f"The arguments of test case {number} cannot be carried.")
        matches = result.status is Status.OK and value_matches(case.expected, result.value, truth)
        outcome = outcome_of(result.status, matches=matches)
        if outcome is not Outcome.CORRECT:
            return failed(outcome, number, len(truth.cases), **_call_details(case, result))
    return _all_passed(len(truth.cases))


def _call_details(case: CallCase, result: CallResult) -> dict[str, Any]:
    shown = [value_excerpt(arg) for arg in case.args]
    shown += [f"{name}={value_excerpt(value)}" for name, value in case.kwargs.items()]
    return {
        "got": value_excerpt(result.value) if result.status is Status.OK else "",
        "message": result.message,
        "input": ", ".join(shown),
        "expected": value_excerpt(case.expected),
    }


def _run_suite(truth: AssertTruth, suite: Suite, calls: Calls) -> Verdict:
    """The verdict on a suite that the trusted side reads. Raises Beyond where it cannot."""
    ahead = zip(suite.foreseen, calls.call_each(suite.foreseen), strict=True)

    def call(args: Sequence[Any], kwargs: Mapping[str, Any], *, consume: bool) -> Any:
        try:
            foreseen, result = next(ahead, (None, None))
            if result is None:
                result = calls.call(args, kwargs, consume=consume)
            elif foreseen != (args, kwargs) or consume:
                raise Beyond("another call than was foreseen")
        except (TypeError, RecursionError) as error:
            raise Beyond(f"an argument that cannot be carried ({error})") from None
        if result.status is not Status.OK:
            raise CallFailed(result)
        return result.value

    try:
        run = suite.run(call)
    except BrokenSuiteError as error:
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


def _all_passed(count: int, cpu_s: float | None = None) -> Verdict:
    return Verdict(outcome=Outcome.CORRECT, passed=count, total=count, cpu_s=cpu_s)
