"""Units of measure: their spellings, and which are multiples of each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

DEFINITIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    # name: (what one of it is, empty where nothing explains it; other spellings)
    "m": ("", ("meter", "metre")),
    "g": ("", ("gram", "gm")),
    "s": ("", ("sec", "second")),
    "A": ("", ("amp", "ampere")),
    "K": ("", ("kelvin",)),
    "mol": ("", ("mole",)),
    "month": ("", ()),
    "degree": ("", ("deg",)),
    "rad": ("", ("radian",)),
    "celsius": ("", ()),
    "fahrenheit": ("", ()),
    "percent": ("", ("pct", "percentage")),
    "unit": ("", ()),
    "dollar": ("", ("usd", "buck")),
    "euro": ("", ("eur",)),
    "yuan": ("", ("rmb",)),
    "yen": ("", ()),
    "rupee": ("", ("rs", "inr")),
    "cent": ("0.01 dollar", ("¢",)),
    "angstrom": ("1e-10 m", ()),
    "inch": ("0.0254 m", ("in", "inche")),
    "ft": ("12 inch", ("foot", "feet")),
    "yd": ("3 ft", ("yard",)),
    "mi": ("5280 ft", ("mile",)),
    "min": ("60 s", ("minute",)),
    "h": ("60 min", ("hr", "hour")),
    "day": ("24 h", ()),
    "week": ("7 day", ()),
    "year": ("12 month", ("yr",)),
    "decade": ("10 year", ()),
    "century": ("100 year", ("centurie",)),
    "knot": ("1852 m/h", ()),
    "t": ("1000 kg", ("ton", "tonne")),
    "lb": ("453.59237 g", ("pound",)),
    "oz": ("1/16 lb", ("ounce",)),
    "l": ("1 dm^3", ("L", "liter", "litre")),
    "gal": ("231 inch^3", ("gallon",)),
    "quart": ("1/4 gal", ()),
    "pint": ("1/8 gal", ()),
    "tablespoon": ("1/256 gal", ("tbsp",)),
    "teaspoon": ("1/3 tablespoon", ("tsp",)),
    "hectare": ("10000 m^2", ("ha",)),
    "acre": ("4840 yd^2", ()),
    "Hz": ("1 s^-1", ("hertz",)),
    "N": ("1 kg m/s^2", ("newton",)),
    "dyne": ("1e-5 N", ("dyn",)),
    "Pa": ("1 N/m^2", ("pascal",)),
    "bar": ("100000 Pa", ()),
    "atm": ("101325 Pa", ("atmosphere",)),
    "J": ("1 N m", ("joule",)),
    "erg": ("1e-7 J", ()),
    "cal": ("4.184 J", ("calorie",)),
    "eV": ("1.602176634e-19 J", ("electronvolt",)),
    "W": ("1 J/s", ("watt",)),
    "C": ("1 A s", ("coulomb",)),
    "V": ("1 J/C", ("volt",)),
    "ohm": ("1 V/A", ()),
    "F": ("1 C/V", ("farad",)),
    "Wb": ("1 V s", ("weber",)),
    "T": ("1 Wb/m^2", ("tesla",)),
    "H": ("1 Wb/A", ("henry",)),
    "S": ("1 ohm^-1", ("siemens",)),
    "G": ("0.0001 T", ("gauss",)),
    "hp": ("745.69987158227022 W", ("horsepower",)),
    "lbf": ("4.4482216152605 N", ()),
    "psi": ("1 lbf/inch^2", ()),
    "torr": ("101325/760 Pa", ("mmHg",)),
    "M": ("1 mol/l", ("molar",)),
    "u": ("1.66053906892e-24 g", ("amu", "Da", "dalton")),
    "rev": ("", ("revolution", "turn")),
    "rpm": ("1 rev/min", ()),
    "sr": ("", ("steradian",)),
    "arcmin": ("1/60 degree", ("arcminute",)),
    "arcsec": ("1/60 arcmin", ("arcsecond",)),
    "cd": ("", ("candela",)),
    "lm": ("1 cd sr", ("lumen",)),
    "lx": ("1 lm/m^2", ("lux",)),
    "Bq": ("", ("becquerel",)),
    "Ci": ("3.7e10 Bq", ("curie",)),
    "Gy": ("1 J/kg", ("gray",)),
    "Sv": ("", ("sievert",)),
    "dB": ("", ("decibel",)),
    "au": ("149597870700 m", ("AU",)),
    "ly": ("9460730472580800 m", ("lightyear",)),
    "pc": ("3.0856775814671916e16 m", ("parsec",)),
    "bit": ("", ()),
    "byte": ("8 bit", ()),
    "kB": ("1000 byte", ("KB", "kilobyte")),
    "MB": ("1000 kB", ("megabyte",)),
    "GB": ("1000 MB", ("gigabyte",)),
    "TB": ("1000 GB", ("terabyte",)),
}
"""Each unit by others, as pint's `default_en.txt` has them; a test checks them against pint."""
_NAMES = {
    spelling: name for name, (_, others) in DEFINITIONS.items() for spelling in (name, *others)
}
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
_WITH_PREFIXES = frozenset(
    (
        *"msgNJWVACKFTHlLSMG",
        "Hz",
        "Pa",
        "mol",
        "eV",
        "ohm",
        "Wb",
        "bar",
        "cal",
        "Bq",
        "Ci",
        "Gy",
        "Sv",
    )
)
_IN_PLAIN_LETTERS = frozenset(
    (
        *("km", "dm", "cm", "mm", "nm", "kg", "mg", "ms", "ns", "ml", "mL", "dl", "cl", "kN", "MN"),
        *("kJ", "MJ", "mJ", "kW", "MW", "GW", "mW", "kV", "mV", "mA", "kHz", "MHz", "GHz", "kPa"),
        *("MPa", "GPa", "nC", "pF", "nF", "mT", "mH", "keV", "MeV", "GeV", "kcal", "mmol", "kmol"),
        *("kWh", "mAh", "MWh"),
    )
)
"""Units with a prefix that are hardly meant as a product of letters."""
_PRODUCTS = frozenset(
    (
        *("rs", "ha", "gm", "yr", "mi", "hp", "dB", "rpm", "rev", "bit", "amu"),
        *("Bq", "Ci", "Gy", "Sv", "kB", "KB", "MB", "GB", "TB"),
    )
)
"""Units that may be one, as `2mi` is a complex number: a blank parts them from their number."""
_ONLY_IN_TEXT = frozenset(("psi", "sr", "cd", "lm", "lx", "ly", "pc", "au", "AU", "Da"))
"""Units that letters of mathematics are hardly meant as."""
_SYMBOL = r"(?:kg|mg|km|cm|dm|mm|mol|kJ|kN|kW|kPa|MPa|Pa|Hz|[mgsNJWVAKCFTHL])"
PLAIN_UNIT = (
    r"[a-zA-Z]++(?:\^\{?-?[1-9]\}?)?(?:(?: ?\\cdot |[ /*])?[a-zA-Z]++(?:\^\{?-?[1-9]\}?)?)*+"
)
"""A pattern of what may be a unit in plain letters, `kg m s^{-2}`."""
_EACH = re.compile(_SYMBOL)
_IN_A_ROW = re.compile(rf"{_SYMBOL}+")
_WORD = re.compile(r"([a-zA-Z]+)(?:\^(-?[1-9]))?")
_TOGETHER = re.compile(r"(?!kg[sh])(k?N|J|[kM]?W|m?A|V|T|Pa|kg)(m|s|h)")
"""What is written without a blank, `Nm` and `kWh`."""
_NO_PRODUCT = re.compile(
    r"(?:[a-zA-Z]{2,}(?:\^[23])? )?(?:[mgNJL]|[a-zA-Z]{2,})(?:\^[23])?"
    r"/(?:[shmL]|[a-zA-Z]{2,})(?:\^[23])?"
    r"|[a-zA-Z][^a-zA-Z/]*[a-zA-Z][^/]*\^-[^/]*"
)
"""Units one by the other, or several with a negative power: `m/s`, `kg m s^-2`."""
_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_PIECE = re.compile(r"([a-zA-Z$%¢]+)(?:\^?\{?(-?[0-9])(?![0-9])\}?)?|([/*])|(per)")
_IN = re.compile(r"\bin (?=[a-z])")
_RAISED_BEHIND = re.compile(r"([a-zA-Z]+) (squared|cubed)")
_FILLERS = frozenset(("of", "the", "a", "an", "each", "total", "approximately", "about"))
_ABBREVIATED = {
    "mph": "mi/h",
    "kmh": "km/h",
    "kph": "km/h",
    "kmph": "km/h",
    "cc": "cm^3",
    "light-year": "ly",
    "light-years": "ly",
    "light years": "ly",
}
_SINGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman"}
"""Words that are counted and have a plural of their own."""


