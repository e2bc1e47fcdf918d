"""Units of measure: their spellings, and which are multiples of each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_SPELLINGS: dict[str, tuple[str, Fraction, tuple[str, ...]]] = {
    # canonical: (dimension, how many base units, other spellings)
    "m": ("length", Fraction(1), ("meter", "metre")),
    "inch": ("length", Fraction(254, 10000), ("in", "inche")),
    "ft": ("length", Fraction(3048, 10000), ("foot", "feet")),
    "yd": ("length", Fraction(9144, 10000), ("yard",)),
    "mi": ("length", Fraction(1609344, 1000), ("mile",)),
    "s": ("time", Fraction(1), ("sec", "second")),
    "min": ("time", Fraction(60), ("minute",)),
    "h": ("time", Fraction(3600), ("hr", "hour")),
    "day": ("time", Fraction(86400), ()),
    "week": ("time", Fraction(604800), ()),
    "month": ("month", Fraction(1), ()),
    "year": ("month", Fraction(12), ("yr",)),
    "g": ("mass", Fraction(1), ("gram", "gm")),
    "t": ("mass", Fraction(10**6), ("ton", "tonne")),
    "lb": ("pound", Fraction(1), ("pound",)),
    "oz": ("pound", Fraction(1, 16), ("ounce",)),
    "l": ("volume", Fraction(1, 1000), ("L", "liter", "litre")),
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
    "N": ("force", Fraction(1000), ("newton",)),
    "J": ("energy", Fraction(1000), ("joule",)),
    "cal": ("energy", Fraction(4184), ("calorie",)),
    "kWh": ("energy", Fraction(36 * 10**8), ()),
    "eV": ("electronvolt", Fraction(1), ("electronvolt",)),
    "W": ("power", Fraction(1000), ("watt",)),
    "V": ("voltage", Fraction(1000), ("volt",)),
    "A": ("current", Fraction(1), ("amp", "ampere")),
    "ohm": ("resistance", Fraction(1000), ()),
    "F": ("capacitance", Fraction(1, 1000), ("farad",)),
    "H": ("inductance", Fraction(1000), ("henry",)),
    "T": ("flux density", Fraction(1000), ("tesla",)),
    "Wb": ("flux", Fraction(1000), ("weber",)),
    "Hz": ("frequency", Fraction(1), ("hertz",)),
    "Pa": ("pressure", Fraction(1000), ("pascal",)),
    "bar": ("pressure", Fraction(10**8), ()),
    "atm": ("pressure", Fraction(101325 * 1000), ("atmosphere",)),
    "angstrom": ("length", Fraction(1, 10**10), ()),
    "acre": ("acre", Fraction(1), ()),
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
_MADE_OF: dict[str, dict[str, int]] = {
    "area": {"length": 2},
    "volume": {"length": 3},
    "force": {"mass": 1, "length": 1, "time": -2},
    "energy": {"mass": 1, "length": 2, "time": -2},
    "power": {"mass": 1, "length": 2, "time": -3},
    "pressure": {"mass": 1, "length": -1, "time": -2},
    "frequency": {"time": -1},
    "charge": {"current": 1, "time": 1},
    "voltage": {"mass": 1, "length": 2, "time": -3, "current": -1},
    "resistance": {"mass": 1, "length": 2, "time": -3, "current": -2},
    "capacitance": {"mass": -1, "length": -2, "time": 4, "current": 2},
    "inductance": {"mass": 1, "length": 2, "time": -2, "current": -2},
    "flux density": {"mass": 1, "time": -2, "current": -1},
    "flux": {"mass": 1, "length": 2, "time": -2, "current": -1},
}
"""Dimensions that are made of others, so that a litre is 1000 cm^3 and a joule a newton metre; all
are sized in metres, grams, seconds and amperes."""
_PREFIXES = {
    "f": -15,
    "p": -12,
    "n": -9,
    "micro": -6,
    "m": -3,
    "c": -2,
    "d": -1,
    "h": 2,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
}
_PREFIX_WORDS = {
    "femto": -15,
    "pico": -12,
    "nano": -9,
    "micro": -6,
    "milli": -3,
    "centi": -2,
    "deci": -1,
    "hecto": 2,
    "kilo": 3,
    "mega": 6,
    "giga": 9,
    "tera": 12,
}
_WITH_PREFIXES = frozenset((*"msgNJWVACKFTHlL", "Hz", "Pa", "mol", "eV", "ohm", "Wb", "bar", "cal"))
_IN_PLAIN_LETTERS = frozenset(
    (
        *("km", "dm", "cm", "mm", "nm", "kg", "mg", "ms", "ns", "ml", "mL", "dl", "cl", "kN", "MN"),
        *("kJ", "MJ", "mJ", "kW", "MW", "GW", "mW", "kV", "mV", "mA", "kHz", "MHz", "GHz", "kPa"),
        *("MPa", "GPa", "nC", "pF", "nF", "mT", "mH", "keV", "MeV", "GeV", "kcal", "mmol", "kmol"),
    )
)
"""Units with a prefix that are hardly meant as a product of letters."""
_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_PIECE = re.compile(r"([a-zA-Z$%¢]+)(?:\^?\{?(-?[0-9])(?![0-9])\}?)?|([/*])|(per)")
_IN = re.compile(r"\bin (?=[a-z])")
_RAISED_BEHIND = re.compile(r"([a-zA-Z]+) (squared|cubed)")
_FILLERS = frozenset(("of", "the", "a", "an", "each", "total", "approximately", "about"))


_ABBREVIATED = {"mph": "mi/h", "kmh": "km/h", "kph": "km/h", "kmph": "km/h", "cc": "cm^3"}
_SINGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman"}
"""Words that are counted and have a plural of their own."""


def _spelled_out(text: str) -> str:
    text = text.replace("a.m", "am").replace("p.m", "pm")
    return _ABBREVIATED.get(text.strip().lower(), _IN.sub("", text).replace(" per ", "/"))


def _raise(match: re.Match[str]) -> str:
    return f"{match[1]}^{_POWERS[match[2]]}"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of measure: so many base units of a dimension."""

    dimension: str
    size: Fraction


