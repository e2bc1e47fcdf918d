"""Values for every integer, `x = pi/6 + 2k pi, k in Z`: the same ones, however counted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.evaluate import agree, constant_value
from verifier.math.comparing.forms import signs_chosen
from verifier.math.comparing.lists import members_match
from verifier.math.comparing.names import names_given
from verifier.math.comparing.outcome import NOT_MINE, Decision, Same
from verifier.math.comparing.points import DIGITS
from verifier.math.literals import PlainNumber
from verifier.math.tree import (
    Apply,
    FiniteSet,
    Listing,
    Node,
    Number,
    Symbol,
    replace_symbols,
    symbols_of,
)

MAX_STEPS = 60
"""Members of a family in one common period."""


@dataclass(frozen=True, slots=True)
class Progression:
    """`start + k step` for every integer k."""

    start: Any
    step: Any


def same_families(reference: Node, answer: Node, same: Same) -> Decision:
    match reference, answer:
        case Apply("family", (mine, Symbol(name))), Apply("family", (yours, Symbol(other))):
            if name != other and name in symbols_of(yours):
                return False
            return _same_members(mine, replace_symbols(yours, {other: Symbol(name)}), name, same)
        case (Apply("family", (values, _)), other_node) | (
            other_node,
            Apply("family", (values, _)),
        ):
            # A parameter that one side does not explain.
            return same(values, other_node) if other_node is answer else same(other_node, values)
        case _:
            return NOT_MINE


def _same_members(mine: Node, yours: Node, name: str, same: Same) -> Decision:
    found = [names_given(_items(node)) for node in (mine, yours)]
    if found[0] is None or found[1] is None:
        return same(mine, yours)
    names = [{who for who, _ in members} for members in found if members is not None]
    if len(names[0]) != 1 or len(names[1]) != 1 or len((names[0] | names[1]) - {None}) > 1:
        return same(mine, yours)
    first, second = ([value for _, value in members or []] for members in found)
    progressions = [_progressions(values, name) for values in (first, second)]
    if progressions[0] is None or progressions[1] is None:
        return members_match(first, second, same, as_sets=True)
    return _same_numbers(progressions[0], progressions[1])


def _items(node: Node) -> tuple[Node, ...]:
    items = node.items if isinstance(node, Listing | FiniteSet) else (node,)
    return tuple(reading for item in items for reading in signs_chosen(item))


def _progressions(values: list[Node], name: str) -> list[Progression] | None:
    """What the values run through; None where one of them does not go on in equal steps."""
    found: list[Progression] = []
    with mp.workdps(DIGITS):
        for value in values:
            at = [
                constant_value(replace_symbols(value, {name: Number(PlainNumber(Fraction(k)))}))
                for k in (0, 1, 2, 7, -12)
            ]
            places = [
                place for place in at if place is not None and not isinstance(place, mpmath.mpc)
            ]
            if len(places) < len(at):
                return None
            start, step = places[0], places[1] - places[0]
            if agree(step + 1, 1) or not all(
                agree(start + k * step + 1000, place + 1000)
                for k, place in zip((2, 7, -12), places[2:], strict=True)
            ):
                return None
            found.append(Progression(start, abs(step)))
    return found


def _same_numbers(mine: list[Progression], yours: list[Progression]) -> bool:
    """Whether both run through the same numbers: laid out over a period common to all."""
    with mp.workdps(DIGITS):
        unit = mine[0].step
        steps: list[Fraction] = []
        for one in (*mine, *yours):
            ratio = one.step / unit
            rational = Fraction(str(mpmath.nstr(ratio, 20))).limit_denominator(MAX_STEPS)
            if rational == 0 or not agree(
                mpmath.mpf(rational.numerator) / rational.denominator, ratio
            ):
                return False
            steps.append(rational)
        period = Fraction(
            lcm(*(step.numerator for step in steps)), gcd(*(step.denominator for step in steps))
        )
        if sum(period / step for step in steps) > 4 * MAX_STEPS:
            return False
        places = [_places(side, unit, period) for side in (mine, yours)]
        return all(any(_is_near(a, b) for b in places[1]) for a in places[0]) and all(
            any(_is_near(a, b) for a in places[0]) for b in places[1]
        )


def _places(side: list[Progression], unit: Any, period: Fraction) -> list[Any]:
    """The numbers within one period, as parts of it."""
    length = unit * period.numerator / period.denominator
    return [
        mpmath.frac((one.start + one.step * count) / length)
        for one in side
        for count in range(int(mpmath.nint(length / one.step)))
    ]


def _is_near(a: Any, b: Any) -> bool:
    distance = abs(a - b)
    return bool(min(distance, 1 - distance) < mpmath.mpf(10) ** -30)