def _spelled_out(text: str) -> str:
    text = text.replace("a.m", "am").replace("p.m", "pm")
    return _ABBREVIATED.get(text.strip().lower(), _IN.sub("", text).replace(" per ", "/"))


def _raise(match: re.Match[str]) -> str:
    return f"{match[1]}^{_POWERS[match[2]]}"


@dataclass(frozen=True, slots=True)
class _Measure:
    """What one of a unit is: so many of the units that it is made of, with their powers."""

    size: Fraction
    powers: tuple[tuple[str, int], ...]


@lru_cache(maxsize=4096)
def _unit_of(word: str) -> _Measure | None:
    """The unit that a word names, in the singular or the plural, with or without a prefix."""
    singular = word.removesuffix("s")
    for spelling in (word, word.lower(), word.lower().removesuffix("s"), singular):
        if spelling in _NAMES and (len(spelling) > 1 or spelling == word):
            return _defined(_NAMES[spelling])
    symbol = singular if len(word) > 2 else word
    for prefix, power in _PREFIXES.items():
        rest = symbol.removeprefix(prefix)
        if rest != symbol and rest in _WITH_PREFIXES:
            return _scaled(rest, power)
    for prefix, power in _PREFIX_WORDS.items():
        rest = singular.lower().removeprefix(prefix)
        if rest != singular.lower() and len(rest) > 2 and _NAMES.get(rest) in _WITH_PREFIXES:
            return _scaled(rest, power)
    return None


