"""Equations are their zero sets: a factor changes nothing, a solution does."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.equations import constant_ratio, same_equations
from verifier.math.tree import Relation


def test_equations_are_the_same_by_ratio() -> None:
    line = formed("x + y = 2")
    assert isinstance(line, Relation)
    for text, expected in (("2x + 2y = 4", True), ("2 - x = y", True), ("x + y = 3", False)):
        other = formed(text)
        assert isinstance(other, Relation)
        assert same_equations(line, other) is expected, text


def test_a_ratio_is_constant_or_none() -> None:
    assert constant_ratio(formed("2x"), formed("x")) == 2
    assert constant_ratio(formed("x^2"), formed("x")) is None
