"""New inputs keep to what the inputs of a suite have in common."""

import ast
from collections.abc import Callable
from typing import Any

import pytest

from verifier.audit.inputs import new_calls

Check = Callable[..., bool]

SUITES: dict[str, tuple[list[str], Check]] = {
    "sorted": (
        [f"([{n}, {n + 2}, {n + 5}, {n + 9}], {n + 2})" for n in range(8)],
        lambda a, x: a == sorted(a) and len(a) == 4,
    ),
    "no more than there are": (
        [f"({list(range(n, 0, -1))}, {n // 2})" for n in range(1, 9)],
        lambda a, k: k <= len(a),
    ),
    "names of a graph's nodes": (
        [f"({n}, {[[a, a + 1] for a in range(n - 1)]})" for n in range(2, 9)],
        lambda n, edges: all(a < b < n for a, b in edges),
    ),
    "a tree by its edges": (
        ["([[0, 1], [1, 2], [1, 3]])", "([[0, 2], [2, 1]])", "([[3, 0], [3, 1], [3, 2], [2, 4]])"],
        lambda edges: len({node for edge in edges for node in edge}) == len(edges) + 1,
    ),
    "a tree by its parents": (
        ["([-1, 0, 0, 1])", "([-1, 0, 1, 2])", "([-1, 0, 0, 0, 3])", "([-1, 0])"],
        lambda parents: all(parent != node for node, parent in enumerate(parents)),
    ),
    "brackets": (
        ["('()')", "('(())')", "('()()')", "('((()))')", "('(()())')"],
        lambda text: text.count("(") == text.count(")"),
    ),
    "even": ([f"({n})" for n in (2, 4, 8, 20, 40, 60)], lambda n: n % 2 == 0 and 2 <= n <= 60),
    "keywords": ([f"(a={n}, b=[{n}])" for n in range(5)], lambda a, b: a in b),
    "dicts": (
        ["({'a': 1, 'b': 2})", "({'c': 3, 'd': 1})", "({'a': 3, 'b': 1})"],
        lambda given: set(given.values()) <= {1, 2, 3},
    ),
    "words": (["('one two')", "('three')", "('a b c')"], lambda text: text == text.strip()),
}


@pytest.mark.parametrize("name", SUITES)
def test_they_are_like_those_of_the_suite_and_new(name: str) -> None:
    calls, holds = SUITES[name]
    found = new_calls(calls, set(), 50)
    assert found or name in ("keywords", "names of a graph's nodes")
    assert not set(found) & set(calls)
    assert found == new_calls(calls, set(), 50)
    for text in found:
        call: Any = ast.parse(f"f{text}", mode="eval").body
        values = [ast.literal_eval(node) for node in call.args]
        named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
        assert holds(*values, **named), text


def test_they_have_what_the_program_names() -> None:
    assert "(18)" in new_calls(["(10)", "(3000)"], {18}, 200)


def test_objects_are_made_of_other_data() -> None:
    found = new_calls([f"(tree_node([{n}, None, {n + 1}]))" for n in range(6)], set(), 20)
    assert found
    assert all(text.startswith("(tree_node([") for text in found)


@pytest.mark.parametrize("calls", [[], ["()"], ["(x)"], ["(open('f'))"], ["(" * 5000]])
def test_what_cannot_be_read_has_none(calls: list[str]) -> None:
    assert new_calls(calls, set(), 10) == []
