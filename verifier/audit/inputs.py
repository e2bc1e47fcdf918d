"""New inputs for a function, as like those of its suite as can be told.

A mutant that passes a suite is wrong only where an input shows it, and the input must be one that
the problem allows, which nobody has written down. So arguments are crossed and changed a little at
a time, within what the suite's have in common: `relations` learns that, as Daikon (Ernst et al.
2007) learns invariants from runs, and an input that breaks one is thrown away."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.audit.relations import learned

MOST_CHARS = 2000
"""Of one call's source text: cases that measure speed are no pattern for new ones."""
TRIES_EACH = 20
"""Inputs thrown away for each that is kept, at most."""
_FEW = 64
"""Integers of a range that are all tried."""


@dataclass(frozen=True, slots=True)
class _Argument:
    """One argument: plain data, perhaps in a call that makes an object of it."""

    keyword: str | None
    maker: str | None
    """`tree_node` in `tree_node([1, None, 2])`."""
    value: Any

    def text(self) -> str:
        """As source."""
        text = repr(self.value)
        text = f"{self.maker}({text})" if self.maker else text
        return f"{self.keyword}={text}" if self.keyword else text


_Call = tuple[_Argument, ...]


def new_calls(calls: Sequence[str], named: set[int | float | str], most: int) -> list[str]:
    """Up to `most` argument lists like `calls` (`([1, 2], k=3)`) and unlike each of them.

    `named`: constants of the program, on which its cases turn. The same for the same."""
    known = _readable(calls)
    if not known or not known[0]:
        return []
    chance = random.Random(0)  # noqa: S311 - nobody is to be kept from guessing it
    holds = learned([_values(call) for call in known])
    pools = [_pool([call[at].value for call in known], named) for at in range(len(known[0]))]
    seen = {_text(call) for call in known}
    found: list[str] = []
    for tried, call in enumerate(_candidates(known, pools, chance)):
        if len(found) >= most or tried > most * TRIES_EACH:
            break
        text = _text(call)
        if text not in seen and len(text) <= MOST_CHARS:
            seen.add(text)
            if holds(_values(call)):
                found.append(text)
    return found


def _readable(calls: Sequence[str]) -> list[_Call]:
    """Those of the most frequent signature."""
    read = [call for text in calls if len(text) <= MOST_CHARS and (call := _read(text)) is not None]
    signatures = [tuple((part.keyword, part.maker) for part in call) for call in read]
    if not signatures:
        return []
    usual = max(signatures, key=signatures.count)
    return [call for call, own in zip(read, signatures, strict=True) if own == usual]


def _read(text: str) -> _Call | None:
    try:
        call = ast.parse(f"f{text}", mode="eval").body
        assert isinstance(call, ast.Call)
        given: list[tuple[str | None, ast.expr]] = [(None, node) for node in call.args]
        given += [(keyword.arg, keyword.value) for keyword in call.keywords]
        return tuple(_argument(keyword, node) for keyword, node in given)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, AssertionError):
        return None


def _argument(keyword: str | None, node: ast.expr) -> _Argument:
    match node:
        case ast.Call(ast.Name(maker), [inner], []):
            return _Argument(keyword, maker, ast.literal_eval(inner))
    return _Argument(keyword, None, ast.literal_eval(node))


def _text(call: _Call) -> str:
    return f"({', '.join(part.text() for part in call)})"


def _values(call: _Call) -> tuple[Any, ...]:
    return tuple(part.value for part in call)


def _candidates(
    known: Sequence[_Call], pools: Sequence[_Pool], chance: random.Random
) -> Iterator[_Call]:
    """Small ranges of integers whole, then crossings and small changes without end."""
    for at, pool in enumerate(pools):
        for number in pool.every_integer():
            base = chance.choice(known)
            yield _with(base, at, number)
    while True:
        call = chance.choice(known)
        if len(call) > 1 and chance.random() < 0.4:
            call = tuple(chance.choice(known)[at] for at in range(len(call)))
        at = chance.randrange(len(call))
        yield _with(call, at, pools[at].changed(call[at].value, chance))


def _with(call: _Call, at: int, value: Any) -> _Call:
    part = call[at]
    return (*call[:at], _Argument(part.keyword, part.maker, value), *call[at + 1 :])


