"""Numbers that need only be near the reference, in data sets that say so."""

from __future__ import annotations

from mpmath import mpf

from verifier.math.comparing.evaluate import constant_value
from verifier.math.comparing.exact import TooLarge
from verifier.math.comparing.forms import canonical
from verifier.math.comparing.measures import in_unit_of
from verifier.math.comparing.names import named
from verifier.math.comparing.rules import same
from verifier.math.tree import Node, Row


def is_near(reference: Node, answer: Node, tolerance: float) -> bool:
    """Whether an answer is the reference with numbers off by no more than `tolerance`, a part of
    the reference's: the same kind and number of items, under the same names where both have one."""
    return _is_near(canonical(reference), canonical(answer), tolerance)


def _is_near(reference: Node, answer: Node, tolerance: float) -> bool:
    """Whether they are the same, or numbers or points that differ by no more than the tolerance."""
    if same(reference, answer):
        return True
    mine, yours = named(reference), named(answer)
    if mine is None or yours is None or (mine.name and yours.name and mine.name != yours.name):
        return False
    first, second = mine.values[-1], yours.values[-1]
    if isinstance(first, Row) and isinstance(second, Row):
        return (
            type(first) is type(second)
            and len(first.items) == len(second.items)
            and all(
                _is_near(a, b, tolerance) for a, b in zip(first.items, second.items, strict=True)
            )
        )
    return _numbers_are_near(first, second, tolerance)


def _numbers_are_near(reference: Node, answer: Node, tolerance: float) -> bool:
    measured = in_unit_of(reference, answer)
    if measured is None:
        return False
    try:
        values = [constant_value(node) for node in measured]
    except TooLarge:
        return False
    if values[0] is None or values[1] is None:
        return False
    return bool(abs(values[0] - values[1]) <= abs(values[0]) * mpf(str(tolerance)))
