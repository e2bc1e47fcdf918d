"""Numbers as they are written."""

from fractions import Fraction

from tests.verifier.math.trees import tree
from verifier.math.reading.numerals import read_numeral
from verifier.math.tree import Number, Numeral


def test_a_decimal_keeps_how_far_it_is_written() -> None:
    half = read_numeral("1.50")
    assert isinstance(half, Number)
    assert (half.value, half.plain.unit_in_last_place) == (Fraction(3, 2), Fraction(1, 100))


def test_recurring_digits_are_exact() -> None:
    sixth = tree(r"0.1\overline{6}")
    assert isinstance(sixth, Number)
    assert sixth.value == Fraction(1, 6)


def test_digits_have_a_base() -> None:
    assert tree("101_2") == Numeral("101", 2)
