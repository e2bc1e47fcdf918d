"""How much work the trusted reader of assertion suites does for one of them.

What a suite or a returned value makes very long is left to the referee.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from verifier.errors import VerifierError

MAX_STEPS = 2_000_000
MAX_SHOWN_BITS = 14_000
"""Python turns no longer integer into text here, while it does in a jail."""
_CONTAINERS = (list, tuple, dict, set, frozenset)


class Unsupported(VerifierError):
    """The reader does not evaluate this; the text says what it met."""


class Meter:
    """How much work one run of a suite may still do."""

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Raises Unsupported when the work is used up."""
        self._left -= steps
        if self._left < 0:
            raise Unsupported("too much work")


def weight(value: Any) -> int:
    """How many values this one is made of: what looking at all of it costs."""
    if not isinstance(value, _CONTAINERS):
        return len(value) if isinstance(value, str | bytes | bytearray) else 1
    total, pending = 0, [value]
    while pending:
        found = pending.pop()
        total += len(found) + 1
        parts = [*found, *found.values()] if isinstance(found, dict) else found
        pending.extend(part for part in parts if isinstance(part, _CONTAINERS))
    return total


def pay_for(meter: Meter, value: Any) -> None:
    """Pay for a look at a value's parts. Raises Unsupported for a very large integer."""
    meter.spend(len(value) if isinstance(value, Sized) else 1)
    if isinstance(value, int) and value.bit_length() > MAX_SHOWN_BITS:
        raise Unsupported("a very large integer")


def pay_for_search(meter: Meter, item: Any, container: Any) -> None:
    """Pay for `item in container`. A range counts up to anything but an integer."""
    is_counted = isinstance(container, range) and not isinstance(item, int)
    if is_counted or isinstance(container, list | tuple | str | bytes | bytearray):
        meter.spend(len(container))


def members(meter: Meter, values: Any) -> Any:
    """`values`, paid for, if one can iterate over it."""
    if isinstance(values, Sized):
        meter.spend(len(values))
    return iter(values)
