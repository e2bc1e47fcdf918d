"""Measures in several units, `3 h 20 min`: what they add up to."""

from __future__ import annotations

from fractions import Fraction

from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.outcome import NOT_MINE, Decision, Same
from verifier.math.literals import PlainNumber
from verifier.math.tree import Apply, Listing, Node, Number, Quantity, Row, Symbol
from verifier.math.units import is_unit, read_unit


def same_compounds(reference: Node, answer: Node, same: Same) -> Decision:
    """A compound against a measure in other units; part by part they are lists as well."""
    if not (isinstance(reference, Row) or isinstance(answer, Row)):
        return NOT_MINE
    mine, yours = _total(reference), _total(answer)
    return True if mine and yours and same(mine, yours) else NOT_MINE


def _total(node: Node) -> Quantity | None:
    """A measure in one unit, the smallest of a compound; None where parts are not such as make
    one: whole numbers of units that get finer, each part less than one of the unit before."""
    match node:
        case Quantity():
            return node
        case Apply("*", (factor, Symbol(name))) if (
            is_unit(name) and exact_value(factor) is not None
        ):
            return Quantity(factor, name)  # 1.5 m in plain text
    if not isinstance(node, Listing) or node.joint != "and":
        return None
    total, unit, size = Fraction(0), "", Fraction(0)
    dimension: tuple[tuple[str, int], ...] | None = None
    for item in node.items:
        value = exact_value(item) if isinstance(item, Quantity) else None
        if not isinstance(item, Quantity) or value is None or value < 0:
            return None
        own, finer = read_unit(item.unit)
        if dimension is not None and (
            own != dimension or total.denominator != 1 or not value * finer < size
        ):
            return None
        total = value if dimension is None else total * size / finer + value
        dimension, unit, size = own, item.unit, finer
    return Quantity(Number(PlainNumber(total)), unit) if len(node.items) > 1 else None