@lru_cache(maxsize=4096)
def _unit_of(word: str) -> _Unit | None:
    """The unit that a word names, in the singular or the plural, with or without a prefix."""
    singular = word.removesuffix("s")
    for spelling in (word, word.lower(), word.lower().removesuffix("s"), singular):
        if spelling in _CANONICAL and (len(spelling) > 1 or spelling == word):
            dimension, size, _ = _SPELLINGS[_CANONICAL[spelling]]
            return _Unit(dimension, size)
    for prefix, power in _PREFIXES.items():
        rest = word.removeprefix(prefix)
        if rest != word and rest in _WITH_PREFIXES:
            return _scaled(rest, power)
    for prefix, power in _PREFIX_WORDS.items():
        rest = singular.lower().removeprefix(prefix)
        if rest != singular.lower() and len(rest) > 2 and _CANONICAL.get(rest) in _WITH_PREFIXES:
            return _scaled(rest, power)
    return None


def _scaled(spelling: str, power: int) -> _Unit:
    dimension, size, _ = _SPELLINGS[_CANONICAL[spelling]]
    return _Unit(dimension, size * Fraction(10) ** power)


def is_unit(word: str) -> bool:
    """Whether a word is a unit of measure, or a power of one."""
    return _unit_of(word) is not None or word.lower() in _POWERS or _spelled_out(word) != word


def is_unit_in_plain_letters(word: str) -> bool:
    """Whether letters behind a number are a unit even where they may be a product of variables."""
    spelled = word.lower() if word.lower() in _IN_PLAIN_LETTERS else word
    has_no_prefix = any(
        one in _CANONICAL for one in (word, word.lower(), word.lower().removesuffix("s"))
    )
    is_written_so = spelled in _IN_PLAIN_LETTERS or has_no_prefix or len(word) > 3
    return (is_written_so and is_unit(word)) or word.lower() in (*_POWERS, *_ABBREVIATED)


def is_measured(dimension: str) -> bool:
    """Whether a dimension is one of the units of measure, not of words like `apples`."""
    return dimension in _DIMENSIONS


def _counted(word: str) -> str:
    """A word that is no unit of measure, in the singular."""
    return _SINGULAR.get(word) or word.removesuffix("s")


@lru_cache(maxsize=4096)
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
        unit = _unit_of(word) or _Unit(_counted(word.lower()), Fraction(1))
        for base, times in _MADE_OF.get(unit.dimension, {unit.dimension: 1}).items():
            powers[base] = powers.get(base, 0) + exponent * times
        factor *= unit.size**exponent
    return tuple(sorted((name, power) for name, power in powers.items() if power)), factor
