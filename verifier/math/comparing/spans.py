"""Unions of intervals with constant ends, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath

from verifier.math.comparing.evaluate import agree


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`; the flags say whether the ends belong to it."""

    low: Any
    high: Any
    low_in: bool
    high_in: bool


ALL = Span(-mpmath.inf, mpmath.inf, low_in=False, high_in=False)


def span_of(low: Any, high: Any, low_in: bool, high_in: bool) -> Span | None:
    """The span between two ends, None where it is empty; infinite ends do not belong to it."""
    low_in, high_in = low_in and low != -mpmath.inf, high_in and high != mpmath.inf
    if low > high or (low == high and not (low_in and high_in)):
        return None
    return Span(low, high, low_in, high_in)


def same_end(a: Any, b: Any) -> bool:
    """Whether two ends are one but for rounding."""
    return bool(a == b) if mpmath.isinf(a) or mpmath.isinf(b) else agree(a, b)


def united(spans: list[Span]) -> tuple[Span, ...]:
    """The spans in ascending order, those that touch made one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.low, not s.low_in)):
        last = merged[-1] if merged else None
        if last is not None and (
            span.low < last.high
            or (same_end(span.low, last.high) and (span.low_in or last.high_in))
        ):
            if same_end(span.high, last.high):
                high, high_in = last.high, last.high_in or span.high_in
            else:
                high, high_in = max((last.high, last.high_in), (span.high, span.high_in))
            merged[-1] = Span(last.low, high, last.low_in, high_in)
        else:
            merged.append(span)
    return tuple(merged)


def common(a: tuple[Span, ...], b: tuple[Span, ...]) -> list[Span]:
    """What two unions share."""
    found: list[Span] = []
    for first in a:
        for second in b:
            low, low_in = max((first.low, not first.low_in), (second.low, not second.low_in))
            high, high_in = min((first.high, first.high_in), (second.high, second.high_in))
            span = span_of(low, high, not low_in, high_in)
            if span is not None:
                found.append(span)
    return found


def without(a: tuple[Span, ...], b: tuple[Span, ...]) -> list[Span]:
    """What is in the first union and not in the second."""
    left = list(a)
    for gap in b:
        outside = [
            span
            for span in (
                span_of(-mpmath.inf, gap.low, False, not gap.low_in),
                span_of(gap.high, mpmath.inf, not gap.high_in, False),
            )
            if span is not None
        ]
        left = common(tuple(left), tuple(outside))
    return left
