"""Verdicts on whole final parts: outcomes, hedging, options, what is remembered."""

import pytest

from verifier.errors import VerifierError
from verifier.math import MathJudge
from verifier.math.settings import MathSettings
from verifier.model import MathTruth, Outcome, Verdict


def _judge(judge: MathJudge, reference: str, final: str, *, truncated: bool = False) -> Verdict:
    return judge.judge(MathTruth((reference,)), final, truncated=truncated)


@pytest.mark.parametrize(
    ("reference", "answer", "how"),
    [
        ("\\dfrac{x}{2}", "$\\frac{x}{2}$", "string"),
        ("\\frac12", "0.5", "number"),
        ("B", "(B)", "choice"),
        ("\\frac{\\sqrt2}{2}", "\\frac{1}{\\sqrt2}", "symbolic"),
        ("\\int x dx", "\\int (x+0) dx", "math-verify"),
    ],
)
def test_a_verdict_says_what_settled_it(
    judge: MathJudge, reference: str, answer: str, how: str
) -> None:
    verdict = _judge(judge, reference, f"\\boxed{{{answer}}}")
    assert (verdict.outcome, verdict.how) == (Outcome.CORRECT, how)
    assert verdict.answer == answer


@pytest.mark.parametrize("final", ["", "I do not know.", "\\boxed{}", "\\boxed{5", "\\boxed{\\,}"])
def test_a_completion_without_a_final_answer_gets_no_answer(judge: MathJudge, final: str) -> None:
    verdict = _judge(judge, "5", final)
    assert verdict.outcome is Outcome.NO_ANSWER
    assert verdict.message


def test_a_stated_answer_of_a_truncated_completion_does_not_count(judge: MathJudge) -> None:
    assert _judge(judge, "5", "The answer is 5").outcome is Outcome.CORRECT
    cut_off = _judge(judge, "5", "The answer is 5", truncated=True)
    assert cut_off.outcome is Outcome.NO_ANSWER
    boxed = _judge(judge, "5", "so \\boxed{5}, as", truncated=True)
    assert boxed.outcome is Outcome.CORRECT


def test_any_one_of_several_references_will_do(judge: MathJudge) -> None:
    truth = MathTruth(("\\frac{1}{2}", "\\sqrt{2}", "B"))
    for answer in ("0.5", "2^{1/2}", "(B)"):
        verdict = judge.judge(truth, f"\\boxed{{{answer}}}", truncated=False)
        assert verdict.outcome is Outcome.CORRECT
    other = judge.judge(truth, "\\boxed{3}", truncated=False)
    assert other.outcome is Outcome.WRONG_ANSWER


@pytest.mark.parametrize("reference", ["", "   ", "$$", "NaN", "\\text{ }", "\\frac{1}{0}", "."])
def test_a_reference_that_says_nothing_is_unusable(judge: MathJudge, reference: str) -> None:
    verdict = _judge(judge, reference, "\\boxed{x+1}")
    assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH
    assert verdict.message


def test_an_unusable_reference_does_not_spoil_the_others(judge: MathJudge) -> None:
    truth = MathTruth(("", "10^{10^{10}}", "x+1"))
    right = judge.judge(truth, "\\boxed{1+x}", truncated=False)
    assert right.outcome is Outcome.CORRECT
    wrong = judge.judge(truth, "\\boxed{2+x}", truncated=False)
    assert wrong.outcome is Outcome.WRONG_ANSWER


def test_a_worked_solution_as_reference_counts_with_what_it_boxes(judge: MathJudge) -> None:
    reference = "We see that $x^2 = 4$, so $x = \\boxed{2}$ meters."
    assert _judge(judge, reference, "\\boxed{2}").outcome is Outcome.CORRECT


HEDGES = [
    "First \\boxed{5}. On second thoughts it is rather \\boxed{6}.",
    "First \\boxed{6}. On second thoughts it is rather \\boxed{5}.",
    "\\boxed{5} or \\boxed{6}",
    "The final answer is 6. The final answer is 5.",
    " ".join(f"maybe the result is \\boxed{{{number}}}" for number in range(20)) + " \\boxed{5}",
]


