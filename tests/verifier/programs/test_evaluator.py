"""To compare what a candidate returned costs a worker its budget at most, whatever it is."""

from __future__ import annotations

import os
import signal

import pytest

from verifier.ground_truth import read_ground_truth
from verifier.model import LimitsOverride, MathTruth, Outcome, Verdict
from verifier.programs.judge import ProgramJudge

COLLIDING = "[i * (2 ** 61 - 1) for i in range(1, 200_000)]"
"""Integers of one hash: a set of them takes the square of their number."""
WALKING = """
def walking(bits=20):
    # Slots that a table of this size is searched in one after the other, all taken; and numbers of
    # other hashes, all of which begin there. No two have the same hash.
    size, slot, taken = 1 << bits, 1, []
    for _ in range(size // 4):
        taken.append(slot)
        slot = (5 * slot + 1) % size
    return taken + [1 + (n << bits) for n in range(1, size // 4)]
"""
HONEST = "list(range(1, 200_000))"


def judged(programs: ProgramJudge, raw: object, source: str) -> Verdict:
    truth = read_ground_truth(raw)
    assert not isinstance(truth, MathTruth)
    return programs.judge(truth, source, LimitsOverride())


def asserting(test: str) -> dict[str, str]:
    return {"kind": "assert", "entry_point": "f", "test": test}


@pytest.mark.slow
@pytest.mark.parametrize(
    "test",
    [
        "assert {1, 2}.issubset(f(1))",
        "assert len(set(f(1))) == 199_999",
        "from collections import Counter\nassert Counter(f(1))[1] == 1",
        "assert len({x for x in f(1)}) == 199_999",
        "assert dict(zip(f(1), f(1)))[1] == 1",
        "assert {*f(1)} == set(range(1, 200_000))",
    ],
)
def test_numbers_of_one_hash_exceed_the_time_of_who_returned_them(
    test: str, programs: ProgramJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = judged(programs, asserting(test), f"def f(x): return {HONEST}")
    assert right.outcome is Outcome.CORRECT
    monkeypatch.setattr("verifier.programs.evaluator.child.BUDGET_S", 1.0)
    hostile = judged(programs, asserting(test), f"def f(x): return {COLLIDING}")
    assert hostile.outcome is Outcome.TIME_LIMIT_EXCEEDED
    assert hostile.reward == 0.0
    right = judged(programs, asserting("assert f(1) == 1"), "def f(x): return x")
    assert right.outcome is Outcome.CORRECT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("raw", "returned"),
    [
        (asserting("from collections import Counter\nassert Counter(f(1))[5] == 1"), "walking()"),
        (asserting("assert 5 in f(1)"), "set(walking())"),
        (
            {"kind": "call", "entry_point": "f", "cases": [{"args": [1], "expected": 5}]},
            "frozenset",
        ),
    ],
)
def test_numbers_that_only_meet_in_the_table_exceed_it_too(
    raw: object, returned: str, programs: ProgramJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.programs.evaluator.child.BUDGET_S", 1.0)
    if returned == "walking()":
        source = f"{WALKING}\ndef f(x): return walking()"
    else:  # written by hand: to make the set would take the candidate's own time
        source = f"{WALKING}{_BY_HAND}"
    verdict = judged(programs, raw, source)
    assert verdict.outcome is Outcome.TIME_LIMIT_EXCEEDED
    assert "compare" in str(verdict.first_failure)


_BY_HAND = """
import json, os
def f(x):
    frame = json.dumps(["value", {"s": walking()}]).encode()
    frame = len(frame).to_bytes(4, "big") + frame
    for descriptor in range(3, 20):
        try:
            rest = frame
            while rest:
                rest = rest[os.write(descriptor, rest):]
        except OSError:
            pass
    os._exit(0)
"""


@pytest.mark.slow
def test_a_suite_that_takes_too_long_to_read_is_no_ground_truth(
    programs: ProgramJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = ", ".join(str(n) for n in range(40_000))
    test = f"assert f(1) == 1\nassert f(2) in {{{numbers}}}"
    verdict = judged(programs, asserting(test), "def f(x): return x")
    assert verdict.outcome is Outcome.CORRECT
    monkeypatch.setattr("verifier.programs.evaluator.child.BUDGET_S", 2.0)
    numbers = ", ".join(str(n * (2**61 - 1)) for n in range(40_000))
    test = f"assert f(1) == 1\nassert f(0) in {{{numbers}}}"
    verdict = judged(programs, asserting(test), "def f(x): return x")
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert verdict.reward is None


def test_one_that_is_killed_by_someone_else_costs_no_verdict(programs: ProgramJudge) -> None:
    truth = asserting("assert f(1) == 1")
    assert judged(programs, truth, "def f(x): return x").outcome is Outcome.CORRECT
    os.kill(programs._evaluator().pid, signal.SIGKILL)
    assert judged(programs, truth, "def f(x): return x").outcome is Outcome.CORRECT
    assert judged(programs, truth, "def f(x): return 2").outcome is Outcome.WRONG_ANSWER
