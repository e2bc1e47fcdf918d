"""A reward function for TRL: GRPOTrainer(..., reward_funcs=verifier_client.trl.verifier_reward).

The data set needs a column `ground_truth`, in any shape that the service knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verifier_client.trainer import score_groups

Completion = str | Sequence[Mapping[str, Any]]


def verifier_reward(
    prompts: Sequence[Any],
    completions: Sequence[Completion],
    ground_truth: Sequence[Any],
    **_: Any,
) -> list[float | None]:
    """None where nothing of a prompt could be judged, which TRL takes for no reward from here."""
    texts = [_text(completion) for completion in completions]
    return [rewarded.reward for rewarded in score_groups(prompts, texts, ground_truth)]


def _text(completion: Completion) -> str:
    """A completion is text, or the messages of a conversation, the last of which is judged."""
    return completion if isinstance(completion, str) else completion[-1]["content"]
