"""Two scored files over the same problems: how far apart they are, how surely, and what flipped.

Problems are paired, so that how hard they are is not in the difference. The interval is that of
the mean difference over problems drawn anew (bootstrap); the p-value that of the paired
randomization test (Fisher 1935): how often the mean difference would be as far from 0 if for each
problem a coin had said which file is which. Where each problem's difference is of the same size,
with one rollout a problem above all, it is exact, and is McNemar's exact test.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.reports.estimates import LEVEL, RESAMPLES, SEED, Estimate, Floats, estimates
from api.reports.rollouts import SOURCE, Scored
from api.reports.summary import Problem, in_order, problems_of

RANDOMIZATIONS = 20_000
_CLOSE = 1e-12
"""Sums of the same differences in another order are not the same to the last bit."""

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """One problem in both files."""

    a: Problem
    b: Problem

    @property
    def difference(self) -> float | None:
        """B's mean reward less A's; None where one has no judged rollout."""
        if self.a.solve_rate is None or self.b.solve_rate is None:
            return None
        return self.b.solve_rate - self.a.solve_rate


@dataclass(frozen=True, slots=True)
class Flip:
    """A rollout whose reward is another in B than in A."""

    a: Scored
    b: Scored

    @property
    def kind(self) -> str:
        """`gained`, `lost`, or that one of them has no verdict."""
        if not self.a.judged:
            return "newly_judged"
        if not self.b.judged:
            return "no_longer_judged"
        return "gained" if self.b.solved else "lost"


@dataclass(frozen=True, slots=True)
class Difference:
    """Some of the pairs, summed up."""

    pairs: tuple[Pair, ...]
    a: Estimate | None
    """Mean over the problems of their mean reward."""
    b: Estimate | None
    difference: Estimate | None
    """B less A; None where no problem is judged in both."""
    p_value: float | None
    better: int
    """Problems with a higher mean reward in B."""
    worse: int
    same: int

    def as_json(self) -> dict[str, Any]:
        """docs/reports.md lists the keys."""
        return {
            "problems": len(self.pairs),
            "a": self.a and dataclasses.asdict(self.a),
            "b": self.b and dataclasses.asdict(self.b),
            "difference": self.difference and dataclasses.asdict(self.difference),
            "p_value": self.p_value,
            "better": self.better,
            "worse": self.worse,
            "same": self.same,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it."""

    everything: Difference
    by_source: Mapping[str, Difference]
    only_a: int
    """Problems that B has not."""
    only_b: int
    paired_rollouts: int
    """Rollouts that both files have; problems are compared whether or not they do."""
    flips: tuple[Flip, ...]

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many rollouts flipped which way."""
        found = Counter(flip.kind for flip in self.flips)
        return {
            kind: found[kind] for kind in ("gained", "lost", "newly_judged", "no_longer_judged")
        }

    def as_json(self) -> dict[str, Any]:
        """docs/reports.md lists the keys."""
        return {
            "interval": {"level": LEVEL, "resamples": RESAMPLES, "seed": SEED},
            "all": self.everything.as_json(),
            "by": {SOURCE: {name: part.as_json() for name, part in self.by_source.items()}},
            "only_a": self.only_a,
            "only_b": self.only_b,
            "paired_rollouts": self.paired_rollouts,
            "flips": {
                **self.kinds,
                "rollouts": [
                    {
                        "kind": flip.kind,
                        "source": flip.b.source,
                        "problem": flip.b.problem,
                        "id": flip.b.id,
                        "a": _side(flip.a),
                        "b": _side(flip.b),
                    }
                    for flip in self.flips
                ],
            },
            "problems": [
                {
                    "source": pair.b.source,
                    "problem": pair.b.name,
                    "a": pair.a.solve_rate,
                    "b": pair.b.solve_rate,
                    "difference": pair.difference,
                }
                for pair in self.everything.pairs
            ],
        }


def compare(a: Sequence[Scored], b: Sequence[Scored]) -> Comparison:
    """The problems that both have, paired; those of one alone are counted and left out.

    `everything.pairs` is empty where they share none."""
    a, b = [_findable(rollout) for rollout in a], [_findable(rollout) for rollout in b]
    problems_a = {(problem.source, problem.name): problem for problem in problems_of(a)}
    problems_b = {(problem.source, problem.name): problem for problem in problems_of(b)}
    pairs = [
        Pair(problem, problems_b[key]) for key, problem in problems_a.items() if key in problems_b
    ]
    by_source: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.a.source].append(pair)
    rollouts = list(_same_rollouts(a, b))
    return Comparison(
        everything=difference_of(pairs),
        by_source={name: difference_of(by_source[name]) for name in in_order(by_source)},
        only_a=len(problems_a) - len(pairs),
        only_b=len(problems_b) - len(pairs),
        paired_rollouts=len(rollouts),
        flips=tuple(Flip(one, other) for one, other in rollouts if one.reward != other.reward),
    )


def _findable(rollout: Scored) -> Scored:
    """A row number is no name to be found again by; what was completed is one."""
    if not rollout.is_alone or rollout.id is not None or rollout.digest is None:
        return rollout
    return dataclasses.replace(rollout, problem=f"completion {rollout.digest.hex()}")


def difference_of(pairs: Sequence[Pair]) -> Difference:
    """The numbers of these pairs."""
    judged = [pair for pair in pairs if pair.difference is not None]
    values = np.array(
        [[pair.a.solve_rate, pair.b.solve_rate, pair.difference] for pair in judged], dtype=float
    ).reshape(len(judged), 3)
    a, b, difference = estimates(values)
    return Difference(
        pairs=tuple(pairs),
        a=a,
        b=b,
        difference=difference,
        p_value=p_value(values[:, 2]) if judged else None,
        better=int((values[:, 2] > 0).sum()),
        worse=int((values[:, 2] < 0).sum()),
        same=int((values[:, 2] == 0).sum()),
    )


def p_value(differences: Floats) -> float:
    """Two-sided: see the module's docstring. 1 where nothing differs."""
    sizes, counts = np.unique(np.abs(differences[differences != 0]).round(12), return_counts=True)
    if not len(sizes):
        return 1.0
    if len(sizes) == 1:
        better = int((differences > 0).sum())
        return _sign_test(better, int(counts[0]) - better)
    # How many of the problems of one size have their sign kept is binomial.
    generator = np.random.default_rng(SEED)
    kept = generator.binomial(counts, 0.5, size=(RANDOMIZATIONS, len(counts)))
    sums = np.abs((2 * kept - counts) @ sizes)
    as_far = int((sums >= abs(differences.sum()) - _CLOSE * len(differences)).sum())
    return (as_far + 1) / (RANDOMIZATIONS + 1)


