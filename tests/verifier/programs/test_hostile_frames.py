"""Frames that a candidate's process wrote by hand: whatever is in them, the rollout is judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox import CallResult, Status
from sandbox.agent import values
from sandbox.exchange import _read_answer
from sandbox.jail import Arguments, Calls
from sandbox.runs import codec
from tests.verifier.conftest import JudgeProgram
from verifier.model import AssertTruth, CallCase, CallTruth, Outcome, Verdict
from verifier.programs.evaluator.evaluation import run_cases
from verifier.programs.referee.hearing import hear
from verifier.programs.referee.judge import MAX_CALLS
from verifier.programs.referee.suite_side import stand_ins as referee_stand_ins

HUGE = {"i": "0x1" + "0" * 40}
ODD_NUMBERS = [0, -1, 1, 2**63, -(2**63), 10**400, 1e308, float("nan"), float("inf"), True, None]
leaves: st.SearchStrategy[Any] = st.sampled_from(
    [*ODD_NUMBERS, HUGE, "x", "0x", "-0x1", "\ud800", "", [], {}]
) | st.text(max_size=3)
TAGS = [*"tsfdiabcrqon", "z", ""]
tagged = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(TAGS), inner, max_size=2)
        | st.lists(inner, min_size=3, max_size=3).map(lambda parts: {"r": parts})
        | st.tuples(st.sampled_from(TAGS), st.lists(st.lists(inner, max_size=2), max_size=3)).map(
            lambda pair: {pair[0]: pair[1]}
        )
    ),
    max_leaves=20,
)
"""What the format is made of, put together in every way that it is not."""
after = st.just({"t": [{"t": [[1]]}, {"d": []}]}) | tagged
relayed = (
    st.tuples(st.just("value"), tagged, st.booleans(), st.lists(tagged, max_size=2), after, tagged)
    | st.tuples(st.just("raised"), tagged, tagged, st.lists(tagged, max_size=2), tagged)
    | tagged
).map(lambda said: list(said) if isinstance(said, tuple) else said)
"""What the relay between candidate and referee says, and the like of it."""


def _written(kinds: st.SearchStrategy[Any], contents: st.SearchStrategy[Any]) -> Any:
    frames = st.tuples(kinds, contents).map(lambda frame: json.dumps(list(frame)).encode())
    broken = st.tuples(frames, st.integers(0, 200), st.binary(max_size=3)).map(
        lambda cut: cut[0][: cut[1]] + cut[2] + cut[0][cut[1] :]
    )
    deep = st.integers(1, 3000).map(lambda depth: b'["value",' + b"[" * depth + b"]" * depth + b"]")
    nested = st.integers(1, 900).map(
        lambda depth: (
            b'["value",["value",'
            + b"[" * depth
            + b"]" * depth
            + b",false,[],%s,[]]]" % b'{"t":[{"t":[[1]]},{"d":[]}]}'
        )
    )
    return frames | broken | deep | nested | st.binary(max_size=50)


kinds = st.sampled_from(["value", "value", "raised", "loaded", "stopped", ""]) | tagged


class Written:
    """A candidate's process that answers with this frame, whatever it is asked."""

    cpu_s = 0.0

    def __init__(self, frame: bytes) -> None:
        self._frame = frame

    def call(self, *_: object, **__: object) -> CallResult:
        return _read_answer(self._frame)

    def call_each(self, cases: Iterable[Arguments], **_: object) -> Iterator[CallResult]:
        return (self.call() for _ in cases)


class Host:
    """The referee's jail, as far as answers go: what crosses is crossed with."""

    cpu_s = 0.0

    def __init__(self) -> None:
        self._args: tuple[Any, ...] = ([1],)
        self._decode = values.decoder(
            {
                "received": referee_stand_ins.received,
                "received_iterator": referee_stand_ins.ReceivedIterator,
            }
        )

    def call(self, args: Sequence[Any], _: Mapping[str, Any]) -> CallResult:
        kind, *content = self._decode(codec.encode([*args]).decode())
        if kind == "start":
            self._secret = content[0]
            return CallResult(Status.OK, [self._secret, "call", "f", self._args, {}])
        ending = "failed" if kind == "value" else "raised"
        if kind == "value":
            self._receive(*content)
        return CallResult(Status.OK, [self._secret, ending, "", 1])

    def _receive(self, value: Any, places: Any, after: Any, same: Any) -> None:
        referee_stand_ins.copy_back((self._args, {}), after, same)
        assert not places or self._args[places[0]] is not None


