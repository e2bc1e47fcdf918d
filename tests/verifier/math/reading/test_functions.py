"""Commands and what they are applied to."""

from tests.verifier.math.trees import tree


def test_a_command_takes_what_mathematicians_mean() -> None:
    assert tree(r"\frac12") == tree(r"\frac{1}{2}")
    assert tree(r"\sin^2 2x") == tree(r"(\sin(2x))^2")
    assert tree(r"\sqrt 4x") == tree(r"\sqrt{4} x")
    assert tree(r"\log_2 8") == tree(r"\log_{2}(8)")
    assert tree(r"\sqrt[3]{8}") != tree(r"\sqrt{8}")
    assert tree(r"\sin 2x") != tree(r"(\sin 2) x")
