"""The rewrites of an answer as a whole, in the order in which they are done.

A new one is a line of `OF_THE_WHOLE`. Its example is its test and stands in docs/math.md. Every
pattern runs in time linear in the text.
"""

from __future__ import annotations

import re

from verifier.math.normalising.rewrite import Rewrite


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
_FUNCTION = re.compile(r"[a-zA-Z]\(([a-z](?:,[a-z])*)\)=")
_VALUE_OF = re.compile(r"[a-z] ?= ?")


def _drop_quantifier(match: re.Match[str]) -> str:
    """Without "for all x" where there is an x; a letter that a function is not of is a constant."""
    name, said = match["all"] or match["any"], match["said"]
    if name not in _LETTER.findall(said):
        return match[0]
    function = _FUNCTION.match(said)
    is_constant = function is not None and name not in function[1]
    return rf"{said},{name} \in \mathbb{{R}}" if is_constant and "Q" not in match[0] else said


def _drop_quantifier_before_it(match: re.Match[str]) -> str:
    """The same in a list, where what is said stands somewhere before it."""
    return "" if match["all"] in _LETTER.findall(match.string[: match.start()]) else match[0]


_KINDS = {"positive": "Z}^+", "non": "N}_0"}


def _spell_integer(match: re.Match[str]) -> str:
    kind = (match["some"] or match["one"] or "").strip().partition("-")[0].removesuffix("negative")
    return rf",{match['k'] or match['n']} \in \mathbb{{{_KINDS.get(kind, 'Z}')}"


def _say_modulus_once(match: re.Match[str]) -> str:
    """With the modulus at the end alone, where all of a list have the same."""
    said: list[str] = _MODULUS.findall(match[0])
    moduli = {each.strip("\\pmod {}") for each in said}
    if len(moduli) > 1 or not match[0].endswith(said[-1]):
        return match[0]
    return " ".join(_MODULUS.sub("", match[0]).split()) + said[-1]


def _spell_set_by_condition(match: re.Match[str]) -> str:
    """Without the reals, of which anything is that is said without a word about it."""
    of = match["of"]
    return f"{match['said']},{of}" if re.search(r"[ZNQ]\}?\Z", of) else match["said"]


def _is_part(text: str) -> bool:
    """Whether it may be an answer of its own, and no factor of what stands around it."""
    return bool(text) and text[0] not in "+*/^=)" and text[-1] not in "+-*/^=("


def _spell_parts(match: re.Match[str]) -> str:
    """`(a) 3, (b) 5` as a tuple: each part answers a question of its own."""
    found = _IN_TEXT.fullmatch(match[0])
    text, form = (found[1], r"\text{%s}") if found else (match[0], "%s")
    labels = tuple(label.strip("() ") for label in _LABEL.findall(text))
    introduction, *parts = (part.strip(" ,;.") for part in _LABEL.split(text))
    in_order = any(labels == row[: len(labels)] for row in _LABELS)
    if introduction or len(labels) < 2 or not in_order or not all(map(_is_part, parts)):
        return match[0]
    return f"({','.join(form % part for part in parts)})"


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


