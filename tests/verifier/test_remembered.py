"""What is remembered, for whom, and how sure a verdict has to be."""

import pytest

from sandbox import Limits
from verifier.errors import VerifierError
from verifier.model import Outcome, Verdict
from verifier.remembered import Remembered, is_sure, most_from_environment

RIGHT = Verdict(outcome=Outcome.CORRECT, cpu_s=0.1)
LIMITS = Limits(cpu_s=2, wall_s=1)


def test_owners_truths_and_sources_share_no_verdict() -> None:
    remembered = Remembered(9)
    keys = [
        remembered.key(owner, truth, source)
        for owner in ("", "a")
        for truth in (b"1" * 32, b"2" * 32)
        for source in ("x", "y", "\ud800")
    ]
    assert len(set(keys)) == len(keys)
    assert remembered.key("a", b"1" * 32, "x") in keys


def test_what_was_asked_for_last_is_kept() -> None:
    remembered = Remembered(2)
    for key in (b"a", b"b"):
        remembered.keep(key, RIGHT)
    assert remembered.verdict(b"a") is RIGHT
    remembered.keep(b"c", RIGHT)
    assert [remembered.verdict(key) for key in (b"a", b"b", b"c")] == [RIGHT, None, RIGHT]


def test_none_are_remembered_where_none_may_be() -> None:
    assert Remembered(0).key("", b"", "x") is None


@pytest.mark.parametrize(
    ("verdict", "took_s", "sure"),
    [
        (RIGHT, 0.4, True),
        (RIGHT, 0.6, False),
        (Verdict(outcome=Outcome.CORRECT, cpu_s=0.6), 0.1, False),
        (Verdict(outcome=Outcome.CORRECT, strain=0.4), 9.0, True),
        (Verdict(outcome=Outcome.CORRECT, strain=0.6), 0.1, False),
        (Verdict(outcome=Outcome.TIME_LIMIT_EXCEEDED), 0.1, False),
        (Verdict(outcome=Outcome.VERIFIER_ERROR), 0.1, False),
        (
            Verdict(
                outcome=Outcome.RUNTIME_ERROR,
                first_failure={"message": "ModuleNotFoundError: No module named 'x'"},
            ),
            0.1,
            False,
        ),
    ],
)
def test_only_what_is_far_from_every_limit_is_sure(
    verdict: Verdict, took_s: float, sure: bool
) -> None:
    assert is_sure(verdict, LIMITS, took_s) is sure


def test_the_environment_says_how_many() -> None:
    assert most_from_environment({"VERIFIER_REMEMBERED_VERDICTS": "7"}) == 7
    for given in ("", "-1", "many", "²", "1" * 10):
        with pytest.raises(VerifierError, match="must be a number of verdicts"):
            most_from_environment({"VERIFIER_REMEMBERED_VERDICTS": given})