@dataclass(frozen=True, slots=True)
class _Pool:
    """What stands at one argument's place: scalars by their type, at any depth."""

    values: Sequence[Any]
    integers: Sequence[int]
    others: Sequence[Any]
    """Floats and texts."""
    letters: str

    def every_integer(self) -> range:
        """All within a small range, where the argument is an integer; else none."""
        if not all(type(value) is int for value in self.values):
            return range(0)
        low, high = min(self.values), max(self.values)
        return range(low, high + 1) if high - low < _FEW else range(0)

    def changed(self, value: Any, chance: random.Random) -> Any:
        """A little otherwise, or another one of the same type."""
        if chance.random() < 0.2:
            return chance.choice(self.values)
        for kind, change in _CHANGES:
            if isinstance(value, kind):
                return change(self, value, chance)
        return value

    def _bool(self, value: bool, chance: random.Random) -> Any:
        return not value if chance.random() < 0.5 else value

    def _int(self, value: int, chance: random.Random) -> Any:
        is_argument = value in self.values
        near = [value + 1, value - 1] if is_argument and chance.random() < 0.3 else self.integers
        return chance.choice(near or [value])

    def _float(self, value: float, chance: random.Random) -> Any:
        same = [other for other in self.others if isinstance(other, float)]
        other = chance.choice(same or [value])
        return other if chance.random() < 0.6 else round((value + other) / 2, 3)

    def _str(self, value: str, chance: random.Random) -> Any:
        words = value.split(" ")
        if len(words) > 1 and chance.random() < 0.5:
            return " ".join(self._list(words, chance))
        if chance.random() < 0.2:
            return chance.choice([text for text in self.others if isinstance(text, str)] or [value])
        return "".join(self._list(list(value), chance, self.letters))

    def _list(
        self, value: Sequence[Any], chance: random.Random, letters: Sequence[Any] = ()
    ) -> list[Any]:
        """Changes a list in one of six ways: an item removed, copied, swapped, replaced; cut."""
        parts = list(value)
        if not parts:
            return [chance.choice(letters)] if letters else parts
        at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        match chance.randrange(6):
            case 0:
                del parts[at]
            case 1:
                parts.insert(at, parts[other])
            case 2:
                parts[at], parts[other] = parts[other], parts[at]
            case 3:
                parts[at] = parts[other]
            case 4:
                parts = parts[: at + 1] if chance.random() < 0.5 else parts[at:]
            case _:
                new = chance.choice(letters) if letters else self.changed_inside(parts[at], chance)
                parts[at] = new
        return parts

    def changed_inside(self, value: Any, chance: random.Random) -> Any:
        """A part of a list: never the whole argument of another case."""
        for kind, change in _CHANGES:
            if isinstance(value, kind):
                return change(self, value, chance)
        return value

    def _tuple(self, value: tuple[Any, ...], chance: random.Random) -> Any:
        parts = list(value)
        if parts:
            at = chance.randrange(len(parts))
            parts[at] = self.changed_inside(parts[at], chance)
        return tuple(parts)

    def _dict(self, value: dict[Any, Any], chance: random.Random) -> Any:
        changed = dict(value)
        if changed:
            key = chance.choice(list(changed))
            if chance.random() < 0.3:
                del changed[key]
            else:
                changed[key] = self.changed_inside(changed[key], chance)
        return changed


_CHANGES: tuple[tuple[type, Callable[[_Pool, Any, random.Random], Any]], ...] = (
    (bool, _Pool._bool),
    (int, _Pool._int),
    (float, _Pool._float),
    (str, _Pool._str),
    (list, _Pool._list),
    (tuple, _Pool._tuple),
    (dict, _Pool._dict),
)


def _pool(values: Sequence[Any], named: set[int | float | str]) -> _Pool:
    """Collects what new inputs may be made of: the suite's values, and numbers named near them."""
    scalars = [scalar for value in values for scalar in _scalars(value)]
    integers = {scalar for scalar in scalars if type(scalar) is int}
    if integers:
        low, high = min(integers), max(integers)
        near = {number + step for number in named if type(number) is int for step in (-1, 0, 1)}
        integers |= {number for number in near if low <= number <= high}
    texts = [scalar for scalar in scalars if isinstance(scalar, str)]
    others = sorted({scalar for scalar in scalars if isinstance(scalar, float)}) + sorted(
        set(texts)
    )
    return _Pool(values, sorted(integers), others, "".join(sorted({c for t in texts for c in t})))


def _scalars(value: Any) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple | set | frozenset):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend([*part.keys(), *part.values()])
        else:
            yield part
