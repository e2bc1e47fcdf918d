"""Units of measure: their spellings, and which are multiples of each other."""

from __future__ import annotations

import re
from fractions import Fraction

_SPELLINGS: dict[str, tuple[str, Fraction, tuple[str, ...]]] = {
    # canonical: (dimension, how many base units, other spellings)
    "m": ("length", Fraction(1), ("meter", "metre")),
    "km": ("length", Fraction(1000), ("kilometer", "kilometre")),
    "dm": ("length", Fraction(1, 10), ("decimeter",)),
    "cm": ("length", Fraction(1, 100), ("centimeter", "centimetre")),
    "mm": ("length", Fraction(1, 1000), ("millimeter", "millimetre")),
    "nm": ("length", Fraction(1, 10**9), ("nanometer",)),
    "inch": ("length", Fraction(254, 10000), ("in", "inche")),
    "ft": ("length", Fraction(3048, 10000), ("foot", "feet")),
    "yd": ("length", Fraction(9144, 10000), ("yard",)),
    "mi": ("length", Fraction(1609344, 1000), ("mile",)),
    "s": ("time", Fraction(1), ("sec", "second")),
    "ms": ("time", Fraction(1, 1000), ("millisecond",)),
    "min": ("time", Fraction(60), ("minute",)),
    "h": ("time", Fraction(3600), ("hr", "hour")),
    "day": ("time", Fraction(86400), ()),
    "week": ("time", Fraction(604800), ()),
    "month": ("month", Fraction(1), ()),
    "year": ("month", Fraction(12), ("yr",)),
    "g": ("mass", Fraction(1), ("gram", "gm")),
    "kg": ("mass", Fraction(1000), ("kilogram",)),
    "mg": ("mass", Fraction(1, 1000), ("milligram",)),
    "t": ("mass", Fraction(10**6), ("ton", "tonne")),
    "lb": ("pound", Fraction(1), ("pound",)),
    "oz": ("pound", Fraction(1, 16), ("ounce",)),
    "l": ("volume", Fraction(1, 1000), ("L", "liter", "litre")),
    "ml": ("volume", Fraction(1, 10**6), ("mL", "milliliter", "millilitre")),
    "hectare": ("area", Fraction(10**4), ("ha",)),
    "gal": ("gallon", Fraction(1), ("gallon",)),
    "dollar": ("money", Fraction(1), ("usd", "buck")),
    "cent": ("money", Fraction(1, 100), ("¢",)),
    "euro": ("euro", Fraction(1), ("eur",)),
    "yuan": ("yuan", Fraction(1), ("rmb",)),
    "yen": ("yen", Fraction(1), ()),
    "rupee": ("rupee", Fraction(1), ("rs", "inr")),
    "degree": ("angle", Fraction(1), ("deg",)),
    "rad": ("radian", Fraction(1), ("radian",)),
    "percent": ("percent", Fraction(1), ("pct", "percentage")),
    "N": ("force", Fraction(1), ("newton",)),
    "J": ("energy", Fraction(1), ("joule",)),
    "kJ": ("energy", Fraction(1000), ()),
    "eV": ("electronvolt", Fraction(1), ()),
    "keV": ("electronvolt", Fraction(10**3), ()),
    "MeV": ("electronvolt", Fraction(10**6), ()),
    "W": ("power", Fraction(1), ("watt",)),
    "V": ("voltage", Fraction(1), ("volt",)),
    "A": ("current", Fraction(1), ("amp", "ampere")),
    "ohm": ("resistance", Fraction(1), ()),
    "Hz": ("frequency", Fraction(1), ("hertz",)),
    "kHz": ("frequency", Fraction(10**3), ("kilohertz",)),
    "MHz": ("frequency", Fraction(10**6), ("megahertz",)),
    "Pa": ("pressure", Fraction(1), ("pascal",)),
    "kPa": ("pressure", Fraction(10**3), ("kilopascal",)),
    "MPa": ("pressure", Fraction(10**6), ("megapascal",)),
    "celsius": ("celsius", Fraction(1), ()),
    "fahrenheit": ("fahrenheit", Fraction(1), ()),
    "K": ("temperature", Fraction(1), ("kelvin",)),
    "C": ("charge", Fraction(1), ("coulomb",)),
    "mol": ("amount", Fraction(1), ("mole",)),
    "unit": ("unit", Fraction(1), ()),
}
_CANONICAL = {
    spelling: name for name, (_, _, others) in _SPELLINGS.items() for spelling in (name, *others)
}
_DIMENSIONS = frozenset(dimension for dimension, _, _ in _SPELLINGS.values())
_OF_LENGTH = {"area": 2, "volume": 3}
"""Dimensions that are powers of length, so that a litre is 1000 cm^3."""
_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_PIECE = re.compile(r"([a-zA-Z$%¢]+)(?:\^?\{?(-?[0-9])(?![0-9])\}?)?|([/*])|(per)")
_IN = re.compile(r"\bin (?=[a-z])")
_RAISED_BEHIND = re.compile(r"([a-zA-Z]+) (squared|cubed)")
_FILLERS = frozenset(("of", "the", "a", "an", "each", "total", "approximately", "about"))


def _spelled_out(text: str) -> str:
    words = {"mph": "mi/h", "kmh": "km/h", "kph": "km/h", "kmph": "km/h", "cc": "cm^3"}
    text = text.replace("a.m", "am").replace("p.m", "pm")
    return words.get(text.strip().lower(), _IN.sub("", text).replace(" per ", "/"))


def _raise(match: re.Match[str]) -> str:
    return f"{match[1]}^{_POWERS[match[2]]}"


def _canonical(word: str) -> str | None:
    for spelling in (word, word.lower(), word.lower().removesuffix("s"), word.removesuffix("s")):
        if spelling in _CANONICAL and (len(spelling) > 1 or spelling == word):
            return _CANONICAL[spelling]
    return None


def is_unit(word: str) -> bool:
    """Whether a word is a unit of measure, or a power of one."""
    return _canonical(word) is not None or word.lower() in _POWERS or _spelled_out(word) != word


def is_measured(dimension: str) -> bool:
    """Whether a dimension is one of the units of measure, not of words like `apples`."""
    return dimension in _DIMENSIONS


def read_unit(text: str) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    """The dimensions of a unit and how many of their base units it is.

    A word that is no unit of measure (`apples`) is a dimension of its own."""
    powers: dict[str, int] = {}
    factor = Fraction(1)
    sign, pending = 1, 1
    for match in _PIECE.finditer(_RAISED_BEHIND.sub(_raise, _spelled_out(text))):
        word, power, operator, _ = match.groups()
        if operator:
            sign = -1 if operator == "/" else sign
            continue
        if word is None or word in _FILLERS:
            continue
        if word.lower() in _POWERS:
            pending = _POWERS[word.lower()]
            continue
        exponent = int(power or 1) * pending * sign
        pending = 1
        name = _canonical(word)
        dimension, size = (
            (_SPELLINGS[name][0], _SPELLINGS[name][1])
            if name
            else (word.lower().removesuffix("s"), Fraction(1))
        )
        if dimension in _OF_LENGTH:
            powers["length"] = powers.get("length", 0) + exponent * _OF_LENGTH[dimension]
        else:
            powers[dimension] = powers.get(dimension, 0) + exponent
        factor *= size**exponent
    return tuple(sorted((name, power) for name, power in powers.items() if power)), factor
