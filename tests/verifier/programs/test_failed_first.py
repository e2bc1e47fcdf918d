"""The case that a program failed is run first with the next one, and told by its own number."""

from verifier.model import Outcome, StdinCase, StdinTruth, Verdict
from verifier.programs.failed_first import FailedFirst

TRUTH = StdinTruth(cases=tuple(StdinCase(input=str(n), output=str(n)) for n in range(4)))


def failure(case: int) -> Verdict:
    return Verdict(outcome=Outcome.WRONG_ANSWER, passed=case, total=4, first_failure={"case": case})


def test_what_failed_is_run_first() -> None:
    remembered = FailedFirst()
    _, places = remembered.arranged(b"truth", TRUTH)
    told = remembered.told(b"truth", failure(2), places)
    assert told.first_failure == {"case": 2}
    arranged, places = remembered.arranged(b"truth", TRUTH)
    assert list(places) == [2, 0, 1, 3]
    assert [case.input for case in arranged.cases] == ["2", "0", "1", "3"]
    again = remembered.told(b"truth", failure(0), places)
    assert again.first_failure == {"case": 2}
    assert again.passed is None


def test_another_ground_truth_has_its_own_order() -> None:
    remembered = FailedFirst()
    remembered.told(b"truth", failure(3), range(4))
    assert list(remembered.arranged(b"other", TRUTH)[1]) == [0, 1, 2, 3]
