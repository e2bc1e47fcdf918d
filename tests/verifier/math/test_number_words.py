"""Numbers in words."""

from fractions import Fraction

import pytest

from verifier.math.number_words import number_in_words


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("twenty five", 25),
        ("one hundred and two", 102),
        ("two thirds", Fraction(2, 3)),
        ("minus one", -1),
        ("twelve apples", None),
    ],
)
def test_words_are_a_number_or_none(words: str, number: Fraction | None) -> None:
    assert number_in_words(words) == number
