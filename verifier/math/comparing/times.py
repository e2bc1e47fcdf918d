"""Times of day, with halves of the day or with 24 hours."""

from __future__ import annotations

from verifier.math.comparing.outcome import NOT_MINE, Decision, Same
from verifier.math.tree import Node, Number, Quantity, Ratio

_HALVES = {"a.m.": 0, "p.m.": 12}


def same_times(reference: Node, answer: Node, _same: Same) -> Decision:
    """`2:30 p.m.` is `14:30`; a half of the day that only one side says is left to the question."""
    if not (_half(reference) or _half(answer)):
        return NOT_MINE
    mine, yours = _minutes(reference), _minutes(answer)
    return bool(mine & yours) if mine and yours else NOT_MINE


def _half(node: Node) -> str | None:
    match node:
        case Quantity(Number(), unit) | Ratio((_, Quantity(Number(), unit))) if unit in _HALVES:
            return unit
        case _:
            return None


def _minutes(node: Node) -> frozenset[int]:
    """The minutes after midnight that it may be; none where it is no time."""
    match node:
        case Ratio((Number(hours), Quantity(Number(minutes)) | Number(minutes))):
            hour, minute = int(hours.value), int(minutes.value)
        case Quantity(Number(hours)):
            hour, minute = int(hours.value), 0
        case _:
            return frozenset()
    half = _half(node)
    if half:
        return frozenset({(hour % 12 + _HALVES[half]) * 60 + minute})
    halves = (0, 12) if 1 <= hour <= 12 else (0,)
    return frozenset((hour % 24 + more) % 24 * 60 + minute for more in halves)
