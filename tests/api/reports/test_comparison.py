"""Comparisons against their definitions, and two differences put there on purpose."""

import itertools
from typing import Any

import numpy as np
import pytest

from api.reports.comparison import Comparison, compare, p_value
from api.reports.rollouts import read_scored
from tests.api.reports.test_summary import REWARDS, rows


def compared(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> Comparison:
    return compare(list(read_scored(a)), list(read_scored(b)))


def changed(row: dict[str, Any], outcome: str) -> dict[str, Any]:
    return {**row, "outcome": outcome, "reward": REWARDS[outcome]}


def benchmark(**fields: Any) -> list[dict[str, Any]]:
    """40 problems with two rollouts each, the first of which is right."""
    content = rows(" ".join(f"p{n}:correct p{n}:wrong_answer" for n in range(40)), **fields)
    return [{**row, "id": f"r{n}", "completion": f"text {n}"} for n, row in enumerate(content)]


@pytest.mark.parametrize("without", ["nothing", "id", "completion"])
def test_two_known_differences_are_found_and_nothing_else(without: str) -> None:
    a = [{k: v for k, v in row.items() if k != without} for row in benchmark(source="s")]
    b = [dict(row) for row in a]
    b[10], b[17] = changed(b[10], "no_answer"), changed(b[17], "correct")
    found = compared(a, b[::-1])
    assert [(flip.kind, flip.a.row, flip.b.row) for flip in found.flips] == [
        ("gained", 17, 79 - 17),
        ("lost", 10, 79 - 10),
    ]
    assert found.kinds == {"gained": 1, "lost": 1, "newly_judged": 0, "no_longer_judged": 0}
    everything = found.everything
    assert (everything.better, everything.worse, everything.same) == (1, 1, 38)
    assert everything.difference is not None
    assert everything.difference.value == pytest.approx(0)
    assert found.by_source["s"].p_value == 1


def test_a_surely_better_file_is_told_from_one_better_by_chance() -> None:
    a = benchmark()
    better = [changed(row, "correct") if n % 8 == 1 else row for n, row in enumerate(a)]
    found = compared(a, better).everything
    assert found.difference is not None
    assert found.difference.low is not None
    assert found.difference.value == pytest.approx(0.125)
    assert found.difference.low > 0
    assert found.p_value == pytest.approx(2 / 2**10)
    lucky = [changed(row, "correct") if n == 1 else row for n, row in enumerate(a)]
    assert compared(a, lucky).everything.p_value == 1


def test_a_null_is_a_flip_of_its_own_and_no_failure() -> None:
    a = rows("p:correct q:correct r:verifier_error")
    b = rows("p:verifier_error q:correct r:wrong_answer")
    found = compared(a, b)
    assert found.kinds == {"gained": 0, "lost": 0, "newly_judged": 1, "no_longer_judged": 1}
    assert found.everything.difference is not None
    assert (found.everything.difference.value, found.everything.difference.problems) == (0, 1)


def test_only_shared_problems_are_compared() -> None:
    found = compared(rows("p:correct q:correct"), rows("q:correct s:correct t:correct"))
    assert (len(found.everything.pairs), found.only_a, found.only_b) == (1, 1, 2)


def test_rows_without_names_are_the_same_where_their_completions_are() -> None:
    a = [{"outcome": "correct", "reward": 1.0, "completion": f"text {n}"} for n in range(3)]
    found = compared(a, [changed(a[2], "wrong_answer")])
    assert [(flip.a.row, flip.b.row) for flip in found.flips] == [(2, 0)]
    assert compared(a, [{**row, "completion": "other"} for row in a]).everything.pairs == ()


def test_rollouts_of_two_models_are_paired_by_problem_and_not_by_chance() -> None:
    a = [{k: v for k, v in row.items() if k != "id"} for row in benchmark()]
    b = [{**changed(row, "correct"), "completion": f"new {n}"} for n, row in enumerate(a)]
    found = compared(a, b)
    assert (found.paired_rollouts, found.flips) == (0, ())
    assert found.everything.better == 40


def test_the_p_value_is_the_share_of_signs_that_are_as_far_from_0() -> None:
    differences = np.array([0.5, 0.25, -0.125, 0.75, 0.25, 0, -0.5, 0.375])
    signs = itertools.product([-1, 1], repeat=len(differences))
    sums = [abs(float(np.dot(some, differences))) for some in signs]
    exact = np.mean([total >= abs(differences.sum()) - 1e-9 for total in sums])
    assert p_value(differences) == pytest.approx(exact, abs=0.01)
    assert p_value(np.zeros(3)) == 1
