"""Sums, products without a sign, mixed numbers."""

from tests.verifier.math.trees import tree


def test_a_sign_of_multiplication_may_be_left_out() -> None:
    assert tree("2x y") == tree(r"2 \cdot x \cdot y")
    assert tree(r"2\frac{1}{3}") == tree(r"2 + \frac{1}{3}")
    assert tree("2a - b") == tree("2a + (-b)")
    assert tree("2a - b - c") != tree("2a - (b - c)")
    assert tree(r"x\frac{1}{3}") != tree(r"x + \frac{1}{3}")
