"""Compares what came out of a candidate with what was expected: texts and returned values.

What came out is plain data made by `sandbox.runs.codec`; nothing here calls anything of a
candidate's. Comparison takes no recursion, so that nesting costs nothing but its length.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbox import Built, Opaque
from verifier.model import CallTruth, Checker
from verifier.programs.nodes import BY_BUILDER, is_built, node_values

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_MAX_NUMBER_CHARS = 10_000


def output_matches(expected: str, got: bytes, checker: Checker) -> bool:
    """Whether a program's standard output is the expected one.

    Bytes that are no UTF-8 match nothing that a ground truth can hold."""
    return text_matches(expected, got.decode("utf-8", "surrogateescape"), checker)


def text_matches(expected: str, text: str, checker: Checker) -> bool:
    """Whether `checker` takes one text for the other."""
    if checker.kind == "exact":
        return text == expected
    if checker.kind == "lines":
        return _same_lines(expected.rstrip(), text.rstrip())
    if checker.kind == "number_lines":
        return _same_number_lines(expected.strip(), text.strip())
    if checker.kind == "unordered_lines":
        return _same_lines_in_any_order(expected.rstrip(), text.rstrip())
    # No more is taken apart than can match: a flood costs its length, not its number of parts.
    wanted = expected.split()
    found = text.split(None, len(wanted))
    if checker.kind == "tokens":
        return wanted == found
    return len(wanted) == len(found) and all(
        want == token or _same_token(want, token, checker)
        for want, token in zip(wanted, found, strict=True)
    )


def _same_token(want: str, token: str, checker: Checker) -> bool:
    """Whether two tokens that differ may stand for one another."""
    if checker.kind == "float":
        return _close_tokens(want, token, checker.tolerance)
    if checker.kind == "case_insensitive" and want.casefold() == token.casefold():
        return True
    # A number that is written as no integer is, is one of many that are right.
    decimal = "." in want or "e" in want.lower()
    return decimal and _close_tokens(want, token, checker.tolerance)


def _same_lines(expected: str, text: str) -> bool:
    """Whether two texts without white space at the end have the same lines but for theirs."""
    if text.count("\n") != expected.count("\n"):
        return False
    return all(
        line.rstrip() == wanted.rstrip()
        for line, wanted in zip(text.split("\n"), expected.split("\n"), strict=True)
    )


def _same_number_lines(expected: str, text: str) -> bool:
    """Whether two texts without white space around them have lines of the same text or numbers."""
    if text.count("\n") != expected.count("\n"):
        return False
    return all(
        line.strip() == wanted.strip() or _same_numbers(wanted.split(), line.split())
        for line, wanted in zip(text.split("\n"), expected.split("\n"), strict=True)
    )


def _same_numbers(expected: list[str], got: list[str]) -> bool:
    """Whether both are numbers alone, and the same, to the last digit."""
    if len(expected) != len(got):
        return False
    if not all(len(it) <= _MAX_NUMBER_CHARS and _NUMBER.fullmatch(it) for it in expected + got):
        return False
    try:
        return list(map(Decimal, expected)) == list(map(Decimal, got))
    except ArithmeticError:  # an exponent beyond all
        return False


def _same_lines_in_any_order(expected: str, text: str) -> bool:
    if text.count("\n") != expected.count("\n"):
        return False
    wanted, found = (Counter(map(str.rstrip, part.split("\n"))) for part in (expected, text))
    return wanted == found


def _close_tokens(expected: str, got: str, tolerance: float) -> bool:
    if len(got) > _MAX_NUMBER_CHARS or not (_NUMBER.fullmatch(expected) and _NUMBER.fullmatch(got)):
        return False
    want, value = float(expected), float(got)
    return math.isfinite(want) and _close(want, value, tolerance)  # out of range: not known


def _close(expected: float, got: float, tolerance: float) -> bool:
    if not (math.isfinite(expected) and math.isfinite(got)):
        return expected == got
    return abs(expected - got) <= tolerance * max(1.0, abs(expected))


def value_matches(expected: Any, got: Any, truth: CallTruth) -> bool:
    """Whether a returned value is the one a case of `truth` expects."""
    checker = truth.checker
    if checker is not None and isinstance(expected, str) and isinstance(got, str):
        return text_matches(expected, got, checker)
    if checker is not None and checker.kind not in {"float", "numbers"}:
        checker = None
    if same_value(expected, got, json_shaped=truth.json_shaped, numbers=checker):
        return True
    return truth.maybe_wrapped and same_value(
        expected[0], got, json_shaped=truth.json_shaped, numbers=checker
    )


def same_value(
    expected: Any, got: Any, *, json_shaped: bool = False, numbers: Checker | None = None
) -> bool:
    """Whether two plain values are equal as Python's `==` says, but that NaN equals NaN.

    `json_shaped`: tuples equal lists and a dict's keys are compared as JSON writes them.
    `numbers`: the checker `float` or `numbers`, by which numbers are compared."""
    pending = [(expected, got)]
    while pending:
        want, value = pending.pop()
        if isinstance(value, Opaque) or isinstance(want, Built):
            if not (isinstance(want, Built) and same_nodes(want, value)):
                return False
        elif isinstance(want, list | tuple):
            if not _same_kind(want, value, json_shaped) or len(want) != len(value):
                return False
            pending.extend(zip(want, value, strict=True))
        elif isinstance(want, dict):
            found = _json_keys(value) if json_shaped else value
            if not isinstance(found, dict) or len(want) != len(found):
                return False
            if any(key not in found for key in want):
                return False
            pending.extend((item, found[key]) for key, item in want.items())
        elif not _same_leaf(want, value, numbers):
            return False
    return True


def _same_kind(want: Sequence[Any], value: Any, json_shaped: bool) -> bool:
    if json_shaped:
        return isinstance(value, list | tuple)
    return isinstance(value, list if isinstance(want, list) else tuple)


def _same_leaf(want: Any, value: Any, numbers: Checker | None) -> bool:
    """Whether two values without parts are the same, as numbers where a checker compares these."""
    if isinstance(want, float) and isinstance(value, float) and math.isnan(want):
        return math.isnan(value)
    if numbers is not None and _is_number(want) and _is_number(value):
        if numbers.kind == "numbers" and not isinstance(want, float):
            return bool(want == value)
        try:
            return _close(float(want), float(value), numbers.tolerance)
        except OverflowError:
            return bool(want == value)
    return bool(want == value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def _json_keys(value: Any) -> Any:
    """A dict with its keys as JSON writes them; anything else as it is."""
    if not isinstance(value, dict):
        return value
    names = {True: "true", False: "false", None: "null"}
    keyed: dict[Any, Any] = {}
    for key, item in value.items():
        if isinstance(key, bool) or key is None:
            keyed[names[key]] = item
        elif isinstance(key, float) or (isinstance(key, int) and key.bit_length() < 10_000):
            keyed[repr(key)] = item
        else:
            keyed[key] = item
    return keyed


def same_nodes(expected: Built, got: Any) -> bool:
    """Whether a returned linked list or tree holds what `list_node` or `tree_node` builds."""
    if not is_built(expected) or len(expected.args) != 1:
        return False
    values = node_values(expected)
    if got is None or not values:
        return got is None and not values
    if not isinstance(got, Opaque) or got.type_name != BY_BUILDER[expected.name].type_name:
        return False
    return got.items is not None and same_value(values, list(got.items))
