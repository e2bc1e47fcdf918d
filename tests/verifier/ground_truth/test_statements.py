"""What a statement says of its output is heard, and nothing that it only seems to say."""

from typing import Any

import pytest

from verifier.ground_truth import GroundTruthError, read_ground_truth
from verifier.model import Checker, JudgingProgram, StdinTruth

CASES = {"inputs": ["1"], "outputs": ["0.5 YES"]}


def read(statement: Any, **more: Any) -> StdinTruth:
    truth = read_ground_truth({**CASES, "question": statement, **more})
    assert isinstance(truth, StdinTruth)
    return truth


@pytest.mark.parametrize(
    ("statement", "several"),
    [
        ("If there are multiple answers, print any of them.", True),
        ("If there are several possible ways to cut it, you can output any.", True),
        ("If more than one solution exists, either is fine; print one of them.", True),
        ("Print any valid arrangement, or -1 if there is none.", True),
        ("Output any such string.", True),
        ("Any correct answer will be accepted.", True),
        ("You may print the pairs in any order.", True),
        ("Print the number of ways. The numbers are given in any order.", False),
        ("Print the sum of the many answers.", False),
        ("Print YES if any of the cells is free.", False),
        ("Find the largest number that divides any two of them.", False),
        ("There are several test cases. For each, print one number.", False),
        ("You may print each letter in any case.", False),
    ],
)
def test_several_right_answers(statement: str, several: bool) -> None:
    assert read(statement).several_answers is several


@pytest.mark.parametrize(
    ("statement", "checker"),
    [
        ("Print the sum.", Checker()),
        ("You can print each letter in any case (upper or lower).", Checker("case_insensitive")),
        ("Its absolute or relative error must not exceed $10^{-4}$.", Checker(tolerance=1e-4)),
        ("The answer is right within an error of 1e-3.", Checker(tolerance=1e-3)),
        ("The checker accepts an error up to 0.01.", Checker(tolerance=1e-2)),
        ("Its error must not exceed 10^-9.", Checker()),  # digits that the test data may lack
        ("There are 10 errors, and 1 typo.", Checker()),
        ([{"role": "user", "content": "Print it in any case."}], Checker("case_insensitive")),
    ],
)
def test_case_and_nearness(statement: Any, checker: Checker) -> None:
    assert read(statement).checker == checker


def test_a_statement_beside_a_wrapped_ground_truth_is_heard() -> None:
    asks = "If there are several answers, print any of them."
    truth = read_ground_truth({"prompt": asks, "verification_info": {"test_cases": CASES}})
    assert isinstance(truth, StdinTruth)
    assert truth.several_answers
    exact = {"kind": "stdin", "cases": [{"output": "1"}], "checker": "exact"}
    truth = read_ground_truth({"prompt": asks, "ground_truth": exact})
    assert truth == read_ground_truth(exact)


def test_a_checker_is_believed_and_not_the_statement() -> None:
    asks = "If there are several answers, print any of them, in any case."
    truth = read(asks, checker={"kind": "program", "source": "def check(i, o, a): return o == a"})
    assert isinstance(truth.checker, JudgingProgram)
    assert not truth.several_answers


def test_a_conversation_without_an_interactor_is_no_ground_truth() -> None:
    with pytest.raises(GroundTruthError, match="interactive, and it has no interactor"):
        read("This is an interactive problem. Flush after each query.")
