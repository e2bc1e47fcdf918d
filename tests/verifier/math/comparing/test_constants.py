"""Constants that are free have any name; what they stand beside counts."""

from tests.verifier.math.trees import decided, formed
from verifier.math.comparing.constants import (
    same_antiderivatives,
    same_but_for_a_constant_named,
)


def test_antiderivatives_may_differ_by_a_number() -> None:
    assert same_antiderivatives(formed("x^2 + C"), formed("x^2 + C - 3")) is True
    assert same_antiderivatives(formed("x^2 + C"), formed("x^3 + C")) is False


def test_a_constant_that_is_named_so_is_free() -> None:
    reference = r"ax + c, \text{ where } c \text{ is a constant}"
    assert decided(same_but_for_a_constant_named, reference, "ax + 1 + k") is True
    assert decided(same_but_for_a_constant_named, reference, "ax + x + c") is False
