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
    """The rollout's position in the batch."""
    answer: str | None = None
    """The final answer found in the completion (math)."""
    how: str | None = None
    """What decided the comparison (math): `string`, `number`, `symbolic`, ..."""
    passed: int | None = None
    total: int | None = None
    """Test cases passed, as far as they were run, and test cases of the suite (code)."""
    score: float | None = None
    """The fraction that passed, 0 to 1, where the ground truth has `run_cases`."""
    cases: Sequence[str] | None = None
    """The outcome of each case that was run, where every case was to be."""
    subtasks: Sequence[Mapping[str, float]] | None = None
    """Points and what was earned of them, of each subtask."""
    first_failure: Mapping[str, Any] | None = None
    message: str | None = None
    cpu_s: float | None = None
    """CPU seconds that the candidate's program used (code)."""
    verifier: Mapping[str, Any] | None = None
    """What judged it: version and digest of the options, where asked for."""


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

    batch_id: str
    rewards: Sequence[float | None]
    results: Sequence[Result]
    groups: Sequence[GroupSummary]


def read_result(content: Mapping[str, Any]) -> Result:
    """A result as the service sends it. What a later service adds is passed over."""
    return Result(**{name: content[name] for name in _RESULT_FIELDS if name in content})


_RESULT_FIELDS = [field.name for field in dataclasses.fields(Result)]


def summarize(results: Sequence[Result]) -> list[GroupSummary]:
    """The groups in the order of their first rollouts, whichever answers their results came in."""
    rewards: dict[str, list[float | None]] = {}
    for result in results:
        if result.group is not None:
            rewards.setdefault(result.group, []).append(result.reward)
    return [_summary(group, found) for group, found in rewards.items()]


def _summary(group: str, rewards: Sequence[float | None]) -> GroupSummary:
    judged = [reward for reward in rewards if reward is not None]
    return GroupSummary(
        id=group,
        n=len(rewards),
        judged=len(judged),
        solved=judged.count(1.0),
        mean_reward=sum(judged) / len(judged) if judged else None,
        degenerate=len(set(judged)) <= 1,
    )
