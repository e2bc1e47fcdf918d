"""Answers that are certain at sight."""

from fractions import Fraction

from verifier.math.literals import read_choice, read_number, split_choice


def test_a_plain_number_is_exact() -> None:
    number = read_number("1,000.50")
    assert number is not None
    assert number.value == Fraction(2001, 2)
    assert read_number("1/2") is None or read_number("1/2") != number
    assert read_number("x") is None


def test_a_rounded_number_equals_what_rounds_to_it() -> None:
    reference, longer, other = map(read_number, ("0.33", "0.3333", "0.34"))
    assert reference is not None
    assert longer is not None
    assert other is not None
    assert reference.equals(longer)
    assert not reference.equals(other)


def test_a_choice_is_a_letter() -> None:
    assert read_choice("(B)") == "B"
    assert split_choice("B. 5") == ("B", "5")
    assert read_choice("5") is None
