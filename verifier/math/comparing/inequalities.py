"""Where an inequality in one variable holds: linear ones, and those with absolute values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath

from verifier.math.comparing.evaluate import agree
from verifier.math.comparing.numeric import CONSTANTS, Evaluator
from verifier.math.comparing.spans import ALL, Span, common, span_of, united
from verifier.math.tree import Apply, Listing, Node, infinity_of, symbols_of

MAX_BENDS = 20
"""Absolute values in one inequality."""
COMPLEX_NAMES = frozenset(("z", "w"))
"""Variables of which an absolute value makes a disc, not an interval."""

_BENT_OTHERWISE = frozenset(("max", "min", "floor", "ceil", "sgn", "norm"))


def where_holds(
    sides: tuple[Node, ...], signs: tuple[str, ...]
) -> tuple[str, tuple[Span, ...]] | None:
    """The one variable of a chain of inequalities, and for which values of it they hold."""
    names = symbols_of(Listing(sides)) - CONSTANTS
    if len(names) != 1 or not set(signs) <= {"<", "<=", ">", ">=", "!="}:
        return None
    (name,) = names
    spans: tuple[Span, ...] = (ALL,)
    for left, right, sign in zip(sides, sides[1:], signs, strict=False):
        part = _where(left, right, sign, name)
        if part is None:
            return None
        spans = tuple(common(spans, part))
    return name, spans


def _where(left: Node, right: Node, sign: str, name: str) -> tuple[Span, ...] | None:
    """Where `left sign right` holds: both are linear in the one variable, but for bends where the
    inside of an absolute value is zero."""
    if any(infinity_of(side) for side in (left, right)):
        return (ALL,)  # x < oo says nothing
    difference = Apply("+", (left, Apply("neg", (right,))))
    at = _function(difference, name)
    bends = _bends(difference, name)
    if bends is None or len(bends) > MAX_BENDS or (bends and name in COMPLEX_NAMES):
        return None
    ends = [-mpmath.inf, *bends, mpmath.inf]
    found: list[Span] = []
    for low, high in pairwise(ends):
        line = _line(at, low, high)
        if line is None or (line[1] == 0 and not bends):
            return None
        piece = span_of(low, high, low_in=True, high_in=True)
        found.extend(common((piece,) if piece else (), _half_line(*line, sign, (low, high))))
    return united(found)


def _bends(node: Node, name: str) -> list[Any] | None:
    """Where the insides of its absolute values are zero, in ascending order; None where one of them
    is not linear, or where something else may bend it."""
    if not isinstance(node, Apply):
        return []
    if node.op in _BENT_OTHERWISE:
        return None
    found: list[Any] = []
    for arg in node.args:
        inner = _bends(arg, name)
        if inner is None:
            return None
        found.extend(inner)
    if node.op == "abs":
        (inside,) = node.args
        line = _line(_function(inside, name), -mpmath.inf, mpmath.inf)
        if line is None:
            return None
        offset, slope = line
        found.extend([] if slope == 0 else [-offset / slope])
    found.sort()
    return [bend for at, bend in enumerate(found) if not at or not agree(bend, found[at - 1])]


def _function(node: Node, name: str) -> Callable[[Any], Any]:
    return lambda x: Evaluator({name: mpmath.mpf(x)}, natural_log=True).value(node)


def _line(at: Callable[[Any], Any], low: Any, high: Any) -> tuple[Any, Any] | None:
    """Offset and slope of a function that is linear between two ends, None where it is not."""
    if mpmath.isinf(low) and mpmath.isinf(high):
        places = [mpmath.mpf(x) for x in (0, 1, -3, 2, "7.25")]
    elif mpmath.isinf(low):
        places = [high - mpmath.mpf(x) for x in (0, 1, 3, 5, "7.25")]
    elif mpmath.isinf(high):
        places = [low + mpmath.mpf(x) for x in (0, 1, 3, 5, "7.25")]
    else:
        places = [low + (high - low) * mpmath.mpf(x) / 16 for x in (0, 16, 3, 7, 12)]
    first, second, *others = places
    start = at(first)
    slope = (at(second) - start) / (second - first)
    if isinstance(start + slope, mpmath.mpc):
        return None
    if any(not agree(at(x) + 1000, start + slope * (x - first) + 1000) for x in others):
        return None
    if abs(slope) < mpmath.mpf(10) ** -20:
        return start, mpmath.mpf(0)
    return start - slope * first, slope


def _half_line(offset: Any, slope: Any, sign: str, ends: tuple[Any, Any]) -> tuple[Span, ...]:
    """Where `offset + slope x` stands so to zero; a root at one of the ends is that end exactly."""
    closed = sign in ("<=", ">=")
    if slope == 0:
        zero = abs(offset) < mpmath.mpf(10) ** -20
        negative = not zero and offset < 0
        holds = closed if zero else sign == "!=" or negative == (sign in ("<", "<="))
        return (ALL,) if holds else ()
    root = -offset / slope
    root = next((end for end in ends if not mpmath.isinf(end) and agree(end, root)), root)
    below = Span(-mpmath.inf, root, low_in=False, high_in=closed)
    above = Span(root, mpmath.inf, low_in=closed, high_in=False)
    if sign == "!=":
        return (below, above)
    return (below,) if (sign in ("<", "<=")) == (slope > 0) else (above,)
