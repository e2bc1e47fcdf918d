"""Estimates against their definitions, counted out; intervals that are seeded and cover."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.estimates import (
    LEVEL,
    Estimate,
    estimates,
    majority_at_k,
    pass_at_k,
    pass_hat_k,
)

JUDGED_SOLVED_K = st.integers(1, 7).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))
)


@given(JUDGED_SOLVED_K)
def test_pass_at_k_and_pass_hat_k_are_shares_of_draws(case: tuple[int, int, int]) -> None:
    judged, solved, k = case
    draws = list(itertools.combinations([place < solved for place in range(judged)], k))
    assert pass_at_k(judged, solved, k) == pytest.approx(sum(map(any, draws)) / len(draws))
    assert pass_hat_k(judged, solved, k) == pytest.approx(sum(map(all, draws)) / len(draws))


@given(JUDGED_SOLVED_K, st.lists(st.integers(1, 3), max_size=3))
def test_majority_at_k_is_the_chance_of_the_most_frequent_answer(
    case: tuple[int, int, int], wrong: list[int]
) -> None:
    judged, solved, k = case
    while sum(wrong) > judged - solved:
        wrong = wrong[1:]
    answers = ["right"] * solved
    answers += [str(place) for place, votes in enumerate(wrong) for _ in range(votes)]
    ballots = answers + [None] * (judged - len(answers))
    chances = []
    for draw in itertools.combinations(ballots, k):
        votes = Counter(answer for answer in draw if answer is not None)
        leading = [answer for answer, count in votes.items() if count == max(votes.values())]
        chances.append(1 / len(leading) if "right" in leading else 0)
    assert majority_at_k(judged, solved, tuple(wrong), k) == pytest.approx(np.mean(chances))


def test_many_rollouts_are_drawn_from_and_not_all_counted_out() -> None:
    assert majority_at_k(256, 192, (64,), 64) == pytest.approx(1, abs=0.01)
    assert majority_at_k(256, 64, (192,), 64) == pytest.approx(0, abs=0.01)


def test_a_problem_that_does_not_count_is_in_no_mean() -> None:
    nan = np.nan
    first, second, third = estimates(np.array([[1, nan, nan], [0, 0.5, nan]]))
    assert first is not None
    assert (first.value, first.problems) == (0.5, 2)
    assert second == Estimate(0.5, None, None, 1)
    assert third is None
    assert estimates(np.empty((0, 2))) == [None, None]


def test_an_interval_is_the_same_each_time_and_as_wide_as_theory_has_it() -> None:
    values = (np.arange(400)[:, None] % 2).astype(np.float64)
    (once,) = estimates(values)
    assert [once] == estimates(values)
    assert once is not None
    assert once.low is not None
    assert once.high is not None
    deviation = 1.96 * 0.5 / 400**0.5
    assert once.high - once.value == pytest.approx(deviation, rel=0.1)
    assert once.value - once.low == pytest.approx(deviation, rel=0.1)


def test_intervals_hold_what_they_promise() -> None:
    generator = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        (found,) = estimates(generator.beta(1, 1, size=(60, 1)))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.5 <= found.high
    assert held / 200 == pytest.approx(LEVEL, abs=0.05)
