"""A reward function for OpenRLHF: give this file's path as the remote reward model's address.

The path: python -c "import verifier_client.openrlhf as o; print(o.__file__)". The labels (the
column that --data.label_key names) are ground truths in any shape that the service knows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch  # the trainer has it; nothing else of the client needs it

from verifier_client.completions import after_prompt
from verifier_client.trainer import judge_now
from verifier_client.unjudged import numbers


def reward_func(
    queries: Sequence[str],
    prompts: Sequence[str],
    labels: Sequence[Any],
    unjudged: str | None = None,
    **_: Any,
) -> dict[str, Any]:
    """Tensors, one entry for each query, which is a prompt with its completion behind it.

    `rewards` is what is learned from; `unjudged`, or else VERIFIER_UNJUDGED, says what stands there
    for no verdict. `scores` is what dynamic filtering goes by: nan for no verdict, which has it
    drop the group. The log `judged` tells how many had one."""
    results = judge_now(list(map(after_prompt, queries, prompts)), labels, rewards_only=True)
    scores = [math.nan if result.reward is None else result.reward for result in results]
    judged = [float(result.reward is not None) for result in results]
    return {
        "rewards": torch.tensor(numbers(results, unjudged)),
        "scores": torch.tensor(scores),
        "extra_logs": {"judged": torch.tensor(judged)},
    }
