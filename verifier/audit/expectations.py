"""What the tests of a suite show without being run: contradictions and expectations too narrow."""

from __future__ import annotations

import ast
import re

from verifier.audit.findings import Finding, Weight
from verifier.audit.suites import Case, Suite
from verifier.model import AssertTruth, CallTruth, Checker, StdinTruth

_ANY_ANSWER = re.compile(
    r"\b(?:return|print|output|answer)\b[^.\n]{0,80}\b(?:in any order|any (?:one )?of them"
    r"|any valid|any such|any (?:correct|possible|acceptable) (?:answer|solution)s?)\b",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(?<![\w.])-?\d+\.\d*[1-9]\d*(?![\w.])")
_EXACT = frozenset({"lines", "exact", "tokens", "case_insensitive", "unordered_lines"})


def findings_of_tests(suite: Suite, prompt: str, *, known: bool) -> list[Finding]:
    """`known`: a solution is, and shows better than a reading whether tests contradict."""
    found = [] if known else _contradictions(suite)
    if not _compares_by_itself(suite):
        return found
    if _ANY_ANSWER.search(prompt) and any(map(_has_several_parts, suite.cases)):
        says = "The problem allows several answers, and the tests take one of them."
        found.append(Finding("several_answers", says, Weight.WEAK))
    if any(case.expected and _DECIMAL.search(case.expected) for case in suite.cases):
        says = "Decimal numbers are compared digit by digit; the checker `float` would not."
        found.append(Finding("exact_decimals", says))
    return found


def _compares_by_itself(suite: Suite) -> bool:
    """Whether an output must be the expected one, letter by letter or by `==`."""
    truth = suite.truth
    if isinstance(truth, AssertTruth):
        return any(case.expected for case in suite.cases)
    if isinstance(truth, CallTruth):
        return truth.checker is None or truth.checker.kind in _EXACT
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
        expected = _canonical(case.expected)
        first, earlier = seen.setdefault(case.input, (number, expected))
        if earlier != expected:
            weight = Weight.BROKEN if isinstance(suite.truth, StdinTruth) else Weight.WEAK
            says = f"Tests {first} and {number} have the same input and expect different outputs."
            return [Finding("contradictory_tests", says, weight, {"cases": [first, number]})]
    return []


def _canonical(expected: str) -> str:
    return " ".join(expected.split()).casefold()


def _has_several_parts(case: Case) -> bool:
    if case.expected is None:
        return False
    try:
        value = ast.literal_eval(case.expected)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return len(case.expected.split()) > 1
    return isinstance(value, list | tuple) and len(value) > 1
