"""JSON read strictly, in steps short enough that other threads get their turn.

The standard library's decoder, because a lone surrogate is a legal JSON string that faster ones
refuse. Refused besides what is not JSON: keys given twice, NaN and infinities outside of a row of a
batch, and numbers, nesting or a count of values beyond what can be held.
"""

from __future__ import annotations

import codecs
import json
import math
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NoReturn

from verifier.json_size import VALUE_BYTES, values_in

MAX_DEPTH = 200
_PIECE_BYTES = 256 * 1024
"""Decoded at a time: one long call would hold the interpreter lock for as long as it takes."""
_LONG_CHARS = 1024 * 1024
"""Of less text the values are counted when they are there."""
_STEPWISE = {"rollouts": 1, "groups": 3, "query": 1, "prompts": 1, "labels": 1}
"""Members of the outermost object, and how many levels of them are decoded item by item: a list;
or, for groups, the list, each group, and its list of completions."""
_AT_ONCE = 100
LISTS = 3
"""Such lists in one body that may have as many items each as a batch may have rollouts."""
_SPACE = re.compile(r"[ \t\r\n]*")


class NotJson(ValueError):
    """The text cannot be used; the message is a sentence for the client without any of the text."""


Charge = Callable[[int], None]
"""Told how many bytes of memory values will take, or a negative number where they take less than
was said; what it raises ends the reading."""


def _free(_: int) -> None: ...


class TooManyItems(ValueError):
    """A batch so large that to decode it would take longer than it is worth."""


def loads(data: bytes | bytearray, charge: Charge = _free, *, a_row: bool = False) -> Any:
    """The one JSON value in UTF-8 `data`, with or without a byte order mark. Raises NotJson.

    In a row NaN and infinities are numbers: what is wrong with one rollout spoils no other."""
    cursor = _Cursor(_cut(data), charge)
    cursor.lenient = a_row
    value = cursor.value()
    cursor.end()
    return value


def items(pieces: Iterable[bytes]) -> Iterator[Any]:
    """The items of a JSON list, each as soon as its text has come. Raises NotJson.

    As in a row, NaN and infinities are numbers."""
    cursor = _Cursor(pieces, _free)
    cursor.lenient = True
    yield from _items(cursor)
    cursor.end()


def members(pieces: Iterable[bytes], in_parts: Collection[str] = ()) -> Iterator[tuple[str, Any]]:
    """(key, value) of a JSON object, each as soon as its text has come. Raises NotJson.

    Of a member named in `in_parts` every item of its list comes by itself, or of its object every
    member, as an object of one."""
    cursor = _Cursor(pieces, _free)
    cursor.lenient = True
    for _ in cursor.items("{", "}"):
        key = cursor.key()
        if key in in_parts and cursor.sees("["):
            yield from ((key, item) for item in _items(cursor))
        elif key in in_parts and cursor.sees("{"):
            yield from ((key, {cursor.key(): cursor.value()}) for _ in cursor.items("{", "}"))
        else:
            yield key, cursor.value()
    cursor.end()


def _items(cursor: _Cursor) -> Iterator[Any]:
    for _ in cursor.items("[", "]"):
        yield cursor.value()


def loads_in_steps(
    data: bytes | bytearray, charge: Charge = _free, most_items: int = sys.maxsize
) -> Any:
    """Like `loads`, but a batch is decoded rollout by rollout, or completion by completion.

    Raises TooManyItems where there are more of them than a few times `most_items`."""
    cursor = _Cursor(_cut(data), charge)
    cursor.most_items = LISTS * most_items
    if not cursor.sees("{"):
        return loads(data, charge)
    members = []
    for _ in cursor.items("{", "}"):
        key = cursor.key()
        levels = _STEPWISE.get(key, 0)
        cursor.lenient = levels > 0 and cursor.sees("[")
        members.append((key, _stepwise(cursor, levels)))
    cursor.end()
    return _object(members)


def _stepwise(cursor: _Cursor, levels: int) -> Any:
    if levels and cursor.sees("["):
        found = []
        for _ in cursor.items("[", "]"):
            found.append(_stepwise(cursor, levels - 1))
            cursor.most_items -= 1
            if cursor.most_items < 0:
                raise TooManyItems
        return found
    if levels and cursor.sees("{"):
        members = []
        for _ in cursor.items("{", "}"):
            key = cursor.key()
            members.append((key, _stepwise(cursor, (levels - 1) * (key == "completions"))))
        return _object(members)
    return cursor.value()


