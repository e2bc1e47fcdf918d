"""Outputs and returned values are compared as the datasets' own judges compare them."""

import copy
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Built, Opaque
from sandbox.runs import codec
from verifier.model import CallTruth, Checker
from verifier.programs.checkers import (
    output_matches,
    same_nodes,
    same_value,
    value_matches,
)

LINES, EXACT, TOKENS = Checker("lines"), Checker("exact"), Checker("tokens")
FLOAT = Checker("float", 1e-3)
NUMBERS, ANY_CASE = Checker(), Checker("case_insensitive")
NUMBER_LINES = Checker("number_lines")


@pytest.mark.parametrize(
    ("checker", "expected", "got", "matches"),
    [
        (LINES, "1\n2\n", b"1\n2\n", True),
        (LINES, "1\n2", b"1  \n2\t\n\n\n", True),
        (LINES, "1\n2\n", b"1\r\n2\r\n", True),
        (LINES, "", b"\n \n", True),
        (LINES, "1\n\n2", b"1\n2", False),
        (LINES, "1 2", b"1  2", False),
        (LINES, " 1", b"1", False),
        (LINES, "Yes", b"yes", False),
        (LINES, "\u00e9", "\u00e9".encode(), True),
        (LINES, "\u00e9", "\u00e9".encode("latin-1"), False),
        (LINES, "\ufffd", b"\xff", False),
        (EXACT, "1\n", b"1\n", True),
        (EXACT, "1\n", b"1", False),
        (EXACT, "1 \n", b"1\n", False),
        (TOKENS, "1 2\n3", b"1\n2 3\n", True),
        (TOKENS, "1 2", b"12", False),
        (TOKENS, "1.0", b"1", False),
        (NUMBER_LINES, "1 2\n3\n", b"\n1.0  2e0\n 3", True),
        (NUMBER_LINES, "yes 1", b" yes 1 ", True),
        (NUMBER_LINES, "yes 1", b"yes 1.0", False),
        (NUMBER_LINES, "1 2", b"1\n2", False),
        (NUMBER_LINES, "1\n\n2", b"1\n2", False),
        (NUMBER_LINES, "0.1", b"0.10000000000000000001", False),
        (NUMBER_LINES, "1e999999999999999999999", b"1e999999999999999999998", False),
        (NUMBERS, "1 2\n3", b" 1\n2  3\n", True),
        (NUMBERS, "0.333333", b"0.3333331", True),
        (NUMBERS, "0.333333", b"0.34", False),
        (NUMBERS, "3", b"3.000", False),
        (NUMBERS, "3", b"3.0000001", False),
        (NUMBERS, "3", b"4", False),
        (NUMBERS, "11", b"0011", False),
        (NUMBERS, "a", b"a.0", False),
        (NUMBERS, "YES 1", b"Yes 1", False),
        (NUMBERS, "YES", b"no", False),
        (ANY_CASE, "YES 1", b"Yes 1", True),
        (ANY_CASE, "Alice 0.5", b"ALICE 0.50000001", True),
        (ANY_CASE, "Alice 0.5", b"BOB 0.5", False),
        (FLOAT, "1.0 yes", b"1 yes\n", True),
        (FLOAT, "3.14159", b"3.1416", True),
        (FLOAT, "3.14159", b"3.15", False),
        (FLOAT, "1000000", b"1000900.0", True),
        (FLOAT, "1e3", b"1000", True),
        (FLOAT, "-.5", b"-0.5", True),
        (FLOAT, "1", b"1 1", False),
        (FLOAT, "yes", b"Yes", False),
        (FLOAT, "nan", b"nan", True),
        (FLOAT, "nan", b"1", False),
        (FLOAT, "1", b"nan", False),
        (FLOAT, "1", b"inf", False),
        (FLOAT, "inf", b"inf", True),
        (FLOAT, "1", b"1_0", False),
        (FLOAT, "1", b"0x1", False),
        (FLOAT, "1" * 400, b"1" * 400, True),
        (FLOAT, "1" * 400, b"2" * 400, False),
        (FLOAT, "1", "\u0661".encode(), False),
    ],
)
def test_outputs(checker: Checker, expected: str, got: bytes, matches: bool) -> None:
    assert output_matches(expected, got, checker) is matches


