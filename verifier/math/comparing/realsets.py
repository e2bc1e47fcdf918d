"""Sets of real numbers with constant ends: intervals, unions, inequalities in one variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.evaluate import agree, constant_value
from verifier.math.comparing.numeric import CONSTANTS, DIGITS, Evaluator, Undefined
from verifier.math.tree import Apply, Node, Relation, Row, SetOperation, Symbol, symbols_of


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`; the flags say whether the ends belong to it."""

    low: Any
    high: Any
    low_in: bool
    high_in: bool


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
            and _same_end(a.low, b.low)
            and _same_end(a.high, b.high)
            for a, b in zip(self.spans, other.spans, strict=True)
        )


ALL = Span(-mpmath.inf, mpmath.inf, low_in=False, high_in=False)


def infinity_of(node: Node) -> int:
    """1 or -1 for an infinite end, else 0."""
    match node:
        case Symbol("oo"):
            return 1
        case Apply("neg", (Symbol("oo"),)):
            return -1
        case _:
            return 0


def read_real_set(node: Node) -> RealSet | None:
    """The set of reals that a tree describes; None where it does not, or an end has variables."""
    with mp.workdps(DIGITS):
        try:
            return _read(node)
        except Undefined:
            return None


def _read(node: Node) -> RealSet | None:
    match node:
        case Row("(" | "[" as left, (low, high), ")" | "]" as right):
            span = _span(_end(low), _end(high), left == "[", right == "]")
            return None if span is None else RealSet((span,))
        case Row("{", items, "}"):
            return _points(items)
        case Row("", items, "", joint):
            return _combined([_read(item) for item in items], joint)
        case SetOperation(op, (first, second)):
            return _operated(op, _read(first), _read(second))
        case Relation((Symbol(name), inner), ("in",)):
            inside = _read(inner)
            return None if inside is None else RealSet(inside.spans, name)
        case Relation(sides, signs):
            return _inequality(sides, signs)
        case _:
            return None


def _end(node: Node) -> Any:
    if sign := infinity_of(node):
        return mpmath.inf * sign
    value = constant_value(node)
    if value is None or isinstance(value, mpmath.mpc):
        raise Undefined
    return value


def _span(low: Any, high: Any, low_in: bool, high_in: bool) -> Span | None:
    low_in, high_in = low_in and low != -mpmath.inf, high_in and high != mpmath.inf
    if low > high or (low == high and not (low_in and high_in)):
        return None
    return Span(low, high, low_in, high_in)


def _points(items: tuple[Node, ...]) -> RealSet:
    ends = [_end(item) for item in items]
    return _united([Span(end, end, low_in=True, high_in=True) for end in ends], None)


def _same_end(a: Any, b: Any) -> bool:
    return bool(a == b) if mpmath.isinf(a) or mpmath.isinf(b) else agree(a, b)


def _united(spans: list[Span], name: str | None) -> RealSet:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.low, not s.low_in)):
        last = merged[-1] if merged else None
        if last is not None and (
            span.low < last.high
            or (_same_end(span.low, last.high) and (span.low_in or last.high_in))
        ):
            if _same_end(span.high, last.high):
                high, high_in = last.high, last.high_in or span.high_in
            else:
                high, high_in = max((last.high, last.high_in), (span.high, span.high_in))
            merged[-1] = Span(last.low, high, last.low_in, high_in)
        else:
            merged.append(span)
    return RealSet(tuple(merged), name)


def _common(a: tuple[Span, ...], b: tuple[Span, ...]) -> list[Span]:
    found: list[Span] = []
    for first in a:
        for second in b:
            low, low_in = max((first.low, not first.low_in), (second.low, not second.low_in))
            high, high_in = min((first.high, first.high_in), (second.high, second.high_in))
            span = _span(low, high, not low_in, high_in)
            if span is not None:
                found.append(span)
    return found


def _without(a: tuple[Span, ...], b: tuple[Span, ...]) -> list[Span]:
    left = list(a)
    for gap in b:
        outside = [
            span
            for span in (
                _span(-mpmath.inf, gap.low, False, not gap.low_in),
                _span(gap.high, mpmath.inf, not gap.high_in, False),
            )
            if span is not None
        ]
        left = _common(tuple(left), tuple(outside))
    return left


def _operated(op: str, first: RealSet | None, second: RealSet | None) -> RealSet | None:
    if first is None or second is None:
        return None
    if op == "cup":
        return _united([*first.spans, *second.spans], first.name)
    operation = _common if op == "cap" else _without
    return _united(operation(first.spans, second.spans), first.name)


def _combined(parts: list[RealSet | None], joint: str) -> RealSet | None:
    """Inequalities in a list: "or" unites them, "and" or a comma means that all hold; where they
    cannot all hold, they are alternatives."""
    sets = [part for part in parts if part is not None]
    names = {part.name for part in sets}
    if len(sets) != len(parts) or len(names) != 1 or None in names:
        return None
    name = names.pop()
    if joint != "or":
        common = sets[0].spans
        for part in sets[1:]:
            common = tuple(_common(common, part.spans))
        if common:
            return _united(list(common), name)
    return _united([span for part in sets for span in part.spans], name)


def _inequality(sides: tuple[Node, ...], signs: tuple[str, ...]) -> RealSet | None:
    names = symbols_of(Row("", sides, "")) - CONSTANTS
    if len(names) != 1 or not set(signs) <= {"<", "<=", ">", ">=", "!="}:
        return None
    (name,) = names
    spans: tuple[Span, ...] = (ALL,)
    for left, right, sign in zip(sides, sides[1:], signs, strict=False):
        part = _half_line(left, right, sign, name)
        if part is None:
            return None
        spans = tuple(_common(spans, part))
    return RealSet(spans, name)


def _half_line(left: Node, right: Node, sign: str, name: str) -> tuple[Span, ...] | None:
    """Where `left sign right` holds, both linear in the one variable."""
    if any(infinity_of(side) for side in (left, right)):
        return (ALL,)  # x < oo says nothing
    difference = Apply("+", (left, Apply("neg", (right,))))

    def at(x: Any) -> Any:
        return Evaluator({name: mpmath.mpf(x)}, natural_log=True).value(difference)

    offset, slope = at(0), at(1) - at(0)
    if isinstance(offset + slope, mpmath.mpc) or abs(slope) < mpmath.mpf(10) ** -20:
        return None
    if any(not agree(at(x) + 1000, offset + slope * x + 1000) for x in (-3, 2, mpmath.mpf("7.25"))):
        return None
    root = -offset / slope
    if sign == "!=":
        return (
            Span(-mpmath.inf, root, low_in=False, high_in=False),
            Span(root, mpmath.inf, low_in=False, high_in=False),
        )
    closed = sign in ("<=", ">=")
    below = (sign in ("<", "<=")) == (slope > 0)
    if below:
        return (Span(-mpmath.inf, root, low_in=False, high_in=closed),)
    return (Span(root, mpmath.inf, low_in=closed, high_in=False),)
