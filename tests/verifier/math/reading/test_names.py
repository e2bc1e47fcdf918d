"""Letters, constants and sets with a letter of their own."""

from tests.verifier.math.trees import tree


def test_letters_are_one_by_one_and_commands_are_one() -> None:
    assert tree("ab") == tree(r"a \cdot b")
    assert tree(r"\mathbb{R}") == tree(r"(-\infty, \infty)")
    assert tree(r"f(x)") == tree(r"f ( x )")
    assert tree(r"\alpha") != tree("a")
    assert tree("ab") != tree("ba^2")