@pytest.mark.parametrize("final", HEDGES)
def test_several_different_final_answers_earn_nothing(judge: MathJudge, final: str) -> None:
    assert _judge(judge, "5", final).outcome is Outcome.WRONG_ANSWER


def test_the_same_answer_in_several_forms_is_no_hedge(judge: MathJudge) -> None:
    final = (
        "So \\boxed{\\frac{1}{2}}, in decimals that is \\boxed{0.5}, and as a share \\boxed{50\\%}."
    )
    assert _judge(judge, "\\frac12", final).outcome is Outcome.CORRECT


def test_parts_of_one_answer_in_boxes_of_their_own_are_a_list(judge: MathJudge) -> None:
    final = "Hence $x = \\boxed{2}$ or $x = \\boxed{3}$."
    assert _judge(judge, "2, 3", final).outcome is Outcome.CORRECT
    assert _judge(judge, "2", final).outcome is Outcome.WRONG_ANSWER


def test_only_the_last_box_counts_where_that_is_asked_for() -> None:
    judge = MathJudge(MathSettings(several_boxes="last"))
    try:
        assert _judge(judge, "6", HEDGES[0]).outcome is Outcome.CORRECT
        assert _judge(judge, "5", HEDGES[0]).outcome is Outcome.WRONG_ANSWER
    finally:
        judge.close()


def test_what_is_still_to_be_worked_out_is_refused_where_values_are_asked_for() -> None:
    judge = MathJudge(MathSettings(values_only=True))
    try:
        for answer in ("2^{10}", "32 \\cdot 32", "\\sqrt{1048576}", "1000 + 24"):
            verdict = _judge(judge, "1024", f"\\boxed{{{answer}}}")
            assert (verdict.outcome, verdict.how) == (Outcome.WRONG_ANSWER, "unevaluated")
        for reference, answer in (("1024", "x = 1{,}024"), ("1024", "1024 \\text{ cm}")):
            assert _judge(judge, reference, f"\\boxed{{{answer}}}").outcome is Outcome.CORRECT
        assert _judge(judge, "2^{n}", "\\boxed{2 \\cdot 2^{n-1}}").outcome is Outcome.CORRECT
    finally:
        judge.close()


@pytest.mark.parametrize(
    "environment",
    [
        {"VERIFIER_MATH_SEVERAL_BOXES": "first"},
        {"VERIFIER_MATH_VALUES_ONLY": "yes"},
        {"VERIFIER_MATH_CPU_S": "soon"},
        {"VERIFIER_MATH_CPU_S": "0"},
        {"VERIFIER_MATH_CPU_S": "nan"},
    ],
)
def test_an_option_that_cannot_be_read_is_named(environment: dict[str, str]) -> None:
    with pytest.raises(VerifierError, match=next(iter(environment))):
        MathSettings.from_environment(environment)


def test_options_come_from_the_environment() -> None:
    environment = {
        "VERIFIER_MATH_SEVERAL_BOXES": "last",
        "VERIFIER_MATH_VALUES_ONLY": "1",
        "VERIFIER_MATH_CPU_S": "0.5",
    }
    assert MathSettings.from_environment(environment) == MathSettings("last", True, 0.5)
    assert MathSettings.from_environment({}) == MathSettings()


def test_a_pair_is_compared_once(judge: MathJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    _judge(judge, "x^3-8", "\\boxed{(x-2)(x^2+2x+4)}")

    def refuse(*_: object) -> None:
        raise AssertionError("the child was asked again")

    monkeypatch.setattr(judge._child, "ask", refuse)
    again = _judge(judge, "x^3-8", "\\boxed{ (x-2)(x^2+2x+4) }")
    assert again.outcome is Outcome.CORRECT


def test_a_long_answer_is_shown_shortened(judge: MathJudge) -> None:
    verdict = _judge(judge, "5", f"\\boxed{{{'x+' * 5000}x}}")
    assert verdict.outcome is Outcome.WRONG_ANSWER
    assert verdict.answer is not None
    assert len(verdict.answer) < 600
