"""What a file of scored rollouts adds up to: counts, avg@k and pass@k."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Group:
    """The rollouts of one prompt. Those that could not be judged count in `size` alone."""

    name: str
    size: int
    judged: int
    solved: int

    @property
    def mean_reward(self) -> float | None:
        return self.solved / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class PassAtK:
    """The chance that at least one of k rollouts of a prompt is correct."""

    k: int
    value: float
    groups: int
    """Groups with at least k judged rollouts: the mean is over these."""


@dataclass(frozen=True, slots=True)
class Tally:
    """All of it."""

    outcomes: Mapping[str, int]
    groups: tuple[Group, ...]
    avg_at_k: float | None
    """Mean over the groups of their mean reward; None where nothing was judged."""
    pass_at_k: tuple[PassAtK, ...]

    @property
    def rollouts(self) -> int:
        return sum(group.size for group in self.groups)

    @property
    def unjudged(self) -> int:
        return self.rollouts - sum(group.judged for group in self.groups)

    @property
    def sizes(self) -> str:
        """How many rollouts a group has: "8", or "4 to 8"."""
        sizes = [group.size for group in self.groups] or [0]
        few, many = min(sizes), max(sizes)
        return f"{many}" if few == many else f"{few} to {many}"


def tally(rows: Iterable[Mapping[str, Any]]) -> Tally:
    """Each row has `reward` and `outcome`; one without `group` is a group of its own."""
    outcomes: Counter[str] = Counter()
    found: dict[tuple[str, str | None], list[float | None]] = {}
    for number, row in enumerate(rows, start=1):
        outcomes[row["outcome"]] += 1
        group = row.get("group")
        # A group may be called like a row that has none.
        key = (f"row {number}", None) if group is None else (str(group), group)
        found.setdefault(key, []).append(row["reward"])
    groups = tuple(_group(name, rewards) for (name, _), rewards in found.items())
    means = [group.mean_reward for group in groups if group.mean_reward is not None]
    return Tally(
        outcomes=dict(outcomes.most_common()),
        groups=groups,
        avg_at_k=sum(means) / len(means) if means else None,
        pass_at_k=tuple(_mean_pass_at_k(groups, k) for k in _ks(groups)),
    )


def pass_at_k(judged: int, solved: int, k: int) -> float:
    """Unbiased: of all ways to draw k of the judged rollouts, the share with a solved one."""
    return 1 - math.comb(judged - solved, k) / math.comb(judged, k)


def _group(name: str, rewards: list[float | None]) -> Group:
    judged = [reward for reward in rewards if reward is not None]
    return Group(name, len(rewards), len(judged), sum(reward == 1 for reward in judged))


def _ks(groups: Iterable[Group]) -> list[int]:
    """1, 2, 4, ... and the largest number of judged rollouts."""
    most = max((group.judged for group in groups), default=0)
    return sorted({most, *(1 << power for power in range(most.bit_length()))} - {0})


def _mean_pass_at_k(groups: Iterable[Group], k: int) -> PassAtK:
    values = [pass_at_k(group.judged, group.solved, k) for group in groups if group.judged >= k]
    return PassAtK(k, sum(values) / len(values), len(values))
