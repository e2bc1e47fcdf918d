"""Judges suites test by test, and counts those passed.

Each runs in processes of its own, which cost far more than most tests do. So a program that passes
the first is given all of them together, as their framework runs them; one that passes these is
right, and any other is judged by one test after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from sandbox import Limits
from verifier.model import AssertTruth, Outcome, Verdict
from verifier.programs.referee.hearing import is_unproven, unproven

ENOUGH = 3
"""With fewer tests nothing is saved by running them together."""


def judge_tests(
    truth: AssertTruth, limits: Limits, judge: Callable[[AssertTruth, Limits], Verdict]
) -> Verdict:
    """The verdict on the parts of `truth`, up to the first that fails or on every one; that of a
    part that cannot be judged is the verdict. Raises what `judge` raises."""
    cpu_s, passed, proven, total = 0.0, 0, False, len(truth.parts)
    first: Verdict | None = None
    for number, part in enumerate(truth.parts):
        if number == 1 and first is None and total >= ENOUGH:
            together = judge(replace(truth, parts=()), limits)
            spent_s = together.cpu_s or 0.0
            cpu_s += spent_s
            if together.outcome is Outcome.CORRECT:
                passed, proven = total, True
                break
            limits = replace(limits, total_cpu_s=limits.total_cpu_s + spent_s)  # as if it was not
        left_s = max(limits.total_cpu_s - cpu_s, 0.001)
        verdict = judge(part, replace(limits, total_cpu_s=left_s))
        cpu_s += verdict.cpu_s or 0.0
        if number and verdict.outcome in _MAY_NEED_OTHERS:
            left_s = max(limits.total_cpu_s - cpu_s, 0.001)
            again = judge(_in_turn(truth.parts, number), replace(limits, total_cpu_s=left_s))
            cpu_s += again.cpu_s or 0.0
            verdict = again if again.outcome is Outcome.CORRECT else verdict
        is_right = verdict.outcome is Outcome.CORRECT
        if is_right or is_unproven(verdict):  # a test that looks only whether it goes through
            passed, proven = passed + 1, proven or is_right
            continue
        if verdict.reward is None:
            return verdict
        if first is None:
            failure = {**(verdict.first_failure or {}), "case": number}
            first = replace(verdict, first_failure=failure)
        if not truth.every_case:
            break
    if first is None and not proven:
        return unproven(None)
    verdict = first or Verdict(outcome=Outcome.CORRECT)
    verdict = replace(verdict, passed=passed, total=total, cpu_s=cpu_s)
    return replace(verdict, score=passed / total) if truth.every_case else verdict


_MAY_NEED_OTHERS = frozenset({Outcome.WRONG_ANSWER, Outcome.RUNTIME_ERROR})


def _in_turn(parts: Sequence[AssertTruth], number: int) -> AssertTruth:
    """A test with those before it, in one process: what their texts share stands there once."""
    texts = [part.test for part in parts[: number + 1]]
    shared = os.path.commonprefix(texts)  # noqa: RUF071 - of texts, not of paths
    shared = shared[: shared.rfind("\n") + 1]
    return replace(parts[number], test=shared + "".join(t.removeprefix(shared) for t in texts))
