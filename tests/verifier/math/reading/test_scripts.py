"""What stands behind an operand."""

from tests.verifier.math.trees import tree


def test_powers_bind_before_signs_and_products() -> None:
    assert tree("-x^2") == tree("-(x^2)")
    assert tree("2x^3") == tree("2(x^3)")
    assert tree(r"50\%") == tree(r"50 \%")
    assert tree("x_1") == tree("x_{1}")
    assert tree("5!") != tree("5")
    assert tree("x'") != tree("x")
    assert tree("x_1") != tree("x_2")
