"""Tuples and matrices, entry by entry."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.outcome import NOT_MINE
from verifier.math.comparing.tuples import same_counts, same_matrices, same_tuples


def test_order_counts() -> None:
    assert decided(same_tuples, "(1, 2)", r"(\frac22, 2)") is True
    assert decided(same_tuples, "(1, 2)", "(2, 1)") is False
    assert decided(same_tuples, "(3, -1)", r"3\mathbf{i} - \mathbf{j}") is True
    assert decided(same_tuples, "5", "5") is NOT_MINE


def test_matrices_are_the_same_whatever_stands_around_them() -> None:
    square = r"\begin{pmatrix}1&2\\3&4\end{pmatrix}"
    assert decided(same_matrices, square, square.replace("pmatrix", "bmatrix")) is True
    assert decided(same_matrices, square, r"\begin{pmatrix}1&3\\2&4\end{pmatrix}") is False


def test_a_count_of_combinations_may_be_a_point() -> None:
    assert decided(same_counts, "C(5, 2)", "(5, 2)") is True
    assert decided(same_counts, "C(5, 2)", "C(5, 3)") is False
