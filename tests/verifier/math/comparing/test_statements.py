"""A value with a name, and one without."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.outcome import NOT_MINE
from verifier.math.comparing.statements import same_statements


def test_a_name_that_is_left_out_changes_nothing_and_another_one_does() -> None:
    assert decided(same_statements, "x = 5", "5") is True
    assert decided(same_statements, "x = 5", "y = 5") is False
    assert decided(same_statements, "x = 5", "x = 6") is False
    assert decided(same_statements, "5", "5") is NOT_MINE
