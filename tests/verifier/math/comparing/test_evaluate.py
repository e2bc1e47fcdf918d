"""Expressions are equal where their values are, at every point."""

import mpmath

from tests.verifier.math.trees import formed
from verifier.math.comparing.evaluate import agree, constant_value, same_function


def test_expressions_are_the_same_by_their_values() -> None:
    assert same_function(formed("(x+1)^2"), formed("x^2+2x+1")) is True
    assert same_function(formed("x^2"), formed("x^2+10^{-9}")) is False


def test_only_expressions_without_variables_have_a_value() -> None:
    assert constant_value(formed("2^{10}")) == 1024
    assert constant_value(formed("x+1")) is None


def test_values_agree_but_for_rounding() -> None:
    one = mpmath.mpf(1)
    with mpmath.mp.workdps(50):
        assert agree(one, one + mpmath.mpf(10) ** -40)
        assert not agree(one, one + mpmath.mpf(10) ** -20)
