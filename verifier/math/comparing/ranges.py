"""Intervals, unions and inequalities."""

from __future__ import annotations

import mpmath

from verifier.math.comparing.equations import constant_ratio, difference_of
from verifier.math.comparing.lists import is_inequality, members_match
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same, all_of
from verifier.math.comparing.realsets import read_real_set
from verifier.math.tree import (
    Bracketed,
    Listing,
    Node,
    Relation,
    Row,
    SetOperation,
    Symbol,
    infinity_of,
    symbols_of,
)

_EITHER_WAY = frozenset(("perp", "parallel"))
"""Signs between sides that may change places."""


def same_ranges(reference: Node, answer: Node, same: Same) -> Decision:
    """Intervals, unions and inequalities, as sets of real numbers."""
    if not (_is_range(reference) and _is_range(answer)):
        if isinstance(reference, SetOperation) or isinstance(answer, SetOperation):
            mine, yours = read_real_set(reference), read_real_set(answer)
            return mine.equals(yours) if mine and yours else _same_parts(reference, answer, same)
        return NOT_MINE
    if isinstance(reference, Bracketed) and isinstance(answer, Bracketed):
        return NOT_MINE  # pairs are compared end by end, whether intervals or points
    mine, yours = read_real_set(reference), read_real_set(answer)
    if mine is None or yours is None:
        return _same_parts(reference, answer, same)
    return mine.equals(yours)


def _is_range(node: Node) -> bool:
    """Whether it states an interval, an inequality, or several with points between."""
    match node:
        case SetOperation():
            return True
        case Bracketed(_, items):
            return len(items) == 2
        case Listing(items, joint):
            return all(_is_range(item) or _is_point(item) for item in items) and (
                any(map(is_inequality, items)) or (joint == "or" and any(map(_is_endless, items)))
            )
        case Relation(_, signs):
            return not {"=", "~"} & set(signs)
        case _:
            return False


def _is_point(node: Node) -> bool:
    """`x = 1`, which beside inequalities is a set of one."""
    match node:
        case Relation((Symbol(), value), ("=",)):
            return not symbols_of(value) - CONSTANTS
        case _:
            return False


def _is_endless(node: Node) -> bool:
    """An interval with an infinite end, which cannot be a point."""
    return isinstance(node, Row) and any(map(infinity_of, node.items))


def _same_parts(reference: Node, answer: Node, same: Same) -> Decision:
    """Ranges with variables in their ends, part by part."""
    match reference, answer:
        case SetOperation(op, mine), SetOperation(other, yours):
            if op != other:
                return False
            if op == "setminus":
                return all_of(same(a, b) for a, b in zip(mine, yours, strict=True))
            return members_match(_members(reference, op), _members(answer, op), same, as_sets=True)
        case Relation(), Relation():
            return _same_inequalities(reference, answer, same)
        case (Listing(), _) | (_, Listing()):
            return NOT_MINE
        case (Relation(sides, signs), Bracketed() as interval) | (
            Bracketed() as interval,
            Relation(sides, signs),
        ) if len(sides) == 3:
            return _same_range(sides, signs, interval, same)
        case _:
            return False


def _members(node: Node, op: str) -> list[Node]:
    if isinstance(node, SetOperation) and node.op == op:
        return [member for part in node.parts for member in _members(part, op)]
    return [node]


def _same_range(
    sides: tuple[Node, ...], signs: tuple[str, ...], interval: Bracketed, same: Same
) -> Ruling:
    """`a < x <= b` against `(a, b]`."""
    if signs[0] in (">", ">="):
        sides, signs = sides[::-1], tuple({">": "<", ">=": "<="}[sign] for sign in signs[::-1])
    closed = interval.left == "[", interval.right == "]"
    if signs != tuple("<=" if is_closed else "<" for is_closed in closed):
        return False
    return all_of((same(sides[0], interval.items[0]), same(sides[2], interval.items[1])))


def _same_inequalities(reference: Relation, answer: Relation, same: Same) -> Ruling:
    """Compares side by side, turned round where that makes the signs agree; of two sides, also by
    their difference up to a positive factor."""
    turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!=", "in": "in"}
    sides, signs = answer.sides, answer.signs
    if len(sides) != len(reference.sides):
        return False
    if signs != reference.signs:
        sides, signs = sides[::-1], tuple(turned.get(sign, sign) for sign in signs[::-1])
        if signs != reference.signs:
            return False
    by_sides = all_of(same(a, b) for a, b in zip(reference.sides, sides, strict=True))
    if by_sides is False and set(signs) <= _EITHER_WAY:
        by_sides = all_of(same(a, b) for a, b in zip(reference.sides, sides[::-1], strict=True))
    if by_sides or len(sides) > 2:
        return by_sides
    if not set(signs) <= {"<", "<=", ">", ">=", "!="}:
        return by_sides
    ratio = constant_ratio(difference_of(reference.sides), difference_of(sides))
    if ratio is None:
        return False
    return bool(ratio != 0 if reference.signs == ("!=",) else mpmath.re(ratio) > 0)
