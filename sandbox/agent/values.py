"""Plain data as it travels between the trusted side and a candidate's process: tagged JSON.

null, booleans, strings, floats, lists and integers of at most 64 bits are themselves. Everything
else is an object with one key, its tag: `t` tuple, `s` set, `f` frozenset, `d` dict (pairs),
`i` integer (hex), `b` bytes, `a` bytearray (hex), `c` complex, `r` range, `q` fraction
[numerator, denominator] (hex; decimals are sent so, too), `o` other object [type name, items or
null], and, towards the candidate only, `n` a value that the program's own function `name` builds
[name, args].

This is the candidate's side of it. It runs in the same process as candidate code, so nothing it
sends is trusted: `sandbox.runs.codec` reads the answer with bounds.
"""

import builtins
import collections
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

__builtins__ = dict(vars(builtins))  # type: ignore[assignment]
"""As they are now, for all that is defined below: programs overwrite some."""
MAX_DEPTH = 200
MAX_NODES = 4_000_000
MAX_FRACTION_BITS = 4096
"""Of numerator and denominator: reducing a fraction takes time that grows with their square."""
BATCH_S = 0.005
"""Calls come in batches; after so long the rest of one goes back unanswered."""
_SCALARS = frozenset({str, bool, float, type(None)})
_LISTED: tuple[Any, ...] = (
    Sequence,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)
_INT64 = 1 << 63
_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class TooLargeError(Exception):
    """A returned value has more nodes than any honest answer."""


class Encoder:
    """Turns one returned value into tagged JSON."""

    def __init__(self, *, consume: bool) -> None:
        self._consume = consume
        self._nodes = 0
        self._open: set[int] = set()
        """The containers that hold the one at hand: a value may contain itself."""

    def encode(self, value: Any) -> bytes:
        """The value as JSON bytes. Raises TooLargeError."""
        return _to_json(self._tagged(value, 0, self._consume)).encode()

    def _tagged(self, value: Any, depth: int, consume: bool = False) -> Any:
        kind = type(value)
        if kind in _SCALARS:
            return value
        if kind is int:
            return value if -_INT64 < value < _INT64 else {"i": hex(value)}
        if depth > MAX_DEPTH:
            return {"o": ["nested too deeply", None]}
        if id(value) in self._open:
            return {"o": ["contains itself", None]}
        self._open.add(id(value))
        try:
            return self._container(value, depth, consume)
        finally:
            self._open.discard(id(value))

    def _container(self, value: Any, depth: int, consume: bool) -> Any:
        if type(value) is list:
            return self._items(value, depth)
        for base, tag in _CONTAINERS:
            if isinstance(value, base):
                return {tag: self._items(list(base.__iter__(value)), depth)}
        if isinstance(value, list):
            return self._items(list(list.__iter__(value)), depth)
        if isinstance(value, dict):
            pairs = [list(pair) for pair in dict.items(value)]
            return {"d": [self._items(pair, depth + 1) for pair in pairs]}
        return self._scalar_like(value, depth, consume)

    def _items(self, items: list[Any], depth: int) -> list[Any]:
        self._nodes += len(items) + 1
        if self._nodes > MAX_NODES:
            raise TooLargeError
        kinds = set(map(type, items))
        if kinds <= _SCALARS:
            return items
        if kinds == {int} and min(items) > -_INT64 and max(items) < _INT64:
            return items
        return [self._tagged(item, depth + 1) for item in items]

    def _scalar_like(self, value: Any, depth: int, consume: bool) -> Any:
        """Subclasses of the plain types as the plain value that Python's == would see."""
        if isinstance(value, int):
            return self._tagged(int.__index__(value), depth)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, (bytes, bytearray)):
            return {"a" if isinstance(value, bytearray) else "b": bytes(value).hex()}
        if isinstance(value, complex):
            return {"c": [value.real, value.imag]}
        if isinstance(value, range):
            return {"r": [self._tagged(n, depth) for n in (value.start, value.stop, value.step)]}
        if type(value).__module__ == "numpy" and not getattr(value, "shape", (1,)):
            return self._tagged(value.item(), depth + 1)
        if isinstance(value, (Fraction, Decimal)):
            return _number(value)
        return {"o": [type(value).__name__[:100], self._content(value, depth, consume)]}

    def _content(self, value: Any, depth: int, consume: bool) -> list[Any] | None:
        """The items of a value that is a kind of list: an iterable, an array, nodes of a tree."""
        items: list[Any] | None = None
        if isinstance(value, _LISTED):
            items = _bounded(value)
        elif type(value).__module__ == "numpy" and hasattr(value, "tolist"):
            items = value.tolist()
        elif hasattr(value, "val") and hasattr(value, "next"):
            items = _linked_list(value)
        elif hasattr(value, "val") and hasattr(value, "left") and hasattr(value, "right"):
            items = _level_order(value)
        elif consume and isinstance(value, Iterable):
            items = _bounded(value)
        return None if items is None else self._items(items, depth + 1)


