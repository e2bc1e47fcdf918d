"""Times of day."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.outcome import NOT_MINE
from verifier.math.comparing.times import same_times


def test_halves_of_the_day_are_told_apart() -> None:
    assert decided(same_times, "3:30 pm", "15:30") is True
    assert decided(same_times, "3:30 pm", "3:30 am") is False
    assert decided(same_times, "5", "5") is NOT_MINE
