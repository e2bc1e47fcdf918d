"""Reads lists of test cases: DeepCoder, open-instruct, SYNTHETIC-1, INTELLECT, ScaleBox, NeMo-Gym.

A case is `{"input", "output"}` and may say what it is for (`testtype` or `type`) and which function
it calls (`fn_name`, or `func_name` in its `metadata`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.fields import FUNCTION_NAMES, Row
from verifier.ground_truth.judging_programs import with_programs_of
from verifier.ground_truth.pairs import read_pairs
from verifier.ground_truth.suites import read_assertions, read_functional, read_test_module
from verifier.model import GroundTruth

_STDIN = frozenset({"stdin", "stdin_stdout", "stdio"})
_CALLS = frozenset({"functional", "function_call", "function", "call_based"})
_NAMES = {
    "input": ("input", "stdin", "in", "args"),
    "output": ("output", "expected_output", "expected", "stdout", "out", "answer"),
}
"""What data sets call the two parts of a case."""
_OF_A_CASE = frozenset(
    {"testtype", "type", "metadata", "explanation", "id", "idx"}
    | {*FUNCTION_NAMES.split(), *(name for names in _NAMES.values() for name in names)}
)


def read_cases(raw: Sequence[Any], owner: Row | None = None) -> GroundTruth:
    """A list of cases; `owner` is the row that holds it, which may name the function instead."""
    cases = [fields.snake_cased(fields.required_object(case, "Each test case")) for case in raw]
    if not cases:
        raise fields.fail("it holds no test cases.")
    for case in cases:
        fields.only_known(case, _OF_A_CASE, "A test case")
    names = {name for case in cases if (name := _function_name(case))}
    names = names or {name for name in [_function_name(owner or {})] if name}
    kinds = {str(case.get("testtype") or case.get("type") or "") for case in cases} - {""}
    calls = bool(kinds & _CALLS) or (not kinds and bool(names))
    if (kinds - _CALLS if calls else kinds - _STDIN) or len(names) > 1:
        raise fields.fail(
            "`type` must be `stdin` or `functional`, and `fn_name` the same, for every case."
        )
    if calls and not names:
        raise fields.fail("its cases are calls, and no `fn_name` says of what.")
    pairs = {f"{part}s": [_part(case, part) for case in cases] for part in _NAMES}
    return read_pairs({**pairs, "fn_name": names.pop()} if calls else pairs)


def _part(case: Row, part: str) -> Any:
    """A case's input or output, under whichever name."""
    given = [name for name in _NAMES[part] if case.get(name) is not None]
    if len(given) > 1:
        raise fields.fail(f"a test case has both `{given[0]}` and `{given[1]}`; leave one out.")
    return case[given[0]] if given else None


def _function_name(case: Row) -> str | None:
    if (name := fields.function_name(case)) is not None:
        return name
    metadata = fields.unpacked(case.get("metadata"), "`metadata`")
    if isinstance(metadata, Mapping) and metadata.get("func_name"):
        return fields.entry_point(metadata, "func_name")
    return None


def read_test_cases(row: Row) -> GroundTruth:
    """`test_cases`: assertions, a list of cases, or one object of inputs and outputs; or its JSON
    text."""
    raw = row["test_cases"]
    raw = fields.unpacked(raw, "`test_cases`")
    if isinstance(raw, Mapping):
        return with_programs_of(raw, read_columns(raw))
    if raw and isinstance(raw, list) and all(isinstance(case, str) for case in raw):
        return read_assertions({**row, "test_cases": raw})
    if isinstance(raw, list) and all(_is_pair(case) for case in raw):
        raw = [{"input": given, "output": expected} for given, expected in raw]
    return read_cases(fields.required_list({"test_cases": raw}, "test_cases"), row)


def _is_pair(case: Any) -> bool:
    return isinstance(case, list | tuple) and len(case) == 2


def read_tests(row: Row) -> GroundTruth:
    """`tests`: DeepCoder's list of cases, or columns, or the JSON text of these; else a module."""
    raw = row["tests"]
    if isinstance(raw, str) and not raw.lstrip().startswith(("[", "{")):
        return read_test_module(row)
    raw = fields.unpacked(raw, "`tests`")
    if isinstance(raw, Mapping) and raw.get("functional"):
        return read_functional(raw)
    return read_test_cases({**row, "test_cases": raw})


def read_testcases(row: Row) -> GroundTruth:
    """The same under `testcases`."""
    raw = row["testcases"]
    if isinstance(raw, str) and not raw.lstrip().startswith(("[", "{")):
        return read_test_module(row)
    return read_test_cases({**row, "test_cases": raw})


def read_test(row: Row) -> GroundTruth:
    """The same under `test`, of which LiveCodeBench's lighter rows have cases."""
    raw = row["test"]
    if isinstance(raw, str) and re.match(r"\s*\[\s*\{", raw):
        return read_test_cases({**row, "test_cases": raw})
    return read_test_module(row)


def read_hidden_unit_tests(row: Row) -> GroundTruth:
    """xCodeEval: `[{"input", "output": [...]}]`, each output one of those that are right."""
    raw = fields.required_list(row, "hidden_unit_tests")
    cases = [fields.required_object(case, "Each of `hidden_unit_tests`") for case in raw]
    if any(isinstance(case.get("output"), list) and len(case["output"]) != 1 for case in cases):
        raise fields.fail("a case has several outputs, of which any is right; give it a checker.")
    return read_cases(cases)


def read_unit_tests(row: Row) -> GroundTruth:
    """NeMo-Gym: `{"unit_tests": {"inputs", "outputs"[, "fn_name"]}}`; OpenCodeInstruct's are
    assertions."""
    raw = fields.unpacked(row["unit_tests"], "`unit_tests`")
    if isinstance(raw, str):
        return read_test_module({"test": raw})
    if isinstance(raw, list):
        return read_test_cases({"test_cases": raw})
    return read_columns(fields.required_object(raw, "`unit_tests`"))


def read_named_columns(row: Row) -> GroundTruth:
    """`read_columns` of `test_inputs` and `test_outputs`, `inputs` and `expected_outputs`."""
    given = {"test_inputs": "inputs", "test_outputs": "outputs", "expected_outputs": "outputs"}
    return read_columns({given.get(key, key): value for key, value in row.items()})


def read_columns(columns: Row) -> GroundTruth:
    """`{"input" or "inputs", "output" or "outputs"[, "fn_name", "type"]}`, parallel lists."""
    kind = str(columns.get("type") or "")
    if kind and kind not in _STDIN | _CALLS:
        raise fields.fail("`type` must be `stdin` or `functional`.")
    pairs = {
        f"{key}s": columns.get(key) if columns.get(f"{key}s") is None else columns[f"{key}s"]
        for key in ("input", "output")
    }
    return read_pairs({**pairs, "fn_name": fields.function_name(columns)})
