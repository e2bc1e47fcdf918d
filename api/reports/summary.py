"""Sums up scored rollouts, all together and by the values of a field."""

from __future__ import annotations

import dataclasses
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.reports.estimates import (
    LEVEL,
    RESAMPLES,
    SEED,
    Estimate,
    estimates,
    majority_at_k,
    pass_at_k,
    pass_hat_k,
)
from api.reports.rollouts import NONE, SOURCE, By, Scored

METRICS = ("avg@k", "pass@k", "pass^k", "majority@k")


@dataclass(frozen=True, slots=True)
class Problem:
    """The rollouts of one prompt. Those without a verdict count in `rollouts` alone."""

    source: str
    name: str
    rollouts: int
    judged: int
    solved: int
    wrong_votes: tuple[int, ...] | None
    """How often each wrong answer was given, most frequent first; None but for mathematics."""
    cpu_s: float | None
    """Mean CPU time of its programs, in seconds."""

    @property
    def solve_rate(self) -> float | None:
        return self.solved / self.judged if self.judged else None

    @property
    def kind(self) -> str:
        """`all_right`, `all_wrong`, `mixed` or `unjudged`, as far as it was judged."""
        if not self.judged:
            return "unjudged"
        return {self.judged: "all_right", 0: "all_wrong"}.get(self.solved, "mixed")


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths of completions, in characters or tokens."""

    rollouts: int
    """Whose length is known."""
    mean: float
    median: float
    p90: float
    longest: int


@dataclass(frozen=True, slots=True)
class Section:
    """Some of the rollouts, summed up."""

    rollouts: int
    unjudged: int
    outcomes: Mapping[str, int]
    missing_libraries: Mapping[str, int]
    """How many programs ended for want of each, the most frequent first."""
    problems: tuple[Problem, ...]
    sizes: tuple[int, int]
    """The fewest and the most rollouts that a problem has: the k of avg@k."""
    avg_at_k: Estimate | None
    """None where nothing was judged."""
    pass_at_k: Mapping[int, Estimate]
    pass_hat_k: Mapping[int, Estimate]
    majority_at_k: Mapping[int, Estimate]
    """Over the problems of mathematics alone."""
    truncated: int | None
    """None where no row says."""
    chars: Spread | None
    tokens: Spread | None

    @property
    def k(self) -> str:
        """Rollouts a problem: "8", or "4 to 8"."""
        few, many = self.sizes
        return f"{many}" if few == many else f"{few} to {many}"

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many problems are all right, all wrong, mixed, and without any verdict."""
        found = Counter(problem.kind for problem in self.problems)
        return {kind: found[kind] for kind in ("all_right", "mixed", "all_wrong", "unjudged")}

    def as_json(self) -> dict[str, Any]:
        """docs/reports.md lists the keys."""
        return {
            "rollouts": self.rollouts,
            "judged": self.rollouts - self.unjudged,
            "unjudged": self.unjudged,
            "problems": len(self.problems),
            "rollouts_per_problem": {"min": self.sizes[0], "max": self.sizes[1]},
            "avg_at_k": self.avg_at_k and {"k": self.sizes[1], **dataclasses.asdict(self.avg_at_k)},
            "pass_at_k": _by_k(self.pass_at_k),
            "pass_hat_k": _by_k(self.pass_hat_k),
            "majority_at_k": _by_k(self.majority_at_k),
            "outcomes": dict(self.outcomes),
            "missing_libraries": dict(self.missing_libraries),
            "all_right": self.kinds["all_right"],
            "mixed": self.kinds["mixed"],
            "all_wrong": self.kinds["all_wrong"],
            "none_judged": self.kinds["unjudged"],
            "truncated": self.truncated,
            "chars": self.chars and dataclasses.asdict(self.chars),
            "tokens": self.tokens and dataclasses.asdict(self.tokens),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All of it."""

    everything: Section
    by: Mapping[str, Mapping[str, Section]]
    """By the name of each field, its sections in the order of their values."""

    def as_json(self) -> dict[str, Any]:
        """docs/reports.md lists the keys."""
        return {
            "interval": {"level": LEVEL, "resamples": RESAMPLES, "seed": SEED},
            "all": self.everything.as_json(),
            "by": {
                field: {value: section.as_json() for value, section in sections.items()}
                for field, sections in self.by.items()
            },
            "problems": [
                {
                    "source": problem.source,
                    "problem": problem.name,
                    "rollouts": problem.rollouts,
                    "judged": problem.judged,
                    "solved": problem.solved,
                    "solve_rate": problem.solve_rate,
                    "kind": problem.kind,
                }
                for problem in self.everything.problems
            ],
        }


def report_on(rollouts: Sequence[Scored], by: Sequence[By] = ()) -> Report:
    """`by`: what `read_scored` was asked for; what comes by source comes in any case."""
    sections = {SOURCE: _sections(rollouts, [rollout.source for rollout in rollouts])}
    for place, field in enumerate(by):
        values = [rollout.values[place] for rollout in rollouts]
        sections[field.field] = _sections(rollouts, values)
    return Report(section_of(rollouts), sections)


def _sections(rollouts: Sequence[Scored], values: Sequence[str]) -> Mapping[str, Section]:
    parts: defaultdict[str, list[Scored]] = defaultdict(list)
    for rollout, value in zip(rollouts, values, strict=True):
        parts[value].append(rollout)
    return {value: section_of(parts[value]) for value in in_order(parts)}


def in_order(values: Iterable[str]) -> list[str]:
    """As a person would have them: 9 before 10, (none) last."""
    return sorted(values, key=_place)


def _place(value: str) -> tuple[bool, list[tuple[int, str]]]:
    parts = re.split(r"(\d+)", value)
    return value == NONE, [(len(part) if part.isdecimal() else 0, part) for part in parts]


def section_of(rollouts: Sequence[Scored]) -> Section:
    """The numbers of these rollouts."""
    problems = problems_of(rollouts)
    ks = _ks(problems)
    found = iter(estimates(_values(problems, ks)))
    average = next(found)
    columns = [{k: one for k in ks if (one := next(found)) is not None} for _ in METRICS[1:]]
    sizes = [problem.rollouts for problem in problems] or [0]
    cut = [rollout.truncated for rollout in rollouts if rollout.truncated is not None]
    return Section(
        rollouts=len(rollouts),
        unjudged=sum(not rollout.judged for rollout in rollouts),
        outcomes=dict(Counter(rollout.outcome for rollout in rollouts).most_common()),
        missing_libraries=dict(
            Counter(rollout.missing for rollout in rollouts if rollout.missing).most_common()
        ),
        problems=problems,
        sizes=(min(sizes), max(sizes)),
        avg_at_k=average,
        pass_at_k=columns[0],
        pass_hat_k=columns[1],
        majority_at_k=columns[2],
        truncated=sum(cut) if cut else None,
        chars=_spread(rollout.chars for rollout in rollouts),
        tokens=_spread(rollout.tokens for rollout in rollouts),
    )


def problems_of(rollouts: Iterable[Scored]) -> tuple[Problem, ...]:
    """In the order in which they first come. Two sources may call theirs alike."""
    groups: defaultdict[tuple[str, str], list[Scored]] = defaultdict(list)
    for rollout in rollouts:
        groups[rollout.source, rollout.problem].append(rollout)
    return tuple(_problem(*key, found) for key, found in groups.items())


def _problem(source: str, name: str, rollouts: Sequence[Scored]) -> Problem:
    """Adds up the rollouts of one problem."""
    judged = [rollout for rollout in rollouts if rollout.judged]
    votes = Counter(
        rollout.vote for rollout in judged if not rollout.solved and rollout.vote is not None
    )
    times = [rollout.cpu_s for rollout in rollouts if rollout.cpu_s is not None]
    return Problem(
        source=source,
        name=name,
        rollouts=len(rollouts),
        judged=len(judged),
        solved=sum(rollout.solved for rollout in judged),
        wrong_votes=(
            tuple(sorted(votes.values(), reverse=True))
            if any(rollout.is_math for rollout in rollouts)
            else None
        ),
        cpu_s=statistics.fmean(times) if times else None,
    )


def _ks(problems: Iterable[Problem]) -> list[int]:
    """1, 2, 4, ... and the largest number of judged rollouts."""
    most = max((problem.judged for problem in problems), default=0)
    return sorted({most, *(1 << power for power in range(most.bit_length()))} - {0})


def _values(problems: Sequence[Problem], ks: Sequence[int]) -> np.ndarray[Any, Any]:
    """A row for each problem: its mean reward, then its pass@k, pass^k and majority@k of each k;
    nan where it does not count."""
    values = np.full((len(problems), 1 + 3 * len(ks)), np.nan)
    for row, problem in enumerate(problems):
        n, c, wrong = problem.judged, problem.solved, problem.wrong_votes
        if n:
            values[row, 0] = c / n
        for place, k in enumerate(ks, start=1):
            if k > n:
                break
            values[row, place] = pass_at_k(n, c, k)
            values[row, place + len(ks)] = pass_hat_k(n, c, k)
            if wrong is not None:
                values[row, place + 2 * len(ks)] = majority_at_k(n, c, wrong, k)
    return values


def _spread(lengths: Iterable[int | None]) -> Spread | None:
    known = [length for length in lengths if length is not None]
    if not known:
        return None
    median, p90 = np.percentile(known, [50, 90])
    return Spread(len(known), statistics.fmean(known), float(median), float(p90), max(known))


def _by_k(found: Mapping[int, Estimate]) -> list[dict[str, Any]]:
    return [{"k": k, **dataclasses.asdict(estimate)} for k, estimate in found.items()]
