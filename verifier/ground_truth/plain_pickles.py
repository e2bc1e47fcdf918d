"""Reads pickles of plain data, lists, objects, text and numbers, without unpickling them.

The opcodes are read, never executed: even an unpickler that admits no class can be made to reserve
gigabytes. A container that is referred to twice is refused, so that nothing read is larger than the
pickle it was read from.
"""

from __future__ import annotations

import base64
import pickletools
import zlib
from collections.abc import Callable
from typing import Any

_ATOMS = frozenset(
    {
        *("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"),
        *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4"),
        *("BINFLOAT", "FLOAT"),
    }
)
"""Opcodes whose argument is the value."""
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {"EMPTY_LIST": list, "EMPTY_TUPLE": list, "EMPTY_DICT": dict}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PUTS = frozenset({"MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
_IDLE = frozenset({"PROTO", "FRAME"})


def unpacked(text: str, most: int) -> bytes:
    """What the base64 of zlib's compression holds, at most so many bytes. Raises ValueError."""
    inflate = zlib.decompressobj()
    try:
        data = inflate.decompress(base64.b64decode(text, validate=True), most)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not inflate.eof:
        raise ValueError(f"it is cut off, or holds more than {most} bytes")
    return data


def read_plain(data: bytes) -> Any:
    """The value that a pickle of plain data holds; tuples are lists. Raises ValueError."""
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return machine.value()
            machine.step(opcode.name, argument)
    except (IndexError, TypeError, AttributeError, KeyError):
        raise ValueError("the pickle makes no sense") from None
    raise ValueError("the pickle has no end")


class _Machine:
    """What of a pickle's machine plain data needs."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def value(self) -> Any:
        """What the whole pickle is. Raises ValueError."""
        if len(self.stack) != 1:
            raise ValueError("the pickle holds no value")
        return self.stack[0]

    def step(self, name: str, argument: Any) -> None:
        """One opcode. Raises ValueError for those that no plain data needs."""
        if name in _ATOMS:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _EMPTY:
            self.stack.append(_EMPTY[name]())
        elif name in _PUTS:
            self._memo[len(self._memo) if argument is None else argument] = self.stack[-1]
        elif name in _GETS:
            self._get(argument)
        elif name == "MARK":
            self._marks.append(len(self.stack))
        elif name not in _IDLE:
            self._gather(name)

    def _get(self, place: int) -> None:
        value = self._memo[place]
        if isinstance(value, list | dict):
            raise ValueError("the pickle holds one list or object in two places")  # noqa: TRY004
        self.stack.append(value)

    def _gather(self, name: str) -> None:
        if name in _TUPLES:
            self.stack.append(self._taken(len(self.stack) - _TUPLES[name]))
        elif name in ("TUPLE", "LIST"):
            self.stack.append(self._taken(self._marks.pop()))
        elif name in ("APPEND", "APPENDS"):
            items = self._taken(len(self.stack) - 1 if name == "APPEND" else self._marks.pop())
            self.stack[-1].extend(items)
        elif name in ("SETITEM", "SETITEMS"):
            items = self._taken(len(self.stack) - 2 if name == "SETITEM" else self._marks.pop())
            self.stack[-1].update(zip(items[::2], items[1::2], strict=True))
        else:
            raise ValueError(f"the pickle holds more than plain data ({name})")

    def _taken(self, start: int) -> list[Any]:
        """What lies on the stack from there on, no longer there."""
        items = self.stack[start:]
        del self.stack[start:]
        return items