def test_a_flood_of_digits_is_compared_at_once() -> None:
    """A pattern that backtracks, or a conversion to a float, would take hours."""
    assert not output_matches("1", b"1" * 10_000_000 + b"x", FLOAT)
    assert not output_matches("1", b"1" * 10_000_000, FLOAT)


hashables = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.integers()
    | st.sampled_from([0.0, -0.0, 1.0, 0.5, math.inf, 1e300, 1j, complex(1, 0)])
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=3)
    | st.sampled_from(["", "a", "\ud800", b"", b"a"])
    | st.integers(0, 1).map(lambda n: 10 ** (5000 + n)),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=6,
)
plain = st.recursive(
    hashables | st.sets(hashables, max_size=3) | st.binary(max_size=2).map(bytearray),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(hashables, inner, max_size=3)
    ),
    max_leaves=8,
)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


few_texts = st.text("ab \n\r\t\x1c", max_size=8)


@given(few_texts, few_texts)
def test_what_is_not_taken_apart_could_not_have_matched(expected: str, got: str) -> None:
    same = {"lines": _lines(expected) == _lines(got), "tokens": expected.split() == got.split()}
    for kind in ("lines", "tokens"):
        assert output_matches(expected, got.encode(), Checker(kind)) is same[kind]


@given(plain, plain)
def test_values_are_equal_as_python_says(left: Any, right: Any) -> None:
    assert same_value(left, right) is (left == right)


@given(plain, st.data())
def test_a_value_equals_its_copy_and_not_a_changed_one(value: Any, data: st.DataObject) -> None:
    twin = copy.deepcopy(value)
    assert same_value(value, twin)
    changed = _changed(twin, data)
    assert same_value(value, changed) is (value == changed)


def _changed(value: Any, data: st.DataObject) -> Any:
    """`value` with one thing in it replaced, however deep."""
    if isinstance(value, list | tuple) and value and data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(value) - 1))
        parts = [*value[:place], _changed(value[place], data), *value[place + 1 :]]
        return type(value)(parts)
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(list(value)))
        return {**value, key: _changed(value[key], data)}
    return data.draw(plain)


@pytest.mark.parametrize(
    ("expected", "got", "equal"),
    [
        ([1, 2], (1, 2), False),
        ((1, 2), [1, 2], False),
        (1, True, True),
        (1, 1.0, True),
        ({1: "a"}, {True: "a"}, True),
        ({1, 2}, frozenset({2, 1}), True),
        ({1, 2}, [1, 2], False),
        ("1", 1, False),
        (None, False, False),
        ([], None, False),
        (0.1 + 0.2, 0.3, False),
        (2**53, float(2**53), True),
        (2**53 + 1, float(2**53), False),
        ("\ud800", "\ud800", True),
        ("\ud800", "\ud801", False),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1}, [("a", 1)], False),
        ([1], range(1, 2), False),
        (b"a", "a", False),
        (b"a", bytearray(b"a"), True),
    ],
)
def test_values_whose_equality_surprises(expected: Any, got: Any, equal: bool) -> None:
    assert (expected == got) is equal
    assert same_value(expected, got) is equal


def test_not_a_number_is_the_answer_where_it_is_expected() -> None:
    """The one departure from Python, whose own judges cannot accept such an answer at all."""
    assert same_value(math.nan, float("nan"))
    assert same_value([{"a": (math.nan,)}], [{"a": (float("nan"),)}])
    assert not same_value(math.nan, 0.0)
    assert not same_value(0.0, math.nan)


def test_nesting_costs_nothing_but_its_length() -> None:
    left: Any = 0
    right: Any = 0
    for _ in range(100_000):
        left, right = [left], [right]
    assert same_value(left, right)
    assert not same_value(left, [right])


json_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
json_plain: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | json_texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(json_texts, inner, max_size=3)
        | st.dictionaries(st.integers(), inner, max_size=3)
        | st.dictionaries(st.none() | st.floats(allow_nan=False, allow_infinity=False), inner)
    ),
    max_leaves=10,
)


