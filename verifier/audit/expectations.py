"""What the tests of a suite show without being run: contradictions and expectations too narrow."""

from __future__ import annotations

import ast
import re

from verifier.audit.findings import Finding, Weight
from verifier.audit.suites import Case, Suite
from verifier.ground_truth.statements import allows_several_answers
from verifier.model import AssertTruth, CallTruth, Checker, StdinTruth
from verifier.programs.checkers import text_matches

_DECIMAL = re.compile(r"(?<![\w.])-?\d+\.\d*[1-9]\d*(?![\w.])")
_EXACT = frozenset({"lines", "exact", "tokens", "unordered_lines"})
"""Checkers by which a decimal number must be the very one."""

_LOOSE = Checker("case_insensitive")


def findings_of_tests(suite: Suite, prompt: str, *, known: bool) -> list[Finding]:
    """`known`: a solution is, and shows better than a reading whether tests contradict."""
    found = [] if known else _contradictions(suite)
    if not _compares_by_itself(suite):
        return found
    if allows_several_answers(prompt) and any(map(_has_several_parts, suite.cases)):
        says = "The problem allows several answers, and the tests take one of them."
        found.append(Finding("several_answers", says, Weight.WEAK))
    expected = [case.expected for case in suite.cases if case.expected]
    if _is_exact(suite) and any(map(_DECIMAL.search, expected)):
        says = "Decimal numbers are compared digit by digit; the checker `float` would not."
        found.append(Finding("exact_decimals", says))
    return found


def _compares_by_itself(suite: Suite) -> bool:
    """Whether an output must be the expected one, and no program of the author's says."""
    truth = suite.truth
    if isinstance(truth, AssertTruth):
        return any(case.expected for case in suite.cases)
    return isinstance(truth, CallTruth) or isinstance(truth.checker, Checker)


def _is_exact(suite: Suite) -> bool:
    """Whether it must be so letter by letter or by `==`."""
    truth = suite.truth
    if isinstance(truth, AssertTruth) or truth.checker is None:
        return True
    return isinstance(truth.checker, Checker) and truth.checker.kind in _EXACT


def _contradictions(suite: Suite) -> list[Finding]:
    """One input with two expected outputs. Of programs that read and print it makes a right one
    impossible; a function might keep count of its calls."""
    if not _compares_by_itself(suite):
        return []
    seen: dict[str, tuple[int, str]] = {}
    for number, case in enumerate(suite.cases):
        if not case.input or case.expected is None:
            continue
        first, earlier = seen.setdefault(case.input, (number, case.expected))
        if not text_matches(earlier, case.expected, _LOOSE):
            weight = Weight.BROKEN if isinstance(suite.truth, StdinTruth) else Weight.WEAK
            says = f"Tests {first} and {number} have the same input and expect different outputs."
            return [Finding("contradictory_tests", says, weight, {"cases": [first, number]})]
    return []


def _has_several_parts(case: Case) -> bool:
    if case.expected is None:
        return False
    try:
        value = ast.literal_eval(case.expected)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return len(case.expected.split()) > 1
    return isinstance(value, list | tuple) and len(value) > 1
