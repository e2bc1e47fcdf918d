"""Groups are summed as GRPO's rejection sampling needs them."""

import pytest

from verifier.groups import GroupSummary, summarize_groups
from verifier.model import Outcome, Rollout, Verdict

R, W, N = Outcome.CORRECT, Outcome.WRONG_ANSWER, Outcome.VERIFIER_ERROR


def summarize(*pairs: tuple[str | None, Outcome]) -> list[GroupSummary]:
    rollouts = [Rollout(completion="", ground_truth="1", group=group) for group, _ in pairs]
    return summarize_groups(rollouts, [Verdict(outcome=outcome) for _, outcome in pairs])


@pytest.mark.parametrize(
    ("outcomes", "judged", "solved", "mean", "degenerate"),
    [
        ([R, W, W, R], 4, 2, 0.5, False),
        ([R, R], 2, 2, 1.0, True),
        ([W, W], 2, 0, 0.0, True),
        ([W], 1, 0, 0.0, True),
        ([R, N, W], 2, 1, 0.5, False),
        ([R, N, R], 2, 2, 1.0, True),
        ([N, N], 0, 0, None, True),
    ],
)
def test_rollouts_that_could_not_be_judged_count_in_n_alone(
    outcomes: list[Outcome], judged: int, solved: int, mean: float | None, degenerate: bool
) -> None:
    summary = GroupSummary("p", len(outcomes), judged, solved, mean, degenerate)
    assert summarize(*(("p", outcome) for outcome in outcomes)) == [summary]


def test_groups_keep_the_order_of_their_first_rollouts() -> None:
    summaries = summarize(("b", R), (None, R), ("a", W), ("b", W))
    assert [(summary.id, summary.n) for summary in summaries] == [("b", 2), ("a", 1)]
