"""Trees as values: their letters, operations and parts."""

from tests.verifier.math.trees import tree
from verifier.math.tree import (
    Symbol,
    children_of,
    infinity_of,
    operations_of,
    replace_symbols,
    symbols_of,
)


def test_a_tree_tells_what_is_in_it() -> None:
    node = tree(r"x + \sin y")
    assert symbols_of(node) == {"x", "y"}
    assert operations_of(node) == {"+", "sin"}
    assert children_of(node) == (Symbol("x"), tree(r"\sin y"))


def test_letters_are_replaced_everywhere() -> None:
    assert replace_symbols(tree("x + x^2"), {"x": Symbol("y")}) == tree("y + y^2")


def test_infinity_has_a_sign() -> None:
    assert [infinity_of(tree(text)) for text in (r"\infty", r"-\infty", "5")] == [1, -1, 0]
