"""Short, safe texts of hostile values, for people who read verdicts."""

from __future__ import annotations

import reprlib
from typing import Any

MAX_CHARS = 500

_short = reprlib.Repr()
_short.maxlist = _short.maxtuple = _short.maxset = _short.maxfrozenset = _short.maxdict = 20
_short.maxstring = _short.maxother = 200
_short.maxlevel = 4


def text_excerpt(text: str | bytes) -> str:
    """The beginning of a text, without characters that cannot be encoded."""
    if isinstance(text, bytes):
        text = text[: 4 * MAX_CHARS].decode("utf-8", "replace")
    shown = text[:MAX_CHARS].encode("utf-8", "replace").decode()
    return shown if len(text) <= MAX_CHARS else shown + " ..."


def value_excerpt(value: Any) -> str:
    """A short `repr` of plain data."""
    try:
        return text_excerpt(_short.repr(value))
    except (ValueError, RecursionError):  # an integer of more digits than Python shows
        return f"<{type(value).__name__}, too large to show>"
