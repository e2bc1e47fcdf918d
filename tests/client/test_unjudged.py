"""What stands for a reward that there is none of, where a trainer must have a number."""

import math

import pytest

from verifier_client import Result, Unjudged
from verifier_client.unjudged import counts, numbers

RESULTS = [
    Result(id=None, group=None, reward=reward, outcome=outcome)
    for reward, outcome in ((1.0, "correct"), (None, "verifier_error"), (0.0, "wrong_answer"))
]


@pytest.mark.parametrize(
    ("choice", "default", "stand_in"),
    [("zero", "nan", 0.0), ("nan", "zero", math.nan), (None, "zero", 0.0), (None, "nan", math.nan)],
)
def test_only_what_has_no_reward_gets_another(
    choice: str | None, default: str, stand_in: float
) -> None:
    before = counts()["verifier_error"]
    expected = [1.0, pytest.approx(stand_in, nan_ok=True), 0.0]
    assert numbers(RESULTS, choice, default=default) == expected
    assert counts()["verifier_error"] == before + 1


def test_or_the_call_ends() -> None:
    with pytest.raises(Unjudged, match="1 of 3 rollouts could not be judged"):
        numbers(RESULTS, "raise")
    assert numbers(RESULTS[:1], "raise") == [1.0]