_IN_TEXT = re.compile(r"\\text ?\{([^{}]*)\}")
_LABELS = (tuple("abcdef"), tuple("123456"), ("i", "ii", "iii", "iv", "v", "vi"))
_LABEL = re.compile(r"\( ?(?:[a-f1-6]|i{1,3}|iv|vi?) ?\)")
_LINE_BREAK = re.compile(r" ?\\\\(?![a-zA-Z]{2}) ?")
_TURNED_END = r"[^\[\](),;]+"
_TURNED_INTERVAL = re.compile(rf"([\[\]])({_TURNED_END})[,;]({_TURNED_END})([\[\]])")
_KIND = "(?:positive |non-?negative )?"
_REAL = "(?: ?(?:real|arbitrary|numbers?|constants?|values? of)){0,4}"
_REALS = r"(?: ?\\in ?(?:\\mathbb ?)?\{?[RQZNC]\}?(?:[\^_] ?(?:\{[^{}]*\}|[+*0-9]))?| ?\\ge ?[01])?"
_MODULUS = re.compile(r" ?\\pmod ?(?:\{[^{}]*\}|[0-9a-z])")
OF_THE_WHOLE: tuple[Rewrite, ...] = (
    Rewrite(
        "lines without an environment",
        re.compile(r"\A(?!.*\\(?:begin|substack)).+\Z", re.DOTALL),
        lambda match: _LINE_BREAK.sub(",", match[0]),
        (r"x=2 \\ y=-1", "x=2,y=-1"),
        needs="\\\\",
    ),
    Rewrite(
        "parts with labels",
        re.compile(r"\A(?:\\text\{ ?)?\( ?[ai1] ?\).+\( ?(?:b|ii|2) ?\).+\Z", re.DOTALL),
        _spell_parts,
        ("(a) 3, (b) 5", "(3,5)"),
        needs="(",
    ),
    Rewrite(
        "an introduction",
        re.compile(
            r"\A(?:\\text ?\{ ?)?(?:the )?(?:final )?(?:solution|answer)s?"
            r"(?: (?:is|are)(?![a-zA-Z]):?|:) ?\}? ?"
            r"|\A\\text ?\{ ?(?:(?:it|the (?:series|sequence|integral)) )?"
            r"(?:converges|tends) to ?\} ?",
            re.IGNORECASE,
        ),
        "",
        ("$Solution is: $x=4$$", "x=4"),
    ),
    Rewrite(
        "what a value is of in Chinese",
        re.compile(
            r"\A(?:答案?|解|结果)?[:：]?(?P<of>[\u4e00-\u9fff]{2,8})?(?:为|是|等于|[:：])"
            r" ?(?=[-0-9\\$(\[√])"
        ),
        lambda match: f"{match['of']}=" if match["of"] else "",
        ("最大值为3", "最大值=3"),
    ),
    Rewrite(
        "roundings in words",
        re.compile(
            r"\A(?:\\text ?\{ ?)?(?:approximately|approx\.?|about|roughly|around|大?约)(?![a-zA-Z])"
            r" ?\}? ?(?=[-0-9\\$])",
            re.IGNORECASE,
        ),
        r"\\approx",
        ("approximately 2.5", r"\approx2.5"),
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
        re.compile(
            r"\A\\text ?\{ ?(?=[0-9]+ ?(?:st|nd|rd|th) ?\}\Z)"
            r"|(?<=[0-9])(?:\^ ?\{? ?)?(?:\\text ?\{ ?)?(?:st|nd|rd|th) ?\}{0,2}\Z"
        ),
        "",
        (r"12^{\text{th}}", "12"),
    ),
    Rewrite(
        "sets by a condition",
        re.compile(
            r"\A\\\{ ?(?P<of>[a-zA-Z] ?\\in ?(?:\\mathbb)? ?\{?[ZNQ]\}?|[a-zA-Z]"
            r"(?: ?\\in ?(?:\\mathbb)? ?\{?[A-Z]\}?)?) ?(?:\||:)(?P<said>[^{}]+"
            r"(?:\{[^{}]*\}[^{}]*)*)\\\}\Z",
        ),
        _spell_set_by_condition,
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
            rf"(?:for|with) (?:all|any|some|every|each|an?)? ?(?P<some>{_KIND})integers? ?\}}?"
            r" ?(?P<k>[a-zA-Z])"
            r"|(?:where ?|for ?)?\}? ?(?P<n>[a-zA-Z]) ?(?:\\text ?\{ ?)?is (?:an?|any)"
            rf"(?: arbitrary)? (?P<one>{_KIND})integer)(?: ?\\in ?\\mathbb ?\{{Z\}})? ?\}}?\)?\Z"
        ),
        _spell_integer,
        (r"2k\pi \text{ for any integer } k", r"2k\pi,k \in \mathbb{Z}"),
        needs="integer",
    ),
    Rewrite(
        "from where on in words",
        re.compile(
            r",? ?\\text ?\{ ?(?:for|where|with)(?: (?:some|an?))?(?: integers?)? ?\}"
            r" ?(?=[jklmnpqr] ?(?:\\ge|>|\\in)(?![a-zA-Z])[^a-zA-Z,]*"
            r"(?:mathbb ?\{?[NZ]\}?[^a-zA-Z]*)?\Z)"
        ),
        ",",
        (r"2^k \text{ for } k \ge 1", r"2^k,k \ge1"),
    ),
    Rewrite(
        "a modulus said again",
        re.compile(rf"\A[^,]*{_MODULUS.pattern}(?= *(?:,|\\text ?\{{ ?or\b|or\b)).*\Z", re.DOTALL),
        _say_modulus_once,
        (r"n \equiv 1 \pmod 4 \text{ or } n \equiv 2 \pmod 4", r"n \equiv1 or n \equiv2 \pmod4"),
        needs="pmod",
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
            r"\A(?P<said>.+?),? ?\(?(?:\\text ?\{ ?\(?)?(?:"
            rf"(?:for (?:all|any|some|every){_REAL}|\\forall) ?\}}? ?(?P<all>[a-zA-Z]){_REALS}"
            r"|(?:where ?)?\}? ?(?P<any>[a-zA-Z]) ?(?:\\text ?\{ ?)?"
            rf" ?is (?:an? |any |some |the )?(?:arbitrary |real ){{0,2}}number{_REALS})\}}?\)?\Z",
            re.DOTALL,
        ),
        _drop_quantifier,
        (r"f(x) = x^2 \text{ for any real } x", "f(x)=x^2"),
    ),
    Rewrite(
        "a part of something",
        re.compile(r"(?<=[0-9}]) ?(of (?:the|a|an|his|her|its|their|all) [a-z ]{2,40})\Z"),
        r"\\text{\1}",
        ("2/5 of the cake", r"2/5\text{of the cake}"),
        needs=" of ",
    ),
    Rewrite(
        "a constant in words",
        re.compile(r"\+ ?\\text ?\{ ?(?:an? )?(?:arbitrary )?(?:constant|const)\.? ?\}\Z"),
        "+C",
        (r"x^2+\text{const}", "x^2+C"),
        needs="const",
    ),
    Rewrite(
        "domains in brackets",
        re.compile(r"(?<=[^ (,]) ?\((?P<condition>[^()]*+)\)\Z"),
        _part_domain,
        (r"f(x) = 2x (x > 0)", "f(x)=2x,x>0"),
        needs=")",
    ),
    Rewrite(
        "numbers that a function is of",
        re.compile(
            r"\A(?P<formula>[a-zA-Z]\((?P<letter>[a-z])\)=[^,;]+),(?P=letter) ?\\in ?"
            r"(?:\\mathbb ?)?\{?[RQZN]\}?(?:[\^_] ?(?:\{[^{}]*\}|[+*0-9]))?\Z"
        ),
        r"\g<formula>",
        (r"f(n)=n+1 \quad (n \in \mathbb{N})", "f(n)=n+1"),
        needs="\\in",
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
            r"\A(?P<formula>[a-zA-Z]_\{?(?P<index>[a-z])\}? ?=.+?),? ?"
            r"(?:\\text ?\{ ?(?:for|where|with)(?: all)? ?\} ?)?(?P=index) ?"
            r"(?:\\ge ?[01]|\\in ?(?:\\mathbb ?)?"
            r"\{?(?:N\}?(?:[\^_] ?\{?[*+]\}?)?|Z\}?[\^_] ?\{?\+\}?))\Z",
            re.DOTALL,
        ),
        r"\g<formula>",
        (r"a_n = 2n, n \ge 1", "a_n=2n"),
        needs="_",
    ),
    Rewrite(
        "all within bounds",
        re.compile(
            r"\A(?:\\text ?\{ ?)?(?:for )?all"
            r"(?: (?:integers?|reals?(?: numbers)?|numbers|values of))?"
            r" ?\}? ?(?=[a-z] ?(?:\\(?:ge|le|ne)(?![a-z])|[<>]))",
            re.IGNORECASE,
        ),
        "",
        (r"\text{all integers } n \ge k", r"n \ge k"),
        needs="all",
    ),
    Rewrite(
        "all real numbers but some",
        re.compile(
            r"\A(?:\\text ?\{ ?)?all real(?:s| numbers?)?(?: x)?,? (?:except|other than)(?: for)?"
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
