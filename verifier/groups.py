"""Sums up groups, the rollouts of one prompt, for GRPO: mean reward, degenerate or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verifier.model import Member, Rollout, Verdict


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group's rewards. Rollouts that could not be judged count in `n` alone."""

    id: str
    n: int
    judged: int
    solved: int
    mean_reward: float | None
    """None where no rollout was judged."""
    degenerate: bool
    """Every judged reward is the same: no advantage to learn from."""


def summarize_groups(
    rollouts: Sequence[Rollout | Member], verdicts: Sequence[Verdict]
) -> list[GroupSummary]:
    """The groups in the order of their first rollouts; rollouts without a group are in none."""
    rewards: dict[str, list[float | None]] = {}
    for rollout, verdict in zip(rollouts, verdicts, strict=True):
        if rollout.group is not None:
            rewards.setdefault(rollout.group, []).append(verdict.reward)
    return [_summary(group, found) for group, found in rewards.items()]


def _summary(group: str, rewards: Sequence[float | None]) -> GroupSummary:
    judged = [reward for reward in rewards if reward is not None]
    return GroupSummary(
        id=group,
        n=len(rewards),
        judged=len(judged),
        solved=sum(reward == 1.0 for reward in judged),
        mean_reward=sum(judged) / len(judged) if judged else None,
        degenerate=len(set(judged)) <= 1,
    )
