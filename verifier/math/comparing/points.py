"""Where expressions are evaluated: the same points for the same variables everywhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath
from mpmath import mp

DIGITS = 50
POINTS = 8
POSITIVE_POINTS = 3
_FAR = (12, 12, 150, 150, 2000, 2000)
"""How much farther out bends and steps are looked for."""
_BENDING = frozenset(
    ("abs", "norm", "floor", "ceil", "max", "min", "sgn", "sqrt", "root", "arcsin", "arccos")
)
_STEPS = frozenset(("floor", "ceil"))
_OF_INTEGERS = frozenset(("gcd", "lcm", "rem", "!!"))
"""Operations that only whole numbers have."""
_WHOLE = frozenset("kmnpqKMN")
"""Letters that stand for whole numbers where there are steps."""
CONSECUTIVE_WHOLES = 30
WHOLES = 60


@dataclass(frozen=True, slots=True)
class Point:
    """Values for variables."""

    values: dict[str, Any]
    in_domain: bool = False
    """Variables are positive and small: what is not real here is not meant to be real."""
    is_far: bool = False
    """An expression that has no value here may be too large, and be right."""


def points_for(variables: frozenset[str], operations: frozenset[str]) -> list[Point]:
    """The points that tell expressions in these variables apart.

    The first are positive, the later ones of either sign. Where operations bend or step, equal
    pieces are no equal expressions: `|x - 5|` is `5 - x` for a while, so that points lie farther
    out as well, or on whole numbers where that is what the letters mean."""
    if not variables:
        return [Point({}, in_domain=True)]
    if operations & _OF_INTEGERS or (operations & _STEPS and variables <= _WHOLE):
        return [Point(_wholes(variables, number), in_domain=True) for number in range(WHOLES)]
    near = [
        Point(
            {name: coordinate(name, number) for name in variables},
            in_domain=number < POSITIVE_POINTS,
        )
        for number in range(POINTS)
    ]
    if not operations & _BENDING:
        return near
    far = [
        Point({name: _far(name, number, scale) for name in variables}, is_far=True)
        for number, scale in enumerate(_FAR)
    ]
    return near + far


@lru_cache(maxsize=4096)
def coordinate(name: str, number: int) -> Any:
    """A number between a quarter and three and a quarter, or its negative after the first ones."""
    digest = _digest(name, number)
    with mp.workdps(DIGITS):
        value = mpmath.mpf(int.from_bytes(digest[:20], "big")) / 2**160 * 3 + mpmath.mpf("0.25")
        return -value if number >= POSITIVE_POINTS and digest[20] % 2 else value


def _far(name: str, number: int, scale: int) -> Any:
    """Each odd point lies opposite to the one before."""
    opposite = -1 if number % 2 else 1
    return coordinate(name, POINTS + number - number % 2) * scale * opposite


def _wholes(variables: frozenset[str], number: int) -> dict[str, Any]:
    """Whole numbers: a single variable counts up at first."""
    return {
        name: mpmath.mpf(
            number + 1
            if len(variables) == 1 and number < CONSECUTIVE_WHOLES
            else 1 + int.from_bytes(_digest(name, number)[:4], "big") % (30 if number % 2 else 3000)
        )
        for name in variables
    }


def _digest(name: str, number: int) -> bytes:
    return hashlib.sha256(f"{number}:{name}".encode()).digest()
