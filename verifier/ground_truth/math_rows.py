"""Reads rows of mathematics: the answer under one of the names that data sets have for it."""

from __future__ import annotations

import re
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.answers import read_answers
from verifier.ground_truth.fields import Row
from verifier.math.extraction import boxed_answer
from verifier.model import MathTruth

_NAMES = (
    *("answer", "final_answer", "expected_answer", "reference_answer", "correct_answer"),
    *(
        "gold_answer",
        "gt_answer",
        "numerical_answer",
        "answers",
        "gold",
        "gt",
        "target",
        "reference",
    ),
)
"""The first that is there counts: `answer` is what the others are beside it, or longer."""
_SOLUTIONS = ("solution", "reference_solution", "gold_solution")
"""Whole solutions, as MATH has them: what is boxed at their end is the answer."""
_CHOICES = ("choices", "options")
_OF_TESTS = ("test", "assert", "checker", "judge", "grader", "toleranc", "atol", "entry", "fn")
_WORD = re.compile(r"[a-z]+")
_PROGRAM = re.compile(r"```|^[ \t]*(?:def|class|import|from)[ \t]+\w", re.MULTILINE)


def read_math_row(row: Row) -> MathTruth | None:
    """The answer of a row that no other shape fits, None where it has none.

    Raises GroundTruthError where the row says more of judging than an answer, or the answer is
    code, or a number beside choices."""
    by_name = {key.lower().replace(" ", "_"): value for key, value in row.items()}
    name = next((name for name in _NAMES if _is_there(by_name.get(name))), None)
    value = by_name[name] if name else _boxed(by_name)
    if value is None:
        return None
    for key, other in by_name.items():
        if _is_there(other) and any(w.startswith(_OF_TESTS) for w in _WORD.findall(key)):
            raise fields.fail(
                f"it has an answer and a field `{key[:40]}`, which is not read beside one; leave "
                "out what it should not be judged by."
            )
    if isinstance(value, str) and _PROGRAM.search(value):
        raise fields.fail("its answer is a program; tests say what programs should do.")
    if isinstance(value, int | float) and any(_is_there(by_name.get(key)) for key in _CHOICES):
        raise fields.fail(
            "its answer is a number beside choices, which may count from 0 or from 1; give the "
            "letter or the text of the right one."
        )
    return read_answers(value)


def _is_there(value: Any) -> bool:
    return value not in (None, "", [], {})


def _boxed(by_name: Row) -> str | None:
    """What a solution boxes."""
    texts = (by_name.get(name) for name in _SOLUTIONS)
    found = (boxed_answer(text) for text in texts if isinstance(text, str))
    return next((answer for answer in found if answer), None)
