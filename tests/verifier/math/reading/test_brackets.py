"""What stands in brackets."""

from tests.verifier.math.trees import tree
from verifier.math.tree import Apply, Bracketed, FiniteSet, Matrix, Symbol


def test_brackets_say_what_it_is() -> None:
    interval = tree("(1, 2]")
    assert isinstance(interval, Bracketed)
    assert (interval.left, interval.right) == ("(", "]")
    assert tree(r"\{1, 2\}") == FiniteSet((tree("1"), tree("2")))
    assert tree("|x|") == Apply("abs", (Symbol("x"),))
    assert tree("(x)") == Symbol("x")


def test_an_environment_is_a_matrix() -> None:
    assert tree(r"\begin{pmatrix}1&2\\3&4\end{pmatrix}") == Matrix(
        ((tree("1"), tree("2")), (tree("3"), tree("4"))), "matrix"
    )
