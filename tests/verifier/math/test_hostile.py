"""Hostile expressions cost their limit and no more, and their neighbours nothing."""

import time
from collections.abc import Iterator

import pytest

from tests.verifier.math import hostile
from verifier.math import MathJudge
from verifier.math.settings import MathSettings
from verifier.model import MathTruth, Outcome

pytestmark = pytest.mark.slow

EXPRESSIONS = list(hostile.expressions())
CPU_S = 0.5
HONEST = (
    ("\\frac{\\sqrt{3}}{3}", "\\frac{1}{\\sqrt{3}}", Outcome.CORRECT),
    ("x^2-1", "(x-1)(x+1)", Outcome.CORRECT),
    ("\\frac{\\sqrt{3}}{3}", "\\frac{1}{\\sqrt{2}}", Outcome.WRONG_ANSWER),
)


@pytest.fixture(scope="module")
def impatient() -> Iterator[MathJudge]:
    judge = MathJudge(MathSettings(cpu_s=CPU_S))
    yield judge
    judge.close()


def _box(answer: str) -> str:
    return f"\\boxed{{{answer}}}"


def test_there_are_a_hundred_of_them() -> None:
    assert len(EXPRESSIONS) >= 100
    assert len(set(EXPRESSIONS)) == len(EXPRESSIONS)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda text: f"{text[:40]!a}, {len(text)}")
def test_a_hostile_answer_earns_nothing_and_harms_no_neighbour(
    impatient: MathJudge, expression: str
) -> None:
    verdict = impatient.judge(MathTruth(("\\sqrt{2}+x",)), _box(expression), truncated=False)
    assert verdict.reward == 0.0
    for reference, answer, outcome in HONEST:
        neighbour = impatient.judge(MathTruth((reference,)), _box(answer), truncated=False)
        assert neighbour.outcome is outcome


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda text: f"{text[:40]!a}, {len(text)}")
def test_a_hostile_reference_is_unusable_or_missed_but_never_met(
    impatient: MathJudge, expression: str
) -> None:
    verdict = impatient.judge(MathTruth((expression,)), _box("\\sqrt{2}+x"), truncated=False)
    assert verdict.outcome in (Outcome.INVALID_GROUND_TRUTH, Outcome.WRONG_ANSWER)


@pytest.mark.parametrize("tower", ["10^{10^{10}}", "9^{9^{9^{9}}}", "((10!)!)!", "2^{10^{9}}\\pi"])
def test_a_number_too_large_to_compute_is_blamed_on_the_side_that_states_it(
    impatient: MathJudge, tower: str
) -> None:
    as_answer = impatient.judge(MathTruth(("5",)), _box(tower), truncated=False)
    assert (as_answer.outcome, as_answer.how) == (Outcome.WRONG_ANSWER, "limit")
    as_reference = impatient.judge(MathTruth((tower,)), _box("5"), truncated=False)
    assert as_reference.outcome is Outcome.INVALID_GROUND_TRUTH
    assert as_reference.message is not None
    assert "too large" in as_reference.message


def test_the_reference_itself_is_met_even_by_one_too_large_to_compute(impatient: MathJudge) -> None:
    verdict = impatient.judge(MathTruth(("9^{9^{9^{9}}}",)), _box("9^{9^{9^9}}"), truncated=False)
    assert verdict.outcome is not Outcome.WRONG_ANSWER


def test_cpu_time_is_bounded_for_all_of_them_together() -> None:
    """The judge's own process must not do the work that its child is limited in."""
    judge = MathJudge(MathSettings(cpu_s=CPU_S))
    try:
        before = time.process_time()
        for expression in EXPRESSIONS:
            judge.judge(MathTruth(("\\sqrt{2}+x",)), _box(expression), truncated=False)
        used = time.process_time() - before
    finally:
        judge.close()
    assert used < CPU_S * len(EXPRESSIONS) / 4
