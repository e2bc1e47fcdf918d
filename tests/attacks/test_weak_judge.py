"""The control: attacks that earn nothing here do forge a reward where judge and candidate meet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox import Limits, Program
from sandbox.model import MIB
from sandbox.pool import JailPool
from tests.attacks.cases import Case, read_cases
from tests.attacks.problems import PROBLEMS
from verifier.model import AssertTruth, CallTruth

WEAK_JUDGE = Program((Path(__file__).parent / "weak_judge.py").read_text(encoding="utf-8"))
LIMITS = Limits(cpu_s=5.0, wall_s=5.0, memory_bytes=256 * MIB, output_bytes=MIB)
JUDGES = ("in_process", "exit_code", "printed")
HONEST = "def solve(text): return text[::-1]"
WRONG = "def solve(text): return text"


def _reward(pool: JailPool, judge: str, source: str, test: str) -> float | None:
    """What a weak judge pays; None where it does not live to say so."""
    task = json.dumps({"judge": judge, "source": source, "test": test}).encode()
    with pool.jail() as jail, jail.load(WEAK_JUDGE, LIMITS) as script:
        lines = script.run(task).stdout.split()
    return float(lines[-1]) if lines and lines[-1] in (b"0.0", b"1.0") else None


def _test_program(case: Case) -> str:
    """The suite that a case is about, as a judge would run it that cannot do better."""
    for kind in case.kinds:
        truth = PROBLEMS[kind]
        if isinstance(truth, AssertTruth):
            return f"{truth.setup}\n{truth.test}"
    truth = PROBLEMS[case.kinds[0]]
    if not isinstance(truth, CallTruth):
        truth = PROBLEMS["call"]
    assert isinstance(truth, CallTruth)
    asserts = [f"    assert candidate(*{case.args!r}) == {case.expected!r}" for case in truth.cases]
    return "\n".join(["def check(candidate):", *asserts])


@pytest.mark.parametrize("judge", JUDGES)
def test_weak_judge_can_tell_right_from_wrong(pool: JailPool, judge: str) -> None:
    truth = PROBLEMS["assert"]
    assert isinstance(truth, AssertTruth)
    assert _reward(pool, judge, HONEST, truth.test) == 1.0
    assert _reward(pool, judge, WRONG, truth.test) == 0.0


@pytest.mark.parametrize(
    ("case", "judge"),
    [
        pytest.param(case, judge, id=f"{case.name}-{judge}")
        for case in read_cases()
        for judge in case.forges
    ],
)
def test_attack_forges_a_reward_on_a_weak_judge(pool: JailPool, case: Case, judge: str) -> None:
    assert _reward(pool, judge, case.source, _test_program(case)) == 1.0
