"""General solutions are the functions that they are for all values of their constants."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.solutions import same_general_solutions


def _same(reference: str, answer: str) -> bool:
    return same_general_solutions(formed(reference), formed(answer))


def test_a_general_solution_may_name_its_constants_otherwise() -> None:
    assert _same("C_1 e^x + C_2 e^{-x}", "A e^x + B e^{-x}")
    assert not _same("C_1 e^x + C_2 e^{-x}", "A e^{2x} + B e^{-x}")


def test_constants_may_stand_with_other_functions_that_make_the_same_sums() -> None:
    assert _same("C_1 e^x + C_2 e^{-x} + x", r"A \cosh x + B \sinh x + x + e^x")
    assert not _same("C_1 e^x + C_2 e^{-x} + x", r"A \cosh x + B \sinh x")
    assert not _same("C_1 e^x + C_2 e^{-x}", "A e^x + 2 B e^x")  # only one of both


def test_the_constants_of_a_vector_are_the_same_in_each_entry() -> None:
    vector = r"\begin{pmatrix} C_1 e^t + C_2 e^{-t} \\ C_1 e^t - C_2 e^{-t} \end{pmatrix}"
    assert _same(vector, "(A e^t - B e^{-t}, A e^t + B e^{-t})")
    assert not _same(vector, "(A e^t + B e^{-t}, A e^t + B e^{-t})")
