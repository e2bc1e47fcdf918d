"""Reads answers that are certain at sight: plain numbers, as exact rationals, and choice letters.

What it reads it reads exactly; what leaves any doubt it leaves to the slow path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

MAX_DIGITS = 400
MAX_EXPONENT = 400

_UNSIGNED = (
    r"(?:(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]*))?|\.(?P<bare>[0-9]+))"
)
_NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?(?P<dollar>\\\$|\$)? ?"
    rf"{_UNSIGNED}"
    r"(?:(?:\\times ?|\\cdot ?|\*|x)10\^(?:\{(?P<braced>[-+]?[0-9]+)\}|(?P<single>[0-9]))"
    r"|[eE](?P<e>[-+]?[0-9]+))?"
    r" ?(?P<percent>\\?%|\\text\{ ?percent ?\}|percent)?"
)
_FRACTION = re.compile(
    r"(?P<sign>[-+]?) ?(?:"
    r"\\frac ?(?:\{(?P<top>[-+]?[0-9]+)\}|(?P<digit>[0-9]))"
    r"(?:\{(?P<bottom>[-+]?[0-9]+)\}|(?P<under>[0-9]))"
    r"|(?P<left>[0-9]+)/(?P<right>[0-9]+)|\((?P<inner>[-+]?[0-9]+)\)/(?P<below>[0-9]+))"
    r" ?(?P<percent>\\?%)?"
)
_CHOICE = re.compile(r"(?:\\text ?\{ ?)?\(?(?:\\text ?\{ ?)?\(?([A-Za-z])\)?\}?\)?[.:]?\}?")
_LABELLED = re.compile(
    r"(?:\\text ?\{ ?)?\(?(?:\\text ?\{ ?)?([A-Z])"
    r"(?:\}?\)\}?|[.:]\}?(?= |\\|[0-9]|[A-Z]?[a-z]{2})|\}(?=[ \\]))(?P<rest>.+)",
    re.DOTALL,
)
_LABELLED_LOOSELY = re.compile(
    r"(?:\\text ?\{ ?)?\(?(?P<letter>[A-H])(?:\)\}?(?P<value>-[0-9].*)"
    r"|\.? ?\}? ?\((?P<bracketed>[^()]+)\)|\. ?\} ?(?P<said>.+))",
    re.DOTALL,
)
_CHOICE_WORD = re.compile(
    r"^(?:\\text\{)?(?:option|choice|answer|opción|opção|alternativa|réponse)(?: is)?:? ?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:\\text ?\{ ?)?(?:or|and)\b|[,/&^+*=-]", re.IGNORECASE)

_ANOTHER_LABEL = re.compile(r"(?<![A-Za-z(])\(?[A-J][):]")


@dataclass(frozen=True, slots=True)
class PlainNumber:
    """A number as it is written. `unit_in_last_place` is None where it is not a decimal."""

    value: Fraction
    percent: bool = False
    unit_in_last_place: Fraction | None = None
    is_rounded: bool = False
    """A decimal of so many digits that it may stand for a longer one; see `rounds_to`."""

    def equals(self, answer: PlainNumber) -> bool:
        """Whether `answer` is this reference: the same rational number, a percent sign left out or
        added, or a longer number that rounds to the decimal this is."""
        if self.percent == answer.percent:
            return self._reached_by(answer.value)
        # One side left the sign out: "what percent" is answered by 62.5, and by 0.625.
        scaled = answer.value * 100 if answer.percent else answer.value / 100
        return self._reached_by(answer.value) or self._reached_by(scaled)

    def _reached_by(self, value: Fraction) -> bool:
        return value == self.value or rounds_to(value, self)


def rounds_to(value: Fraction, reference: PlainNumber) -> bool:
    """Whether `value`, rounded to the digits the reference gives, is the reference."""
    if not reference.is_rounded or reference.unit_in_last_place is None:
        return False
    return abs(value - reference.value) * 2 <= reference.unit_in_last_place


def may_be_rounded(digits: str, places: int) -> bool:
    """Whether a decimal of these digits, `places` of them behind the point, may be a rounding.

    0.33 and 18.8 may be; 0.5, 0.05, 2.5 and 36.0 are taken for exact."""
    if places == 1:
        return len(digits.strip("0")) >= 3
    return places >= 2 and len(digits) >= 2


def read_number(text: str) -> PlainNumber | None:
    """The number that a normalised text is, if it is nothing else."""
    if len(text) > MAX_DIGITS:
        return None
    if found := _NUMBER.fullmatch(text):
        return _decimal(found)
    if found := _FRACTION.fullmatch(text):
        return _fraction(found)
    return None


def _decimal(found: re.Match[str]) -> PlainNumber | None:
    """The number; None where its exponent is too large, or it is dollars and percent at once."""
    whole = (found["whole"] or "").replace(",", "")
    part = found["part"] or found["bare"] or ""
    exponent = int((found["braced"] or found["single"] or found["e"] or "0")[:8])
    if abs(exponent) > MAX_EXPONENT or (found["dollar"] and found["percent"]):
        return None
    unit = Fraction(10) ** (exponent - len(part))
    value = int(whole + part or "0") * unit * (-1 if found["sign"] == "-" else 1)
    percent = bool(found["percent"])
    if percent:
        value, unit = value / 100, unit / 100
    rounded = may_be_rounded((whole + part).lstrip("0"), len(part))
    return PlainNumber(value, percent, unit if part else None, rounded)


def _fraction(found: re.Match[str]) -> PlainNumber | None:
    """The number; None where it divides by zero."""
    top = found["top"] or found["digit"] or found["left"] or found["inner"]
    bottom = found["bottom"] or found["under"] or found["right"] or found["below"]
    if int(bottom) == 0:
        return None
    value = Fraction(int(top), int(bottom)) * (-1 if found["sign"] == "-" else 1)
    return PlainNumber(value / 100 if found["percent"] else value, bool(found["percent"]))


def read_choice(text: str) -> str | None:
    """The letter of a normalised text that is only a choice: `B`, `(B)`, `\\text{B}`."""
    found = _CHOICE.fullmatch(_CHOICE_WORD.sub("", text, count=1))
    if not found:
        return None
    return found[1].upper() if text != found[1] or found[1].isupper() else found[1]


def choice_labelled_loosely(text: str) -> str | None:
    """The letter of a choice given in full as `(B) -2`, `B (6)` or `\\text{B. }x = 6`, which are
    expressions unless a letter is asked for."""
    found = _LABELLED_LOOSELY.fullmatch(text)
    return found["letter"] if found else None


def split_choice(text: str) -> tuple[str, str] | None:
    """The letter and what stands behind it, of a choice given in full: `(B) 12`, `B. 12`."""
    found = _LABELLED.fullmatch(text)
    if not found:
        return None
    rest = found["rest"].strip(" }:.")
    if not rest or _GOES_ON.match(rest) or _ANOTHER_LABEL.search(rest):
        return None
    return found[1], rest
