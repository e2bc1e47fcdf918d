"""Operators work as Python's, up to what would be huge or may have been a decimal."""

import ast
from fractions import Fraction
from typing import Any

import pytest

from verifier.programs.assertions.meter import Meter, Unsupported
from verifier.programs.assertions.operators import binary, unary


def test_operators_are_pythons() -> None:
    assert binary(Meter(), ast.Add, 2, 3) == 5
    assert binary(Meter(), ast.Mult, [0], 3) == [0, 0, 0]
    assert unary(Meter(), abs, -2) == 2
    with pytest.raises(TypeError):
        binary(Meter(), ast.Add, 1, "1")


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        (ast.Pow, 10, 10**6),
        (ast.LShift, 1, 10**6),
        (ast.Mult, [0], 10**7),
        (ast.Mod, "%1000000d", 1),
        (ast.Add, Fraction(1, 3), 1),
        (ast.MatMult, 1, 1),
    ],
)
def test_what_is_left_to_the_referee(kind: type[ast.operator], left: Any, right: Any) -> None:
    with pytest.raises(Unsupported):
        binary(Meter(), kind, left, right)