def _defined(name: str) -> _Measure:
    definition, _ = DEFINITIONS[name]
    if not definition:
        return _Measure(Fraction(1), ((name, 1),))
    number, _, unit = definition.partition(" ")
    powers, size = read_unit(unit)
    return _Measure(Fraction(number) * size, powers)


def _scaled(spelling: str, power: int) -> _Measure:
    unit = _defined(_NAMES[spelling])
    return _Measure(unit.size * Fraction(10) ** power, unit.powers)


def is_unit(word: str) -> bool:
    """Whether a word is a unit of measure, or a power of one."""
    is_one = _unit_of(word) is not None or _TOGETHER.fullmatch(word) is not None
    return is_one or word.lower() in _POWERS or _spelled_out(word) != word


def is_unit_in_plain_letters(word: str, *, spaced: bool = False) -> bool:
    """Whether letters behind a number are a unit even where they may be a product of variables.
    `spaced`: a blank parts them from it."""
    if word in _ONLY_IN_TEXT or (word in _PRODUCTS and not spaced):
        return False
    singular = word.removesuffix("s") if len(word) > 2 else word
    spelled = singular.lower() if singular.lower() in _IN_PLAIN_LETTERS else singular
    has_no_prefix = any(
        one in _NAMES for one in (word, word.lower(), word.lower().removesuffix("s"))
    )
    is_written_so = spelled in _IN_PLAIN_LETTERS or has_no_prefix or len(word) > 3
    return (is_written_so and is_unit(word)) or word.lower() in (*_POWERS, *_ABBREVIATED)


def in_plain_letters(text: str) -> str | None:
    """`kg\\cdot m s^{-2}` in plain letters as the text of a unit; None where it is none."""
    spelled = text.replace("\\cdot ", " ").replace("*", " ").replace("{", "").replace("}", "")
    for word, power in _WORD.findall(spelled):
        is_symbol = word == "h" or _EACH.fullmatch(word) or len(_factors(word, int(power or 1))) > 1
        if not (is_symbol or (len(word) > 1 and is_unit_in_plain_letters(word))):
            return None
    return spelled


def is_no_product(unit: str) -> bool:
    """Whether a unit in plain letters is hardly a product of variables."""
    return _NO_PRODUCT.fullmatch(unit) is not None


def is_measured(name: str) -> bool:
    """Whether a unit is one of measure, and no word like `apples`."""
    return name in DEFINITIONS


def _counted(word: str) -> _Measure:
    """A word that is no unit of measure, in the singular, as a unit of its own."""
    return _Measure(Fraction(1), ((_SINGULAR.get(word) or word.removesuffix("s"), 1),))


def _factors(word: str, power: int) -> list[str]:
    """The units that a word is made of: `ms` is a millisecond, but `ms^{-1}` a metre per second."""
    if together := _TOGETHER.fullmatch(word):
        return list(together.groups())
    if power < 0 and (word.endswith("s") or _unit_of(word) is None) and _IN_A_ROW.fullmatch(word):
        return _EACH.findall(word)
    return [word]


@lru_cache(maxsize=4096)
def read_unit(text: str) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    """The units, with their powers, that a unit is made of, and how many of them it is.

    A word that is no unit of measure (`apples`) is one of its own."""
    powers: dict[str, int] = {}
    size = Fraction(1)
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
        *others, last = _factors(word, int(power or 1))
        raised = [(other, sign) for other in others]
        raised.append((last, int(power or 1) * pending * sign))
        pending = 1
        for factor, exponent in raised:
            unit = _unit_of(factor) or _counted(factor.lower())
            size *= unit.size**exponent
            for name, times in unit.powers:
                powers[name] = powers.get(name, 0) + exponent * times
    return tuple(sorted((name, power) for name, power in powers.items() if power)), size
