"""A reward function for rllm: reward_function=verifier_client.rllm.verifier_reward.

A task has `ground_truth` or `answer`, in any shape that the service knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rllm.rewards.reward_types import RewardOutput

from verifier_client.trainer import judge_now, truth_in
from verifier_client.unjudged import numbers


def verifier_reward(task_info: Mapping[str, Any], action: Any) -> RewardOutput:
    """The reward of one action, with its outcome among the metadata. rllm has no word for "not
    judged", so VERIFIER_UNJUDGED says the reward, and `is_correct` is None."""
    truth = truth_in(("ground_truth", "answer"), task_info)
    results = judge_now([getattr(action, "action", action)], [truth])
    found = results[0].reward
    return RewardOutput(
        reward=numbers(results)[0],
        metadata={"outcome": results[0].outcome, "judged": found is not None},
        is_correct=None if found is None else found == 1.0,
    )
