"""What expected outputs tell of a problem without a statement, and what they do not."""

import pytest

from verifier.ground_truth import GroundTruthError, read_ground_truth
from verifier.model import StdinTruth


@pytest.mark.parametrize(
    ("outputs", "several"),
    [
        (["YES\nRBRR\nNO\nYES\nBRB\n"], True),
        (["NO\n", "Yes\n3\n1 2 3\n"], True),
        (["NO\n", "possible\n1 2\n"], True),
        (["YES\nNO\nYES\n"], False),
        (["YES\n3\n", "NO\n"], False),  # the least number, or the most
        (["YES\n1 2\nYES\n"], False),
        (["NO\n"], False),
        (["2 1\n3 1 2\n"], False),
        (["3\nYES\n1 2\n"], False),
    ],
)
def test_decisions_with_proofs_have_several(outputs: list[str], several: bool) -> None:
    for row in (
        {"inputs": ["1"] * len(outputs), "outputs": outputs},
        {"kind": "stdin", "cases": [{"input": "1", "output": output} for output in outputs]},
        [{"input": "1", "output": output, "testtype": "stdin"} for output in outputs],
    ):
        truth = read_ground_truth(row)
        assert isinstance(truth, StdinTruth)
        assert truth.several_answers is several


def test_a_checker_and_a_statement_are_believed() -> None:
    proven = "YES\n1 2 3\n"
    for row in (
        {"kind": "stdin", "cases": [{"output": proven}], "checker": "numbers"},
        {"inputs": ["1"], "outputs": [proven], "question": "Print the three numbers in order."},
    ):
        truth = read_ground_truth(row)
        assert isinstance(truth, StdinTruth)
        assert not truth.several_answers


def test_a_part_of_a_conversation_is_no_ground_truth() -> None:
    with pytest.raises(GroundTruthError, match="conversation"):
        read_ground_truth({"inputs": ["2\n1"], "outputs": ["? 2\n\n? 6\n\n! 4"]})
    for output in ("! 4", "? 2\n? 3", "4"):
        read_ground_truth({"inputs": ["2"], "outputs": [output]})
