"""Estimates over problems, each with its interval: avg@k, pass@k, pass^k, majority@k.

For a problem with n judged rollouts of which c are solved:

- pass@k, the chance that at least one of k is solved, is 1 - C(n-c, k) / C(n, k), the unbiased
  estimator of Chen et al. 2021 (https://arxiv.org/abs/2107.03374, equation 1);
- pass^k, the chance that all of k are solved, is C(c, k) / C(n, k) (Yao et al. 2024,
  https://arxiv.org/abs/2406.12045, section 3);
- majority@k, the chance that the most frequent answer of k is right (Wang et al. 2022,
  https://arxiv.org/abs/2203.11171), is the mean over ways to draw k of the n; of answers that are
  equally frequent one is taken by lot.

A problem counts where it has at least k judged rollouts. Rollouts without a verdict are in no n.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 2000
SEED = 0
"""The same file gives the same intervals."""
_MAX_DRAWS = 200
"""Ways to draw k rollouts that majority@k looks at; all of them where there are no more."""
_CHUNK = 200
"""Resamples, or problems, at a time: what bounds the memory."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over problems."""

    value: float
    low: float | None
    """Of the interval; None where there is a single problem."""
    high: float | None
    problems: int
    """How many count."""


@functools.cache
def pass_at_k(judged: int, solved: int, k: int) -> float:
    """Of all ways to draw k of the judged rollouts, the share with a solved one."""
    return 1 - math.comb(judged - solved, k) / math.comb(judged, k)


@functools.cache
def pass_hat_k(judged: int, solved: int, k: int) -> float:
    """Of all ways to draw k of the judged rollouts, the share with nothing but solved ones."""
    return math.comb(solved, k) / math.comb(judged, k)


@functools.cache
def majority_at_k(judged: int, solved: int, wrong: tuple[int, ...], k: int) -> float:
    """The chance that the most frequent answer of k of the judged rollouts is right.

    `wrong`: how often each wrong answer was given. All right ones are one answer, however they are
    written; who gave none has no vote."""
    ballots = np.zeros((judged, 1 + len(wrong)))
    ends = itertools.accumulate((solved, *wrong))
    for answer, (end, votes) in enumerate(zip(ends, (solved, *wrong), strict=True)):
        ballots[end - votes : end, answer] = 1
    counts = _draws(judged, k) @ ballots
    most = counts.max(axis=1)
    ties = (counts == most[:, None]).sum(axis=1)
    return float(np.mean(np.where((counts[:, 0] == most) & (most > 0), 1 / ties, 0)))


def estimates(values: Floats) -> list[Estimate | None]:
    """The mean of each column over the problems (rows) for which it is not nan, with the interval
    between the percentiles of means over problems drawn anew (Efron's bootstrap); None for a
    column of nothing but nan."""
    if not len(values):
        return [None] * values.shape[1]
    counted = ~np.isnan(values)
    filled = np.where(counted, values, 0.0)
    means = _resampled_means(filled, counted)
    found: list[Estimate | None] = []
    for column in range(values.shape[1]):
        problems = int(counted[:, column].sum())
        if not problems:
            found.append(None)
            continue
        value = float(filled[:, column].sum() / problems)
        low, high = _percentiles(means[:, column]) if problems > 1 else (None, None)
        found.append(Estimate(value, low, high, problems))
    return found


def _resampled_means(filled: Floats, counted: NDArray[np.bool_]) -> Floats:
    """One row of means for each resample.

    Problems that are alike in every column are drawn together: how often each kind comes is
    multinomial, which takes much less than drawing problem by problem and is the same."""
    kinds, sizes = np.unique(np.hstack([filled, counted]), axis=0, return_counts=True)
    width = filled.shape[1]
    generator = np.random.default_rng(SEED)
    means = []
    for start in range(0, RESAMPLES, _CHUNK):
        some = min(_CHUNK, RESAMPLES - start)
        drawn = generator.multinomial(len(filled), sizes / len(filled), size=some)
        sums = drawn @ kinds
        with np.errstate(invalid="ignore"):
            means.append(sums[:, :width] / sums[:, width:])
    return np.vstack(means)


def _percentiles(means: Floats) -> tuple[float, float]:
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.nanpercentile(means, [tail, 100 - tail])
    return float(low), float(high)


@functools.lru_cache(maxsize=64)
def _draws(size: int, k: int) -> Floats:
    """Ways to draw k of `size`, a row each: 1 where one is drawn."""
    if math.comb(size, k) <= _MAX_DRAWS:
        chosen = list(itertools.combinations(range(size), k))
    else:
        generator = np.random.default_rng(SEED)
        chosen = [tuple(generator.permutation(size)[:k]) for _ in range(_MAX_DRAWS)]
    draws = np.zeros((len(chosen), size))
    for row, places in enumerate(chosen):
        draws[row, list(places)] = 1
    return draws
