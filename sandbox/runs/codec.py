"""Plain data across the wall, the trusted side: encode arguments, decode hostile answers.

The format is described in `sandbox.agent.values`. Decoding builds builtin types only, bounds every
size, and calls nothing that came out of the sandbox.
"""

from __future__ import annotations

import collections
import gc
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from sandbox.agent.values import MAX_FRACTION_BITS
from sandbox.errors import SandboxError

LARGE_BYTES = 1 << 16
MAX_EQUAL_HASHES = 32
"""Members of one set or dict that may share a hash value. Python's hashes of numbers and tuples are
not keyed: a hostile answer could otherwise make building the set take quadratic time."""

MATCH = "Match"
"""The type name of what searches with regular expressions return, which many solutions hand on."""


ARRAY = "ndarray"
"""The type name of what numpy returns."""


@dataclass(frozen=True, slots=True)
class Built:
    """An argument that the program's own side builds: `name(*args)`, e.g. `list_node([1, 2])`.

    `name` is looked up in the program's globals inside the sandbox.
    """

    name: str
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """A returned object that is not plain data: equal to nothing, not even to itself, but for an
    array of one item, which Python takes for that item. Whatever else one asks of it, such as its
    truth or its items, raises OpaqueUsed. A set with such a member is one itself.

    `items` holds the plain content where the object has one that is worth having:
    a linked list's values, a tree in level order, a deque's or iterator's items; else None.
    """

    type_name: str
    items: tuple[Any, ...] | None = None

    def __eq__(self, other: object) -> bool:
        if self.type_name != ARRAY or self.items is None or isinstance(other, Opaque):
            return False
        alone = _alone(self.items)
        return alone is not None and bool(alone == _alone(other))

    def _refuse(self, *_: object) -> NoReturn:
        raise OpaqueUsed(f"a returned {self.type_name} is not plain data")

    def __hash__(self) -> int:
        return self._refuse()

    def __bool__(self) -> bool:
        """A match of a regular expression is true, and a candidate that only says so gains no more
        than by returning True. What else an object's own truth is, is not known."""
        return self.type_name == MATCH or self._refuse()

    __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __index__ = __float__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __pos__ = __abs__ = __invert__ = _refuse
    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = _refuse
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = _refuse
    __and__ = __or__ = __xor__ = __rand__ = __ror__ = __rxor__ = __lshift__ = __rshift__ = _refuse


def _alone(value: Any) -> Any:
    """What is in lists of one item, however deep; None where there is no such item, or several."""
    while isinstance(value, list | tuple):
        if len(value) != 1:
            return None
        value = value[0]
    return value


class OpaqueUsed(SandboxError, TypeError):
    """What is asked of a returned object is not known on this side."""


class Malformed(SandboxError, ValueError):
    """Bytes that came out of a sandbox are not a value of this format."""


def encode(value: Any) -> bytes:
    """Plain data, `Built` and `Opaque` values as bytes for the candidate's side.

    Raises TypeError for anything else, RecursionError for data nested too deeply."""
    return _ENCODER.encode(_tagged(value)).encode("ascii")


def _tagged(value: Any) -> Any:
    """Encodes a value as JSON, with a tag for each type that JSON lacks."""
    kind = type(value)
    if value is None or kind in (bool, str, float):
        return value
    if kind is int:
        return value if -(1 << 63) < value < 1 << 63 else {"i": hex(value)}
    if kind is list:
        return _items(value)
    if kind in _TAGS:
        return {_TAGS[kind]: _items(list(value))}
    if kind is dict:
        return {"d": [[_tagged(key), _tagged(item)] for key, item in value.items()]}
    if kind in _WHOLES:
        tag, content = _WHOLES[kind]
        return {tag: content(value)}
    if kind is Built:
        return {"n": [value.name, [_tagged(item) for item in value.args]]}
    raise TypeError(f"a {kind.__name__} cannot be sent into a sandbox")


