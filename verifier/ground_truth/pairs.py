"""Reads parallel `inputs` and `outputs`: TACO, APPS, LiveCodeBench and Skywork-OR1 suites."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from verifier.errors import GroundTruthError
from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.ground_truth.leetcode import LEETCODE_IMPORTS
from verifier.model import (
    ANY_LANGUAGE,
    CallCase,
    CallTruth,
    GroundTruth,
    StdinCase,
    StdinTruth,
)


def read_pairs(row: Row) -> GroundTruth:
    """`{"inputs", "outputs"[, "fn_name"]}`, one output for each input."""
    inputs, outputs = _entries(row, "inputs"), _entries(row, "outputs")
    if len(inputs) != len(outputs):
        raise fields.fail(f"there are {len(inputs)} `inputs` but {len(outputs)} `outputs`.")
    if fields.function_name(row):
        return _calls(row, list(zip(inputs, outputs, strict=True)))
    return stdin_truth(
        StdinCase(_lines(given, "inputs"), _lines(expected, "outputs"))
        for given, expected in zip(inputs, outputs, strict=True)
    )


def stdin_truth(cases: Iterable[StdinCase], language: str = ANY_LANGUAGE) -> StdinTruth:
    """Cases of a contest's problem, in whichever language it is solved."""
    return StdinTruth(cases=tuple(cases), language=language)


def _entries(row: Row, key: str) -> Sequence[Any]:
    """The list under `key`; some rows hold it as JSON text, some the only entry in its place."""
    value = row.get(key)
    if not isinstance(value, str):
        return fields.required_list(row, key)
    if value.lstrip().startswith(("[",) if fields.function_name(row) else ('["', "['")):
        return fields.required_list({key: fields.parse_value(value, f"`{key}`")}, key)
    return [value]


def read_packed_pairs(row: Row) -> GroundTruth:
    """An APPS or TACO row, whose `input_output` is the pairs as JSON text."""
    pairs = row["input_output"]
    if isinstance(pairs, str):
        pairs = fields.parse_json(pairs, "`input_output`")
    return read_pairs(fields.required_object(pairs, "`input_output`"))


def functional_case(given: str, expected: str) -> CallCase:
    """A LiveCodeBench call: one JSON argument a line, and the returned value as JSON; others have
    them as Python writes them, or as a call does (`1, 2`, `a = 1, b = 2`)."""
    return _called(fields.parse_value(expected, "an output"), given)


def _called(expected: Any, given: str) -> CallCase:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for line in given.split("\n"):
        if not line.strip():
            continue
        try:
            args.append(fields.parse_json(line, "an argument"))
        except GroundTruthError:
            more, named = _as_in_a_call(line)
            args += more
            kwargs |= named
    return CallCase(expected, tuple(args), kwargs)


def _as_in_a_call(line: str) -> tuple[list[Any], dict[str, Any]]:
    """The arguments in a line, by their places and by their names. Raises GroundTruthError."""
    with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        call = ast.parse(f"f({line.strip()})", mode="eval").body
        if isinstance(call, ast.Call) and all(keyword.arg for keyword in call.keywords):
            named = {keyword.arg or "": keyword.value for keyword in call.keywords}
            return (
                [ast.literal_eval(value) for value in call.args],
                {name: ast.literal_eval(value) for name, value in named.items()},
            )
    raise fields.fail("an argument is neither JSON nor a literal of Python's.")


def _lines(value: Any, key: str) -> str:
    """One text; some rows hold it as a list of lines, or as the number that it reads as."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list | tuple) and not any(
        isinstance(part, list | tuple) for part in value
    ):
        return "\n".join(_lines(part, key) for part in value)
    raise fields.fail(f"each of `{key}` must be a string or a list of lines.")


def _calls(row: Row, pairs: list[tuple[Any, Any]]) -> CallTruth:
    texts = (text for pair in pairs for text in pair if isinstance(text, str))
    fields.refuse_too_many(texts, "what `inputs` and `outputs` hold")
    return CallTruth(
        entry_point=fields.function_name(row) or "",
        cases=tuple(_call(given, expected) for given, expected in pairs),
        setup=LEETCODE_IMPORTS,
        json_shaped=True,
        # APPS writes a returned value alone in a list, TACO mostly as it is.
        maybe_wrapped=all(
            isinstance(given, list) and isinstance(out, list) and len(out) == 1
            for given, out in pairs
        ),
    )


def _call(given: Any, expected: Any) -> CallCase:
    if isinstance(given, str):
        if isinstance(expected, str):
            return functional_case(given, expected)
        return _called(expected, given)
    if isinstance(given, Mapping):
        return CallCase(expected, (), dict(fields.required_object(given, "each of `inputs`")))
    if not isinstance(given, list | tuple):
        raise fields.fail(
            "each of `inputs` must be a list of arguments, or an object of them by their names, "
            "where `fn_name` is given."
        )
    return CallCase(expected, tuple(given))
