"""Numbers and expressions, rounded only where the reference is."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.scalars import same_scalars


def test_the_reference_says_what_is_rounded() -> None:
    assert decided(same_scalars, "0.33", "1/3") is True
    assert decided(same_scalars, "1/3", "0.33") is False


def test_expressions_are_worked_out() -> None:
    assert decided(same_scalars, r"\sqrt{8}", r"2\sqrt2") is True
    assert decided(same_scalars, "x + 1", "x + 2") is False
