"""Reads a ground truth in any of the shapes that datasets have, or says why it cannot be used.

Text is mathematics unless it can only be JSON: an object, a list of strings or one quoted string.
`"42"`, `"[1,2]"` and `"{1,2}"` are therefore answers as they stand, while `'["1/2", "0.5"]'` are
two answers and `'{"kind": ...}'` is an object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from verifier.assertions import read_suite
from verifier.errors import GroundTruthError
from verifier.ground_truth import fields
from verifier.ground_truth.answers import read_answers
from verifier.ground_truth.fields import Row, read_limits
from verifier.ground_truth.livecodebench import read_livecodebench
from verifier.ground_truth.native import read_native
from verifier.ground_truth.pairs import read_packed_pairs, read_pairs
from verifier.ground_truth.suites import (
    read_assert_cases,
    read_check_suite,
    read_mbpp,
    read_skywork_suite,
)
from verifier.model import AssertTruth, GroundTruth, Kind, MathTruth, StdinTruth, TruthText

__all__ = ["GroundTruthError", "kind_of", "read_ground_truth", "read_limits", "truth_text"]


def _read_answer(row: Row) -> GroundTruth:
    return read_answers(row["answer"])


_SHAPES: tuple[tuple[frozenset[str], Callable[[Row], GroundTruth]], ...] = (
    (frozenset({"kind"}), read_native),
    (frozenset({"test_code", "entry_point"}), read_skywork_suite),
    (frozenset({"assert_case"}), read_assert_cases),
    (frozenset({"test_list"}), read_mbpp),
    (frozenset({"test", "entry_point"}), read_check_suite),
    (frozenset({"inputs", "outputs"}), read_pairs),
    (frozenset({"private_test_cases"}), read_livecodebench),
    (frozenset({"public_test_cases"}), read_livecodebench),
    (frozenset({"input_output"}), read_packed_pairs),
    (frozenset({"question", "answer"}), _read_answer),
)
"""The fields that tell a shape, and its reader; the first whose fields are all there reads."""


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
    if isinstance(truth, AssertTruth):
        check_suite(truth)
    return truth


def kind_of(raw: object) -> Kind:
    """What judging against it takes, told from its shape: much less than to read it.

    MATH where it cannot be used, which every worker can say."""
    if isinstance(raw, TruthText) and raw.kind is not None:
        return raw.kind
    try:
        if isinstance(raw, TruthText):
            raw = fields.parse_json(raw.text, "it")
        row = _decode(raw) if isinstance(raw, str) else raw
    except (GroundTruthError, RecursionError, ValueError):
        return Kind.MATH
    if not isinstance(row, Mapping):
        return Kind.MATH
    reader = _reader_of(row)
    if reader is read_native:
        return Kind.MATH if row["kind"] == "math" else Kind.CODE
    return Kind.MATH if reader in {None, _read_answer} else Kind.CODE


def _decode(text: str) -> Any:
    """The JSON value that `text` can only be, else `text` itself."""
    if not _may_be_json(text):
        return text
    stripped = text.strip()
    fields.refuse_too_many([stripped], "it")
    try:
        value = json.loads(stripped)
    except json.JSONDecodeError as error:
        if _MEANT_AS_JSON.match(stripped):
            raise fields.fail(f"it begins like JSON and is not ({error}).") from None
        return text
    if isinstance(value, dict | str):
        return value
    return value if value and all(isinstance(item, str) for item in value) else text


def _may_be_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "[", '"'))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_MEANT_AS_JSON = re.compile(r"\{\s*['\"]\w+['\"]\s*:|\[\s*\"")
"""What no mathematics begins with: an object's first key, or a list's first string."""


def _read(raw: Any) -> GroundTruth:
    if not isinstance(raw, Mapping):
        return read_answers(raw)
    row = fields.required_object(raw, "it")
    reader = _reader_of(row)
    if reader:
        return reader(row)
    given = [key for key, value in row.items() if value is not None]
    shown = ", ".join(f"`{key[:40]}`" for key in given[:6]) or "none"
    raise fields.fail(f"no known shape has these fields ({shown}); see the list of ground truths.")


def _reader_of(row: Row) -> Callable[[Row], GroundTruth] | None:
    for keys, reader in _SHAPES:
        if all(row.get(key) is not None for key in keys):
            return reader
    return None


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
