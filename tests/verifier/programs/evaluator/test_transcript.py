"""Who answers the same as a right program is right, and nobody else gains by what it answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import CallResult, Status
from sandbox.exchange import ExchangedCalls
from sandbox.model import Exchange
from sandbox.runs import codec
from verifier.ground_truth import read_ground_truth
from verifier.model import LimitsOverride, MathTruth, Outcome, Verdict
from verifier.programs.evaluator import transcript
from verifier.programs.evaluator.transcript import Recorded, Transcript
from verifier.programs.judge import ProgramJudge

SQUARES = {
    "kind": "assert",
    "entry_point": "f",
    "test": "\n".join(f"assert f({n}) == {n * n}" for n in range(40)),
}
NESTED = {"kind": "assert", "entry_point": "f", "test": "assert f(f(f(2))) == 256"}
CASES = {
    "kind": "call",
    "entry_point": "f",
    "cases": [{"args": [n], "expected": n * n} for n in range(40)],
}


@pytest.mark.slow
@pytest.mark.parametrize("raw", [SQUARES, NESTED, CASES])
def test_others_get_what_they_would_get_without_it(raw: Any, programs: ProgramJudge) -> None:
    truth = read_ground_truth(raw)
    assert not isinstance(truth, MathTruth)

    def judged(body: str) -> Verdict:
        return programs.judge(truth, f"def f(x):\n    {body}", LimitsOverride())

    def shown(verdict: Verdict) -> Any:
        return verdict.outcome, verdict.passed, verdict.total, verdict.first_failure

    others = [
        "return x ** 2",
        "return float(x * x)",
        "return x * x if x != 39 and x != 16 else 7",
        "return x * x if x != 31 and x != 4 else 1 / 0",
        "return x * x if x < 4 else __import__('os')._exit(0)",
        "return None",
    ]
    fresh = []
    for body in others:
        programs.close()
        fresh.append(shown(judged(body)))
    assert {outcome for outcome, *_ in fresh} >= {Outcome.CORRECT, Outcome.RUNTIME_ERROR}
    programs.close()
    assert judged("return x * x").outcome is Outcome.CORRECT
    assert [shown(judged(body)) for body in others] == fresh


def test_the_same_answers_are_not_read_again(
    programs: ProgramJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = read_ground_truth(SQUARES)
    assert not isinstance(truth, MathTruth)
    right = programs.judge(truth, "def f(x): return x * x", LimitsOverride())
    monkeypatch.setattr("verifier.programs.evaluator.child.Evaluator._evaluate", None)
    again = programs.judge(truth, "def f(x): return x ** 2", LimitsOverride())
    assert (again.outcome, again.passed, again.total) == (right.outcome, right.passed, right.total)
    assert again.outcome is Outcome.CORRECT
    assert again.passed == 40


class Process(ExchangedCalls):
    """Answers in portions, as a busy process does; remembers what it was asked."""

    cpu_s = 0.0

    def __init__(self, answers: Sequence[Any], portions: Iterator[tuple[int, bool]]) -> None:
        self._answers = iter(answers)
        self._portions = portions
        self._left = 0
        self.asked: list[list[bytes]] = []

    def exchange(self, requests: Sequence[bytes]) -> Exchange:
        if requests:
            assert not self._left, "asked for more before the last batch was over"
            self.asked.append(list(requests))
            self._left = len(requests)
        count, stops = next(self._portions)
        frames: list[bytes] = []
        for _ in range(min(count, self._left)):
            answer = next(self._answers)
            if answer is None:
                self._left = 0
                return Exchange(frames, over=CallResult(Status.TIME_LIMIT))
            frames.append(json.dumps(["value", answer]).encode())
        self._left = 0 if stops else self._left - len(frames)
        return Exchange(frames, self._left, quick=count > 3)


portions = st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=200, max_size=200)


@pytest.mark.slow
@given(
    portions,
    portions,
    st.lists(st.integers(0, 3), min_size=1, max_size=30),
    st.data(),
)
def test_however_answers_come_they_are_those_of_the_same_calls(
    slices: list[tuple[int, bool]],
    others: list[tuple[int, bool]],
    right: list[int],
    data: st.DataObject,
) -> None:
    cases: list[Any] = [((number,), {}) for number in range(len(right))]
    first = Recorded(Process(right, iter(slices)))
    assert [result.value for result in _through(first).call_each(cases)] == right
    differing: list[int | None] = list(right)
    for place in data.draw(st.sets(st.integers(0, len(right) - 1), max_size=2)):
        differing[place] = data.draw(st.sampled_from([7, None]))
    process = Process(differing, iter(others))
    ahead = first.transcript.ask(process)
    assert (ahead is None) == (differing == right)
    if ahead is not None:
        until = differing.index(None) if None in differing else len(right)
        results = list(_through(Recorded(process, ahead)).call_each(cases))
        assert [result.value for result in results[:until]] == differing[:until]
        assert all(result.status is Status.TIME_LIMIT for result in results[until:])
    given = [request for batch in process.asked for request in batch]
    assert set(given) <= {codec.encode([list(args), {}, False]) for args, _ in cases}


def _through(recorded: Recorded) -> ExchangedCalls:
    class Through(ExchangedCalls):
        def exchange(self, requests: Sequence[bytes]) -> Exchange:
            return recorded.exchange(requests)

    return Through()


def test_nothing_is_asked_before_it_was_asked_of_the_right_one() -> None:
    """The argument of a call that depends on the one before tells what that should return."""
    steady = iter([(9, False)] * 9)
    recorded = Recorded(Process([1, 2, 3], steady))
    for requests in ([b"f(0)"], [b"f(1)", b"f(2)"]):
        recorded.exchange(requests)
    process = Process([7, 2, 3], steady)
    assert recorded.transcript.ask(process) is not None
    assert process.asked == [[b"f(0)"]]


def test_a_long_one_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "MAX_BYTES", 30)
    kept = Transcript()
    kept.add([b"x" * 10], Exchange([b"y" * 20]))
    assert kept.is_whole
    kept.add([b"x"], Exchange([b""]))
    assert not kept.is_whole
