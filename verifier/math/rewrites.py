"""The textual rewrites that bring an answer into one spelling, in the order in which they are done.

A new one is a line of `ANYWHERE`, or of `OF_THE_WHOLE` where it is about all of an answer. Its
example is its test and stands in docs/math.md. Every pattern runs in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from verifier.math.spelling import ALONE_IN_TEXT, MATH_FONTS, OTHER_LANGUAGES, SYNONYMS, TEXT_FONTS
from verifier.math.units import is_unit


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One rule of spelling. A pattern that is a plain text stands for itself."""

    name: str
    """What it is about, in a few words."""
    pattern: str | re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]
    example: tuple[str, str]
    """A text, and what all of normalising makes of it."""
    needs: str = ""
    """What any text that the pattern matches holds: others are not searched."""

    def __call__(self, text: str) -> str:
        if self.needs not in text:
            return text
        if isinstance(self.pattern, re.Pattern):
            return self.pattern.sub(self.replacement, text)
        assert isinstance(self.replacement, str)
        return text.replace(self.pattern, self.replacement)


_SPACING = frozenset(",;:!> ~/\n\t")
_SEPARATORS = re.compile(r"\D+")


def _join_thousands(match: re.Match[str]) -> str:
    return match[1] + _SEPARATORS.sub("", match[2])


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


def _spell_minutes(match: re.Match[str]) -> str:
    degrees, minutes, seconds = match.groups()
    return f"({degrees}+{minutes}/60+{seconds or 0}/3600)^{{\\circ}}"


def _spell_binomial(match: re.Match[str]) -> str:
    upper, lower = match["top"] or match["n"], match["bottom"] or match["k"]
    return f"\\binom{{{upper}}}{{{lower}}}" if match["of"] == "C" else f"P_{{{upper}}}^{{{lower}}}"


def _spell_temperature(match: re.Match[str]) -> str:
    return r"\text{celsius}" if match["scale"].startswith("C") else r"\text{fahrenheit}"


def _spell_half_day(match: re.Match[str]) -> str:
    return rf"{match[1]}{match[2] or ''}\text{{{match[3].lower()}.m.}}"


def _spell_compound(match: re.Match[str]) -> str:
    many, unit, few, finer = match.groups()
    finer = "min" if (unit, finer) == ("h", "m") else finer
    return rf"{many}\text{{{unit}}}{few}\text{{{finer}}}"


_LETTER = re.compile(r"(?<![a-zA-Z\\])[a-zA-Z]|(?<=[a-zA-Z])[a-zA-Z](?![a-zA-Z])")
_COMPARISON = re.compile(r"[<>]|\\(?:le|ge|ne|in)(?![a-zA-Z])")
_VALUE_OF = re.compile(r"[a-z] ?= ?")


def _drop_quantifier(match: re.Match[str]) -> str:
    """Without "for all x" where there is an x."""
    name = match["all"] or match["any"]
    return match["said"] if name in _LETTER.findall(match["said"]) else match[0]


def _drop_quantifier_before_it(match: re.Match[str]) -> str:
    """The same in a list, where what is said stands somewhere before it."""
    return "" if match["all"] in _LETTER.findall(match.string[: match.start()]) else match[0]


def _spell_integer(match: re.Match[str]) -> str:
    return rf",{match['k'] or match['n']} \in \mathbb{{Z}}"


def _spell_number_system(match: re.Match[str]) -> str:
    index = re.sub(r"[\s{}^_]|\\(?=[a-z])", "", match["index"])
    name = match["name"]
    if index in ("+", "*", ">0", "ge1") and name + index not in ("R*", "Q*", "Z*"):
        return r"\mathbb{Z}^+" if name == "N" else rf"\mathbb{{{name}}}^+"
    if index in ("0", "ge0", "0+", "+0") and (name in "NZ" or "0" in index[1:]):
        return r"[0,\infty)" if name == "R" else rf"\mathbb{{{'N' if name == 'Z' else name}}}_0"
    return match[0]


