"""Whether two expressions are equal: both are evaluated at the same points.

Two expressions that agree to 30 digits at several independent points are equal for all purposes
of grading, and two that differ at one point are not: no simplifier has to find the way from one to
the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.exact import TooLarge
from verifier.math.comparing.numeric import CONSTANTS, Evaluator
from verifier.math.comparing.points import DIGITS, points_for
from verifier.math.operations import Undefined
from verifier.math.tree import Apply, Node, children_of, operations_of, symbols_of

AGREEMENT = 30
"""Digits to which values must agree."""
CLOSE_LOOKS = 2
"""At so many points values are compared to the digits that a part of them may hide behind."""


def constant_value(node: Node) -> Any | None:
    """The value of an expression without variables; None where it has variables or no value.

    Raises TooLarge."""
    if symbols_of(node) - (CONSTANTS - {"oo"}):
        return None
    with mp.workdps(DIGITS):
        try:
            return Evaluator({}, natural_log=False).value(node)
        except Undefined:
            return None


def agree(left: Any, right: Any, digits: int = AGREEMENT, *, cancelled: bool = True) -> bool:
    """Whether two values are the same but for rounding.

    `cancelled`: tiny values may be what rounding left of zeros; else they are what they are."""
    size = max(abs(left), abs(right))
    if cancelled and size < mpmath.mpf(10) ** -(digits + 10):
        return True
    return bool(abs(left - right) <= size * mpmath.mpf(10) ** -digits)


def same_function(left: Node, right: Node) -> bool | None:
    """Whether two scalar expressions are equal for all values of their variables; None where too
    few points can be evaluated to tell. Raises TooLarge.

    Radicals are compared as textbooks do, for variables that make them real: a point at which a
    value on the way is not real decides only where the point's variables are positive."""
    bases = (False, True) if _has_bare_log(left) or _has_bare_log(right) else (False,)
    results = [_same_at_points(left, right, natural_log=natural) for natural in bases]
    if True in results:
        return True
    return None if None in results else False


def _has_bare_log(node: Node) -> bool:
    if isinstance(node, Apply) and node.op == "log" and len(node.args) == 1:
        return True
    return any(map(_has_bare_log, children_of(node)))


def _same_at_points(left: Node, right: Node, *, natural_log: bool) -> bool | None:
    """Whether both have the same value wherever both have one; None where too few points tell."""
    names = symbols_of(left) | symbols_of(right)
    variables = names - CONSTANTS
    operations = operations_of(left), operations_of(right)
    strict_domain = ("abs" in operations[0]) != ("abs" in operations[1])
    tested = 0
    for point in points_for(variables, operations[0] | operations[1]):
        ours, theirs = (Evaluator(point.values, natural_log=natural_log) for _ in range(2))
        with mp.workdps(DIGITS):
            values = _value_or_none(ours, left), _value_or_none(theirs, right)
        if values[0] is None or values[1] is None:
            if values[0] is values[1] or point.is_far:
                continue
            return False if variables else None
        if not point.in_domain and not (ours.real and theirs.real):
            if strict_domain and ours.real != theirs.real:
                return False
            if "i" not in names:
                continue
        hidden = max(ours.hidden_digits, theirs.hidden_digits)
        same = agree(*values, cancelled=ours.cancelled or theirs.cancelled)
        if hidden and (not same or tested < CLOSE_LOOKS):
            same = _agree_closely(left, right, point.values, natural_log, hidden)
        if not same:
            return False
        tested += 1
    return True if tested >= min(2, len(variables) + 1) else None


def _value_or_none(evaluator: Evaluator, node: Node) -> Any | None:
    try:
        return evaluator.value(node)
    except Undefined:
        return None
    except TooLarge:
        if evaluator.is_constant:
            raise
        return None  # at this point; another may do


def _agree_closely(
    left: Node, right: Node, at: Mapping[str, Any], natural_log: bool, hidden: int
) -> bool:
    """Whether values agree where the usual digits hide a part of them: `x + 10^{-60}` is not `x`,
    and 2^300 pi is not 2^300 pi + 1."""
    with mp.workdps(DIGITS + 2 * hidden):
        closer = [Evaluator(at, natural_log=natural_log) for _ in range(2)]
        values = [
            _value_or_none(one, node) for one, node in zip(closer, (left, right), strict=True)
        ]
        cancelled = any(one.cancelled for one in closer)
        return None not in values and agree(
            values[0], values[1], AGREEMENT + hidden, cancelled=cancelled
        )
