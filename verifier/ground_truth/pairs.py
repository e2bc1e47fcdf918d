"""Reads parallel `inputs` and `outputs`: TACO, APPS, LiveCodeBench and Skywork-OR1 suites."""

from __future__ import annotations

from typing import Any

from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.model import CallCase, CallTruth, GroundTruth, StdinCase, StdinTruth

LEETCODE_IMPORTS = """\
import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, random
import re, string, sys
from bisect import *
from collections import *
from copy import *
from functools import *
from heapq import *
from itertools import *
from math import *
from typing import *
"""
"""What LeetCode itself imports for a solution, as far as its solutions rely on it."""


def read_pairs(row: Row) -> GroundTruth:
    """`{"inputs", "outputs"[, "fn_name"]}`, one output for each input."""
    inputs, outputs = fields.required_list(row, "inputs"), fields.required_list(row, "outputs")
    if len(inputs) != len(outputs):
        raise fields.fail(f"there are {len(inputs)} `inputs` but {len(outputs)} `outputs`.")
    if row.get("fn_name"):
        return _calls(row, list(zip(inputs, outputs, strict=True)))
    return StdinTruth(
        cases=tuple(
            StdinCase(_lines(given, "inputs"), _lines(expected, "outputs"))
            for given, expected in zip(inputs, outputs, strict=True)
        )
    )


def read_packed_pairs(row: Row) -> GroundTruth:
    """An APPS or TACO row, whose `input_output` is the pairs as JSON text."""
    pairs = row["input_output"]
    if isinstance(pairs, str):
        pairs = fields.parse_json(pairs, "`input_output`")
    return read_pairs(fields.required_object(pairs, "`input_output`"))


def functional_case(given: str, expected: str) -> CallCase:
    """A LiveCodeBench call: one JSON argument a line, and the returned value as JSON."""
    lines = [line for line in given.split("\n") if line.strip()]
    return CallCase(
        fields.parse_json(expected, "an output"),
        tuple(fields.parse_json(line, "an argument") for line in lines),
    )


def _lines(value: Any, key: str) -> str:
    """One text; some rows hold it as a list of lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    raise fields.fail(f"each of `{key}` must be a string or a list of lines.")


def _calls(row: Row, pairs: list[tuple[Any, Any]]) -> CallTruth:
    name = fields.entry_point(row, "fn_name")
    if all(isinstance(given, str) and isinstance(expected, str) for given, expected in pairs):
        cases = tuple(functional_case(given, expected) for given, expected in pairs)
        return CallTruth(entry_point=name, cases=cases, setup=LEETCODE_IMPORTS, json_shaped=True)
    if not all(isinstance(given, list | tuple) for given, _ in pairs):
        raise fields.fail("each of `inputs` must be a list of arguments where `fn_name` is given.")
    return CallTruth(
        entry_point=name,
        cases=tuple(CallCase(expected, tuple(given)) for given, expected in pairs),
        setup=LEETCODE_IMPORTS,
        json_shaped=True,
        # APPS writes a returned value alone in a list, TACO mostly as it is.
        maybe_wrapped=all(isinstance(out, list) and len(out) == 1 for _, out in pairs),
    )
