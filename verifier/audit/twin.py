"""Runs in a jail, behind two programs: whether they answer one input differently.

Behind it stand `REFERENCE`, `OTHER`, `SETUP` (source texts), `ENTRY` (an expression) and `KNOWN`
(calls of the suite). Nothing of the verifier's is imported here."""

import math
from typing import Any

REFERENCE = OTHER = SETUP = ENTRY = ""
KNOWN: list[str] = []

_HELD: list[Any] = []
"""The reference's names, the other's, what answers look like, and the latest answer; that is the
list itself where there is none."""


def _made(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "candidate"}
    exec(SETUP, names)  # noqa: S102 - a candidate's jail is what this runs in
    exec(source, names)  # noqa: S102
    return names


def _called(names: dict[str, Any], call: str) -> tuple[bool, Any]:
    """(whether it returned, the value or the exception's name)."""
    try:
        given = dict(names)
        given["__f"] = eval(ENTRY, names)  # noqa: S307
        return True, _plain(eval("__f" + call, given))  # noqa: S307
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not an answer
        return False, type(error).__name__


def _plain(value: Any, depth: int = 0) -> Any:
    """A value that can be compared: iterators drained, objects by what they hold."""
    if (
        depth > 500
        or value is None
        or isinstance(value, bool | int | float | complex | str | bytes)
    ):
        return value
    if isinstance(value, list | tuple):
        return type(value)(_plain(part, depth + 1) for part in value)
    if isinstance(value, dict):
        return {key: _plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return value
    if hasattr(value, "__next__"):
        return [_plain(part, depth + 1) for _, part in zip(range(10000), value, strict=False)]
    if hasattr(value, "__dict__"):
        held = {key: _plain(part, depth + 1) for key, part in vars(value).items()}
        return {"": type(value).__name__, **held}
    return repr(value)


def _same(one: Any, other: Any) -> bool:
    """Equal, floats nearly, lists in any order: what a checker might take for the same is."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            return False
        if all(map(_same, one, other)):
            return True
        return sorted(map(repr, one)) == sorted(map(repr, other))
    if isinstance(one, float) or isinstance(other, float):
        try:
            near = math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-4)
        except (TypeError, OverflowError):
            return False
        return near or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


def _looks(value: Any) -> set[str]:
    """What of an answer tells whether an input was one that the problem allows."""
    kind = type(value).__name__
    if isinstance(value, bool) or value is None:
        return {kind}
    if isinstance(value, int | float):
        return {kind if kind != "float" else "int", "negative" if value < 0 else "not negative"}
    if isinstance(value, str | list | tuple | dict | set):
        return {kind, "empty" if not value else "filled"}
    return {kind}


def _allowed() -> set[str]:
    looks: set[str] = set()
    reference = _made(REFERENCE)
    for call in KNOWN:
        returned, value = _called(reference, call)
        if returned:
            looks |= _looks(value)
    return looks


def answer(call: str) -> bool:
    """Have the reference answer; in a call of its own, so that it is known who took too long."""
    if not _HELD:
        _HELD.extend([_made(REFERENCE), _made(OTHER), _allowed(), None])
    first = _called(_HELD[0], call)
    again = _called(_HELD[0], call)
    usable = first[0] and again[0] and _same(first[1], again[1])
    _HELD[3] = first[1] if usable and _looks(first[1]) <= _HELD[2] else _HELD
    return True


def differs(call: str) -> bool:
    """Whether the other program answers otherwise, where the reference's answer can be used."""
    if _HELD[3] is _HELD:
        return False
    returned, value = _called(_HELD[1], call)
    return not (returned and _same(_HELD[3], value))


def compare(kind: str, call: str) -> bool:
    """One of the two, by name."""
    return answer(call) if kind == "answer" else differs(call)