_CONTAINERS: tuple[tuple[Any, str], ...] = ((tuple, "t"), (set, "s"), (frozenset, "f"))


def _number(value: Fraction | Decimal) -> Any:
    """Exactly what it stands for: Python's == takes it for no float that is only near it."""
    try:
        parts = Fraction(value).as_integer_ratio()
    except (ValueError, OverflowError):  # no finite number
        return float(value)
    if max(map(int.bit_length, parts)) > MAX_FRACTION_BITS:
        return {"o": [type(value).__name__, None]}
    return {"q": [hex(part) for part in parts]}


def _bounded(values: Iterable[Any]) -> list[Any]:
    items: list[Any] = []
    for item in values:
        items.append(item)
        if len(items) > MAX_NODES:
            raise TooLargeError
    return items


def _linked_list(node: Any) -> list[Any]:
    values: list[Any] = []
    while node is not None:
        values.append(node.val)
        node = node.next
        if len(values) > MAX_NODES:
            raise TooLargeError
    return values


def _level_order(root: Any) -> list[Any]:
    """A binary tree as LeetCode writes it, level by level, None for a child that is missing."""
    values: list[Any] = []
    queue: collections.deque[Any] = collections.deque([root])
    while queue:
        node = queue.popleft()
        if node is None:
            values.append(None)
            continue
        values.append(node.val)
        queue.extend((node.left, node.right))
        if len(values) > MAX_NODES:
            raise TooLargeError
    while values and values[-1] is None:
        values.pop()
    return values


def decoder(namespace: Mapping[str, Any]) -> Callable[[str], Any]:
    """Reads values from the trusted side; `n` tags call functions of `namespace`."""

    def untag(tagged: dict[str, Any]) -> Any:
        ((tag, content),) = tagged.items()
        if tag == "n":
            name, arguments = content
            return namespace[name](*arguments)
        return _UNTAG[tag](content)

    return json.JSONDecoder(object_hook=untag, parse_constant=_constant).decode


def _constant(name: str) -> float:
    """NaN as the one object that most programs take it from: a list that holds it equals another
    that does."""
    if name != "NaN":
        return float(name)
    nan: float = (sys.modules.get("numpy") or math).nan
    return nan


_UNTAG: dict[str, Callable[[Any], Any]] = {
    "t": tuple,
    "s": set,
    "f": frozenset,
    "d": lambda pairs: {key: value for key, value in pairs},  # noqa: C416 - pairs are lists
    "i": lambda digits: int(digits, 16),
    "b": bytes.fromhex,
    "a": bytearray.fromhex,
    "c": lambda parts: complex(*parts),
    "q": lambda parts: Fraction(*(int(part, 16) for part in parts)),
    "r": lambda bounds: range(*bounds),
}