def _part_domain(match: re.Match[str]) -> str:
    condition = match["condition"]
    return f",{condition}" if _COMPARISON.search(condition) else match[0]


def _spell_exceptions(match: re.Match[str]) -> str:
    return r"\mathbb{R}\setminus \{" + _VALUE_OF.sub("", match["points"]) + r"\}"


def _turn_brackets(match: re.Match[str]) -> str:
    """`]2, 5]` as `(2, 5]`."""
    return _TURNED_INTERVAL.sub(
        lambda one: (
            f"{'(' if one[1] == ']' else '['}{one[2]},{one[3]}{')' if one[4] == '[' else ']'}"
        ),
        match[0],
    )


_TURNED_END = r"[^\[\](),;]+"
_TURNED_INTERVAL = re.compile(rf"([\[\]])({_TURNED_END})[,;]({_TURNED_END})([\[\]])")
_REAL = "(?: ?(?:real|arbitrary|numbers?|constants?|values? of)){0,4}"
_REALS = r"(?: ?\\in ?(?:\\mathbb ?)?\{?[RQZNC]\}?(?:[\^_] ?(?:\{[^{}]*\}|[+*0-9]))?)?"
_NAMED_UNIT = r"(\\text ?\{[^{}]*\}(?:\^\{?[23]\}?)?)"
_MARK = r"(?:'|\^ ?\{?(?:\\prime|') ?\}?)"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_OF_LETTERS = [word for word in OTHER_LANGUAGES if word[0].upper() != word[0].lower()]
_OTHERS = (
    rf"(?<![^\W\d_])(?:{_any_of(_OF_LETTERS)})(?![^\W\d_])"
    rf"|(?:{_any_of(set(OTHER_LANGUAGES) - set(_OF_LETTERS))})"
)


_CIRCLED = re.compile(r"[①-⑳]|[0-9]+")


def _spell_circled(match: re.Match[str]) -> str:
    signs = _CIRCLED.findall(match[0])
    return ", ".join(sign if sign.isascii() else str(ord(sign) - ord("①") + 1) for sign in signs)


def _spell_words_in_braces(match: re.Match[str]) -> str:
    """Words that lost their `\\text`, where they say a unit; other groups stay."""
    words = match[1].replace("square", "square ").replace("cubic", "cubic ").split()
    return rf"\text{{{' '.join(words)}}}" if all(map(is_unit, words)) else match[0]


def _spell_micro(match: re.Match[str]) -> str:
    if match["unit"]:
        return rf"\text{{micro{match['unit']}}}"
    prefix = "".join(sign for sign in match["prefix"] or "" if sign in "kM")
    return rf"\text{{{prefix}ohm}}"


def _spell_primes(match: re.Match[str]) -> str:
    return "'" * (match[0].count("prime") + match[0].count("'"))


def _spell_in_english(match: re.Match[str]) -> str:
    said = match["set"] or match["bare"] or match["alone"]
    return rf"\text{{{OTHER_LANGUAGES.get(said) or ALONE_IN_TEXT[said]}}}"


