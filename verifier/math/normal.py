"""Brings an answer into one spelling, so that equal texts are equal answers.

Only spelling is touched here, never meaning: fonts, spacing commands, delimiters, synonyms of one
symbol, Unicode. Every pattern runs in time linear in the text.
"""

from __future__ import annotations

import re

MAX_CHARS = 4000
"""Longer answers are compared as texts and nothing else."""

_UNICODE = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑‒﹣－", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\u205f", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
        **dict.fromkeys("×✕⨯", r"\times "),
        **dict.fromkeys("·⋅∙•", r"\cdot "),
        **dict.fromkeys("∗⁎", "*"),
        **dict.fromkeys("’′‘`", "'"),
        "÷": r"\div ",
        "⁄": "/",
        "∕": "/",
        "√": r"\sqrt ",
        "∛": r"\sqrt[3]",
        "π": r"\pi ",
        "𝜋": r"\pi ",
        "∞": r"\infty ",
        "±": r"\pm ",
        "∓": r"\mp ",
        "≤": r"\le ",
        "⩽": r"\le ",
        "≦": r"\le ",
        "≥": r"\ge ",
        "⩾": r"\ge ",
        "≧": r"\ge ",
        "≠": r"\ne ",
        "≈": r"\approx ",
        "≅": r"\approx ",
        "≡": r"\equiv ",
        "∈": r"\in ",
        "∪": r"\cup ",
        "∩": r"\cap ",
        "∖": r"\setminus ",
        "∅": r"\emptyset ",
        "⌀": r"\emptyset ",
        "ø": r"\emptyset ",
        "Ø": r"\emptyset ",
        "ℝ": r"\mathbb{R}",
        "ℤ": r"\mathbb{Z}",
        "ℕ": r"\mathbb{N}",
        "ℚ": r"\mathbb{Q}",
        "ℂ": r"\mathbb{C}",
        "°": r"^{\circ}",
        "º": r"^{\circ}",
        "∠": r"\angle ",
        "△": r"\triangle ",
        "→": r"\to ",
        "∧": r"\land ",
        "∨": r"\lor ",
        "⌊": r"\lfloor ",
        "⌋": r"\rfloor ",
        "⌈": r"\lceil ",
        "⌉": r"\rceil ",
        "⟨": r"\langle ",
        "⟩": r"\rangle ",
        "…": r"\ldots ",
        "⋯": r"\ldots ",
        "％": "%",
        "，": ",",
        "；": ";",
        "：": ":",
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "｛": "{",
        "｝": "}",
        "＝": "=",
        "＋": "+",
        "＜": "<",
        "＞": ">",
        "／": "/",
        "．": ".",
        "。": ".",
        "、": ",",
        "∣": "|",
        "€": r"\text{euro}",
        "£": r"\text{pound sterling}",
        "¥": r"\text{yen}",
        "½": r"\frac{1}{2}",
        "⅓": r"\frac{1}{3}",
        "⅔": r"\frac{2}{3}",
        "¼": r"\frac{1}{4}",
        "¾": r"\frac{3}{4}",
        "⅕": r"\frac{1}{5}",
        "⅖": r"\frac{2}{5}",
        "⅗": r"\frac{3}{5}",
        "⅘": r"\frac{4}{5}",
        "⅙": r"\frac{1}{6}",
        "⅚": r"\frac{5}{6}",
        "⅛": r"\frac{1}{8}",
        "⅜": r"\frac{3}{8}",
        "⅝": r"\frac{5}{8}",
        "⅞": r"\frac{7}{8}",
        "α": r"\alpha ",
        "β": r"\beta ",
        "γ": r"\gamma ",
        "δ": r"\delta ",
        "ε": r"\epsilon ",
        "θ": r"\theta ",
        "λ": r"\lambda ",
        "μ": r"\mu ",
        "µ": r"\mu ",
        "ρ": r"\rho ",
        "σ": r"\sigma ",
        "τ": r"\tau ",
        "φ": r"\phi ",
        "ϕ": r"\phi ",
        "ω": r"\omega ",
        "Δ": r"\Delta ",
        "Σ": r"\Sigma ",
        "Ω": r"\Omega ",
        "ℓ": r"\ell ",
        "ħ": r"\hbar ",
    }
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ", "0123456789+-ni")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ]+")
_LOWERED = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")

