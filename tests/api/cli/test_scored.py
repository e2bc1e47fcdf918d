"""A scored row is known by what scoring adds, and loses just that."""

import pytest

from api.cli.scored import added_to, is_judged, is_scored, without_added

SCORED = {"id": 1, "reward": 1.0, "outcome": "correct", "details": {}}


def test_what_scoring_added_is_told_from_what_was_there() -> None:
    assert without_added(SCORED) == {"id": 1}
    assert added_to(SCORED) == {"reward": 1.0, "outcome": "correct", "details": {}}


@pytest.mark.parametrize(
    ("row", "scored", "judged"),
    [
        (SCORED, True, True),
        ({"reward": None, "outcome": "verifier_error"}, True, False),
        ({"outcome": "correct"}, False, False),
        ({"reward": 0.5, "outcome": "correct"}, False, False),
        ({"reward": 1, "outcome": "win"}, False, False),
    ],
)
def test_a_row_of_others_that_has_a_reward_is_not_taken_for_scored(
    row: dict[str, object], scored: bool, judged: bool
) -> None:
    assert (is_scored(row), is_judged(row)) == (scored, judged)
    assert bool(added_to(row)) is scored
