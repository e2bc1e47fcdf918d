"""What the service answers, as values: verdicts and the summaries of groups."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The verdict on one rollout."""

    id: str | None
    group: str | None
    reward: float | None
    """1.0, 0.0, or None where the service could not judge: no reward at all, not a reward of 0."""
    outcome: str
    """`correct`, `wrong_answer`, ...; the service's README lists them."""
    index: int | None = None
    """The rollout's position in the batch, in streamed results."""
    answer: str | None = None
    """The final answer found in the completion (math)."""
    passed: int | None = None
    total: int | None = None
    """Test cases passed, as far as they were run, and test cases of the suite (code)."""
    first_failure: Mapping[str, Any] | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSummary:
    """One group's rewards; rollouts that could not be judged count in `n` alone."""

    id: str
    n: int
    judged: int
    solved: int
    mean_reward: float | None
    degenerate: bool
    """Every judged reward is the same: nothing to learn from this group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The answer to a batch; everything in request order."""

    batch_id: str | None
    rewards: Sequence[float | None]
    results: Sequence[Result]
    groups: Sequence[GroupSummary]


def read_result(content: Mapping[str, Any]) -> Result:
    """A result as the service sends it. What a later service adds is passed over."""
    return Result(**_known(content, Result))


def read_scores(content: Mapping[str, Any]) -> Scores:
    """A whole answer as the service sends it."""
    return Scores(
        batch_id=content["batch_id"],
        rewards=content["rewards"],
        results=[read_result(result) for result in content["results"]],
        groups=[GroupSummary(**_known(group, GroupSummary)) for group in content["groups"]],
    )


def _known(content: Mapping[str, Any], shape: type[Result | GroupSummary]) -> dict[str, Any]:
    return {
        field.name: content[field.name]
        for field in dataclasses.fields(shape)
        if field.name in content
    }
