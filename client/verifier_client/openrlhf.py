"""A reward function for OpenRLHF: give this file's path as the remote reward model's address.

The path: python -c "import verifier_client.openrlhf as o; print(o.__file__)". The labels (the
column that --data.label_key names) are ground truths in any shape that the service knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch  # the trainer has it; nothing else of the client needs it

from verifier_client.trainer import score_groups


def reward_func(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], **_: Any
) -> dict[str, Any]:
    """Tensors of rewards. A query is a prompt with its completion behind it."""
    completions = [
        query.removeprefix(prompt) for query, prompt in zip(queries, prompts, strict=True)
    ]
    found = score_groups(prompts, completions, labels)
    rewards = torch.tensor([rewarded.reward or 0.0 for rewarded in found])
    judged = torch.tensor([float(rewarded.judged) for rewarded in found])
    return {"rewards": rewards, "scores": rewards, "extra_logs": {"judged": judged}}
