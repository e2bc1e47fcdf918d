"""Audits the reference of a programming problem: does it pass, every time and in any order."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping

from verifier.audit.findings import Answer, AuditStopped, Finding, Weight
from verifier.audit.panel import Panel
from verifier.audit.second_opinion import with_its_tests
from verifier.audit.solutions import Solution
from verifier.audit.suites import ProgramTruth, Suite
from verifier.ground_truth.fields import LIMIT_CAPS
from verifier.model import AssertTruth, Checker, StdinTruth

REPEATS = 2
"""Times that a reference is judged beside the first, with everything else under way."""
ALONE = 8
"""Tests that the reference meets alone, each in a process of its own."""
PATIENT = 4
"""By how much the limits are widened to tell a slow reference from one that never ends,"""
LEAST_S = 20.0
"""and to how much at least."""
SLOW_S = 2.0
"""Of CPU time, from which on few other programs are tried."""

_LIMITS = frozenset({"time_limit_exceeded", "memory_limit_exceeded", "output_limit_exceeded"})
_SPACE = frozenset({"memory_limit_exceeded", "output_limit_exceeded"})
_WIDER = (
    {"checker": "tokens"},
    {"checker": "case_insensitive"},
    {"checker": "unordered_lines"},
    {"checker": "float", "tolerance": 1e-4},
)
"""Checkers that take more than one spelling of an output, the narrowest first."""
_LACKING = re.compile(
    r"No module named|no sandbox|No sandbox|not installed|toolchain|only plain data|be carried"
    r"|not (?:judged|run) here|needs the fixture|may be here"
)
"""What a message says where the problem may be right and is only not judged here."""


class ReferenceAudit:
    """What the judging of one reference tells of its problem."""

    def __init__(self, suite: Suite, solution: Solution, panel: Panel) -> None:
        self._truth = suite.truth
        self._suite = suite
        self._solution = solution
        self._panel = panel
        self.limits: Mapping[str, float] = {}
        """Once it has passed: those for programs that nobody needs to see end."""
        self.is_slow = False
        """Once it has passed: few other programs can be tried."""

    async def findings(self) -> list[Finding]:
        """Everything found. Raises AuditStopped."""
        solution = self._solution
        (first,) = await self._panel.judge([solution.completion])
        if first.outcome == "invalid_ground_truth":
            await self._ask_again(first)
            return [unusable(first.message)]
        if first.outcome == "no_answer":
            return [Finding("no_solution", "No program is found in the solution.")]
        if not first.passes:
            return await self._failing(first)
        cpu_s = float(first.details.get("cpu_s") or 0.0)
        self.limits, self.is_slow = _limits_after(cpu_s), cpu_s >= SLOW_S
        orders = self._orders()
        pairs = [(solution.again(number), self._panel.truth) for number in range(1, REPEATS + 1)]
        pairs += [(solution.completion, self._suite.chosen(numbers)) for numbers in orders]
        answers = await self._panel.judge_by(pairs)
        failed = [answer for answer in answers[:REPEATS] if not answer.passes]
        if failed:
            return [_changed(failed[0])]
        for numbers, answer in zip(orders, answers[REPEATS:], strict=True):
            if not answer.passes and answer.outcome != "invalid_ground_truth":
                return await self._in_order(numbers, answer)
        return []

    async def _failing(self, first: Answer) -> list[Finding]:
        """What a reference that does not pass says of the problem."""
        if _LACKING.search(first.message):
            raise AuditStopped(f"The reference cannot be run here: {first.message}.")
        limits = _wider(self._truth) if first.outcome in _LIMITS else {}
        repeats = REPEATS if limits else 2 * REPEATS
        tries = [self._solution.again(number) for number in range(repeats)]
        again = await self._panel.judge(tries, limits)
        passed = [answer for answer in again if answer.passes]
        if first.outcome in _SPACE or (limits and passed):
            cpu_s = passed[0].details.get("cpu_s") if passed else None
            says = f"The reference needs more than its limit ({first.outcome}); raise the limits."
            return [Finding("reference_at_limit", says, Weight.WEAK, {"cpu_s": cpu_s})]
        if passed:
            return [_changed(first)]
        await self._ask_again(first)
        at = "" if first.failed_case is None else f" at test {first.failed_case}"
        why = f" ({first.message})" if first.message else ""
        says = f"The reference fails its own tests{at}: {first.outcome}{why}."
        details = {"outcome": first.outcome, "case": first.failed_case}
        if (wider := await self._wider_checker()) is not None:
            says = f"{says} With the checker `{wider}` it passes."
            details["passes_with"] = wider
        return [Finding("reference_fails", says, Weight.BROKEN, details)]

    async def _wider_checker(self) -> str | None:
        """A checker that takes the reference's output, where the given one is too narrow."""
        if not isinstance(self._truth, StdinTruth) or not isinstance(self._truth.checker, Checker):
            return None
        truth = self._suite.chosen(range(len(self._suite.cases)))
        truth.pop("tolerance", None)
        wider = [{**truth, **checker} for checker in _WIDER]
        answers = await self._panel.judge_by([(self._solution.completion, one) for one in wider])
        passing = (
            one["checker"] for one, found in zip(wider, answers, strict=True) if found.passes
        )
        return next(passing, None)

    async def _ask_again(self, first: Answer) -> None:
        """Raises AuditStopped where the reference passes in one interpreter with its tests."""
        truth, source = self._truth, self._solution.source
        if isinstance(truth, AssertTruth) and source is not None:
            (opinion,) = await self._panel.judge_by([with_its_tests(truth, source)])
            if _LACKING.search(opinion.message):
                raise AuditStopped(f"The reference cannot be run here: {opinion.message}.")
            if opinion.passes:
                raise AuditStopped(
                    "The reference passes where it shares an interpreter with its tests, which no "
                    f"program does here ({first.message or first.outcome})."
                )

    def _orders(self) -> list[list[int]]:
        """Choices of tests that must make no difference to a function without a memory."""
        numbers = list(range(len(self._suite.cases)))
        if isinstance(self._truth, StdinTruth) or len(numbers) < 2:
            return []
        orders = []
        if self._suite.can_shuffle:
            shuffled = random.Random(0).sample(numbers, len(numbers))  # noqa: S311
            orders += [numbers[::-1], shuffled]
        step = max(1, len(numbers) // ALONE)
        return [*orders, *([number] for number in numbers[::step][:ALONE])]

    async def _in_order(self, numbers: list[int], answer: Answer) -> list[Finding]:
        """What it says that the reference failed these tests in this order."""
        truth = self._suite.chosen(numbers)
        tries = [self._solution.again(number) for number in range(REPEATS, 2 * REPEATS)]
        pairs = [(text, by) for by in (truth, self._panel.truth) for text in tries]
        again = await self._panel.judge_by(pairs)
        if any(one.passes for one in again[:REPEATS]) or not all(
            one.passes for one in again[REPEATS:]
        ):
            return [_changed(answer)]
        what = f"test {numbers[0]} alone" if len(numbers) == 1 else "its tests in another order"
        says = f"The reference fails {what}, and passes them as they stand: calls share state."
        return [Finding("order_matters", says, Weight.WEAK, {"outcome": answer.outcome})]


def unusable(message: str) -> Finding:
    """The finding about a ground truth that the service cannot use. Raises AuditStopped where it is
    this machine that lacks something."""
    if _LACKING.search(message):
        raise AuditStopped(message)
    return Finding("unusable", message, Weight.BROKEN)


def _changed(answer: Answer) -> Finding:
    """The finding about one program that passed once and failed once."""
    if answer.outcome in _LIMITS:
        says = f"The reference is near its limits: it passed once and once not ({answer.outcome})."
        return Finding("reference_at_limit", says, Weight.WEAK)
    says = f"The reference passed once and failed once ({answer.outcome}): chance decides."
    return Finding("not_deterministic", says, Weight.BROKEN, {"outcome": answer.outcome})


def _limits_after(cpu_s: float) -> Mapping[str, float]:
    """For programs whose being slow is as good as their being wrong, where the reference takes so
    long: in steps, so that what a busy machine adds to its time changes nothing."""
    step = next((step for step in (1.0, 4.0, 16.0) if 8 * cpu_s < step), 2 * math.ceil(cpu_s))
    return {"cpu_s": step, "total_cpu_s": step, "wall_s": 3 * step}


def _wider(truth: ProgramTruth) -> Mapping[str, float]:
    """More time. A jail has no more memory than it has."""
    given = truth.limits
    wider = {
        "cpu_s": max(PATIENT * (given.cpu_s or 10.0), LEAST_S),
        "wall_s": max(PATIENT * (given.wall_s or 20.0), 2 * LEAST_S),
        "total_cpu_s": PATIENT * (given.total_cpu_s or 120.0),
    }
    return {name: min(limit, LIMIT_CAPS[name]) for name, limit in wider.items()}
