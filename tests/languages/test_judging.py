"""Rollouts with programs in other languages than Python, from completion to verdict."""

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest

from sandbox import JailUnavailable
from sandbox.pool import OPENERS
from verifier.judge import Judge
from verifier.model import Outcome, Rollout, Verdict

SUM = {"kind": "stdin", "cases": [{"input": "1 2", "output": "3"}, {"input": "2 3", "output": "5"}]}
ADDS = (
    '#include <stdio.h>\nint main(void) {{ int a, b; scanf("%d %d", &a, &b); printf("%d", {}); }}\n'
)


@pytest.fixture(scope="module")
def judge(kind: str, not_here: Callable[[str], NoReturn]) -> Iterator[Judge]:
    try:
        judge = Judge(kind)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    with judge:
        yield judge


def verdict_on(judge: Judge, completion: str, language: str, **truth: Any) -> Verdict:
    return judge.judge(
        Rollout(id="r", completion=completion, ground_truth={**SUM, "language": language, **truth})
    )


@pytest.mark.parametrize(
    ("expression", "outcome", "reward", "passed"),
    [
        ("a + b", Outcome.CORRECT, 1.0, 2),
        ("a * 3", Outcome.WRONG_ANSWER, 0.0, 1),
        ("a / (b - 2)", Outcome.RUNTIME_ERROR, 0.0, 0),
        ("a +", Outcome.COMPILE_ERROR, 0.0, 0),
    ],
)
@pytest.mark.usefixtures("c_compiler")
def test_fenced_program_gets_its_outcome(
    judge: Judge, expression: str, outcome: Outcome, reward: float, passed: int
) -> None:
    completion = f"Here it is:\n```c\n{ADDS.format(expression)}```\n"
    verdict = verdict_on(judge, completion, "C")
    assert (verdict.outcome, verdict.reward) == (outcome, reward), verdict
    assert verdict.passed == passed


@pytest.mark.usefixtures("c_compiler")
def test_compile_error_comes_with_what_the_compiler_says(judge: Judge) -> None:
    verdict = verdict_on(judge, f"```c\n{ADDS.format('a +')}```", "c")
    assert verdict.outcome is Outcome.COMPILE_ERROR
    assert "main.c:2" in repr(verdict)


def test_program_in_another_language_is_no_answer(judge: Judge) -> None:
    completion = "```python\nprint(sum(map(int, input().split())))\n```"
    assert verdict_on(judge, completion, "c").outcome is Outcome.NO_ANSWER
    assert verdict_on(judge, completion, "python").outcome is Outcome.CORRECT


def test_text_without_a_fence_is_no_program_but_in_python(judge: Judge) -> None:
    assert verdict_on(judge, ADDS.format("a + b"), "c").outcome is Outcome.NO_ANSWER


def test_missing_toolchain_is_our_fault_and_never_zero(
    judge: Judge, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = OPENERS[kind]
    monkeypatch.setitem(OPENERS, kind, lambda variant="python": opener())
    with Judge(kind) as lacking:
        verdict = verdict_on(lacking, f"```c\n{ADDS.format('a + b')}```", "c")
    assert (verdict.outcome, verdict.reward) == (Outcome.VERIFIER_ERROR, None)
    assert "no working toolchain for c" in (verdict.message or "")


@pytest.mark.usefixtures("c_compiler")
def test_where_no_language_is_named_the_blocks_tag_tells_it(judge: Judge) -> None:
    program = ADDS.format("a + b")
    for tag, outcome in (("c", Outcome.CORRECT), ("", Outcome.COMPILE_ERROR)):
        assert verdict_on(judge, f"```{tag}\n{program}```", "any").outcome is outcome
    python = "```python\nprint(sum(map(int, input().split())))\n```"
    both = f"```c\n{ADDS.format('a - b')}```\n{python}"
    assert verdict_on(judge, both, "any").outcome is Outcome.CORRECT
    assert verdict_on(judge, f"```c\n{program}```", "python").outcome is Outcome.NO_ANSWER
