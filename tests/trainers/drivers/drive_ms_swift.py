"""ms-swift's calls of reward functions and its advantages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from serving import serve
from swift.rewards import orms
from swift.rl_core.advantage import compute_advantages
from swift.rl_core.grpo_algorithm import compute_rewards_per_func

import verifier_client.ms_swift

assert orms["verifier"] is verifier_client.ms_swift.VerifierReward


def sample(row: dict[str, Any]) -> Any:
    messages = [
        {"role": "user", "content": row["prompt"]},
        {"role": "assistant", "content": row["completion"]},
    ]
    fields = {"messages": messages, "solution": row["ground_truth"]}
    return SimpleNamespace(messages=messages, to_reward_row=lambda: fields)


def run(request: dict[str, Any]) -> dict[str, Any]:
    samples = list(map(sample, request["rows"]))
    functions = [orms["verifier"](args=None)]
    rewards = compute_rewards_per_func(samples, functions, [None], torch.device("cpu"))
    advantages, _ = compute_advantages(rewards, torch.ones(1), len(samples))
    return {"rewards": rewards[:, 0].tolist(), "advantages": advantages.tolist()}


serve(run)
