"""Reads numbers as they are written: decimals, recurring decimals, digits with a base."""

from __future__ import annotations

import re
from fractions import Fraction

from verifier.math.literals import MAX_DIGITS, PlainNumber, may_be_rounded
from verifier.math.reading.parser import Unreadable
from verifier.math.tree import Node, Number, Numeral

_OVERLINED = re.compile(
    r"\\overline ?\{([0-9]+)\}|\((\d+)\)|\\dot ?\{?(\d)\}?(?:(\d*)\\dot ?\{?(\d)\}?)?"
)
_ELLIPSIS = re.compile(r"(?:\.\.\.|\\ldots)$")
_BASE_WORDS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "sixteen": 16,
}


def read_numeral(text: str) -> Node:
    """The number that a token says. Raises Unreadable."""
    if len(text) > MAX_DIGITS:
        raise Unreadable
    if "_" in text:
        digits, base = text.split("_")
        return _numeral(digits, base.strip("{}() ").removeprefix("\\text{").strip("{}() "))
    if not text.isascii() or _OVERLINED.search(text) or _ELLIPSIS.search(text):
        return Number(PlainNumber(_recurring(text)))
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, part = mantissa.partition(".")
    unit = Fraction(10) ** (int(exponent or 0) - len(part))
    return Number(
        PlainNumber(
            int(whole + part or "0") * unit,
            unit_in_last_place=unit if part else None,
            is_rounded=may_be_rounded((whole + part).lstrip("0"), len(part)),
        )
    )


def _numeral(digits: str, base: str) -> Node:
    """Raises Unreadable where a digit does not exist in that base."""
    value = _BASE_WORDS.get(base) or (int(base) if base.isdigit() and len(base) < 3 else 0)
    whole, _, part = digits.partition(".")
    if not 2 <= value <= 36 or any(int(digit, 36) >= value for digit in whole + part):
        raise Unreadable
    part = part.rstrip("0")
    return Numeral((whole.lstrip("0") or "0") + (f".{part}" if part else ""), value)


def _recurring(text: str) -> Fraction:
    """The value of `0.1\\overline{6}`, `0.1\\dot{6}`, `0.1(6)` or `0.333...`."""
    if ellipsis := _ELLIPSIS.search(text):
        digits = text[: ellipsis.start()]
        for length in range(1, len(digits) // 2 + 1):
            period = digits[-length:]
            if (
                "." not in period
                and digits.endswith(period * 2)
                and (length > 1 or digits.endswith(period * 3))
            ):
                stem = digits
                while stem.endswith(period):
                    stem = stem[:-length]
                return _with_period(stem, period)
        raise Unreadable
    found = _OVERLINED.search(text)
    if found is None:
        raise Unreadable
    period = found[1] or found[2] or f"{found[3]}{found[4] or ''}{found[5] or ''}"
    return _with_period(text[: found.start()], period)


def _with_period(stem: str, period: str) -> Fraction:
    whole, _, part = stem.partition(".")
    scale = 10 ** len(part)
    tail = Fraction(int(period), (10 ** len(period) - 1) * scale)
    return Fraction(int(whole + part or "0"), scale) + tail