@given(json_plain)
def test_json_shaped_values_equal_what_json_makes_of_them(value: Any) -> None:
    assert same_value(json.loads(json.dumps(value)), value, json_shaped=True)


@given(json_plain, json_plain)
def test_json_shaped_values_differ_where_json_does(left: Any, right: Any) -> None:
    expected, got = json.loads(json.dumps(left)), json.loads(json.dumps(right))
    assert same_value(expected, right, json_shaped=True) is (expected == got)


def test_json_has_no_sets() -> None:
    assert not same_value([1], {1}, json_shaped=True)


def test_objects_that_are_no_plain_data_equal_nothing() -> None:
    opaque = Opaque("Evil", (1, 2))
    plain: list[Any] = [[1, 2], (1, 2), None, {}, set(), 0, ""]
    for expected in (*plain, opaque):
        assert not same_value(expected, opaque)
        assert not same_value([expected], [opaque])
    assert not same_value({1: 2}, codec.decode(b'{"d":[[{"o":["Evil",null]},2]]}'))
    assert not same_value({1}, codec.decode(b'{"s":[{"o":["Evil",null]}]}'))


def test_numbers_within_the_tolerance_are_equal_however_deep() -> None:
    assert same_value([1.0, {"a": 1000}], [1.0005, {"a": 1000.5}], numbers=FLOAT)
    assert not same_value([1.0], [1.01], numbers=FLOAT)
    assert not same_value(1, True + 1, numbers=FLOAT)
    assert same_value(10**400, 10**400, numbers=FLOAT)
    assert not same_value(10**400, 1.0, numbers=FLOAT)
    assert not same_value(1.0, math.inf, numbers=FLOAT)


def call_truth(**options: Any) -> CallTruth:
    return CallTruth(entry_point="f", cases=(), **options)


def test_a_wrapped_value_counts_as_itself_where_the_dataset_wraps_some() -> None:
    wrapping = call_truth(maybe_wrapped=True, json_shaped=True)
    assert value_matches([3], 3, wrapping)
    assert value_matches([3], [3], wrapping)
    assert value_matches([[1, 2]], (1, 2), wrapping)
    assert not value_matches([3], [[3]], wrapping)
    assert not value_matches([3], 3, call_truth(json_shaped=True))


def test_a_checker_compares_returned_texts_as_outputs() -> None:
    assert value_matches("1 2", "1\n2", call_truth(checker=TOKENS))
    assert not value_matches("1 2", "1\n2", call_truth())
    assert value_matches("0.5", "0.5000001", call_truth(checker=FLOAT))
    assert value_matches([0.5], [0.5000001], call_truth(checker=FLOAT))
    assert not value_matches("a\n", "a", call_truth(checker=EXACT))
    assert value_matches("\ud800", "\ud800", call_truth(checker=EXACT))


def linked(values: list[Any]) -> Built:
    return Built("list_node", (values,))


def tree(values: list[Any]) -> Built:
    return Built("tree_node", (values,))


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (linked([1, 2]), Opaque("ListNode", (1, 2)), True),
        (linked([1, 2]), Opaque("ListNode", (1, 3)), False),
        (linked([1, 2]), Opaque("TreeNode", (1, 2)), False),
        (linked([1, 2]), [1, 2], False),
        (linked([]), None, True),
        (linked([]), Opaque("ListNode", ()), False),
        (linked([0]), None, False),
        (tree([1, None, 2]), Opaque("TreeNode", (1, None, 2)), True),
        (tree([1, None, 2, None, None]), Opaque("TreeNode", (1, None, 2)), True),
        (tree([1, 2]), Opaque("TreeNode", (1, None, 2)), False),
        (tree([1]), Opaque("TreeNode", None), False),
        (Built("Pair", (1, 2)), Opaque("Pair", None), False),
    ],
)
def test_nodes(expected: Built, got: Any, same: bool) -> None:
    assert same_nodes(expected, got) is same
    assert same_value(expected, got) is same
