"""Values with units, ratios and words."""

from tests.verifier.math.trees import tree
from verifier.math.tree import Quantity, Ratio, Words


def test_a_number_before_a_unit_is_a_quantity() -> None:
    assert tree(r"5\text{ cm}") == Quantity(tree("5"), "cm")
    assert tree("5 cm") == tree(r"5\text{ cm}")


def test_three_numbers_with_colons_are_a_ratio() -> None:
    assert isinstance(tree("1:2:3"), Ratio)


def test_words_are_read_as_they_stand() -> None:
    assert tree(r"\text{odd}") == Words("odd")
