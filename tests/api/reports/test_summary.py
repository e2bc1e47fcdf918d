"""Sums of scored rows: what is apart stays apart, and nulls hide nowhere."""

from typing import Any

import pytest

from api.reports.rollouts import By, read_scored
from api.reports.summary import Report, Section, report_on

REWARDS = {"correct": 1.0, "wrong_answer": 0.0, "no_answer": 0.0, "verifier_error": None}


def rows(text: str, **fields: Any) -> list[dict[str, Any]]:
    """`p:correct q:wrong_answer:7` as scored rows: group, outcome, extracted answer."""
    found = []
    for word in text.split():
        group, outcome, *answer = word.split(":")
        details = {"answer": answer[0]} if answer else {}
        row = {"group": group or None, "outcome": outcome, "reward": REWARDS[outcome]}
        found.append({**row, "details": details, **fields})
    return found


def reported(content: list[dict[str, Any]], *by: By) -> Report:
    return report_on(list(read_scored(content, by)), by)


def everything(content: list[dict[str, Any]]) -> Section:
    return reported(content).everything


def test_the_unjudged_count_in_no_mean() -> None:
    found = everything(rows("p:correct p:verifier_error p:wrong_answer q:correct r:verifier_error"))
    assert (found.rollouts, found.unjudged, len(found.problems)) == (5, 2, 3)
    assert found.avg_at_k is not None
    assert found.avg_at_k.value == pytest.approx((0.5 + 1.0) / 2)
    assert {k: (one.value, one.problems) for k, one in found.pass_at_k.items()} == {
        1: (0.75, 2),
        2: (1.0, 1),
    }
    assert {k: (one.value, one.problems) for k, one in found.pass_hat_k.items()} == {
        1: (0.75, 2),
        2: (0.0, 1),
    }
    assert found.kinds == {"all_right": 1, "mixed": 1, "all_wrong": 0, "unjudged": 1}


def test_libraries_that_programs_missed_are_counted() -> None:
    says = "ModuleNotFoundError: No module named 'torch.nn'"
    missed: dict[str, Any] = {"details": {"first_failure": {"case": 0, "message": says}}}
    found = everything(
        [
            *({"outcome": "runtime_error", "reward": 0.0, **missed} for _ in range(2)),
            {"outcome": "wrong_answer", "reward": 0.0, **missed},
            {"outcome": "runtime_error", "reward": 0.0},
        ]
    )
    assert found.missing_libraries == found.as_json()["missing_libraries"] == {"torch": 2}


def test_problems_of_two_sources_are_apart_however_they_are_called() -> None:
    found = reported(
        [*rows("1:correct 2:correct", source="AIME24"), *rows("1:wrong_answer", source="AIME25")]
    )
    assert len(found.everything.problems) == 3
    values = {name: part.avg_at_k for name, part in found.by["source"].items()}
    assert {name: one and one.value for name, one in values.items()} == {"AIME24": 1, "AIME25": 0}


def test_a_field_tells_rollouts_apart_and_dates_come_by_window() -> None:
    content = [
        *rows("p:correct", meta={"level": 9}, date="2024-03-31"),
        *rows("q:wrong_answer", meta={"level": 10}, date="2024-04-01T10:00:00"),
        *rows("r:correct", date="soon"),
    ]
    by = [By("meta.level"), By("date"), By("date", "quarter")]
    found = reported(content, by[0], by[1])
    assert list(found.by["meta.level"]) == ["9", "10", "(none)"]
    assert set(found.by["date"]) == {"2024-03", "2024-04", "soon"}
    assert set(reported(content, by[2]).by["date"]) == {"2024-Q1", "2024-Q2", "soon"}


def test_a_rollout_without_a_group_is_a_problem_of_its_own() -> None:
    found = everything([*rows(":correct :wrong_answer"), *rows("x:correct")])
    assert [problem.rollouts for problem in found.problems] == [1, 1, 1]


def test_right_answers_are_one_vote_however_they_are_written() -> None:
    found = everything(rows("p:correct:1/2 p:correct:0.5 p:wrong_answer:3 p:wrong_answer:4"))
    assert found.majority_at_k[4].value == 1
    tied = everything(rows("p:correct:2 p:correct:2 p:wrong_answer:3 p:wrong_answer:3 p:no_answer"))
    assert tied.majority_at_k[5].value == 0.5


def test_only_mathematics_has_a_majority() -> None:
    program = {"ground_truth": {"kind": "stdin", "cases": [{"input": "", "output": "1"}]}}
    found = everything([*rows("p:no_answer", **program), *rows("q:correct:2 r:no_answer")])
    assert found.majority_at_k[1].problems == 1
    assert found.pass_at_k[1].problems == 3
    answers = everything(rows("p:no_answer", ground_truth="42"))
    assert answers.majority_at_k[1].value == 0


def test_lengths_and_truncation_are_told_where_they_are_known() -> None:
    none = everything(rows("p:correct"))
    assert (none.chars, none.tokens, none.truncated) == (None, None, None)
    known = [*rows("p:correct", completion="abcd", truncated=True, completion_tokens=2)]
    found = everything([*known, *rows("p:wrong_answer", completion="ab", truncated=False)])
    assert found.truncated == 1
    assert found.chars is not None
    assert (found.chars.mean, found.chars.longest, found.chars.rollouts) == (3, 4, 2)
    assert found.tokens is not None
    assert found.tokens.rollouts == 1
