"""Intervals and inequalities that hold for the same numbers."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.outcome import NOT_MINE
from verifier.math.comparing.ranges import same_ranges


def test_ranges_are_the_same_by_their_numbers() -> None:
    assert decided(same_ranges, "x < 2", r"(-\infty, 2)") is True
    assert decided(same_ranges, "x < 2", r"(-\infty, 2]") is False
    assert decided(same_ranges, "5", "5") is NOT_MINE
