"""Sets of real numbers with constant ends: intervals, unions, inequalities in one variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.evaluate import constant_value
from verifier.math.comparing.inequalities import where_holds
from verifier.math.comparing.points import DIGITS
from verifier.math.comparing.spans import Span, common, same_end, span_of, united, without
from verifier.math.operations import Undefined
from verifier.math.tree import (
    Bracketed,
    FiniteSet,
    Listing,
    Node,
    Relation,
    SetOperation,
    Symbol,
    infinity_of,
)


@dataclass(frozen=True, slots=True)
class RealSet:
    """Spans in ascending order that do not touch. `name` is the variable an inequality is about."""

    spans: tuple[Span, ...]
    name: str | None = None

    def equals(self, other: RealSet) -> bool:
        """The same numbers, and about the same variable where both name one."""
        if self.name and other.name and self.name != other.name:
            return False
        return len(self.spans) == len(other.spans) and all(
            (a.low_in, a.high_in) == (b.low_in, b.high_in)
            and same_end(a.low, b.low)
            and same_end(a.high, b.high)
            for a, b in zip(self.spans, other.spans, strict=True)
        )


def read_real_set(node: Node) -> RealSet | None:
    """The set of reals that a tree describes; None where it does not, or an end has variables."""
    with mp.workdps(DIGITS):
        try:
            return _read(node)
        except Undefined:
            return None


def _read(node: Node) -> RealSet | None:
    """The set of reals that it states, and the name that it gives; None where it states none."""
    match node:
        case Bracketed(left, (low, high), right):
            span = span_of(_end(low), _end(high), left == "[", right == "]")
            return None if span is None else RealSet((span,))
        case FiniteSet(items):
            return _points(items)
        case Listing(items, joint):
            return _combined([_read(item) for item in items], joint)
        case SetOperation(op, (first, second)):
            return _operated(op, _read(first), _read(second))
        case Relation((Symbol(name), inner), ("in",)):
            inside = _read(inner)
            return None if inside is None else RealSet(inside.spans, name)
        case Relation((Symbol(name), value), ("=",)):
            return RealSet(_points((value,)).spans, name)
        case Relation(sides, signs):
            found = where_holds(sides, signs)
            return None if found is None else RealSet(found[1], found[0])
        case _:
            return None


def _end(node: Node) -> Any:
    if sign := infinity_of(node):
        return mpmath.inf * sign
    value = constant_value(node)
    if value is None or isinstance(value, mpmath.mpc):
        raise Undefined
    return value


def _points(items: tuple[Node, ...]) -> RealSet:
    ends = [_end(item) for item in items]
    return RealSet(united([Span(end, end, low_in=True, high_in=True) for end in ends]))


def _operated(op: str, first: RealSet | None, second: RealSet | None) -> RealSet | None:
    if first is None or second is None:
        return None
    if op == "cup":
        return RealSet(united([*first.spans, *second.spans]), first.name)
    operation = common if op == "cap" else without
    return RealSet(united(operation(first.spans, second.spans)), first.name)


def _combined(parts: list[RealSet | None], joint: str) -> RealSet | None:
    """Inequalities in a list: "or" unites them, "and" or a comma means that all hold; where they
    cannot all hold, they are alternatives."""
    sets = [part for part in parts if part is not None]
    names = {part.name for part in sets}
    if len(sets) != len(parts) or len(names) != 1 or (None in names and joint != "or"):
        return None
    name = names.pop()
    if joint != "or":
        shared = sets[0].spans
        for part in sets[1:]:
            shared = tuple(common(shared, part.spans))
        if shared:
            return RealSet(united(list(shared)), name)
    return RealSet(united([span for part in sets for span in part.spans]), name)
