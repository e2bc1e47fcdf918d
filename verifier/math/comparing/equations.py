"""Equations and inequalities with variables on both sides: compared as zero sets, by ratios."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.evaluate import AGREEMENT, agree
from verifier.math.comparing.numeric import CONSTANTS, Evaluator
from verifier.math.comparing.outcome import Ruling
from verifier.math.comparing.points import DIGITS, points_for
from verifier.math.literals import PlainNumber
from verifier.math.operations import Undefined
from verifier.math.tree import (
    Apply,
    Node,
    Number,
    Relation,
    Symbol,
    children_of,
    operations_of,
    symbols_of,
)


def same_equations(reference: Relation, answer: Relation) -> Ruling:
    """Equations with the same solutions: one is the other times a factor that is never zero."""
    mine, yours = difference_of(reference.sides), difference_of(answer.sides)
    if symbols_of(mine) - CONSTANTS != symbols_of(yours) - CONSTANTS:
        return False
    my_top, my_bottom = _as_fraction(mine)
    your_top, your_bottom = _as_fraction(yours)
    for first, second in ((mine, yours), (my_top, your_top)):
        ratio = constant_ratio(first, second)
        if ratio is not None:
            return bool(ratio != 0)
    nonzero = (symbols_of(my_bottom) | symbols_of(your_bottom)) - CONSTANTS
    return _is_monomial_ratio(my_top, your_top, nonzero)


def _functions_in(node: Node) -> frozenset[str]:
    match node:
        case Apply("call", (Symbol(name), *_)):
            own = frozenset((name,))
        case _:
            own = frozenset()
    return own.union(*map(_functions_in, children_of(node)))


def difference_of(sides: tuple[Node, ...]) -> Node:
    return Apply("+", (sides[0], Apply("neg", (sides[-1],))))


def _as_fraction(node: Node) -> tuple[Node, Node]:
    """Numerator and denominator, multiplied out but not reduced."""
    match node:
        case Apply("neg", (value,)):
            top, bottom = _as_fraction(value)
            return Apply("neg", (top,)), bottom
        case Apply("/", (left, right)):
            (a, b), (c, d) = _as_fraction(left), _as_fraction(right)
            return _times(a, d), _times(b, c)
        case Apply("*", (left, right)):
            (a, b), (c, d) = _as_fraction(left), _as_fraction(right)
            return _times(a, c), _times(b, d)
        case Apply("^", (base, Apply("neg", (exponent,)))):
            return _ONE, Apply("^", (base, exponent))
        case Apply("+", parts):
            top, bottom = _as_fraction(parts[0])
            for part in parts[1:]:
                a, b = _as_fraction(part)
                if b == bottom:
                    top = Apply("+", (top, a))
                else:
                    top, bottom = Apply("+", (_times(top, b), _times(a, bottom))), _times(bottom, b)
            return top, bottom
        case _:
            return node, _ONE


def _times(left: Node, right: Node) -> Node:
    if left == _ONE:
        return right
    return left if right == _ONE else Apply("*", (left, right))


def _ratios(mine: Node, yours: Node, scale: dict[str, int]) -> tuple[list[Any], int] | None:
    """The ratio of two expressions at several points and the digits it is good for, None where it
    is nowhere defined."""
    ratios, hidden = _ratios_to(mine, yours, scale, DIGITS)
    if hidden and ratios:
        # A part hidden so deep changes the ratio twice as deep from one point to the next.
        ratios, _ = _ratios_to(mine, yours, scale, DIGITS + 3 * hidden)
    return (ratios, AGREEMENT + 2 * hidden) if ratios and len(ratios) >= 2 else None


def _ratios_to(
    mine: Node, yours: Node, scale: dict[str, int], digits: int
) -> tuple[list[Any] | None, int]:
    """Ratios worked out to so many digits, and how many more it takes to see all of them."""
    both = Apply("+", (mine, yours))
    found: list[Any] = []
    hidden = 0
    with mp.workdps(digits):
        for point in points_for(symbols_of(both) - CONSTANTS, operations_of(both)):
            at = {name: value * scale.get(name, 1) for name, value in point.values.items()}
            evaluators = [Evaluator(at, natural_log=True) for _ in range(2)]
            try:
                top, bottom = (
                    one.value(node) for one, node in zip(evaluators, (mine, yours), strict=True)
                )
            except Undefined:
                continue
            hidden = max(hidden, *(one.hidden_digits for one in evaluators))
            if bottom == 0 or agree(bottom + 1, 1) or agree(top + 1, 1):
                return None, hidden
            found.append(top / bottom)
    return found, hidden


def constant_ratio(mine: Node, yours: Node) -> Any | None:
    """The number that one expression is times the other; None where there is none, or no variable
    to tell: any two constants are in some ratio, values of unknown functions among them."""
    both = Apply("+", (mine, yours))
    if not symbols_of(both) - CONSTANTS - _functions_in(both):
        return None
    if (found := _ratios(mine, yours, {})) is None:
        return None
    ratios, digits = found
    return ratios[0] if all(agree(ratio, ratios[0], digits) for ratio in ratios) else None


def _is_monomial_ratio(mine: Node, yours: Node, nonzero: frozenset[str]) -> bool:
    """Whether the ratio is a constant times powers of variables that cannot be zero."""
    found = _ratios(mine, yours, {})
    if found is None or not nonzero:
        return False
    plain, _ = found
    for name in symbols_of(mine) - CONSTANTS:
        doubled = _ratios(mine, yours, {name: 2})
        if doubled is None or len(doubled[0]) != len(plain):
            return False
        steps = [a / b for a, b in zip(doubled[0], plain, strict=True)]
        powers = [mpmath.mpf(2) ** power for power in range(-8, 9)] if name in nonzero else [1]
        if not any(all(agree(step, power, doubled[1]) for step in steps) for power in powers):
            return False
    return True


_ONE = Number(PlainNumber(Fraction(1)))
