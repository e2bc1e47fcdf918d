"""Sentences with formulas in them."""

from tests.verifier.math.trees import tree
from verifier.math.tree import Prose


def test_words_stay_and_formulas_between_them_are_read() -> None:
    half = tree(r"\text{at most } \frac12 \text{ of them}")
    assert isinstance(half, Prose)
    assert half == tree(r"\text{at most } \frac{1}{2} \text{ of them}")
    assert half != tree(r"\text{at least } \frac12 \text{ of them}")
