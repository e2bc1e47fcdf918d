"""Reward functions for verl. Name this file as reward.custom_reward_function.path, and as .name
`compute_score_async`, which verl's reward loop awaits, or `compute_score`, which every reward
manager of every release calls.

The path: python -c "import verifier_client.verl as v; print(v.__file__)"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verifier_client.model import Result
from verifier_client.trainer import judge, judge_now
from verifier_client.unjudged import numbers

__all__ = ["compute_score", "compute_score_async", "compute_score_batch"]


class Score(dict[str, float]):
    """What verl takes apart: `score`, the reward; `acc`, by which `filter_groups` may go; `judged`,
    0.0 where `score` is no verdict but what VERIFIER_UNJUDGED has put there.

    The `prime` manager knows no dicts. It takes the first element of what is no number, `[0]`."""

    def __missing__(self, key: object) -> float:
        if key == 0:
            return self["score"]
        raise KeyError(key)


async def compute_score_async(
    data_source: str | None = None,
    solution_str: str | None = None,
    ground_truth: Any = None,
    extra_info: Any = None,
    unjudged: str | None = None,
    **_: Any,
) -> Score:
    """The score of one rollout; what is asked at the same time travels together.

    `unjudged`, from `reward_kwargs` say, goes before VERIFIER_UNJUDGED. With `raise` the trainer of
    verl 0.9 (trainer.use_v1) goes on without the rollout."""
    return _scores(await judge([solution_str], [ground_truth], rewards_only=True), unjudged)[0]


def compute_score(
    data_source: str | None = None,
    solution_str: str | None = None,
    ground_truth: Any = None,
    extra_info: Any = None,
    unjudged: str | None = None,
    **_: Any,
) -> Score:
    """`compute_score_async` for reward managers that do not await."""
    return _scores(judge_now([solution_str], [ground_truth], rewards_only=True), unjudged)[0]


def compute_score_batch(
    data_sources: Sequence[str],
    solution_strs: Sequence[str],
    ground_truths: Sequence[Any],
    extra_infos: Sequence[Any] | None = None,
    unjudged: str | None = None,
    **_: Any,
) -> list[Score]:
    """A whole batch, for the `batch` reward manager, which verl 0.9 no longer has."""
    return _scores(judge_now(solution_strs, ground_truths, rewards_only=True), unjudged)


def _scores(results: Sequence[Result], unjudged: str | None) -> list[Score]:
    return [
        Score(score=number, acc=number, judged=float(result.reward is not None))
        for number, result in zip(numbers(results, unjudged), results, strict=True)
    ]


if __name__ != "verifier_client.verl":
    # verl has loaded this file by its path, under a name that nothing can be imported by. These can
    # be pickled, as the `prime` manager does for its processes.
    from verifier_client.verl import (
        compute_score,
        compute_score_async,
        compute_score_batch,
    )
