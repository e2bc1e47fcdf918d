"""Sets of real numbers with constant ends."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.realsets import read_real_set


def test_a_set_is_read_of_intervals_and_of_inequalities() -> None:
    interval, inequality = read_real_set(formed("(2, 3)")), read_real_set(formed("2 < x < 3"))
    assert interval is not None
    assert inequality is not None
    assert interval.equals(inequality)
    touching = read_real_set(formed(r"(1,2] \cup [2,3)"))
    assert touching is not None
    assert len(touching.spans) == 1


def test_a_number_is_none() -> None:
    assert read_real_set(formed("5")) is None
