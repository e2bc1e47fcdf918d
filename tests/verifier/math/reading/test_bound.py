"""Sums, integrals and limits have a variable of their own."""

from tests.verifier.math.trees import tree


def test_a_bound_variable_has_no_name() -> None:
    assert tree(r"\sum_{k=1}^{3} k") == tree(r"\sum_{n=1}^{3} n")
    assert tree(r"\int_0^1 x dx") == tree(r"\int_0^1 t dt")
    assert tree(r"\lim_{x\to 0} x") == tree(r"\lim_{t\to 0} t")
    assert tree(r"\sum_{k=1}^{3} k") != tree(r"\sum_{k=1}^{3} n")
