"""Estimates the memory that JSON text takes once parsed, before it is parsed."""

from __future__ import annotations

VALUE_BYTES = 80
"""About what each value and key takes once parsed, beside its characters: `[]` 72 bytes, an object
of one member 200, a short text 56. Text is two or three bytes for each of them."""
_PIECE_CHARS = 256 * 1024


def values_in(text: str) -> int:
    """As many values and keys as parsing it would make, at most; of what is no JSON, those that are
    made until that turns out."""
    # Whatever stands in quotation marks is counted too, where that is few enough to begin with.
    most = _marks(text) + 1
    return most if most * VALUE_BYTES <= len(text) else _marks_outside_of_strings(text) + 1


def _marks(text: str) -> int:
    return sum(text.count(mark) for mark in ",:[{")


def _marks_outside_of_strings(text: str) -> int:
    count, inside, rest = 0, False, ""
    for start in range(0, len(text), _PIECE_CHARS):
        piece = rest + text[start : start + _PIECE_CHARS]
        whole = piece.rstrip("\\")  # what they escape may be in the next piece
        rest = piece[len(whole) :]
        parts = whole.replace("\\\\", "").replace('\\"', "").split('"')
        count += _marks("".join(parts[inside::2]))
        inside ^= len(parts) % 2 == 0
    return count
