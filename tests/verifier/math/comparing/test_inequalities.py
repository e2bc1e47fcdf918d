"""Where an inequality in one variable holds."""

import mpmath

from tests.verifier.math.trees import formed
from verifier.math.comparing.inequalities import where_holds
from verifier.math.comparing.spans import Span
from verifier.math.tree import Relation


def holds(text: str) -> tuple[str, tuple[Span, ...]] | None:
    node = formed(text)
    assert isinstance(node, Relation)
    return where_holds(node.sides, node.signs)


def test_linear_ones_and_absolute_values_are_solved() -> None:
    assert holds("2x + 1 < 5") == ("x", (Span(-mpmath.inf, 2, low_in=False, high_in=False),))
    assert holds(r"|x| \le 2") == ("x", (Span(-2, 2, low_in=True, high_in=True),))


def test_others_are_left_alone() -> None:
    assert holds("x^2 < 4") is None
    assert holds("x < y") is None