def _items(items: list[Any]) -> list[Any]:
    """Tables of plain scalars, which most of what is sent is made of, are themselves."""
    kinds = set(map(type, items))
    if kinds <= _SCALARS or (kinds == {int} and min(items) > -(1 << 63) and max(items) < 1 << 63):
        return items
    return [_tagged(item) for item in items]


_ENCODER = json.JSONEncoder(separators=(",", ":"))
_SCALARS = frozenset({str, bool, float, type(None)})
_TAGS: dict[type, str] = {tuple: "t", set: "s", frozenset: "f"}
_WHOLES: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("b", bytes.hex),
    bytearray: ("a", bytearray.hex),
    complex: ("c", lambda value: [value.real, value.imag]),
    range: ("r", lambda value: [_tagged(part) for part in (value.start, value.stop, value.step)]),
    Fraction: ("q", lambda value: [hex(part) for part in value.as_integer_ratio()]),
}


def decode(data: bytes) -> Any:
    """The value in these hostile bytes. Raises Malformed."""
    pause = len(data) > LARGE_BYTES and gc.isenabled()
    if pause:
        # Nothing in here is garbage, and looking for it time and again is most of the work.
        gc.disable()
    try:
        return _DECODER.decode(data.decode("utf-8", "surrogatepass"))
    except (ValueError, TypeError, KeyError, RecursionError, ArithmeticError) as error:
        raise Malformed(f"not a value: {type(error).__name__}") from None
    finally:
        if pause:
            gc.enable()


def _untag(tagged: dict[str, Any]) -> Any:
    if len(tagged) != 1:
        raise Malformed("an object must have one key, its tag")
    ((tag, content),) = tagged.items()
    return _UNTAG[tag](content)


def _list(content: Any) -> list[Any]:
    if type(content) is not list:
        raise Malformed("a container's content must be a list")
    return content


def _hashable(members: Sequence[Hashable]) -> Sequence[Hashable]:
    if len(members) > MAX_EQUAL_HASHES:
        # The hash values themselves are small integers, which hash to themselves.
        (_, most), *_ = collections.Counter(map(hash, members)).most_common(1)
        if most > MAX_EQUAL_HASHES:
            raise Malformed("too many members share a hash value")
    return members


def _set(kind: type, content: Any) -> Any:
    members = _list(content)
    try:
        return kind(_hashable(members))
    except OpaqueUsed:
        return Opaque(kind.__name__, tuple(members))


def _dict(content: Any) -> Any:
    pairs = _list(content)
    if any(type(pair) is not list or len(pair) != 2 for pair in pairs):
        raise Malformed("a dict must be a list of pairs")
    try:
        _hashable([key for key, _ in pairs])
        return dict(pairs)
    except OpaqueUsed:
        return Opaque("dict")


def _int(content: Any) -> int:
    return int(_text(content), 16)


def _text(content: Any) -> str:
    if type(content) is not str:
        raise Malformed("expected a string")
    return content


def _complex(content: Any) -> complex:
    real, imaginary = _list(content)
    return complex(float(real), float(imaginary))


def _fraction(content: Any) -> Fraction:
    numerator, denominator = map(_int, _list(content))
    if max(numerator.bit_length(), denominator.bit_length()) > MAX_FRACTION_BITS:
        raise Malformed("a fraction of very large integers")
    return Fraction(numerator, denominator)


def _range(content: Any) -> range:
    start, stop, step = _list(content)
    return range(start, stop, step)


def _opaque(content: Any) -> Opaque:
    name, items = _list(content)
    return Opaque(_text(name)[:100], None if items is None else tuple(_list(items)))


_UNTAG: Mapping[str, Callable[[Any], Any]] = {
    "t": lambda content: tuple(_list(content)),
    "s": lambda content: _set(set, content),
    "f": lambda content: _set(frozenset, content),
    "d": _dict,
    "i": _int,
    "b": lambda content: bytes.fromhex(_text(content)),
    "a": lambda content: bytearray.fromhex(_text(content)),
    "c": _complex,
    "q": _fraction,
    "r": _range,
    "o": _opaque,
}
# Every NaN is an object of its own: containers take the same object for equal.
_DECODER = json.JSONDecoder(object_hook=_untag, parse_constant=float)