class _Cursor:
    """A place in the text, always past white space. Every method raises NotJson.

    Holds a part of the text that grows where a value does not end in it."""

    def __init__(self, pieces: Iterable[bytes | bytearray], charge: Charge) -> None:
        self.lenient = False
        """NaN and infinities are numbers."""
        self.most_items = sys.maxsize
        """That may still come in lists which are decoded item by item."""
        self._charge = charge
        self._foreseen = 0
        """Values that were charged for and may still be in the text up to"""
        self._foreseen_to = 0
        self._due = 0
        """Values that are there and still to be charged for: a few, so that it is seldom done."""
        self._pieces = _decoded(pieces)
        self._text = ""
        self._at = 0
        self._passed = 0
        """Characters before `_text`."""
        self._skip_space(0)

    def sees(self, symbol: str) -> bool:
        return self._text.startswith(symbol, self._at)

    def value(self) -> Any:
        """The next value, whole."""
        decoder = _LENIENT if self.lenient else _STRICT
        while True:
            self._foresee()
            try:
                value, end = decoder.raw_decode(self._text, self._at)
                # A number may go on beyond the text; of `1e+` no more than the 1 is read.
                if end + 2 >= len(self._text) and self._grow():
                    continue
                break
            except NotJson:
                raise
            except json.JSONDecodeError as error:
                if not self._grow():
                    place = self._passed + error.pos
                    raise NotJson(f"{error.msg} at character {place}.") from None
            except RecursionError:
                raise NotJson(_TOO_DEEP) from None
            except ValueError:  # Python reads no integer of thousands of digits
                raise NotJson("A number has too many digits.") from None
        self._charge_found(_count(value), self._passed + end)
        self._skip_space(end)
        return value

    def _foresee(self) -> None:
        """Before a long text becomes values, charge for what they may be."""
        text_end = self._passed + len(self._text)
        if len(self._text) - self._at > _LONG_CHARS and text_end > self._foreseen_to:
            ahead = values_in(self._text[self._at :])
            self._charge((ahead - self._foreseen) * VALUE_BYTES)
            self._foreseen, self._foreseen_to = ahead, text_end

    def _charge_found(self, values: int, end: int) -> None:
        """So many were there, up to this place."""
        was_foreseen = self._foreseen
        self._foreseen = 0 if end >= self._foreseen_to else max(0, was_foreseen - values)
        self._due += values + self._foreseen - was_foreseen
        if abs(self._due) >= _AT_ONCE:
            self._charge(self._due * VALUE_BYTES)
            self._due = 0

    def key(self) -> str:
        """The next key and the colon after it."""
        if not self.sees('"'):
            raise NotJson(f"Expecting a key in quotation marks at character {self._place}.")
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
            raise NotJson(f"Extra data at character {self._place}.")

    @property
    def _place(self) -> int:
        return self._passed + self._at

    def _symbol(self, expected: str) -> str:
        found = self._text[self._at : self._at + 1]
        if not found or found not in expected:
            raise NotJson(f"Expecting {' or '.join(expected)} at character {self._place}.")
        self._skip_space(self._at + 1)
        return found

    def _skip_space(self, start: int) -> None:
        """Leaves the cursor at a character, or at the end of all text."""
        self._at = start
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # never None
            if self._at < len(self._text) or not self._grow():
                return

    def _grow(self) -> bool:
        """Drop what lies behind and have at least as much again ahead; False at the end of all."""
        ahead = [self._text[self._at :]]
        wanted = max(1, len(ahead[0]))
        while wanted > 0 and (piece := next(self._pieces, "")):
            ahead.append(piece)
            wanted -= len(piece)
        if len(ahead) == 1:
            return False
        self._passed += self._at
        self._text, self._at = "".join(ahead), 0
        return True


def _cut(data: bytes | bytearray) -> Iterator[bytes | bytearray]:
    for start in range(0, len(data), _PIECE_BYTES):
        yield data[start : start + _PIECE_BYTES]


def _decoded(pieces: Iterable[bytes | bytearray]) -> Iterator[str]:
    """The text in pieces, none of them empty."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for given in pieces:
            if piece := decoder.decode(given):
                yield piece
        if rest := decoder.decode(b"", final=True):
            yield rest
    except UnicodeDecodeError:
        raise NotJson("The text is not UTF-8.") from None


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


def _count(value: Any) -> int:
    """Values and keys in it. Raises NotJson where they are nested too deeply."""
    count = 1
    layer = [value] if isinstance(value, list | dict) else []
    for _ in range(MAX_DEPTH):
        if not layer:
            return count
        count += sum(len(item) * (2 if isinstance(item, dict) else 1) for item in layer)
        layer = [
            item
            for container in layer
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, list | dict)
        ]
    if layer:
        raise NotJson(_TOO_DEEP)
    return count


_TOO_DEEP = f"It is nested more than {MAX_DEPTH} levels deep."
_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite)
_LENIENT = json.JSONDecoder(object_pairs_hook=_object)
