"""The rewrites of what may stand anywhere in an answer, in the order in which they are done.

A new one is a line of `ANYWHERE`. Its example is its test and stands in docs/math.md. Every pattern
runs in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from verifier.math.languages import ALONE_IN_TEXT, OTHER_LANGUAGES, SAYINGS
from verifier.math.normalising.rewrite import Rewrite
from verifier.math.normalising.signs import MATH_FONTS, SYNONYMS, TEXT_FONTS
from verifier.math.units import PLAIN_UNIT, in_plain_letters, is_no_product, is_unit

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


def _spell_number_system(match: re.Match[str]) -> str:
    """Decides by the index whether it is the positive or the non-negative numbers; others stay."""
    index = re.sub(r"[\s{}^_]|\\(?=[a-z])", "", match["index"])
    name = match["name"]
    if index in ("+", "*", ">0", "ge1") and name + index not in ("R*", "Q*", "Z*"):
        return r"\mathbb{Z}^+" if name == "N" else rf"\mathbb{{{name}}}^+"
    if index in ("0", "ge0", "0+", "+0") and (name in "NZ" or "0" in index[1:]):
        return r"[0,\infty)" if name == "R" else rf"\mathbb{{{'N' if name == 'Z' else name}}}_0"
    return match[0]


_NAMED_UNIT = r"(\\text ?\{[^{}]*\}(?:\^\{?[23]\}?)?)"
_MARK = r"(?:'|\^ ?\{?(?:\\prime|') ?\}?)"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_OF_LETTERS = [word for word in OTHER_LANGUAGES if word[0].upper() != word[0].lower()]
_OF_SIGNS = set(OTHER_LANGUAGES) - set(_OF_LETTERS)
_JOINTS = {word for word in _OF_SIGNS if OTHER_LANGUAGES[word] in (" or ", " and ")}
_SAYINGS = {word for word in _OF_SIGNS if OTHER_LANGUAGES[word] in SAYINGS}
_CJK = r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
_OTHERS = (
    rf"(?<![^\W\d_])(?<!\\)(?:{_any_of(_OF_LETTERS)})(?![^\W\d_])"
    rf"|(?:{_any_of(_JOINTS)})|(?<!{_CJK})(?:{_any_of(_SAYINGS)})(?!{_CJK})"
    rf"|(?<=[0-9a-z}})$%/ ])(?:{_any_of(_OF_SIGNS - _JOINTS - _SAYINGS)})"
    rf"(?:(?!{_CJK})|(?={_any_of(_JOINTS)}))"
)
"""Words of letters stand alone; those of signs alone, between formulas, or behind a number."""


_VECTOR = (
    r"\\(?:nabla(?![a-zA-Z])|(?:vec|overrightarrow|mathbf|boldsymbol|bm|hat)"
    r" ?(?:\{[^{}]*\}|[a-zA-Z])(?:_(?:\w|\{[^{}]*\}))?)"
)
_RELATION = r"(?:[=<>]|\\(?:l[et]q?|g[et]q?|neq?|in|leqslant|geqslant)(?![a-zA-Z]))"
_JOINT_BY_SIGN = r"\\(?:(land|wedge)|lor|vee)(?![a-zA-Z])"
_REACTION = re.compile(r"<?[-=]+>")
_CHARGE = re.compile(r"\^([0-9]*[-+])")
_ELEMENT = r"[A-Z][a-z]?(?:[0-9]+|_ ?(?:[0-9]|\{ ?[0-9]+ ?\}))?"
_INDEX_OF_ELEMENT = re.compile(r"(?<=[A-Za-z)])_? ?\{? ?([0-9]+) ?\}?")
_STATE = r"[^|<>{}()=,]{1,30}?"
_KET = re.compile(rf"\| ?({_STATE}) ?\\rangle")
_CIRCLED = re.compile(r"[①-⑳]|[0-9]+")


def _spell_circled(match: re.Match[str]) -> str:
    signs = _CIRCLED.findall(match[0])
    return ", ".join(sign if sign.isascii() else str(ord(sign) - ord("①") + 1) for sign in signs)


def _spell_joint(match: re.Match[str]) -> str:
    return r"\text{and}" if match[1] else r"\text{or}"


def _spell_formula(match: re.Match[str]) -> str:
    """Digits behind an element are its index, others a factor."""
    formula = match["ce"] or match["text"]
    formula = _INDEX_OF_ELEMENT.sub(r"_{\1}", formula)
    return _REACTION.sub(r"\\to ", _CHARGE.sub(r"^{\1}", formula))


def _spell_words_in_braces(match: re.Match[str]) -> str:
    """Words that lost their `\\text`, where they say a unit; other groups stay."""
    words = match[1].replace("square", "square ").replace("cubic", "cubic ").split()
    return rf"\text{{{' '.join(words)}}}" if all(map(is_unit, words)) else match[0]


def _spell_micro(match: re.Match[str]) -> str:
    if match["unit"]:
        return rf"\text{{micro{match['unit']}}}"
    prefix = "".join(sign for sign in match["prefix"] or match["inside"] or "" if sign in "kM")
    return rf"\text{{{prefix}ohm}}"


def _spell_plain_unit(match: re.Match[str]) -> str:
    unit = in_plain_letters(match[1])
    return rf"\text{{{unit}}}" if unit and is_no_product(unit) else match[0]


def _spell_product(match: re.Match[str]) -> str:
    factors = match[1].replace(r"\cdot ", " ").replace("{", "").replace("}", "")
    return rf"\text{{{factors}}}"


def _spell_primes(match: re.Match[str]) -> str:
    return "'" * (match[0].count("prime") + match[0].count("'"))


def _spell_derivative(match: re.Match[str]) -> str:
    sign, of, by = match.groups()
    return rf"\frac{{{sign}{of}}}{{{sign}{by}}}"


def _spell_condition(match: re.Match[str]) -> str:
    """In the shortest of the forms that say the same."""
    said = match[0].removesuffix("条件").removesuffix("的")
    if said.startswith("既"):
        return "既不充分又不必要"
    return "充要" if said == "充分必要" else said.replace("而", "").replace("非", "不")


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
        "room between rows",
        re.compile(r"\\\\ ?\[ ?-?[0-9.]+ ?(?:pt|em|ex|mm|cm) ?\]"),
        r"\\\\ ",
        (r"\begin{matrix}1\\[4pt]2\end{matrix}", r"\begin{matrix}1\\2\end{matrix}"),
        needs="\\\\",
    ),
    Rewrite(
        "joints of statements by signs",
        re.compile(rf"\A(?=.*{_RELATION}).*{_JOINT_BY_SIGN}.*\Z", re.DOTALL),
        lambda match: re.sub(_JOINT_BY_SIGN, _spell_joint, match[0]),
        (r"x > 1 \land x < 2 \lor x = 3", r"x>1 \text{and}x<2 \text{or}x=3"),
        needs="\\",
    ),
    Rewrite(
        "formulas of chemistry",
        re.compile(
            r"\\ce ?\{(?P<ce>(?:[^{}]|\{[^{}]*\})*)\}"
            rf"|\\(?:text|mathrm) ?\{{ ?(?P<text>(?=[A-Za-z]*[_0-9])(?:{_ELEMENT}){{2,}}) ?\}}"
        ),
        _spell_formula,
        (r"\ce{2H2 + O2 -> 2H2O}", r"2H_{2}+O_{2}\to2H_{2}O"),
        needs="{",
    ),
    Rewrite(
        "shells of electrons",
        re.compile(r"(?<=[1-7][spdf])\^ ?(?:\{([0-9]{1,2})\}|([0-9]{1,2}?)) ?(?=[1-7][spdf]\^)"),
        r"^{\1\2}",
        (r"1s^22s^2 2p^6", "1s^{2}2s^{2}2p^6"),
        needs="^",
    ),
    Rewrite(
        "inner products of states",
        re.compile(rf"\\langle ?({_STATE})\| ?((?:{_STATE}\| ?)?{_STATE})\\rangle(?![a-zA-Z])"),
        r"\\braket{\1|\2}",
        (r"\langle 0|1\rangle", r"\braket{0|1}"),
        needs="rangle",
    ),
    Rewrite(
        "states",
        re.compile(rf"(?:(?<!\\)\| ?{_STATE}\\rangle(?![a-zA-Z]) ?(?:\\otimes ?)?)+"),
        lambda match: rf"\ket{{{''.join(_KET.findall(match[0]))}}}",
        (r"|0\rangle \otimes |1\rangle", r"\ket{01}"),
        needs="rangle",
    ),
    Rewrite(
        "duals of states",
        re.compile(rf"\\langle ?({_STATE})(?<!\\)\|"),
        r"\\bra{\1}",
        (r"\langle 0|", r"\bra{0}"),
        needs="langle",
    ),
    Rewrite(  # a product of its own, which numbers for letters would not show
        "products of vectors",
        re.compile(rf"(?P<one>{_VECTOR}) ?\\times ?(?={_VECTOR})"),
        r"\g<one>\\cross ",
        (r"\vec{a}\times\vec{b}", r"{a}\cross{b}"),
        needs="times",
    ),
    Rewrite(
        "a letter in another font without braces",
        re.compile(r"\\(?:mathrm|mathit|mathsf|mathbf) +([a-zA-Z])(?![a-zA-Z])"),
        r" \1",
        (r"2\mathrm i", "2 i"),
        needs="\\",
    ),
    Rewrite(
        "lengths of vectors",
        re.compile(
            r"(?<!\\)(?:\\left ?)?\| ?(\\(?:vec|overrightarrow) ?(?:\{[^{}|]*\}|[a-z])) ?"
            r"(?:\\right ?)?\|"
        ),
        r"\\|\1\\|",
        (r"|\vec{a}|", r"\|{a}\|"),
        needs="|",
    ),
    Rewrite("points in braces", "{.}", ".", ("1{.}5", "1.5")),
    Rewrite(
        "statements side by side",
        re.compile(
            r"(?<=[^,;\s])(?<!and\})(?<!or\})(?<!and)(?<!or)\s*(?:\\q?quad\s*)+"
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
        "things counted in Chinese",
        re.compile(
            r"(?<=[0-9}$])([个名位只本棵条张件辆台块种次])(?![以左右上下])[\u4e00-\u9fff]{1,4}"
            r"(?=[ $}.]*\Z)"
        ),
        r"\\text{unit}",
        ("5名学生", r"5\text{unit}"),
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
    Rewrite(
        "conditions in Chinese",
        re.compile(
            r"(?:充分而?[不非]必要|必要而?[不非]充分|充分必要|充要|既[不非]充分[也又][不非]必要)"
            r"(?:的?条件)?"
        ),
        _spell_condition,
        ("充分而不必要条件", "充分不必要"),
    ),
    Rewrite(
        "thousands and more in Chinese",
        re.compile(r"(?<=[0-9])([万萬亿億])(?=[^0-9]|\Z)"),
        lambda match: rf"\times10^{{{4 if match[1] in '万萬' else 8}}}",
        ("3.5万", r"3.5\times10^{4}"),
    ),
    Rewrite("powers in plain text", "**", "^", ("x**2", "x^2")),
    Rewrite("at most", "<=", r"\le ", ("x <= y", r"x \le y")),
    Rewrite("at least", ">=", r"\ge ", ("x >= y", r"x \ge y")),
    Rewrite("at most, turned", "=<", r"\le ", ("x =< y", r"x \le y")),
    Rewrite("is not", re.compile(r"(?<![0-9)])!="), r"\\ne ", ("x != y", r"x \ne y"), needs="!="),
    Rewrite("equality of programs", "==", "=", ("x==2", "x=2")),
    Rewrite("aligned equality", "&=", "=", ("x&=2", "x=2")),
    Rewrite(
        "colours, tags and labels",
        re.compile(r"\\(?:(?:text)?color ?\{[a-zA-Z]*\}|(?:tag\*?|label|hspace\*?) ?\{[^{}]*\})"),
        " ",
        (r"\color{red}5 \tag{1}", "5"),
        needs="\\",
    ),
    Rewrite("a colon in braces", "{:}", ":", ("2{:}30", "2:30")),
    Rewrite(
        "thousands and millions with dots",
        re.compile(r"(?<![\d.,])([1-9]\d{0,2}(?:\.\d{3}){2,})(?![\d.,])"),
        lambda match: match[1].replace(".", ""),
        ("1.000.000", "1000000"),
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
        "the real numbers in bold",
        re.compile(r"\A ?\\(?:mathbf|boldsymbol|bm) ?\{ ?R ?\} ?\Z"),
        r"\\mathbb{R}",
        (r"$\mathbf{R}$", r"\mathbb{R}"),
        needs="R",
    ),
    Rewrite(
        "commands: synonyms, fonts and spacing",
        re.compile(r"\\([a-zA-Z]+\*?)[ \t]*|\\([^a-zA-Z])"),
        _spell_command,
        (r"\mathbf{\dfrac{1}{2}}\,\mathrm{cm}", r"{\frac{1}{2}}\text{cm}"),
        needs="\\",
    ),
    Rewrite(
        "degrees in text",
        re.compile(r"\\text ?\{ ?(-?[0-9.]*) ?\^ ?\{ ?\\circ ?\} ?"),
        r"\1^{\\circ }\\text{",
        (r"20\text{ °C}", r"20\text{celsius}"),
        needs="circ",
    ),
    Rewrite(
        "compositions",
        re.compile(r"\( ?([fgh]) ?\\circ ?([fgh]) ?\) ?\( ?([a-z]) ?\)"),
        r"\1(\2(\3))",
        (r"(f\circ g)(x)=x", "f(g(x))=x"),
        needs="circ",
    ),
    Rewrite(
        "expected values and probabilities",
        re.compile(
            r"(?:\\mathbb ?\{ ?(?=[EP] ?\})|(?<![a-zA-Z\\]))(?P<of>[EP]) ?\}? ?"
            r"\[(?P<what>[a-zA-Z^0-9{}]+)\]"
        ),
        r"\g<of>(\g<what>)",
        (r"\mathbb{E}[X]=3", "E(X)=3"),
        needs="[",
    ),
    Rewrite(
        "signs in text",
        re.compile(r"\\text ?\{ ?(\\(?:pi|theta|alpha|beta|phi|omega|lambda|infty) ?)\}"),
        r"\1",
        (r"\mathrm{\pi}r", r"\pi r"),
        needs="\\text",
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
        re.compile(r"\\text ?\{ ?(-?[0-9][0-9.,/:]*) ([^{}]*)\}"),
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
        "ordinals of letters",
        re.compile(r"(?<=[a-zA-Z]) ?\^ ?\{ ?(?:\\text ?\{ ?(th|st|nd|rd) ?\}|(th|st|nd|rd)) ?\}"),
        r"\\text{\1\2}",
        (r"\text{the } n^{\text{th}} \text{ root}", r"\text{the}n\text{th}\text{root}"),
        needs="^",
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
        re.compile(
            r"(?<![a-zA-Z\\])(?P<sign>d|\\partial )([a-zA-Z]) ?/ ?(?P=sign)([a-zA-Z])(?![a-zA-Z])"
        ),
        _spell_derivative,
        ("dy/dx", r"\frac{dy}{dx}"),
        needs="/",
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
            r"|\\text ?\{ ?(?P<inside>[kM]?) ?\\Omega ?\}"
            r"|(?<=[0-9}]) ?\\mu ?(?:\\text ?\{ ?)?(?P<unit>[msgVACFTHLJNW])(?![a-zA-Z]) ?\}?"
        ),
        _spell_micro,
        (r"5\,\mu m", r"5\text{microm}"),
        needs="\\",
    ),
    Rewrite(
        "powers and products of units in text",
        re.compile(r"\\text ?\{(?=[^{}]*[\^\\])((?:[^{}\\]|\\cdot |\^\{-?[0-9]\})+)\}"),
        _spell_product,
        (r"5\mathrm{m\,s^{-1}}", r"5\text{m s^-1}"),
        needs="\\text",
    ),
    Rewrite(
        "charges of ions in text",
        re.compile(r"\\text ?\{ ?([a-zA-Z0-9_]+)\^\{?([0-9]?[+-])\}? ?\}"),
        r"\\text{\1}^{\2}",
        (r"\mathrm{Fe^{3+}}", r"\text{Fe}^{3+}"),
        needs="\\text",
    ),
    Rewrite(
        "single charges of ions",
        re.compile(r"(\\text ?\{[A-Za-z]+\}|_ ?[0-9]|_ ?\{[0-9]+\}) ?\^ ?\{ ?([-+]) ?\}"),
        r"\1^\2",
        (r"\text{Na}^{+}", r"\text{Na}^+"),
        needs="^",
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
        re.compile(rf"(?<=[0-9}}]) ?({PLAIN_UNIT})\Z"),
        _spell_plain_unit,
        ("5 m/s", r"5\text{m/s}"),
    ),
    Rewrite(
        "degrees by a letter",
        re.compile(r"(?<=[0-9])\^ ?(?:o|\{ ?(?:o|\\text ?\{ ?o ?\}) ?\})(?![a-zA-Z])"),
        r"^{\\circ}",
        ("60^o", r"60^{\circ}"),
        needs="o",
    ),
    Rewrite(
        "measures of angles",
        re.compile(r"(?<![a-zA-Z\\])m ?(?=\\angle)"),
        "",
        (r"m\angle B=60", r"\angle B=60"),
        needs="angle",
    ),
    Rewrite(
        "functions in braces",
        re.compile(r"\{ ?(\\(?:sin|cos|tan|cot|ln|log|lg) ?)\}(?=\^)"),
        r"\1",
        (r"{\sin}^2(x)", r"\sin^2(x)"),
        needs="}^",
    ),
    Rewrite(
        "days of months",
        re.compile(
            r"((?:January|February|March|April|May|June|July|August|September|October|November"
            r"|December) [0-9]{1,2})(?:st|nd|rd|th)(?![a-z])"
        ),
        r"\1",
        (r"\text{June 20th}", r"\text{June20}"),
    ),
    Rewrite(
        "mixed numbers with braces",
        re.compile(r"(?<=[0-9])\{ ?(\\frac ?(?:\{[0-9]+\} ?\{[0-9]+\}|[0-9] ?[0-9])) ?\}"),
        r"\1",
        (r"2{\frac{1}{3}}", r"2\frac{1}{3}"),
        needs="{\\frac",
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
        "number systems in plain letters",
        re.compile(r"\\in ?([RZNQ])(?![a-zA-Z_({'])"),
        r"\\in \\mathbb{\1}",
        ("x∈R", r"x\in \mathbb{R}"),
        needs="\\in",
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
        "integers modulo a number",
        re.compile(r"\\mathbb ?\{?Z\}? ?/ ?(?:\(?(\w+)\)?\\mathbb ?\{?Z\}?|\((\w+)\)|(\w+)\Z)"),
        lambda match: rf"\mathbb Z_{{{match[1] or match[2] or match[3]}}}",
        (r"\mathbb{Z}/6\mathbb{Z}", r"\mathbb Z_{6}"),
        needs="mathbb",
    ),
    Rewrite(
        "sums of groups",
        re.compile(r"(?<=[}0-9a-zA-Z]) ?\\oplus ?(?=\\mathbb)"),
        r"\\times ",
        (r"\mathbb{Z}\oplus\mathbb{Q}", r"\mathbb{Z}\times \mathbb{Q}"),
        needs="oplus",
    ),
    Rewrite(
        "free products of groups",
        re.compile(r"(?<=[}0-9a-zA-Z]) ?(?:\*|\\ast(?![a-zA-Z])) ?(?=\\mathbb)"),
        r"\\text{free product}",
        (r"\mathbb{Z}*\mathbb{Z}", r"\mathbb{Z}\text{free product}\mathbb{Z}"),
        needs="mathbb",
    ),
    Rewrite(
        "both of two roots",
        re.compile(r"(?<=[a-z])_\{ ?1 ?, ?2 ?\}(?= ?=)"),
        "",
        (r"x_{1,2} = 1", "x=1"),
        needs="_",
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