SUITE = AssertTruth(entry_point="f", test="assert f([1]) == [2]")


def _is_zero(verdict: Verdict) -> None:
    assert verdict.reward == 0.0, verdict
    assert json.dumps(verdict.first_failure).encode()


@given(_written(kinds, relayed))
@example(json.dumps(["value", {"r": [0, HUGE, 1]}]).encode())
@example(
    json.dumps(
        ["value", ["value", {"r": [0, HUGE, 1]}, True, [], {"r": [0, HUGE, 1]}, []]]
    ).encode()
)
def test_whatever_is_written_in_the_relays_place_is_the_candidates_outcome(frame: bytes) -> None:
    candidate, host = cast(Calls, Written(frame)), cast(Calls, Host())
    _is_zero(hear(SUITE, candidate, host, MAX_CALLS))


EXPECTED: list[Any] = [
    [[7]],
    [7.5],
    7,
    "xyz",
    [7, [8.5]],
    {"a": [7]},
    None,
    2.5,
    [[7], [8]],
    {"1": 7},
]


@given(_written(kinds, tagged), st.sampled_from(EXPECTED), st.booleans())
def test_whatever_is_written_as_an_answer_is_the_candidates_outcome(
    frame: bytes, expected: Any, json_shaped: bool
) -> None:
    case = CallCase(expected, ([1],))
    truth = CallTruth(
        entry_point="f",
        cases=(case,),
        json_shaped=json_shaped,
        maybe_wrapped=isinstance(expected, list) and len(expected) == 1,
    )
    verdict = run_cases(truth, cast(Calls, Written(frame)))
    assert verdict.reward == 0.0 or (expected is None and frame.startswith(b'["value", null'))


IN_A_JAIL = """
import os
after = b'{{"t":[{{"t":[]}},{{"d":[]}}]}}'
frames = [
    b'["value",{{"r":[0,{{"i":"0x{zeros}"}},1]}}]',
    b'["value",["value",{{"r":[0,{{"i":"0x{zeros}"}},1]}},true,[],{{"t":[{{"t":[]}},{{"d":[]}}]}},[]]]',
    b'["value",["value",1,false,[-1],{{"t":[{{"t":[]}},{{"d":[]}}]}},[]]]',
    b'["value",["value",1,false,[],{{"t":[{{"t":[]}},{{"d":[]}}]}},[[]]]]',
    b'["value",["value",' + b"[" * 900 + b"]" * 900 + b',false,[],' + after + b',[]]]',
    b'["value",' + b"[" * 9000 + b"]" * 9000 + b']',
    b'["value",["raised","x","y",[],{{"t":[{{"r":[0,{{"i":"0x{zeros}"}},1]}}]}}]]',
    b'["value"', b'', b'\\xff\\xfe', b'[]', b'["value",' + b'9' * 9000 + b']',
]
def f(x):
    sent = b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames[x:])
    for number in range(3, 10):
        try: os.write(number, sent)
        except OSError: pass
    return -1
""".format(zeros="1" + "0" * 40)


@pytest.mark.parametrize("first", range(12))
@pytest.mark.parametrize(
    "test", ["assert f({}) == 5", "same = lambda a, b: a == b\nassert same(f({}), 5)"]
)
def test_frames_written_in_a_jail_are_the_candidates_outcome(
    judge: JudgeProgram, test: str, first: int
) -> None:
    raw = {"kind": "assert", "entry_point": "f", "test": test.format(first)}
    verdict = judge(raw, IN_A_JAIL)
    assert verdict.reward == 0.0, verdict
    assert verdict.outcome in (Outcome.WRONG_ANSWER, Outcome.RUNTIME_ERROR)
