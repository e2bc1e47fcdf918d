"""What the trainers' reward functions share: one client, and rewards in a trainer's terms.

Trainers load reward functions by name and pass them no settings, so these come from the
environment: VERIFIER_URL and what else `verifier_client.settings.Settings` names.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

from verifier_client.client import Client
from verifier_client.parts import to_json


class Rewarded(NamedTuple):
    """A rollout's reward, fit for a group-relative advantage."""

    reward: float | None
    """Where the rollout was not judged, the mean of those of its group that were: its advantage is
    0, so it teaches nothing, where a reward of 0 would teach a lie. None where none was judged."""
    judged: bool


@functools.cache
def client() -> Client:
    """The client of this process and of those that it forks."""
    return Client()


def score_groups(
    prompts: Sequence[Any], completions: Sequence[str], ground_truths: Sequence[Any]
) -> list[Rewarded]:
    """Rewards in the order given. Rollouts of one prompt and ground truth are a group."""
    groups: dict[bytes, list[int]] = {}
    for position, task in enumerate(zip(prompts, ground_truths, strict=True)):
        groups.setdefault(to_json(task), []).append(position)
    scores = client().score(
        groups=[
            {
                "ground_truth": ground_truths[members[0]],
                "completions": [completions[member] for member in members],
            }
            for members in groups.values()
        ]
    )
    rewards = iter(scores.rewards)
    rewarded: dict[int, Rewarded] = {}
    for members, summary in zip(groups.values(), scores.groups, strict=True):
        for member in members:
            reward = next(rewards)
            judged = reward is not None
            rewarded[member] = Rewarded(reward if judged else summary.mean_reward, judged)
    return [rewarded[position] for position in range(len(completions))]
