"""JSON read strictly, in steps short enough that other threads get their turn.

The standard library's decoder, because a lone surrogate is a legal JSON string that faster ones
refuse. Refused besides what is not JSON: keys given twice, NaN and infinities, numbers or nesting
beyond what can be held.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

MAX_DEPTH = 200
_STEP_BYTES = 1024 * 1024
_STEPWISE = frozenset({"rollouts", "groups"})
"""Members of the outermost object whose items are decoded one at a time."""
_SPACE = re.compile(r"[ \t\r\n]*")


class NotJson(ValueError):
    """The text cannot be used; the message is a sentence for the client without any of the text."""


def decode_text(data: bytes) -> str:
    """UTF-8, with or without a byte order mark. Raises NotJson."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        # One long call would hold the interpreter lock for as long as it takes.
        pieces = [
            decoder.decode(data[start : start + _STEP_BYTES])
            for start in range(0, len(data), _STEP_BYTES)
        ]
        pieces.append(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        raise NotJson("The text is not UTF-8.") from None
    return "".join(pieces)


def loads(text: str) -> Any:
    """The one JSON value in `text`. Raises NotJson."""
    cursor = _Cursor(text)
    value = cursor.value()
    cursor.end()
    return value


def loads_in_steps(text: str) -> Any:
    """Like `loads`, but the rollouts or groups of a batch are decoded one by one."""
    cursor = _Cursor(text)
    if not cursor.sees("{"):
        return loads(text)
    members = []
    for _ in cursor.items("{", "}"):
        key = cursor.key()
        if key in _STEPWISE and cursor.sees("["):
            members.append((key, [cursor.value() for _ in cursor.items("[", "]")]))
        else:
            members.append((key, cursor.value()))
    cursor.end()
    return _object(members)


class _Cursor:
    """A place in the text, always past white space. Every method raises NotJson."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._skip_space(0)

    def sees(self, symbol: str) -> bool:
        return self._text.startswith(symbol, self._at)

    def value(self) -> Any:
        """The next value, whole."""
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except NotJson:
            raise
        except json.JSONDecodeError as error:
            raise NotJson(f"{error.msg} at character {error.pos}.") from None
        except RecursionError:
            raise NotJson(_TOO_DEEP) from None
        except ValueError:  # Python reads no integer of thousands of digits
            raise NotJson("A number has too many digits.") from None
        if _deeper_than(value, MAX_DEPTH):
            raise NotJson(_TOO_DEEP)
        self._skip_space(end)
        return value

    def key(self) -> str:
        """The next key and the colon after it."""
        if not self.sees('"'):
            raise NotJson(f"Expecting a key in quotation marks at character {self._at}.")
        key: str = self.value()
        self._symbol(":")
        return key

    def items(self, opening: str, closing: str) -> Iterator[None]:
        """Stops before every item of the array or object that begins here."""
        self._symbol(opening)
        if self.sees(closing):
            self._symbol(closing)
            return
        while True:
            yield
            if self._symbol("," + closing) == closing:
                return

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._text):
            raise NotJson(f"Extra data at character {self._at}.")

    def _symbol(self, expected: str) -> str:
        found = self._text[self._at : self._at + 1]
        if not found or found not in expected:
            raise NotJson(f"Expecting {' or '.join(expected)} at character {self._at}.")
        self._skip_space(self._at + 1)
        return found

    def _skip_space(self, start: int) -> None:
        self._at = _SPACE.match(self._text, start).end()  # type: ignore[union-attr]  # it may be ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("An object has the same key twice.")
    return members


def _constant(_: str) -> NoReturn:
    raise NotJson("NaN and Infinity are no JSON numbers.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise NotJson("A number is too large.")
    return number


def _deeper_than(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            item
            for container in layer
            if isinstance(container, list | dict)
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, list | dict)
        ]
        if not layer:
            return False
    return True


_TOO_DEEP = f"It is nested more than {MAX_DEPTH} levels deep."
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite
)
