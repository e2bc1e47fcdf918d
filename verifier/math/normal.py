"""Brings an answer into one spelling, so that equal texts are equal answers.

Only spelling is touched here, never meaning: fonts, spacing commands, delimiters, synonyms of one
symbol, Unicode. Every pattern runs in time linear in the text.
"""

from __future__ import annotations

import re

from verifier.math.spelling import (
    LOWERED,
    MATH_FONTS,
    RAISED,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYNONYMS,
    TEXT_FONTS,
    UNICODE,
)

MAX_CHARS = 4000
"""Longer answers are compared as texts and nothing else."""

_COMMAND = re.compile(r"\\([a-zA-Z]+\*?)[ \t]*|\\([^a-zA-Z])")
_SPACING = frozenset(",;:!> ~/\n\t")
_DELIMITER = re.compile(r"(?<!\\)\$|\\[()\[\]]")
_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile(r"(?<=[^\sa-zA-Z0-9]) | (?=[^\sa-zA-Z0-9\\.])|(?<=[a-zA-Z]) (?=[0-9])")
_THOUSANDS = re.compile(
    r"(?<![\d.,])(\d{1,3})((?:(?:\{,\}|\\,|\\ |\\;|\\:|\\!|,\\!|~|_)\d{3})+)(?!\d)"
)
_THOUSANDS_SPACED = re.compile(
    r"(?<![\d.,/}_^] )(?<![\d.,/}_^])(\d{1,3})((?: \d{3})+)(?![\d/]| [\d\\])"
)
_SEPARATORS = re.compile(r"\D+")
_BASED = re.compile(r"\(([0-9A-Fa-f]+)\)(?=_)")
_CHOSEN = re.compile(  # {}_5C_2, _{n}C_{k}, ^5C_2
    r"(?:\{ ?\})?[_^](?:\{(?P<top>\w+)\}|(?P<n>\w)) ?(?P<of>[CP])_"
    r"(?:\{(?P<bottom>\w+)\}|(?P<k>\w))(?!\^)"
)
_PYTHON_LIST = re.compile(r"\[\s*(['\"])(.*)\1\s*\]", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_WORDLESS = re.compile(  # \text{12}, \text{1 and 2}, \text{n = 7}
    r"\\text ?\{(?:((?:[^{}a-zA-Z]|\b(?:and|or)\b)*[^{}a-zA-Z]|)|([a-zA-Z] ?= ?[^{}a-zA-Z]*))\}"
)
_PLAIN_UNIT = re.compile(
    r"(?<=[0-9}]) ?((?:m|cm|km|ft|mi|g|kg|N|J|L)/(?:s|h|hr|min|m|cm|L)(?:\^\{?[23]\}?)?)\Z"
)
_NAMED_UNIT = r"(\\text ?\{[^{}]*\}(?:\^\{?[23]\}?)?)"
_UNIT_FRACTION = re.compile(rf"\\frac ?\{{ ?{_NAMED_UNIT} ?\}}\{{ ?{_NAMED_UNIT} ?\}}")
_NEGATIVE = re.compile(r"\A(?:\\text ?\{ ?)?(?:negative|minus) ?\}? ?(?=[0-9\\])", re.IGNORECASE)
_BASE_IN_WORDS = re.compile(
    r"(?<![0-9A-Za-z_.,])(?=[A-F]*[0-9])([0-9A-F]++) ?(?:\\text ?\{)? ?\(? ?(?:in )?base ?\}? ?"
    r"([0-9]{1,2}|[a-z]{3,7})\)?\}?\)?\Z"
)
_TEXT_DIGITS = re.compile(r"\\text ?\{(?=[A-F]*[0-9])([0-9A-F]++)\}(?=_)")
_MARK = r"(?:'|\^ ?\{?(?:\\prime|') ?\}?)"
_MINUTES = re.compile(  # 45^{\circ}30'36''
    rf"(?<![0-9.])([0-9]++) ?\^ ?\{{?\\circ ?\}}? ?([0-9]+(?:\.[0-9]+)?) ?{_MARK}(?!')"
    rf"(?: ?([0-9]+(?:\.[0-9]+)?) ?(?:\"|''|{_MARK}{_MARK}|\^ ?\{{?\\prime ?\\prime ?\}}?))?"
)
_TEMPERATURE = re.compile(  # 20^{\circ} C, 20 degrees Celsius
    r"(?:\^ ?\{? ?\\circ ?\}? ?(?:\\text ?\{ ?)?|(?:\\text ?\{ ?)degrees? )"
    r"(?P<scale>[CF]|Celsius|Fahrenheit)(?![a-zA-Z_^(0-9]) ?\}?\Z"
)
_HALF_DAY = re.compile(  # 6 PM, 6:00 p.m.
    r"([0-9]{1,2})(?::00|(:[0-9]{2}))? ?(?:\\text ?\{ ?)?([AaPp])(?:\. ?)?[Mm]\.? ?\}?"
)
_CURRENCY = re.compile(r"\A(?:\\text ?\{ ?)?(Rs|INR|USD|EUR)\.? ?\}? ?(?=[0-9])")
_TIMES = re.compile(r"(?<=[0-9]) ?x ?(?=10\^)")
_ABBREVIATED = re.compile(
    r"(?<![a-zA-Z])(ft|in|yd|lbs?|oz|hrs?|mins?|secs?|sq|cu)\. ?(?=[0-9a-zA-Z])"
)
_COMPOUND_LETTERS = re.compile(  # 3 h 20 min, 1 m 50 cm
    r"\A([0-9]+) ?(?:\\text ?\{ ?)?(h|m|kg|lb|ft|km)\}? ?([0-9]+(?:\.[0-9]+)?) ?"
    r"(?:\\text ?\{ ?)?(min|cm|mm|g|oz|in|m|s)\}?\Z"
)
_COUNTED = re.compile(r"\\text ?\{ ?(-?[0-9][0-9.,/]*) ([^{}]*)\}")
_DECORATION = re.compile(  # \color{red}, \tag{1}
    r"\\(?:(?:text)?color ?\{[a-zA-Z]*\}|(?:tag\*?|label|hspace\*?) ?\{[^{}]*\})"
)
_RAISED_BEFORE_SUBSCRIPT = re.compile(  # v^2_0
    r"(?<![a-zA-Z\\])(?P<letter>[a-zA-Z])(?P<raised>\^ ?(?:[0-9]|\{[0-9]+\}))"
    r"(?P<lowered>_ ?(?:\w|\{\w+\}))"
)
_EMPTY_OVERRIDE = re.compile(r"\{ *\}(?=\^)")


def normalise(text: str) -> str:
    """The answer in canonical spelling; empty where nothing is left of it."""
    text = _unwrap(text.strip())
    if not text.isascii():
        text = LOWERED.sub(lambda m: "_{" + m[0].translate(SUBSCRIPTS) + "}", text)
        text = RAISED.sub(lambda m: "^{" + m[0].translate(SUPERSCRIPTS) + "}", text)
        text = text.translate(UNICODE)
    text = text.replace("**", "^").replace("<=", r"\le ").replace(">=", r"\ge ")
    text = text.replace("=<", r"\le ").replace("!=", r"\ne ").replace("==", "=").replace("&=", "=")
    text = _THOUSANDS.sub(_join_thousands, _DECORATION.sub(" ", text))
    text = _COMMAND.sub(_spell_command, _DELIMITER.sub(" ", text))
    text = _BLANKS.sub(" ", text.replace("~", " ")).strip()
    text = _THOUSANDS_SPACED.sub(_join_thousands, text)
    text = _ABBREVIATED.sub(r"\1 ", text)
    text = _COUNTED.sub(r"\1\\text{\2}", _WORDLESS.sub(r"\1\2", text))
    text = _MINUTES.sub(_spell_minutes, text)
    text = _UNIT_FRACTION.sub(r"\1/\2", text)
    text = _PLAIN_UNIT.sub(r"\\text{\1}", text)
    text = _TIMES.sub(r"\\times ", text)
    text = _TEXT_DIGITS.sub(r"\1", text)
    text = _CHOSEN.sub(_spell_binomial, _BASED.sub(r"\1", text))
    text = _RAISED_BEFORE_SUBSCRIPT.sub(r"\g<letter>\g<lowered>\g<raised>", text)
    text = _EMPTY_OVERRIDE.sub("", text)
    return _spell_whole(_trim(_LOOSE.sub("", text)))


def _spell_whole(text: str) -> str:
    """What words at the start or the end of an answer say, as signs."""
    text = _CURRENCY.sub(r"\\text{\1}", _NEGATIVE.sub("-", text))
    text = _BASE_IN_WORDS.sub(r"\1_{\2}", text)
    text = _TEMPERATURE.sub(_spell_temperature, text)
    if time := _HALF_DAY.fullmatch(text):
        return rf"{time[1]}{time[2] or ''}\text{{{time[3].lower()}.m.}}"
    return _COMPOUND_LETTERS.sub(_spell_compound, text)


def _unwrap(text: str) -> str:
    """Without the marks that data sets and chat put around an answer."""
    if text.startswith("[") and (listed := _PYTHON_LIST.fullmatch(text)):
        text = listed[2].replace("\\\\", "\\")
    while len(text) >= 4 and text.startswith(("**", "__")) and text.endswith(text[:2]):
        text = text[2:-2].strip()
    return text


def _join_thousands(match: re.Match[str]) -> str:
    return match[1] + _SEPARATORS.sub("", match[2])


def _spell_compound(match: re.Match[str]) -> str:
    many, unit, few, finer = match.groups()
    finer = "min" if (unit, finer) == ("h", "m") else finer
    return rf"{many}\text{{{unit}}}{few}\text{{{finer}}}"


def _spell_temperature(match: re.Match[str]) -> str:
    return r"\text{celsius}" if match["scale"].startswith("C") else r"\text{fahrenheit}"


def _spell_minutes(match: re.Match[str]) -> str:
    degrees, minutes, seconds = match.groups()
    return f"({degrees}+{minutes}/60+{seconds or 0}/3600)^{{\\circ}}"


def _spell_binomial(match: re.Match[str]) -> str:
    upper, lower = match["top"] or match["n"], match["bottom"] or match["k"]
    return f"\\binom{{{upper}}}{{{lower}}}" if match["of"] == "C" else f"P_{{{upper}}}^{{{lower}}}"


def _spell_command(match: re.Match[str]) -> str:
    word, sign = match[1], match[2]
    if word is None:
        if sign == "\\":
            return r"\\"
        return " " if sign in _SPACING else match[0]
    spelled = SYNONYMS.get(word)
    if spelled is not None:
        return spelled
    if word in TEXT_FONTS:
        return r"\text"
    if word in MATH_FONTS:
        return ""
    return rf"\{word} "


def _trim(text: str) -> str:
    """Without closing punctuation, and without braces around the whole."""
    while True:
        before = text
        text = text.strip(" ").removesuffix(r"\\")
        if text.endswith((".", ",", ";", ":")) and not text.endswith(("...", "\\,", "\\;", "\\:")):
            text = text[:-1]
        text = _peeled(text)
        if text == before:
            return text


def _peeled(text: str) -> str:
    """Without the braces that enclose all of it, however many there are."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(text) if text.startswith("{") else ():
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            closes[opened.pop()] = match.start()
    layers = 0
    while closes.get(layers) == len(text) - 1 - layers:
        layers += 1
    return text[layers : len(text) - layers]