ANYWHERE: tuple[Rewrite, ...] = (
    Rewrite(
        "circled numbers",
        re.compile(r"[①-⑳]+|(?:\\textcircled ?\{? ?[0-9]{1,2} ?\}? ?)+"),
        _spell_circled,
        (r"②③", "2,3"),
    ),
    Rewrite(
        "blanks lost behind commands",
        re.compile(r"\\(q?quad|times|leqslant|geqslant|cdot(?!s|p))(?=[a-zA-Z0-9])"),
        r"\\\1 ",
        (r"2\timesx", r"2\times x"),
        needs="\\",
    ),
    Rewrite(
        "statements side by side",
        re.compile(
            r"(?<![,;\s])(?<!and\})(?<!or\})(?<!and)(?<!or)\s*(?:\\q?quad\s*)+"
            r"(?=[a-zA-Z](?:_\{?\w{1,3}\}?)?\s*=)"
        ),
        ", ",
        (r"x=1 \quad y=2", "x=1,y=2"),
        needs="quad",
    ),
    Rewrite(
        "delimiters that are not there",
        re.compile(r"\\(?:left|right) ?\.(?![0-9])"),
        "",
        (r"\left\{5\right., 6", r"\{5,6"),
        needs="t",
    ),
    Rewrite(
        "words of other languages",
        re.compile(
            rf"\\(?:text|mathrm) ?\{{ ?(?:(?P<set>{_any_of(OTHER_LANGUAGES)})"
            rf"|(?P<alone>{_any_of(ALONE_IN_TEXT)})) ?\}}|(?P<bare>{_OTHERS})"
        ),
        _spell_in_english,
        ("5厘米", r"5\text{cm}"),
    ),
    Rewrite("powers in plain text", "**", "^", ("x**2", "x^2")),
    Rewrite("at most", "<=", r"\le ", ("x <= y", r"x \le y")),
    Rewrite("at least", ">=", r"\ge ", ("x >= y", r"x \ge y")),
    Rewrite("at most, turned", "=<", r"\le ", ("x =< y", r"x \le y")),
    Rewrite("is not", "!=", r"\ne ", ("x != y", r"x \ne y")),
    Rewrite("equality of programs", "==", "=", ("x==2", "x=2")),
    Rewrite("aligned equality", "&=", "=", ("x&=2", "x=2")),
    Rewrite(
        "colours, tags and labels",
        re.compile(r"\\(?:(?:text)?color ?\{[a-zA-Z]*\}|(?:tag\*?|label|hspace\*?) ?\{[^{}]*\})"),
        " ",
        (r"\color{red}5 \tag{1}", "5"),
        needs="\\",
    ),
    Rewrite(
        "thousands with a separator",
        re.compile(r"(?<![\d.,])(\d{1,3})((?:(?:\{,\}|\\,|\\ |\\;|\\:|\\!|,\\!|~|_)\d{3})+)(?!\d)"),
        _join_thousands,
        (r"10{,}000\,000", "10000000"),
    ),
    Rewrite(
        "delimiters of formulas",
        re.compile(r"(?<!\\)\$|\\[()\[\]]"),
        " ",
        (r"\(\$5\)", r"\$5"),
    ),
    Rewrite(
        "commands: synonyms, fonts and spacing",
        re.compile(r"\\([a-zA-Z]+\*?)[ \t]*|\\([^a-zA-Z])"),
        _spell_command,
        (r"\mathbf{\dfrac{1}{2}}\,\mathrm{cm}", r"{\frac{1}{2}}\text{cm}"),
        needs="\\",
    ),
    Rewrite("ties", "~", " ", ("5~or 6", "5 or6")),
    Rewrite(
        "dots",
        re.compile(r"(?<![0-9a-zA-Z.)}\]])\.{3}(?!\.)"),
        r"\\ldots ",
        ("1, ..., n", r"1,\ldots,n"),
    ),
    Rewrite("blanks", re.compile(r"\s+"), " ", ("5\n  or 6", "5 or6")),
    Rewrite("blanks at the ends", re.compile(r"\A | \Z"), "", (r"$5 m/s$", r"5\text{m/s}")),
    Rewrite(
        "thousands with a space",
        re.compile(r"(?<![\d.,/}_^] )(?<![\d.,/}_^])(\d{1,3})((?: \d{3})+)(?![\d/]| [\d\\])"),
        _join_thousands,
        ("10 000", "10000"),
        needs=" ",
    ),
    Rewrite(
        "abbreviated units",
        re.compile(r"(?<![a-zA-Z])(ft|in|yd|lbs?|oz|hrs?|mins?|secs?|sq|cu)\. ?(?=[0-9a-zA-Z])"),
        r"\1 ",
        ("5 sq. ft", "5 sq ft"),
    ),
    Rewrite(
        "text without words",
        re.compile(
            r"\\text ?\{(?:((?:[^{}a-zA-Z]|\b(?:and|or)\b)*[^{}a-zA-Z]|)"
            r"|([a-zA-Z] ?= ?[^{}a-zA-Z]*))\}"
        ),
        r"\1\2",
        (r"\text{1, 2}", "1,2"),
        needs="\\text",
    ),
    Rewrite(
        "numbers of things in text",
        re.compile(r"\\text ?\{ ?(-?[0-9][0-9.,/]*) ([^{}]*)\}"),
        r"\1\\text{\2}",
        (r"\text{5 apples}", r"5\text{apples}"),
        needs="\\text",
    ),
    Rewrite(
        "minutes and seconds of arc",
        re.compile(
            rf"(?<![0-9.])([0-9]++) ?\^ ?\{{?\\circ ?\}}? ?([0-9]+(?:\.[0-9]+)?) ?{_MARK}(?!')"
            rf"(?: ?([0-9]+(?:\.[0-9]+)?) ?"
            rf"(?:\"|''|{_MARK}{_MARK}|\^ ?\{{?\\prime ?\\prime ?\}}?))?"
        ),
        _spell_minutes,
        (r"45^\circ 30'", r"(45+30/60+0/3600)^{\circ}"),
        needs="circ",
    ),
    Rewrite(
        "primes",
        re.compile(r"(?<=[a-zA-Z)}\]]) ?\^ ?(?:\{ ?(?:(?:\\prime|') ?)+\}|(?:\\prime ?)+)"),
        _spell_primes,
        (r"y^{\prime\prime}", "y''"),
        needs="^",
    ),
    Rewrite(
        "derivatives in a line",
        re.compile(r"(?<![a-zA-Z\\])d([a-zA-Z])/d([a-zA-Z])(?![a-zA-Z])"),
        r"\\frac{d\1}{d\2}",
        ("dy/dx", r"\frac{dy}{dx}"),
        needs="/d",
    ),
    Rewrite(
        "words in braces",
        re.compile(r"(?:(?<=[0-9}])|(?<=\\pi ))\{ ?([a-z]{4,}(?: [a-z]{2,}){0,2}) ?\}"),
        _spell_words_in_braces,
        ("69{degrees}", r"69\text{degrees}"),
        needs="{",
    ),
    Rewrite(
        "units of electricity and of a millionth",
        re.compile(
            r"(?<=[0-9}]) ?(?:(?P<prefix>[kM]|\\text ?\{ ?[kM] ?\}) ?)?\\Omega(?= ?[}.,;]{0,2}\Z)"
            r"|(?<=[0-9}]) ?\\mu ?(?:\\text ?\{ ?)?(?P<unit>[msgVACFTHLJNW])(?![a-zA-Z]) ?\}?"
        ),
        _spell_micro,
        (r"5\,\mu m", r"5\text{microm}"),
        needs="\\",
    ),
    Rewrite(
        "units over units",
        re.compile(rf"\\frac ?\{{ ?{_NAMED_UNIT} ?\}}\{{ ?{_NAMED_UNIT} ?\}}"),
        r"\1/\2",
        (r"5\frac{\text{m}}{\text{s}}", r"5\text{m}/\text{s}"),
        needs="\\frac",
    ),
    Rewrite(
        "units in plain letters at the end",
        re.compile(
            r"(?<=[0-9}]) ?((?:m|cm|km|ft|mi|g|kg|N|J|L)/(?:s|h|hr|min|m|cm|L)(?:\^\{?[23]\}?)?)\Z"
        ),
        r"\\text{\1}",
        ("5 m/s", r"5\text{m/s}"),
        needs="/",
    ),
    Rewrite(
        "times before a power of ten",
        re.compile(r"(?<=[0-9])(?: ?x ?| )(?=10\^)"),
        r"\\times ",
        ("5 x 10^a", r"5\times10^a"),
        needs="10^",
    ),
    Rewrite(
        "digits in text before a base",
        re.compile(r"\\text ?\{(?=[A-F]*[0-9])([0-9A-F]++)\}(?=_)"),
        r"\1",
        (r"\text{1A}_{16}", "1A_{16}"),
        needs="}_",
    ),
    Rewrite(
        "digits in brackets before a base",
        re.compile(r"\(([0-9A-Fa-f]+)\)(?=_)"),
        r"\1",
        ("(101)_2", "101_2"),
        needs=")_",
    ),
    Rewrite(
        "combinations with indices on both sides",
        re.compile(
            r"(?:\{ ?\})?[_^](?:\{(?P<top>\w+)\}|(?P<n>\w)) ?(?P<of>[CP])_"
            r"(?:\{(?P<bottom>\w+)\}|(?P<k>\w))(?!\^)"
        ),
        _spell_binomial,
        ("{}_5C_2", r"\binom{5}{2}"),
        needs="_",
    ),
    Rewrite(
        "powers before subscripts",
        re.compile(
            r"(?<![a-zA-Z\\])(?P<letter>[a-zA-Z])(?P<raised>\^ ?(?:[0-9]|\{[0-9]+\}))"
            r"(?P<lowered>_ ?(?:\w|\{\w+\}))"
        ),
        r"\g<letter>\g<lowered>\g<raised>",
        ("v^2_0", "v_0^2"),
        needs="_",
    ),
    Rewrite(
        "a letter in braces before a subscript",
        re.compile(r"(?<![_^a-zA-Z}])\{ ?([a-zA-Z]) ?\}(?=_)"),
        r"\1",
        (r"\mathbf{u}_1", "u_1"),
        needs="}_",
    ),
    Rewrite(
        "degrees that lost their power",
        re.compile(r"(?<=[0-9])\{ ?\\circ ?\}"),
        r"^{\\circ}",
        (r"2{\circ}", r"2^{\circ}"),
        needs="circ",
    ),
    Rewrite(
        "parts of number systems",
        re.compile(
            r"\\mathbb ?\{?(?P<name>[RQZN])\}?"
            r"(?P<index>(?: ?[\^_] ?(?:\{ ?(?:[+*0]|>0|\\ge ?[01]) ?\}|[+*0]))+)"
        ),
        _spell_number_system,
        (r"\mathbb{N}^*", r"\mathbb{Z}^+"),
        needs="mathbb",
    ),
    Rewrite(
        "empty groups before a power",
        re.compile(r"\{ *\}(?=\^)"),
        "",
        ("5{}^2", "5^2"),
        needs="}^",
    ),
    Rewrite(
        "blanks that part nothing",
        re.compile(r"(?<=[^\sa-zA-Z0-9]) | (?=[^\sa-zA-Z0-9\\.])|(?<=[a-zA-Z]) (?=[0-9])"),
        "",
        ("x + 2 = y", "x+2=y"),
        needs=" ",
    ),
)

