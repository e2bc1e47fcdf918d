"""`verifier report`: right sums, told so that nulls do not hide."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli.tally import pass_at_k, tally
from tests.api.cli.conftest import Run

REWARDS = {"correct": 1.0, "wrong_answer": 0.0, "verifier_error": None}


def rows(text: str) -> list[dict[str, Any]]:
    """`p:correct q:wrong_answer` as scored rows."""
    found = []
    for word in text.split():
        group, _, outcome = word.rpartition(":")
        found.append({"group": group or None, "outcome": outcome, "reward": REWARDS[outcome]})
    return found


@given(
    st.integers(1, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n)))
)
def test_pass_at_k_is_the_share_of_draws_with_a_solved_one(case: tuple[int, int, int]) -> None:
    judged, solved, k = case
    draws = list(itertools.combinations(range(judged), k))
    share = sum(any(drawn < solved for drawn in draw) for draw in draws) / len(draws)
    assert pass_at_k(judged, solved, k) == pytest.approx(share)


def test_the_unjudged_count_in_no_mean() -> None:
    found = tally(rows("p:correct p:verifier_error p:wrong_answer q:correct r:verifier_error"))
    assert (found.rollouts, found.unjudged, len(found.groups)) == (5, 2, 3)
    assert found.avg_at_k == pytest.approx((0.5 + 1.0) / 2)
    assert [(entry.k, entry.groups) for entry in found.pass_at_k] == [(1, 2), (2, 1)]
    assert [entry.value for entry in found.pass_at_k] == pytest.approx([0.75, 1.0])


def test_a_rollout_without_a_group_is_a_group_of_its_own() -> None:
    found = tally([*rows(":correct :wrong_answer"), *rows("x:correct")])
    assert [group.size for group in found.groups] == [1, 1, 1]


def test_nothing_scored_is_no_division_by_zero(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").touch()
    found = run("report", "out.jsonl", "--html", "page.html")
    assert found.returncode == 0, found.stderr
    assert "0 rollouts" in found.stdout


def test_it_prints_what_there_is(run: Run, tmp_path: Path) -> None:
    scored = rows("p:correct p:wrong_answer q:correct q:verifier_error")
    (tmp_path / "out.jsonl").write_text("\n".join(map(json.dumps, scored)))
    found = run("report", "out.jsonl")
    assert found.returncode == 0
    assert "4 rollouts in 2 groups of 2" in found.stdout
    assert "avg@k   0.7500" in found.stdout
    assert "pass@2  1.0000  over 1 groups" in found.stdout
    assert "1 rollouts could not be judged" in found.stdout


def test_the_page_shows_what_is_in_the_file_as_text(run: Run, tmp_path: Path) -> None:
    evil = "<script>alert('&')</script>{0}\ud800"
    row = {"group": evil, "outcome": "wrong_answer", "reward": 0.0}
    (tmp_path / "<b>.jsonl").write_text(json.dumps(row))
    found = run("report", "<b>.jsonl", "--html", "page.html")
    assert found.returncode == 0, found.stderr
    page = (tmp_path / "page.html").read_text()
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize(
    "line",
    ["{}", '{"reward": 2, "outcome": "correct"}', '{"reward": 1}', '{"reward": 1, "outcome": []}'],
)
def test_a_file_that_is_not_scored_is_refused(run: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "out.jsonl").write_text(line)
    found = run("report", "out.jsonl")
    assert found.returncode == 2
    assert "line 1 has no `reward` and `outcome`" in found.stderr
