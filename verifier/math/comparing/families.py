"""Values for every integer, `x = pi/6 + 2k pi, k in Z`, or from one on, `n = 2^k, k >= 1`: the same
ones, however counted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.evaluate import agree, constant_value
from verifier.math.comparing.forms import signs_chosen
from verifier.math.comparing.lists import is_inequality, members_match
from verifier.math.comparing.names import names_given
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import NOT_MINE, Decision, Same
from verifier.math.comparing.points import DIGITS
from verifier.math.literals import PlainNumber
from verifier.math.tree import (
    Apply,
    Bracketed,
    FiniteSet,
    Listing,
    Node,
    Number,
    Relation,
    Symbol,
    replace_symbols,
    symbols_of,
)

MAX_STEPS = 60
"""Members of a family in one common period."""
_OF_TURNS = frozenset("klmn")
_WHOLE = frozenset("jklmnpqr")
"""Letters that stand for whole numbers."""
_UNKNOWNS = frozenset(map(Symbol, (*"xyztuvw", "theta", "alpha", "beta", "phi", "varphi")))
"""What equations are solved for."""
_NUMBERS = {"set Z+": (1,), "set N": (0, 1), "set N_0": (0,)}


@dataclass(frozen=True, slots=True)
class Progression:
    """`start + k step` for every integer k."""

    start: Any
    step: Any


@dataclass(frozen=True, slots=True)
class Sequence:
    """What `values` is for whole numbers `name` from one of `starts` on."""

    values: Node
    name: str
    starts: frozenset[int]


def same_families(reference: Node, answer: Node, same: Same) -> Decision:
    """Values for every integer by their members, and terms of a sequence from their start on."""
    says_so = isinstance(answer, Apply) and answer.op == "family"
    match _explained(reference, needs_name=not says_so), _explained(answer, needs_name=False):
        case Apply("family", (mine, Symbol(name))), Apply("family", (yours, Symbol(other))):
            if name != other and name in symbols_of(yours):
                return False
            return _same_members(mine, replace_symbols(yours, {other: Symbol(name)}), name, same)
        case Apply("family", (values, _)), Bracketed() if is_inequality(values):
            return False  # of whole numbers, and no interval
        case Apply("family", (values, _)), _:  # a parameter that one side does not explain
            return NOT_MINE if values == reference else same(values, answer)
        case _, Apply("family", (values, _)):
            return NOT_MINE if values == answer else same(reference, values)
    if (first := _sequence(reference)) and (second := _sequence(answer)):
        return _same_sequences(first, second, same)
    match reference, _sequence(answer):
        case Relation((Symbol(of), *_)), Sequence(values, name, starts) if of.endswith(
            f"_{name}"
        ) and starts & {0, 1}:
            return same(reference, values)  # where a_n is asked for, n goes without saying
        case _:
            return NOT_MINE


def _explained(node: Node, *, needs_name: bool) -> Node:
    """`x = k pi` as a family, where `k` can only be any integer: values go round by turns of it."""
    if isinstance(node, Apply) and node.op == "family":
        return node
    letters = symbols_of(node) & _OF_TURNS
    members = names_given(_items(node)) if len(letters) == 1 and "pi" in symbols_of(node) else None
    if not members or (needs_name and any(name not in _UNKNOWNS for name, _ in members)):
        return node
    (letter,) = letters
    values = [value for _, value in members]
    if any(symbols_of(value) - CONSTANTS != letters for value in values):
        return node
    steps = _progressions(values, letter) or []
    with mp.workdps(DIGITS):
        parts = [one.step / mpmath.pi * 60 for one in steps]
        are_turns = parts and all(agree(part, mpmath.nint(part)) for part in parts)
    return Apply("family", (node, Symbol(letter))) if are_turns else node


def _sequence(node: Node) -> Sequence | None:
    """`n = 2^k, k >= 1`."""
    match node:
        case Listing((*values, Relation((Symbol(name), bound), (sign,)))) if name in _WHOLE:
            whole = values[0] if len(values) == 1 else Listing(tuple(values), node.joint)
            starts = _starts(sign, bound)
            return Sequence(whole, name, starts) if starts and name in symbols_of(whole) else None
        case _:
            return None


def _starts(sign: str, bound: Node) -> frozenset[int]:
    """From where on whole numbers are meant; opinions differ on the natural ones."""
    match sign, bound:
        case ((">=" | ">"), Number(plain)) if plain.value.denominator == 1:
            return frozenset({int(plain.value) + (sign == ">")})
        case "in", Symbol(numbers):
            return frozenset(_NUMBERS.get(numbers, ()))
        case _:
            return frozenset()


def _same_sequences(mine: Sequence, yours: Sequence, same: Same) -> Decision:
    if mine.name != yours.name and mine.name in symbols_of(yours.values):
        return NOT_MINE
    shift = 0 if mine.starts & yours.starts else min(yours.starts) - min(mine.starts)
    place = Apply("+", (Symbol(mine.name), Number(PlainNumber(Fraction(shift)))))
    return same(mine.values, replace_symbols(yours.values, {yours.name: place}))


def _same_members(mine: Node, yours: Node, name: str, same: Same) -> Decision:
    """Compares as arithmetic progressions where both are such, else member by member."""
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