OF_THE_WHOLE: tuple[Rewrite, ...] = (
    Rewrite(
        "an introduction",
        re.compile(
            r"\A(?:\\text ?\{ ?)?(?:the )?(?:final )?(?:solution|answer)s?"
            r"(?: (?:is|are)(?![a-zA-Z]):?|:) ?\}? ?",
            re.IGNORECASE,
        ),
        "",
        ("$Solution is: $x=4$$", "x=4"),
    ),
    Rewrite(
        "a minus in words",
        re.compile(r"\A(?:\\text ?\{ ?)?(?:negative|minus) ?\}? ?(?=[0-9\\])", re.IGNORECASE),
        "-",
        ("negative 5", "-5"),
    ),
    Rewrite(
        "a currency behind a number",
        re.compile(r"(?<=[0-9]) ?\\\$\Z"),
        r"\\text{dollar}",
        (r"5 \$", r"5\text{dollar}"),
        needs="$",
    ),
    Rewrite(
        "a currency before a number",
        re.compile(r"\A(?:\\text ?\{ ?)?(Rs|INR|USD|EUR)\.? ?\}? ?(?=[0-9])"),
        r"\\text{\1}",
        ("Rs. 500", r"\text{Rs}500"),
    ),
    Rewrite(
        "a base in words",
        re.compile(
            r"(?<![0-9A-Za-z_.,])(?=[A-F]*[0-9])([0-9A-F]++) ?(?:\\text ?\{)? ?\(? ?(?:in )?base"
            r" ?\}? ?([0-9]{1,2}|[a-z]{3,7})\)?\}?\)?\Z"
        ),
        r"\1_{\2}",
        (r"1101 \text{ (base 2)}", "1101_{2}"),
        needs="base",
    ),
    Rewrite(
        "a unit in brackets",
        re.compile(r"(?<=[0-9])\((?:\\text ?\{)?([a-zA-Z]{3,}(?:[ -][a-zA-Z]{2,})*)\}?\)\Z"),
        r"\\text{\1}",
        ("12 (inches of snow)", r"12\text{inches of snow}"),
        needs=")",
    ),
    Rewrite(
        "temperatures",
        re.compile(
            r"(?:\^ ?\{? ?\\circ ?\}? ?(?:\\text ?\{ ?)?|(?:\\text ?\{ ?)degrees? )"
            r"(?P<scale>[CF]|Celsius|Fahrenheit)(?![a-zA-Z_^(0-9]) ?\}?\Z"
        ),
        _spell_temperature,
        (r"20^\circ C", r"20\text{celsius}"),
    ),
    Rewrite(
        "times of day",
        re.compile(
            r"\A([0-9]{1,2})(?::00|(:[0-9]{2}))? ?(?:\\text ?\{ ?)?([AaPp])(?:\. ?)?[Mm]\.? ?\}?\Z"
        ),
        _spell_half_day,
        ("6:00 PM", r"6\text{p.m.}"),
    ),
    Rewrite(
        "measures in two units",
        re.compile(
            r"\A([0-9]+) ?(?:\\text ?\{ ?)?(h|m|kg|lb|ft|km)\}? ?([0-9]+(?:\.[0-9]+)?) ?"
            r"(?:\\text ?\{ ?)?(min|cm|mm|g|oz|in|m|s)\}?\Z"
        ),
        _spell_compound,
        ("3 h 20 min", r"3\text{h}20\text{min}"),
    ),
    Rewrite(
        "ordinals",
        re.compile(r"(?<=[0-9])(?:\^ ?\{? ?)?(?:\\text ?\{ ?)?(?:st|nd|rd|th) ?\}{0,2}\Z"),
        "",
        (r"12^{\text{th}}", "12"),
    ),
    Rewrite(
        "sets by a condition",
        re.compile(
            r"\A\\\{ ?[a-zA-Z](?: ?\\in ?(?:\\mathbb)? ?\{?[A-Z]\}?)? ?(?:\||:)([^{}]+"
            r"(?:\{[^{}]*\}[^{}]*)*)\\\}\Z",
        ),
        r"\1",
        (r"\{x \in \mathbb{R} \mid x > 2\}", "x>2"),
        needs="\\}",
    ),
    Rewrite(
        "sets by a condition that lost their braces",
        re.compile(r"\A([a-z]) ?\|(?=[^|]*\1)(?=[^|]*(?:[<>]|\\le|\\ge))([^|]+)\Z"),
        r"\2",
        (r"{x \mid -3 < x < 4}", "-3<x<4"),
        needs="|",
    ),
    Rewrite(
        "an integer in words",
        re.compile(
            r"[,;]? ?\(?(?:\\text ?\{ ?)?(?:"
            r"(?:for|with) (?:all|any|some|every|each|an?)? ?integers? ?\}? ?(?P<k>[a-zA-Z])"
            r"|(?:where ?|for ?)?\}? ?(?P<n>[a-zA-Z]) ?(?:\\text ?\{ ?)?is (?:an?|any)"
            r"(?: arbitrary)? integer)(?: ?\\in ?\\mathbb ?\{Z\})? ?\}?\)?\Z"
        ),
        _spell_integer,
        (r"2k\pi \text{ for any integer } k", r"2k\pi,k \in \mathbb{Z}"),
        needs="integer",
    ),
    Rewrite(
        "for all of a list",
        re.compile(
            r",? ?\(?(?:\\text ?\{ ?for (?:all|any|every|each) ?\}|\\forall) ?"
            rf"(?P<all>[a-zA-Z]){_REALS}\)?(?=,|;| ?\\text ?\{{ ?(?:and|or)| (?:and|or)\b)"
        ),
        _drop_quantifier_before_it,
        (r"f(x)=1 \forall x \in \mathbb{Z}, g(x)=x", "f(x)=1,g(x)=x"),
        needs="al",
    ),
    Rewrite(
        "for all",
        re.compile(
            r"\A(?P<said>.+?),? ?\(?(?:\\text ?\{ ?)?(?:"
            rf"(?:for (?:all|any|some|every){_REAL}|\\forall) ?\}}? ?(?P<all>[a-zA-Z]){_REALS}"
            r"|(?:where ?)?\}? ?(?P<any>[a-zA-Z]) ?(?:\\text ?\{ ?)?"
            rf" ?is (?:an? |any |some |the )?(?:arbitrary |real ){{0,2}}number{_REALS})\}}?\)?\Z",
            re.DOTALL,
        ),
        _drop_quantifier,
        (r"f(x) = cx \text{ for any real } c", "f(x)=cx"),
    ),
    Rewrite(
        "domains in brackets",
        re.compile(r"(?<=[^ (,]) ?\((?P<condition>[^()]*+)\)\Z"),
        _part_domain,
        (r"f(x) = 2x (x > 0)", "f(x)=2x,x>0"),
        needs=")",
    ),
    Rewrite(
        "roundings in brackets",
        re.compile(r"\(\\approx ?([^()]*+)\)\Z"),
        r"\\approx \1",
        (r"\sqrt{2} (\approx \frac{7}{5})", r"\sqrt{2}\approx \frac{7}{5}"),
        needs="approx",
    ),
    Rewrite(  # it is a natural number, whether or not that is said
        "the index of a sequence",
        re.compile(
            r"\A(?P<formula>[a-zA-Z]_\{?(?P<index>[a-z])\}? ?=.+?),? ?(?P=index) ?"
            r"(?:\\ge ?[01]|\\in ?(?:\\mathbb ?)?"
            r"\{?(?:N\}?(?:[\^_] ?\{?[*+]\}?)?|Z\}?[\^_] ?\{?\+\}?))\Z",
            re.DOTALL,
        ),
        r"\g<formula>",
        (r"a_n = 2n, n \ge 1", "a_n=2n"),
        needs="_",
    ),
    Rewrite(
        "all real numbers but some",
        re.compile(
            r"\A(?:\\text ?\{ ?)?all real(?: numbers?)?(?: x)?,? (?:except|other than)(?: for)?"
            r" ?\}? ?(?:\\text ?\{)?(?P<points>[^{}]+(?:\{[^{}]*\}[^{}]*)*?)\}?\Z",
            re.IGNORECASE,
        ),
        _spell_exceptions,
        ("all real numbers except 0", r"\mathbb{R}\setminus \{0\}"),
    ),
    Rewrite(
        "turned brackets",
        re.compile(rf"\A{_TURNED_INTERVAL.pattern}(?: ?\\cup ?{_TURNED_INTERVAL.pattern})*\Z"),
        _turn_brackets,
        ("]2, 5]", "(2,5]"),
    ),
)
"""Of an answer that is nothing else, after its closing punctuation is gone."""