_SYNONYMS = {
    **dict.fromkeys(("dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"), r"\frac"),
    **dict.fromkeys(("leq", "leqslant", "leqq"), r"\le "),
    **dict.fromkeys(("geq", "geqslant", "geqq"), r"\ge "),
    **dict.fromkeys(("neq",), r"\ne "),
    **dict.fromkeys(("lt",), "<"),
    **dict.fromkeys(("gt",), ">"),
    **dict.fromkeys(("approxeq", "simeq", "thickapprox"), r"\approx "),
    **dict.fromkeys(("bigcup", "union"), r"\cup "),
    **dict.fromkeys(("bigcap",), r"\cap "),
    **dict.fromkeys(("varnothing", "oslash", "O"), r"\emptyset "),
    **dict.fromkeys(("vert", "lvert", "rvert", "mid"), "|"),
    **dict.fromkeys(("Vert", "lVert", "rVert"), r"\|"),
    **dict.fromkeys(("lbrace",), r"\{"),
    **dict.fromkeys(("rbrace",), r"\}"),
    **dict.fromkeys(("lbrack",), "["),
    **dict.fromkeys(("rbrack",), "]"),
    **dict.fromkeys(("lparen",), "("),
    **dict.fromkeys(("rparen",), ")"),
    **dict.fromkeys(("land", "wedge"), r"\text{and}"),
    **dict.fromkeys(("lor", "vee"), r"\text{or}"),
    **dict.fromkeys(("dots", "cdots", "dotsc", "dotsb"), r"\ldots "),
    **dict.fromkeys(("degree", "degrees"), r"^{\circ}"),
    **dict.fromkeys(("varepsilon",), r"\epsilon "),
    **dict.fromkeys(("varphi",), r"\phi "),
    **dict.fromkeys(("vartheta",), r"\theta "),
    **dict.fromkeys(("dbinom", "tbinom"), r"\binom"),
    **dict.fromkeys(("ast",), "*"),
    **dict.fromkeys(("colon",), ":"),
    **dict.fromkeys(("R", "reals", "Reals"), r"\mathbb{R}"),
    **dict.fromkeys(("textbackslash", "backslash"), r"\setminus "),
    **dict.fromkeys(("percent",), r"\%"),
    **dict.fromkeys(("iff", "Leftrightarrow"), r"\Leftrightarrow "),
    **dict.fromkeys(
        (
            *("left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl"),
            *("Bigr", "biggl", "biggr", "Biggl", "Biggr", "displaystyle", "textstyle", "limits"),
            *("nolimits", "scriptstyle", "boldmath", "rm", "bf", "it", "small", "large", "Large"),
            *("normalsize", "hfill", "nonumber", "notag", "hline", "centering", "mathstrut"),
        ),
        "",
    ),
    **dict.fromkeys(("quad", "qquad", "enspace", "thinspace", "space", "hspace*"), " "),
}
_TEXT_FONTS = frozenset(
    (
        *("text", "textbf", "textit", "textrm", "textnormal", "textsf", "texttt", "mbox", "hbox"),
        *(
            "mathrm",
            "mathit",
            "mathsf",
            "mathtt",
            "emph",
            "operatorname",
            "operatorname*",
            "textup",
        ),
    )
)
_MATH_FONTS = frozenset(
    (
        *("mathbf", "boldsymbol", "bm", "pmb", "mathcal", "mathfrak", "mathscr", "boxed", "fbox"),
        *("ensuremath", "underline", "vec", "overrightarrow", "hat", "widehat", "tilde", "mathord"),
        *("mathop", "mathbin", "mathrel", "phantom", "smash", "displaystyle"),
    )
)
_COMMAND = re.compile(r"\\([a-zA-Z]+\*?)[ \t]*|\\([^a-zA-Z])")
_SPACING = frozenset(",;:!> ~/\n\t")
_DELIMITER = re.compile(r"(?<!\\)\$|\\[()\[\]]")
_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile(r"(?<=[^\sa-zA-Z0-9]) | (?=[^\sa-zA-Z0-9\\.])|(?<=[a-zA-Z]) (?=[0-9])")
_THOUSANDS = re.compile(
    r"(?<![\d.,])(\d{1,3})((?:(?:\{,\}|\\,|\\ |\\;|\\:|\\!|,\\!|~|_)\d{3})+)(?!\d)"
)
_THOUSANDS_SPACED = re.compile(
    r"(?<![\d.,/}] )(?<![\d.,/}])(\d{1,3})((?: \d{3})+)(?![\d/]| [\d\\])"
)
_SEPARATORS = re.compile(r"\D+")
_BASED = re.compile(r"\(([0-9A-Fa-f]+)\)(?=_)")
_CHOSEN = re.compile(r"(?:\{ ?\})?(?:_\{?(\w+)\}? ?C|\^\{?(\w+)\}? ?C)_\{?(\w+)\}?(?!\^)")
_PYTHON_LIST = re.compile(r"\[\s*(['\"])(.*)\1\s*\]", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_WORDLESS = re.compile(r"\\text ?\{([^{}a-zA-Z]*)\}")
_COUNTED = re.compile(r"\\text ?\{ ?(-?[0-9][0-9.,/]*) ([^{}]*)\}")
_EMPTY_OVERRIDE = re.compile(r"\{ *\}(?=\^)")


def normalise(text: str) -> str:
    """The answer in canonical spelling; empty where nothing is left of it."""
    text = _unwrap(text.strip())
    if not text.isascii():
        text = _LOWERED.sub(lambda m: "_{" + m[0].translate(_SUBSCRIPTS) + "}", text)
        text = _RAISED.sub(lambda m: "^{" + m[0].translate(_SUPERSCRIPTS) + "}", text)
        text = text.translate(_UNICODE)
    text = text.replace("**", "^").replace("<=", r"\le ").replace(">=", r"\ge ")
    text = text.replace("!=", r"\ne ").replace("==", "=").replace("&=", "=")
    text = _THOUSANDS.sub(_join_thousands, text)
    text = _COMMAND.sub(_spell_command, _DELIMITER.sub(" ", text))
    text = _BLANKS.sub(" ", text.replace("~", " ")).strip()
    text = _THOUSANDS_SPACED.sub(_join_thousands, text)
    text = _COUNTED.sub(r"\1\\text{\2}", _WORDLESS.sub(r"\1", text))
    text = _CHOSEN.sub(r"\\binom{\1\2}{\3}", _BASED.sub(r"\1", text))
    text = _EMPTY_OVERRIDE.sub("", text)
    text = _LOOSE.sub("", text)
    return _trim(text)


def _unwrap(text: str) -> str:
    """Without the marks that data sets and chat put around an answer."""
    if text.startswith("[") and (listed := _PYTHON_LIST.fullmatch(text)):
        text = listed[2].replace("\\\\", "\\")
    while len(text) >= 4 and text.startswith(("**", "__")) and text.endswith(text[:2]):
        text = text[2:-2].strip()
    return text


def _join_thousands(match: re.Match[str]) -> str:
    return match[1] + _SEPARATORS.sub("", match[2])


def _spell_command(match: re.Match[str]) -> str:
    word, sign = match[1], match[2]
    if word is None:
        if sign == "\\":
            return r"\\"
        return " " if sign in _SPACING else match[0]
    spelled = _SYNONYMS.get(word)
    if spelled is not None:
        return spelled
    if word in _TEXT_FONTS:
        return r"\text"
    if word in _MATH_FONTS:
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
