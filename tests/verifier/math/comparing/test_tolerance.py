"""Numbers that need only be near."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.tolerance import is_near


def test_a_number_may_be_off_by_a_part_of_the_reference() -> None:
    assert is_near(formed("100"), formed("101"), 0.02)
    assert not is_near(formed("100"), formed("103"), 0.02)
    assert not is_near(formed("x"), formed("y"), 0.5)
