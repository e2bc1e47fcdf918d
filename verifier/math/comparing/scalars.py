"""Numbers and expressions: exact, rounded as the reference is, with units, up to a constant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import mpmath

from verifier.math.comparing.constants import same_antiderivatives, same_general_solutions
from verifier.math.comparing.evaluate import constant_value, same_function
from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.forms import as_measure
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
    operations_of,
    symbols_of,
)
from verifier.math.units import is_measured, read_unit

_ANGLES = frozenset(("arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc"))


def same_scalars(reference: Node, answer: Node, same: Same) -> Ruling:
    if isinstance(reference, Quantity) or isinstance(answer, Quantity):
        return _same_quantities(reference, answer, same)
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
        return _same_but_for_constants(reference, answer)
    verdict = same_function(reference, answer)
    return _same_but_for_constants(reference, answer) if verdict is False else verdict


def _same_but_for_constants(reference: Node, answer: Node) -> Ruling:
    return same_general_solutions(reference, answer) or same_antiderivatives(reference, answer)


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


def _same_quantities(reference: Node, answer: Node, same: Same) -> Ruling:
    """Values with units: the same measure. A unit that one side leaves out is left to the
    question; two that are no multiples of each other differ."""
    match reference, answer:
        case Quantity(mine, unit), Quantity(yours, other):
            return _same_measures(mine, unit, yours, other, same)
        case Quantity(mine, unit), _:
            if isinstance(measure := as_measure(answer, unit), Quantity):
                return _same_measures(mine, unit, measure.value, measure.unit, same)
            return _any_of(same(reading, answer) for reading in _without_unit(mine, unit, answer))
        case _, Quantity(yours, unit):
            if isinstance(measure := as_measure(reference, unit), Quantity):
                return _same_measures(measure.value, measure.unit, yours, unit, same)
            return _any_of(
                same(reference, reading) for reading in _without_unit(yours, unit, reference)
            )
        case _:
            return None


def in_unit_of(reference: Node, answer: Node) -> tuple[Node, Node] | None:
    """Both as mere numbers, the answer's in the unit of the reference where each has one; None
    where these measure something else."""
    match reference, answer:
        case Quantity(mine, unit), Quantity(yours, other):
            (dimensions, factor), (others, size) = read_unit(unit), read_unit(other)
            scale = Number(PlainNumber(size / factor))
            return (mine, Apply("*", (yours, scale))) if dimensions == others else None
        case (Quantity(mine, _), yours) | (mine, Quantity(yours, _)):
            return mine, yours
        case _:
            return reference, answer


def _without_unit(value: Node, unit: str, other: Node) -> Iterator[Node]:
    """What a value with a unit may be as a mere number, beside a number without one."""
    yield value
    if unit == "degree" and ("pi" in symbols_of(other) or _ANGLES & operations_of(other)):
        yield Apply("degree", (value,))
    if unit == "percent":
        yield Apply("/", (value, Number(PlainNumber(Fraction(100)))))


def _any_of(verdicts: Iterable[Ruling]) -> Ruling:
    found = set(verdicts)
    return True if True in found else None if None in found else False


def _same_measures(mine: Node, unit: str, yours: Node, other: str, same: Same) -> Ruling:
    my_dimensions, my_factor = read_unit(unit)
    your_dimensions, your_factor = read_unit(other)
    if my_dimensions == your_dimensions and my_factor == your_factor:
        return same(mine, yours)
    if my_dimensions == your_dimensions:
        factor = Number(PlainNumber(your_factor / my_factor))
        return same(mine, Apply("*", (yours, factor)))
    names = {name for name, _ in my_dimensions}, {name for name, _ in your_dimensions}
    if "unit" in names[0] | names[1]:  # "square units" stands for any
        return same(mine, yours)
    if names == ({"angle"}, {"radian"}):
        return same(Apply("degree", (mine,)), yours)
    if names == ({"radian"}, {"angle"}):
        return same(mine, Apply("degree", (yours,)))
    # "apples" and "red apples", but not "m" and "m/s"
    measured, others = (
        {part for part in parts if is_measured(part[0])}
        for parts in (my_dimensions, your_dimensions)
    )
    if measured != others or my_factor != your_factor or not (names[0] and names[1]):
        return False
    return same(mine, yours) if names[0] < names[1] or names[1] < names[0] else False
