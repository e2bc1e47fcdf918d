"""What problems cost follows what was seen lately, and nothing is learned of runs."""

import pytest

from sandbox import Status
from verifier.dispatch import costs
from verifier.dispatch.costs import Costs
from verifier.model import Outcome, Ran, Rollout, Run, Verdict


def rollout(truth: str) -> Rollout:
    return Rollout(completion="x", ground_truth=truth)


def took(seconds: float) -> Verdict:
    return Verdict(outcome=Outcome.CORRECT, cpu_s=seconds)


def test_a_problem_is_expected_to_cost_what_it_did_and_others_nothing() -> None:
    known = Costs()
    known.learn(rollout("1"), took(4.0))
    assert known.expected(rollout("1")) == 4.0
    known.learn(rollout("1"), took(8.0))
    assert 4.0 < known.expected(rollout("1")) < 8.0
    assert known.expected(rollout("2")) == 0.0


def test_a_verdict_without_a_time_teaches_nothing() -> None:
    known = Costs()
    known.learn(rollout("1"), Verdict(outcome=Outcome.CORRECT))
    assert known.expected(rollout("1")) == 0.0


def test_runs_of_one_source_are_not_one_problem() -> None:
    known, run = Costs(), Run(source="while True: pass", language="python")
    known.learn(run, Ran(status=Status.TIME_LIMIT, stdout="", stderr="", cpu_s=10.0))
    assert known.expected(run) == 0.0


def test_what_was_not_met_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "MAX_PROBLEMS", 2)
    known = Costs()
    for truth in ("1", "2", "1", "3"):
        known.learn(rollout(truth), took(1.0))
    assert [known.expected(rollout(truth)) for truth in ("1", "2", "3")] == [1.0, 0.0, 1.0]
