"""Values with units: the same measure, in one unit or in several (`3 h 20 min`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same
from verifier.math.literals import PlainNumber
from verifier.math.tree import (
    Apply,
    Listing,
    Node,
    Number,
    Quantity,
    Row,
    Symbol,
    operations_of,
    symbols_of,
)
from verifier.math.units import is_measured, is_unit, read_unit

_ANGLES = frozenset(("arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc"))
_ONE = Number(PlainNumber(Fraction(1)))
Powers = dict[str, int]


def same_compounds(reference: Node, answer: Node, same: Same) -> Decision:
    """A compound against a measure in other units; part by part they are lists as well."""
    if not (isinstance(reference, Row) or isinstance(answer, Row)):
        return NOT_MINE
    mine, yours = _total(reference), _total(answer)
    return True if mine and yours and same(mine, yours) else NOT_MINE


def _total(node: Node) -> Quantity | None:
    """A measure in one unit, the smallest of a compound; None where parts are not such as make
    one: whole numbers of units that get finer, each part less than one of the unit before."""
    if not isinstance(node, Listing):
        return node if isinstance(node, Quantity) else _in_plain_letters(node)
    if node.joint != "and":
        return None
    total, unit, size = Fraction(0), "", Fraction(0)
    made_of: tuple[tuple[str, int], ...] | None = None
    for item in node.items:
        value = exact_value(item) if isinstance(item, Quantity) else None
        if not isinstance(item, Quantity) or value is None or value < 0:
            return None
        own, finer = read_unit(item.unit)
        if made_of is not None and (
            own != made_of or total.denominator != 1 or not value * finer < size
        ):
            return None
        total = value if made_of is None else total * size / finer + value
        made_of, unit, size = own, item.unit, finer
    return Quantity(Number(PlainNumber(total)), unit) if len(node.items) > 1 else None


def same_quantities(reference: Node, answer: Node, same: Same) -> Ruling:
    """Values with units: the same measure. A unit that one side leaves out is left to the
    question; two that are no multiples of each other differ."""
    match reference, answer:
        case Quantity(mine, unit), Quantity(yours, other):
            return _same_measures(mine, unit, yours, other, same)
        case Quantity(mine, unit), _:
            if (measure := _in_plain_letters(answer)) and _are_of_a_kind(unit, measure.unit):
                return _same_measures(mine, unit, measure.value, measure.unit, same)
            return _any_of(same(reading, answer) for reading in _without_unit(mine, unit, answer))
        case _, Quantity(yours, unit):
            if (measure := _in_plain_letters(reference)) and _are_of_a_kind(unit, measure.unit):
                return _same_measures(measure.value, measure.unit, yours, unit, same)
            return _any_of(
                same(reference, reading) for reading in _without_unit(yours, unit, reference)
            )
        case _:
            return None


def same_in_plain_letters(reference: Node, answer: Node, same: Same) -> bool:
    """`1 J` and `1 N m`, which are expressions with other letters if they are no measures."""
    mine, yours = _in_plain_letters(reference), _in_plain_letters(answer)
    if mine is None or yours is None or not _are_of_a_kind(mine.unit, yours.unit):
        return False
    return bool(_same_measures(mine.value, mine.unit, yours.value, yours.unit, same))


def in_unit_of(reference: Node, answer: Node) -> tuple[Node, Node] | None:
    """Both as mere numbers, the answer's in the unit of the reference where each has one; None
    where these measure something else."""
    match reference, answer:
        case Quantity(mine, unit), Quantity(yours, other):
            (made_of, size), (others, other_size) = read_unit(unit), read_unit(other)
            scale = Number(PlainNumber(other_size / size))
            return (mine, Apply("*", (yours, scale))) if made_of == others else None
        case (Quantity(mine, _), yours) | (mine, Quantity(yours, _)):
            return mine, yours
        case _:
            return reference, answer


def _are_of_a_kind(unit: str, other: str) -> bool:
    return read_unit(unit)[0] == read_unit(other)[0]


def _in_plain_letters(node: Node) -> Quantity | None:
    """`5 m`, `5 N m` and `5m/s`, read as letters, as a measure; None for anything else."""
    value, powers = _units_apart(node)
    if not powers or symbols_of(value) - CONSTANTS or max(map(abs, powers.values())) > 9:
        return None
    return Quantity(value, " ".join(f"{name}^{power}" for name, power in powers.items()))


def _units_apart(node: Node) -> tuple[Node, Powers]:
    """A product as what has no unit in it, and the units with their powers."""
    match node:
        case Symbol(name) if is_unit(name):
            return _ONE, {name: 1}
        case Apply("^", (Symbol(name), exponent)) if is_unit(name):
            raised = exact_value(exponent)
            if raised is not None and raised.denominator == 1 and 0 < abs(raised) < 10:
                return _ONE, {name: int(raised)}
        case Apply("*" | "/" as op, (left, right)):
            (first, powers), (second, others) = _units_apart(left), _units_apart(right)
            for name, power in others.items():
                powers[name] = powers.get(name, 0) + (power if op == "*" else -power)
            is_bare = second is _ONE
            return (first if is_bare else Apply(op, (first, second))), powers
    return node, {}


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
    """Compares two values with units: converted where one is a multiple of the other, as they stand
    where one says more of the same thing."""
    my_units, my_size = read_unit(unit)
    your_units, your_size = read_unit(other)
    if my_units == your_units and my_size == your_size:
        return same(mine, yours)
    if my_units == your_units:
        factor = Number(PlainNumber(your_size / my_size))
        return same(mine, Apply("*", (yours, factor)))
    names = {name for name, _ in my_units}, {name for name, _ in your_units}
    if "unit" in names[0] | names[1]:  # "square units" stands for any
        return same(mine, yours)
    if names == ({"degree"}, {"rad"}):
        return same(Apply("degree", (mine,)), yours)
    if names == ({"rad"}, {"degree"}):
        return same(mine, Apply("degree", (yours,)))
    # "apples" and "red apples", but not "m" and "m/s"
    measured, others = (
        {part for part in parts if is_measured(part[0])} for parts in (my_units, your_units)
    )
    if measured != others or my_size != your_size or not (names[0] and names[1]):
        return False
    return same(mine, yours) if names[0] < names[1] or names[1] < names[0] else False
