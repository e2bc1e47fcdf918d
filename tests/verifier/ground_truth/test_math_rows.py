"""Rows of mathematics as they stand; what may be no mathematics is refused."""

from typing import Any

import pytest

from verifier.ground_truth import GroundTruthError, read_ground_truth
from verifier.model import MathTruth

HALF = "1/2"


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        ({"problem": "?", "answer": HALF, "level": 5}, (HALF,)),
        ({"ID": "I-1", "Problem": "?", "Solution": "Long.", "Answer": 33}, ("33",)),
        ({"question": "?", "final_answer": ["5"], "unit": "cm", "error": None}, ("5",)),
        ({"problem": "?", "expected_answer": HALF, "pass_rate_72b_tir": "0.5"}, (HALF,)),
        ({"problem": "?", "solution": "At first \\boxed{3}, then \\boxed{4}."}, ("4",)),
        ({"problem": "?", "solution": "\\boxed{3}", "answer": "4", "correct_answer": "5"}, ("4",)),
        ({"problem": "?", "solution": "$x = \\boxed{2}$ or $x = \\boxed{3}$."}, ("2, 3",)),
        ({"problem": "?", "answer": "", "solution": "\\boxed{3}"}, ("3",)),
        ({"answers": ["1", "2"]}, ("1", "2")),
        ({"reward_model": {"answer": "7"}, "answer": "other"}, ("7",)),
        ({"question": "?", "choices": ["a", "b"], "answer": "B"}, ("B",)),
        ('{"target": "5"}', ("5",)),
        ("It is <answer> 5 </answer>", ("5",)),
    ],
)
def test_the_answer_of_a_row(row: Any, answers: tuple[str, ...]) -> None:
    truth = read_ground_truth(row)
    assert isinstance(truth, MathTruth)
    assert truth.answers == answers


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"answer": "5", "unit_test_code": "assert f(1)"}, "`unit_test_code`, which is not read"),
        ({"answer": "5", "entry": "f"}, "`entry`, which is not read"),
        ({"answer": "5", "tolerance": 0.1}, "`tolerance`, which is not read"),
        ({"answer": "def f(x):\n    return x"}, "its answer is a program"),
        ({"answer": "```python\nprint(1)\n```"}, "its answer is a program"),
        ({"question2": "?", "choices": ["a", "b"], "answer": 1}, "a number beside choices"),
        ({"problem": "?", "solution": "No box."}, "no known shape"),
        ({"problem": "?", "answer": None}, "no known shape"),
    ],
)
def test_what_may_be_no_mathematics_is_refused(row: Any, sentence: str) -> None:
    with pytest.raises(GroundTruthError, match=sentence):
        read_ground_truth(row)