def _sign_test(better: int, worse: int) -> float:
    """McNemar's exact test: how often so many tosses of a coin are as uneven."""
    tosses = better + worse
    ways = sum(math.comb(tosses, few) for few in range(min(better, worse) + 1))
    return min(1.0, float(ways / 2 ** (tosses - 1)))


def _same_rollouts(a: Iterable[Scored], b: Iterable[Scored]) -> Iterable[tuple[Scored, Scored]]:
    """Rollouts of a problem that are the same in both files: those of one id; of the others those
    of one completion; of the others, where it is one in each file, that one."""
    rest_a, rest_b = _by_problem(a), _by_problem(b)
    for key, of_b in rest_b.items():
        others, left = rest_a.get(key, []), of_b
        for name in ("id", "digest"):
            found, others, left = _matched(others, left, name)
            yield from found
        if len(others) == len(left) == 1 and (others[0].id is None or left[0].id is None):
            yield others[0], left[0]


def _matched(
    a: Sequence[Scored], b: Sequence[Scored], name: str
) -> tuple[list[tuple[Scored, Scored]], list[Scored], list[Scored]]:
    """(pairs with the same value of this field, the rest of a, the rest of b)."""
    waiting: defaultdict[Any, list[Scored]] = defaultdict(list)
    for rollout in reversed(a):
        waiting[getattr(rollout, name)].append(rollout)
    waiting.pop(None, None)
    pairs, left = [], []
    for rollout in b:
        same = waiting.get(getattr(rollout, name))
        if same:
            pairs.append((same.pop(), rollout))
        else:
            left.append(rollout)
    paired = {one.row for one, _ in pairs}
    return pairs, [rollout for rollout in a if rollout.row not in paired], left


def _by_problem(rollouts: Iterable[Scored]) -> dict[_Key, list[Scored]]:
    found: defaultdict[_Key, list[Scored]] = defaultdict(list)
    for rollout in rollouts:
        found[rollout.source, rollout.problem].append(rollout)
    return dict(found)


def _side(rollout: Scored) -> dict[str, Any]:
    return {"row": rollout.row + 1, "reward": rollout.reward, "outcome": rollout.outcome}
