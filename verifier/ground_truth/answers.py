"""Reads reference answers: plain strings and numbers, lists of them, GSM8K solutions."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from verifier.ground_truth import fields
from verifier.model import MathTruth

_GSM8K = re.compile(r"####[ \t]*([^\n#]+?)\s*\Z")
_TAGGED = re.compile(r"<answer>\s*([^<]*?)\s*</answer>\s*\Z")
_THOUSANDS = re.compile(r"[-+]?\$?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


def read_answers(raw: Any) -> MathTruth:
    """The answers in a string, a number, or a list of these (any one of which is right)."""
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        if not raw:
            raise fields.fail("the list of answers is empty; give at least one.")
        return MathTruth(tuple(_answer(value) for value in raw))
    return MathTruth((_answer(raw),))


def _answer(value: Any) -> str:
    if isinstance(value, str):
        text = _gsm8k_answer(value.strip())
        if not text:
            raise fields.fail("a reference answer is empty.")
        return text
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fields.fail(f"an answer must be a string or a number, not {fields.name_of(value)}.")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise fields.fail("an answer must be a finite number.")
        # Scientific notation of floats is not mathematics that a grader reads.
        return format(Decimal(repr(value)), "f")
    return str(value)


def _gsm8k_answer(text: str) -> str:
    """What follows `####` at the end of a GSM8K solution, or stands between answer tags; other text
    as it is."""
    if tagged := _TAGGED.search(text):
        text = tagged[1]
    found = _GSM8K.search(text)
    if not found:
        return text
    answer = found[1].strip()
    return answer.replace(",", "") if _THOUSANDS.fullmatch(answer) else answer
