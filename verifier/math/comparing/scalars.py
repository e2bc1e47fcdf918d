"""Numbers and expressions: exact, rounded as the reference is, with units, up to a constant."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath

from verifier.math.comparing.constants import same_antiderivatives
from verifier.math.comparing.evaluate import constant_value, same_function
from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.measures import same_in_plain_letters, same_quantities
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import Ruling, Same
from verifier.math.literals import PlainNumber, rounds_to
from verifier.math.tree import (
    Apply,
    Matrix,
    Node,
    Number,
    Quantity,
    Relation,
    Row,
    SetOperation,
    Words,
    infinity_of,
    symbols_of,
)


def same_scalars(reference: Node, answer: Node, same: Same) -> Ruling:
    """By units, infinities, exact and rounded numbers, then by values at points."""
    if isinstance(reference, Quantity) or isinstance(answer, Quantity):
        return same_quantities(reference, answer, same)
    if infinity_of(reference) or infinity_of(answer):
        return infinity_of(reference) == infinity_of(answer)
    if isinstance(reference, Relation | Row | Matrix | SetOperation | Words) or isinstance(
        answer, Relation | Row | Matrix | SetOperation | Words
    ):
        return False
    mine, yours = _plain(reference), _plain(answer)
    if mine is not None and yours is not None:
        return mine.equals(yours)
    if mine is not None and not symbols_of(answer) - CONSTANTS:
        return _rounds_or_equals(mine, reference, answer)
    if symbols_of(answer) - symbols_of(reference) - CONSTANTS:
        # A variable that the reference does not know could be anything, even where it cancels.
        in_letters = same_in_plain_letters(reference, answer, same)
        return in_letters or same_antiderivatives(reference, answer)
    verdict = same_function(reference, answer)
    return same_antiderivatives(reference, answer) if verdict is False else verdict


def _plain(node: Node) -> PlainNumber | None:
    """The number a tree is, with the digits it is written with where it is a decimal."""
    match node:
        case Number(plain):
            return plain
        case Apply("neg", (inner,)):
            positive = _plain(inner)
            return None if positive is None else replace(positive, value=-positive.value)
        case Apply("*", (Number(plain), Apply("^", (Number(ten), exponent)))) if ten.value == 10:
            power = exact_value(exponent)
            if power is not None and power.denominator == 1 and abs(power) < 400:
                scale = Fraction(10) ** int(power)
                ulp = plain.unit_in_last_place
                return replace(
                    plain,
                    value=plain.value * scale,
                    unit_in_last_place=None if ulp is None else ulp * scale,
                )
    value = exact_value(node)
    return None if value is None else PlainNumber(value)


def _rounds_or_equals(mine: PlainNumber, reference: Node, answer: Node) -> Ruling:
    """A number against a closed form: equal, or rounding to the reference's decimal."""
    value = constant_value(answer)
    if value is None:
        return False
    if mine.is_rounded and not isinstance(value, mpmath.mpc) and abs(value) < 10**30:
        near = Fraction(int(mpmath.nint(value * 10**40)), 10**40)
        if rounds_to(near, mine):
            return True
    return same_function(reference, answer)
