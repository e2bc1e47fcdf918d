"""One judge reads a ground truth once, however often and in whatever object it comes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox import Limits
from verifier import judge as judge_module
from verifier.errors import NeedsSandbox, VerifierError
from verifier.ground_truth import read_ground_truth
from verifier.judge import MAX_TRUTHS, Judge
from verifier.model import (
    AnswerRules,
    LimitsOverride,
    MathTruth,
    Outcome,
    Rollout,
    Run,
    Verdict,
)
from verifier.remembered import VARIABLE, Remembered


class _Pool:
    def another(self, size: int) -> "_Pool":
        return self

    def close(self) -> None:
        pass


class _Math:
    """Stands for the warm math child."""

    def judge(
        self, truth: MathTruth, final: str, *, truncated: bool, rules: AnswerRules
    ) -> Verdict:
        return Verdict(outcome=Outcome.CORRECT, answer=truth.answers[0])

    def close(self) -> None:
        pass


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every ground truth that was read, in order."""
    found: list[Any] = []

    def read(raw: Any, *_: Any) -> Any:
        found.append(raw)
        return read_ground_truth(raw)

    monkeypatch.setattr(judge_module, "open_pool", lambda *_: _Pool())
    monkeypatch.setattr(judge_module, "MathJudge", _Math)
    monkeypatch.setattr(judge_module, "read_ground_truth", read)
    return found


@pytest.fixture
def judge(reads: list[Any]) -> Iterator[Judge]:
    with Judge("none") as judge:
        yield judge


def answer(judge: Judge, truth: Any) -> str | None:
    return judge.judge(Rollout(completion="", ground_truth=truth)).answer


def test_equal_ground_truths_are_read_once(judge: Judge, reads: list[Any]) -> None:
    truths = [{"kind": "math", "answers": [str(n)]} for n in range(3)]
    for _ in range(3):
        for number, truth in enumerate(truths):
            arrived = json.loads(json.dumps(truth))  # as another chunk brings it
            assert answer(judge, arrived) == str(number)
            assert answer(judge, arrived) == str(number)
    assert reads == truths


def test_values_that_python_calls_equal_are_told_apart(judge: Judge, reads: list[Any]) -> None:
    assert [answer(judge, truth) for truth in (1, 1.0, True, "1")] == ["1", "1.0", None, "1"]
    assert len(reads) == 4


def test_only_the_latest_ground_truths_are_kept(judge: Judge, reads: list[Any]) -> None:
    for number in [*range(MAX_TRUTHS + 1), 0]:
        answer(judge, f"answer {number}")
    assert len(reads) == MAX_TRUTHS + 2


@pytest.mark.parametrize("truth", ["", {}, {1: {2}}, float("nan"), [], None])
def test_an_unusable_ground_truth_is_null_whatever_the_completion(judge: Judge, truth: Any) -> None:
    for completion in ("", "<think>", "\\boxed{1}", "```python\nprint(1)\n```"):
        verdict = judge.judge(Rollout(completion=completion, ground_truth=truth))
        assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
        assert verdict.reward is None
        assert verdict.message


def test_without_a_sandbox_programs_are_refused_and_all_else_is_judged(reads: list[Any]) -> None:
    program = {"kind": "stdin", "cases": [{"input": "1", "output": "2"}]}
    with Judge(sandbox=None) as judge:
        with pytest.raises(NeedsSandbox):
            judge.judge(Rollout(completion="```python\nprint(2)\n```", ground_truth=program))
        with pytest.raises(NeedsSandbox):
            judge.run(Run(source="print(2)", language="python"))
        assert answer(judge, "1") == "1"
    assert reads == [program, "1"]


def test_a_thought_that_never_ends_is_no_answer(judge: Judge) -> None:
    verdict = judge.judge(Rollout(completion="<think> \\boxed{1}", ground_truth="1"))
    assert verdict.outcome is Outcome.NO_ANSWER


class _Programs:
    """Stands for the sandbox: gives one verdict after the other, each after so long."""

    limits = Limits()

    def __init__(self, *verdicts: tuple[Verdict, float]) -> None:
        self.left = [*verdicts]

    def close(self) -> None:
        """Nothing was started."""

    def judge(self, *_: object) -> Verdict:
        verdict, took_s = self.left.pop(0)
        clock.now += took_s
        return verdict


class _Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


