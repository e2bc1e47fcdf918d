"""Rollouts and runs are told apart in one place, and come back from their plain form."""

import json

import pytest

from sandbox import Status
from verifier.dispatch.tasks import (
    RUN_LABEL,
    kind_of_task,
    label_of_task,
    plain_task,
    task_of,
    text_of_task,
    word_for,
)
from verifier.ground_truth import truth_text
from verifier.model import (
    AnswerRules,
    Kind,
    LimitsOverride,
    Outcome,
    Ran,
    Rollout,
    Run,
    Task,
    Verdict,
)

TRUTH = truth_text("1")
ROLLOUT = Rollout(
    completion="It is 1.",
    ground_truth=TRUTH,
    id="r",
    group="g",
    truncated=True,
    limits=LimitsOverride(cpu_s=1),
    rules=AnswerRules(extraction="last"),
    owner="o",
)
RUN = Run(source="print(1)", language="go", stdin="2", files={"a": "eA=="}, fetch=["b"])


@pytest.mark.parametrize("task", [ROLLOUT, RUN])
def test_a_task_comes_back_from_its_plain_form(task: Task) -> None:
    row = json.loads(json.dumps(plain_task(3, 0, task)))
    assert row["index"] == 3
    assert task_of(row, text_of_task(task), [TRUTH], "o") == task


@pytest.mark.parametrize("row", [{}, {"index": 0}, {"truth": 1}, {"run": {"what": 1}}])
def test_what_is_no_task_is_none(row: dict[str, object]) -> None:
    with pytest.raises((KeyError, IndexError, TypeError)):
        task_of(row, "", [TRUTH], "")


def test_a_run_needs_a_sandbox_and_belongs_to_no_problem() -> None:
    assert (kind_of_task(RUN), kind_of_task(ROLLOUT)) == (Kind.CODE, Kind.MATH)
    assert label_of_task(RUN) == RUN_LABEL
    assert label_of_task(ROLLOUT) not in ("", RUN_LABEL)


def test_what_came_of_it_is_an_outcome_or_how_it_ended() -> None:
    assert word_for(Verdict(outcome=Outcome.CORRECT)) == "correct"
    assert word_for(Ran(status=Status.OK, stdout="", stderr="", cpu_s=0)) == "ok"
