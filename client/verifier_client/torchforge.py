"""A reward function for torchforge: RewardActor's reward_functions=[VerifierReward()].

The target of a row is its ground truth, in any shape that the service knows.
"""

from __future__ import annotations

from typing import Any

from verifier_client.trainer import judge_now
from verifier_client.unjudged import numbers


class VerifierReward:
    """Called by torchforge's RewardActor as its own rewards are."""

    def __init__(self, unjudged: str | None = None) -> None:
        """`unjudged` goes before VERIFIER_UNJUDGED: torchforge has no word for "not judged"."""
        self._unjudged = unjudged

    def __call__(self, prompt: str, response: str, target: Any) -> float:
        """The reward of one response."""
        results = judge_now([response], [target], rewards_only=True)
        return numbers(results, self._unjudged)[0]