clock = _Clock()
PROGRAM = Rollout(
    completion="```python\nprint(1)\n```",
    ground_truth={"kind": "stdin", "cases": [{"output": "1"}], "limits": {"cpu_s": 4}},
)


@pytest.mark.parametrize(
    ("first", "took_s"),
    [
        (Verdict(outcome=Outcome.TIME_LIMIT_EXCEEDED, cpu_s=0.1), 0.1),
        (Verdict(outcome=Outcome.MEMORY_LIMIT_EXCEEDED, cpu_s=0.1), 0.1),
        (Verdict(outcome=Outcome.VERIFIER_ERROR), 0.1),
        (Verdict(outcome=Outcome.WRONG_ANSWER, cpu_s=2.1), 0.1),
        (Verdict(outcome=Outcome.WRONG_ANSWER, cpu_s=0.1), 2.1),
    ],
)
def test_a_verdict_near_a_limit_is_not_its_twins(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, first: Verdict, took_s: float
) -> None:
    right = Verdict(outcome=Outcome.CORRECT, cpu_s=0.1)
    programs: Any = _Programs((first, took_s), (right, 0.1))
    judge._programs.close()
    monkeypatch.setattr(judge, "_programs", programs)
    monkeypatch.setattr(judge_module, "time", clock)
    assert judge.judge(PROGRAM) == first
    assert judge.judge(PROGRAM) == right
    assert judge.judge(PROGRAM) == right, "this one is remembered"
    assert not programs.left


STRAINED = Verdict(outcome=Outcome.CORRECT, strain=0.6)
RIGHT = Verdict(outcome=Outcome.CORRECT, strain=0.1)
LACKING = Verdict(
    outcome=Outcome.RUNTIME_ERROR,
    first_failure={"message": "ModuleNotFoundError: No module named 'numpy'"},
    strain=0.1,
)
LUCKY = replace(PROGRAM, completion="```python\nimport time\nprint(time.time())\n```")
IN_C = replace(
    PROGRAM,
    completion="```c\nint main() {}\n```",
    ground_truth={"kind": "stdin", "cases": [{"output": "1"}], "language": "c"},
)


@pytest.mark.parametrize(
    ("first", "rollout", "again", "runs"),
    [
        (RIGHT, PROGRAM, PROGRAM, 1),
        (RIGHT, PROGRAM, replace(PROGRAM, completion="So.\n" + PROGRAM.completion), 1),
        (RIGHT, PROGRAM, replace(PROGRAM, owner="another"), 2),
        (RIGHT, PROGRAM, replace(PROGRAM, limits=LimitsOverride(cpu_s=9)), 2),
        (RIGHT, PROGRAM, replace(PROGRAM, ground_truth={"inputs": [""], "outputs": ["1"]}), 2),
        (RIGHT, PROGRAM, replace(PROGRAM, completion="```python\nprint(1) \n```"), 2),
        (STRAINED, PROGRAM, PROGRAM, 2),
        (LACKING, PROGRAM, PROGRAM, 2),
        (RIGHT, LUCKY, LUCKY, 2),
        (RIGHT, IN_C, IN_C, 2),
    ],
)
def test_a_verdict_is_remembered_by_all_it_follows_from(
    judge: Judge,
    monkeypatch: pytest.MonkeyPatch,
    first: Verdict,
    rollout: Rollout,
    again: Rollout,
    runs: int,
) -> None:
    programs: Any = _Programs(*[(first, 0.1)] * 2)
    judge._programs.close()
    monkeypatch.setattr(judge, "_programs", programs)
    judge.judge(rollout)
    for number in range(MAX_TRUTHS + 1):  # its ground truth is forgotten, its verdict is not
        judge.judge(Rollout(completion="", ground_truth=f"answer {number}"))
    judge.judge(again)
    assert len(programs.left) == 2 - runs


def test_remembering_is_bounded_and_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0")
    assert Remembered().key("", b"", PROGRAM) is None
    monkeypatch.setenv(VARIABLE, "2")
    remembered = Remembered()
    keys = [remembered.key("", b"", number) for number in range(3)]
    assert len({*keys}) == 3
    for key in keys:
        assert key is not None
        remembered.keep(key, RIGHT)
    assert [remembered.verdict(key) for key in keys if key] == [None, RIGHT, RIGHT]
    monkeypatch.setenv(VARIABLE, "many")
    with pytest.raises(VerifierError, match="must be a number of verdicts"):
        Remembered()
