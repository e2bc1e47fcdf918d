"""Reads a ground truth in any of the shapes that datasets have, or says why it cannot be used.

Text is mathematics unless it can only be JSON: an object, a list of strings or one quoted string.
`"42"`, `"[1,2]"` and `"{1,2}"` are therefore answers as they stand, while `'["1/2", "0.5"]'` are
two answers and `'{"kind": ...}'` is an object.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from sandbox import PYTHON
from verifier.errors import GroundTruthError
from verifier.ground_truth import fields
from verifier.ground_truth.answers import read_answers
from verifier.ground_truth.case_lists import read_cases
from verifier.ground_truth.fields import read_limits
from verifier.ground_truth.math_rows import read_math_row
from verifier.ground_truth.modules_of_tests import CODE, reads_as_tests
from verifier.ground_truth.other_languages import refuse_missing_libraries
from verifier.ground_truth.shapes import ANSWER, NATIVE, WRAPPERS, read_row, shape_of
from verifier.ground_truth.statements import with_statement_of
from verifier.ground_truth.suites import read_test_module, read_texts
from verifier.model import (
    AssertTruth,
    Checker,
    GroundTruth,
    Kind,
    MathTruth,
    StdinTruth,
    TruthText,
)
from verifier.programs.assertions import read_suite

__all__ = ["GroundTruthError", "kind_of", "read_ground_truth", "read_limits", "truth_text"]

MAX_WRAPPED = 4
"""Wrappers around a ground truth."""


def truth_text(raw: Any) -> TruthText:
    """It as text, whether it can be used or not: JSON's null says what JSON cannot."""
    if isinstance(raw, TruthText):
        return raw
    try:
        text = json.dumps(raw, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        text = "null"
    # Of text that has to be parsed for it, only whoever needs to know finds out.
    return TruthText(text, None if isinstance(raw, str) and _may_be_json(raw) else kind_of(raw))


def read_ground_truth(
    raw: object, check_suite: Callable[[AssertTruth], object] = read_suite
) -> GroundTruth:
    """The ground truth in `raw`, which is any JSON value or a `TruthText`.

    `check_suite` says now, rather than at the first rollout, whether a suite can be used.
    Raises GroundTruthError, and nothing else but what `check_suite` raises, where it cannot."""
    try:
        if isinstance(raw, TruthText):
            raw = fields.parse_json(raw.text, "it", parse_constant=_refuse_constant)
        truth = _read(_decode(raw) if isinstance(raw, str) else raw)
        _refuse_surrogates(truth)
    except RecursionError:
        raise fields.fail("it is nested too deeply.") from None
    except ValueError as error:  # integers of more digits than Python turns into text
        raise fields.fail(f"a value in it is out of range ({error}).") from None
    if _expects_nothing(truth):
        raise fields.fail("it expects no output of any case, which an empty program has.")
    if isinstance(truth, AssertTruth):
        (check_suite if truth.language == PYTHON else refuse_missing_libraries)(truth)
    return truth


def _expects_nothing(truth: GroundTruth) -> bool:
    """Whether an empty program would be right: no case has an output, nor a program that judges."""
    return (
        isinstance(truth, StdinTruth)
        and isinstance(truth.checker, Checker)
        and truth.interactor is None
        and not any(case.output.strip() for case in truth.cases)
    )


def kind_of(raw: object) -> Kind:
    """What judging against it takes, told from its shape: much less than to read it.

    MATH where it cannot be used, which every worker can say. CODE for an answer that has a word of
    tests in it: only to read it would tell, and who has a sandbox judges answers too."""
    if isinstance(raw, TruthText) and raw.kind is not None:
        return raw.kind
    try:
        if isinstance(raw, TruthText):
            raw = fields.parse_json(raw.text, "it")
        row = _decode(raw) if isinstance(raw, str) else raw
    except (GroundTruthError, RecursionError, ValueError):
        return Kind.MATH
    return Kind.CODE if _takes_a_sandbox(row) else Kind.MATH


def _takes_a_sandbox(value: Any, depth: int = 0) -> bool:
    """Whether a ground truth is code, told by its shape, or by the value that it wraps."""
    if isinstance(value, str):
        return CODE.search(value) is not None
    if isinstance(value, list):
        if (inner := _only_text(value)) is not None:
            return _takes_a_sandbox(inner)
        return any(
            isinstance(item, Mapping) or (isinstance(item, str) and _takes_a_sandbox(item))
            for item in value
        )
    if not isinstance(value, Mapping):
        return False
    value = _named_as_usual(value)
    shape = shape_of(value)
    if shape is not None and shape is not ANSWER:
        return value["kind"] != "math" if shape is NATIVE else True
    inner = _wrapped(value) if shape is None else _tests_in(value, "answer")
    if isinstance(inner, str):
        return kind_of(inner) is Kind.CODE
    return depth < MAX_WRAPPED and inner is not None and _takes_a_sandbox(inner, depth + 1)


def _only_text(values: Any) -> Any:
    """The list or object of tests whose JSON text is all that a list holds, as open-instruct's have
    it; None where it holds anything else."""
    text = values[0] if len(values) == 1 else None
    if not (isinstance(text, str) and text.lstrip().startswith(("[", "{"))):
        return None
    decoded = _decode(text)
    return None if isinstance(decoded, str) or not _takes_a_sandbox(decoded) else decoded


def _wrapped(row: Mapping[str, Any]) -> Any:
    found = next((row[key] for key in WRAPPERS if row.get(key) is not None), None)
    for key in ("answer", "info"):
        found = _tests_in(row, key) if found is None else found
    return found


def _named_as_usual(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Rows of data sets with the field names that they mostly have; native ones have no others."""
    is_of_data_set = "kind" not in row and all(isinstance(key, str) for key in row)
    return fields.snake_cased(row) if is_of_data_set else row


def _tests_in(row: Mapping[str, Any], key: str) -> Any:
    """What stands under `key`, where it is tests of code; else None: mathematics has its `answer`
    there, and others have in `info` what says nothing of judging."""
    value = row.get(key)
    decoded = _decode(value) if isinstance(value, str) else value
    if isinstance(decoded, str):
        return decoded if reads_as_tests(decoded) else None
    return decoded if _takes_a_sandbox(decoded) else None


def _decode(text: str) -> Any:
    """The JSON value that `text` can only be, else `text` itself."""
    if not _may_be_json(text):
        return text
    stripped = text.strip()
    fields.refuse_too_many([stripped], "it")
    try:
        value = json.loads(stripped)
    except json.JSONDecodeError as error:
        if _MEANT_AS_PYTHON.match(stripped):
            return _literal(stripped)
        if _MEANT_AS_JSON.match(stripped):
            raise fields.fail(f"it begins like JSON and is not ({error}).") from None
        return text
    if isinstance(value, str):  # dumped twice, where an object or a list is in it
        return _decode(value) if value.lstrip().startswith(("{", "[")) else value
    if isinstance(value, dict):
        return value
    # A list of lists or of numbers is an interval, a matrix, a set of points.
    return value if value and all(isinstance(item, str | dict) for item in value) else text


def _may_be_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "[", '"'))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _literal(text: str) -> Any:
    """The value of what `str` made of a list or an object, as some tables hold them."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise fields.fail("it begins like a list or an object and is neither.") from None


_MEANT_AS_PYTHON = re.compile(
    r"\[\s*\{\s*'|\{\s*'\w+'\s*:|\[\s*['\"]\s*(?:assert|def|from|import)\b"
)
_MEANT_AS_JSON = re.compile(r"\{\s*['\"]\w+['\"]\s*:|\[\s*\"")
"""What no mathematics begins with: an object's first key, or a list's first string."""


def _read(raw: Any, depth: int = 0) -> GroundTruth:
    """Chooses the reader by the shape of `raw`; a wrapped ground truth is unwrapped first."""
    if isinstance(raw, str) and reads_as_tests(raw):
        return read_test_module({"test": raw})
    if isinstance(raw, list | tuple) and (inner := _only_text(raw)) is not None:
        return _read(inner, depth + 1)
    if isinstance(raw, list | tuple) and any(isinstance(item, Mapping) for item in raw):
        return with_statement_of({}, read_cases(raw))
    if isinstance(raw, list | tuple) and any(
        isinstance(item, str) and reads_as_tests(item) for item in raw
    ):
        return read_texts(raw)
    if not isinstance(raw, Mapping):
        return read_answers(raw)
    row = _named_as_usual(fields.required_object(raw, "it"))
    shape = shape_of(row)
    inner = _tests_in(row, "answer") if shape is ANSWER else None
    if shape is not None and inner is None:
        return read_row(row, shape)
    inner = _wrapped(row) if inner is None else inner
    if inner is not None and depth < MAX_WRAPPED:
        truth = _read(_decode(inner) if isinstance(inner, str) else inner, depth + 1)
        return with_statement_of(row, truth)
    if (answer := read_math_row(row)) is not None:
        return answer
    given = [key for key, value in row.items() if value is not None]
    shown = ", ".join(f"`{key[:40]}`" for key in given[:6]) or "none"
    raise fields.fail(f"no known shape has these fields ({shown}); see the list of ground truths.")


def _refuse_surrogates(truth: GroundTruth) -> None:
    """A lone surrogate is legal JSON, but no text that a process can be given.

    Arguments and returned values may hold them: they travel as escapes."""
    try:
        for text in _texts(truth):
            text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise fields.fail("a text in it holds a lone surrogate, which is no character.") from None


def _texts(truth: GroundTruth) -> Iterator[str]:
    if isinstance(truth, MathTruth):
        yield from truth.answers
    elif isinstance(truth, StdinTruth):
        for case in truth.cases:
            yield from (case.input, case.output)
    else:
        yield truth.setup
        if isinstance(truth, AssertTruth):
            yield truth.test
