"""What happened in the sandbox becomes what it means for a rollout, in one place."""

import pytest

from sandbox import Status
from verifier.model import Outcome
from verifier.outcomes import failed, outcome_of


@pytest.mark.parametrize("status", Status)
def test_right_output_excuses_nothing_but_a_clean_end(status: Status) -> None:
    outcome = outcome_of(status, matches=True)
    assert (outcome is Outcome.CORRECT) == (status is Status.OK)


def test_a_failed_suite_tells_its_first_failure_and_its_cpu_time() -> None:
    verdict = failed(Outcome.WRONG_ANSWER, 2, 5, cpu_s=0.5, got=b"x", message="")
    assert verdict.cpu_s == 0.5
    assert (verdict.passed, verdict.total) == (2, 5)
    assert verdict.first_failure == {"case": 2, "outcome": "wrong_answer", "got": "x"}
