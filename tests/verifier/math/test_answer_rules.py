"""What a data set says of its answers: where they stand, what several boxes are, what is near."""

import pytest

from verifier.errors import GroundTruthError
from verifier.ground_truth import read_ground_truth
from verifier.math import MathJudge
from verifier.model import AnswerRules, MathTruth, Outcome

RIGHT, WRONG, NONE = Outcome.CORRECT, Outcome.WRONG_ANSWER, Outcome.NO_ANSWER


@pytest.mark.parametrize(
    ("rules", "reference", "final", "outcome"),
    [
        (AnswerRules(extraction="boxed"), "5", "The answer is 5.", NONE),
        (AnswerRules(extraction="boxed"), "5", "It is \\boxed{5}.", RIGHT),
        (AnswerRules(extraction="boxed"), "5", "<answer>5</answer>", RIGHT),
        (AnswerRules(), "34", "The largest is 34.", NONE),
        (AnswerRules(extraction="last"), "34", "The largest is 34.", RIGHT),
        (AnswerRules(extraction="last"), "34", "Final Answer: The largest $n$ is 34.", RIGHT),
        (AnswerRules(extraction="last"), "x \\ge 5", "Therefore $x \\ge 5$.", RIGHT),
        (AnswerRules(extraction="last"), "5", "The answer is 5. For 7 it fails.", RIGHT),
        (AnswerRules(extraction="last"), "7", "Of 7 and 8 the box has \\boxed{8}.", WRONG),
        (AnswerRules(extraction="last"), "7", "I do not know.", NONE),
        (AnswerRules(extraction="last"), "15", "First there are 7, then 8, so 15.", RIGHT),
        (AnswerRules(extraction="last"), "7", "First there are 7, then 8, so 15.", WRONG),
        (AnswerRules(several_boxes="last"), "6", "\\boxed{5}. No, it is \\boxed{6}.", RIGHT),
        (AnswerRules(several_boxes="all"), "6", "\\boxed{5}. No, it is \\boxed{6}.", WRONG),
        (AnswerRules(several_boxes="list"), "5, 6", "\\boxed{5}. Also \\boxed{6}.", RIGHT),
        (AnswerRules(several_boxes="list"), "6", "\\boxed{5}. Also \\boxed{6}.", WRONG),
        (AnswerRules(tolerance=0.05), "100", "\\boxed{104}", RIGHT),
        (AnswerRules(tolerance=0.05), "100", "\\boxed{106}", WRONG),
        (AnswerRules(tolerance=0.05), "100", "\\boxed{x}", WRONG),
        (AnswerRules(tolerance=0.05), "1 \\text{ m}", "\\boxed{102 \\text{ cm}}", RIGHT),
        (AnswerRules(tolerance=0.05), "1 \\text{ m}", "\\boxed{102 \\text{ s}}", WRONG),
        (AnswerRules(tolerance=0.05), "(1, 2)", "\\boxed{(1.01, 2)}", RIGHT),
        (AnswerRules(tolerance=0.05), "(1, 2)", "\\boxed{(1.01, 2, 2)}", WRONG),
        (AnswerRules(), "100", "\\boxed{104}", WRONG),
        (AnswerRules(decimal_comma=True), "1,5", "\\boxed{\\frac32}", RIGHT),
        (AnswerRules(decimal_comma=True), "3/2", "\\boxed{1{,}5}", RIGHT),
        (AnswerRules(decimal_comma=True), "1234.5", "\\boxed{1.234,5}", RIGHT),
        (AnswerRules(decimal_comma=True), "1, 5", "\\boxed{5, 1}", RIGHT),
        (AnswerRules(), "3/2", "\\boxed{1,5}", WRONG),
    ],
)
def test_a_batch_or_a_ground_truth_says_how(
    judge: MathJudge, rules: AnswerRules, reference: str, final: str, outcome: Outcome
) -> None:
    told = judge.judge(MathTruth((reference,), rules), final, truncated=False)
    assert told.outcome is outcome
    said = judge.judge(MathTruth((reference,)), final, truncated=False, rules=rules)
    assert said.outcome is outcome


def test_a_ground_truth_counts_before_its_batch(judge: MathJudge) -> None:
    truth = MathTruth(("5",), AnswerRules(extraction="stated"))
    boxed = AnswerRules(extraction="boxed")
    final = "The answer is 5."
    assert judge.judge(truth, final, truncated=False, rules=boxed).outcome is RIGHT


def test_they_are_read_from_a_native_ground_truth() -> None:
    raw = {"kind": "math", "answers": ["5"], "extraction": "last", "tolerance": 0.01}
    assert read_ground_truth(raw) == MathTruth(("5",), AnswerRules("last", None, 0.01, None))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("extraction", "first"),
        ("several_boxes", True),
        ("tolerance", 1),
        ("tolerance", -0.1),
        ("decimal_comma", "yes"),
        ("extractoin", "last"),
    ],
)
def test_what_is_unknown_is_refused(field: str, value: object) -> None:
    with pytest.raises(GroundTruthError, match=field):
        read_ground_truth({"kind": "math", "answers": ["5"], field: value})
