"""The form in which answers are compared, and both readings of a plus-minus."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.forms import signs_chosen


def test_ways_to_write_it_have_one_form() -> None:
    assert formed(r"\{1, 2\}") != formed("(1, 2)")
    assert formed("3i-j") == formed("3i-j")
    assert formed(r"\frac{1}{2}") == formed("1/2")


def test_plus_minus_has_two_readings() -> None:
    assert signs_chosen(formed(r"1 \pm 2")) == (formed("1 + 2"), formed("1 - 2"))
    assert signs_chosen(formed("5")) == (formed("5"),)
