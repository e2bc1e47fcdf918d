"""Reads what a problem's statement says of how its output is compared.

Rows of contests often have the statement beside their cases, and no checker: what the contest's own
judge knew of several right answers, of letters' case and of how near a number must be stands there
alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.expected_outputs import as_outputs_tell
from verifier.ground_truth.fields import Row
from verifier.model import Checker, GroundTruth, StdinTruth

FIELDS = (
    *("question", "question_content", "description", "problem", "problem_description"),
    *("problem_statement", "statement", "prompt", "content", "instruction", "output_format"),
    *("output_specification", "output_spec", "note"),
)
"""Where rows have it."""
_MOST_CHARS = 50_000
"""No statement is longer; what is behind that in a field says nothing here."""

_ANSWERS = r"(?:answer|solution|output|arrangement|sequence|array|permutation|string|way|one)s?\b"
_SEVERAL = re.compile(
    rf"\b(?:multiple|several|many|more than one|various)\b[^.\n]{{0,60}}{_ANSWERS}"
    r"[^\n]{0,60}?\b(?:any|either|whichever|one of)\b"
    r"|\b(?:print|output|return|find|give|report)\b[^.\n]{0,40}\bany\b(?: one)?(?: of)?"
    rf"(?: (?:them|these|such|valid|correct|suitable)\b| (?:the )?(?:\w+ )?{_ANSWERS})"
    rf"|\bany (?:of them|(?:valid|correct|possible|suitable|such|acceptable) {_ANSWERS}"
    rf"|{_ANSWERS})[^.\n]{{0,40}}\b(?:accept|allow|correct)"
    r"|\b(?:print|output|return|answer)\b[^.\n]{0,80}\bin (?:any|arbitrary) order\b",
    re.IGNORECASE,
)
_IN_ANY_CASE = re.compile(r"\bin any (?:letter )?(?:case|register)\b(?! of)", re.IGNORECASE)
_NEARNESS = re.compile(
    r"\b(?:error|precision|accuracy|differ\w*|tolerance|within)\b[^\n]{0,120}?"
    r"(?:\b10\s*\^?\s*\{?\s*[-\u2212\u2013]\s*(?P<power>\d{1,2})\b"
    r"|\b1e[-\u2212](?P<exponent>\d{1,2})\b|\b0?\.(?P<zeros>0*)1\b)",
    re.IGNORECASE,
)
_INTERACTIVE = re.compile(r"\bthis is an? (?:\w+ )?interactive (?:problem|task)\b", re.IGNORECASE)


def with_statement_of(row: Row, truth: GroundTruth) -> GroundTruth:
    """`truth` compared as the statement in `row` says, where it has one and nothing else says how.

    Raises GroundTruthError for a conversation that nobody is there to have."""
    if not isinstance(truth, StdinTruth) or truth.interactor is not None:
        return truth
    text = _statement(row)
    if not text:
        return as_outputs_tell(truth)
    if _INTERACTIVE.search(text):
        raise fields.fail("its statement says that it is interactive, and it has no interactor.")
    if truth.checker != Checker():
        return truth
    checker = Checker(
        "case_insensitive" if _IN_ANY_CASE.search(text) else "numbers",
        max(Checker().tolerance, _nearness(text)),
    )
    return replace(truth, checker=checker, several_answers=allows_several_answers(text))


def allows_several_answers(statement: str) -> bool:
    """Whether a statement says that outputs other than the expected one may be right."""
    return _SEVERAL.search(statement) is not None


def _nearness(text: str) -> float:
    """How far from the expected number a right one may be; 0.0 where nothing is said."""
    found = _NEARNESS.search(text)
    if found is None:
        return 0.0
    digits = int(found["power"] or found["exponent"] or len(found["zeros"] or "") + 1)
    return float(10**-digits) if digits > 0 else 0.0


def _statement(row: Row) -> str:
    return "\n".join(text[:_MOST_CHARS] for key in FIELDS for text in _texts(row.get(key)))


def _texts(value: Any) -> list[str]:
    """Of a text, or of a conversation's messages."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return _texts(value.get("content")) if isinstance(value, Mapping) else []
