"""Translates what happened in the sandbox into the outcome of a rollout; nothing else does."""

from __future__ import annotations

from typing import Any

from sandbox import Status
from verifier.excerpts import text_excerpt
from verifier.model import Outcome, Verdict

_OUTCOME_OF_STATUS = {
    Status.COMPILE_ERROR: Outcome.COMPILE_ERROR,
    Status.COMPILE_TIME_LIMIT: Outcome.COMPILE_ERROR,
    Status.NONZERO_EXIT: Outcome.RUNTIME_ERROR,
    Status.SIGNALLED: Outcome.RUNTIME_ERROR,
    Status.TIME_LIMIT: Outcome.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Outcome.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Outcome.OUTPUT_LIMIT_EXCEEDED,
}


def outcome_of(status: Status, *, matches: bool) -> Outcome:
    """What one test case came to. The status goes before the output: right output does not excuse
    a crash. `matches` counts where the status is OK."""
    if status is Status.OK:
        return Outcome.CORRECT if matches else Outcome.WRONG_ANSWER
    return _OUTCOME_OF_STATUS[status]


def failed(
    outcome: Outcome,
    passed: int,
    total: int | None,
    *,
    cpu_s: float | None = None,
    **details: Any,
) -> Verdict:
    """The verdict of a suite that stopped at its first failing case, the one after `passed` others.

    The first failing case decides; nothing after it is run. `details` are excerpts: `got`,
    `message`, `input`, `expected`; empty ones are left out."""
    shown = {name: text_excerpt(text) for name, text in details.items() if text}
    return Verdict(
        outcome=outcome,
        passed=passed,
        total=total,
        first_failure={"case": passed, "outcome": str(outcome), **shown},
        cpu_s=cpu_s,
    )


def unusable(message: str) -> Verdict:
    """The verdict where the reference itself fails."""
    return Verdict(outcome=Outcome.INVALID_GROUND_TRUTH, message=message)
