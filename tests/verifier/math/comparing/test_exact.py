"""Rational numbers are worked out exactly, or not at all."""

from fractions import Fraction

import pytest

from tests.verifier.math.trees import formed
from verifier.math.comparing.exact import TooLarge, exact_value


def test_a_rational_number_is_exact() -> None:
    assert exact_value(formed(r"\frac{1}{3}+\frac{1}{6}")) == Fraction(1, 2)
    assert exact_value(formed("2^{-3}")) == Fraction(1, 8)


def test_what_is_not_rational_has_no_exact_value() -> None:
    assert exact_value(formed(r"\sqrt 2")) is None
    assert exact_value(formed("x")) is None


def test_what_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(TooLarge):
        exact_value(formed("9^{9^{9}}"))
