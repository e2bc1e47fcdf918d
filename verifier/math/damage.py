"""References that lost something on their way through JSON, Python, HTML or a tokenizer.

`"\\frac"` written where escapes count is a form feed and `rac`: that can only mean one thing, and
is restored. What stays broken is said to be so, as it would make every right answer wrong."""

from __future__ import annotations

import html
import re
from html.entities import html5

_BEHIND = {
    "\f": ("f", "rac|lat|orall|loor"),
    "\t": ("t", r"ext|imes|frac|heta|riangle|binom|au|an(?=[ ]?[({\\\\0-9])"),
    "\b": ("b", "inom|eta|oxed|egin|ar|ig|igcup|igcap|mod|ullet|oldsymbol"),
    "\r": ("r", "ight|ightarrow|ho|angle|floor|ceil"),
    "\n": ("n", r"eq|otin|abla|u(?=[\s^_+=*/,.)}-]|\Z)"),
    "\v": ("v", "ec|arphi|arepsilon|artheta|arnothing|ert|ee"),
    "\a": ("a", "lpha|pprox|ngle|rcsin|rccos|rctan|st"),
}
"""The letter that each control character was, and what of a command may stand behind it."""
_CONTROLLED = re.compile(
    "|".join(f"{sign}(?:{rests})(?![a-z])" for sign, (_, rests) in _BEHIND.items())
)
_BEHEADED = re.compile(
    r"(?<![a-zA-Z\\])(?:(?P<f>rac(?= ?\{))|(?P<t>ext(?= ?\{)|imes(?![a-z])|heta(?![a-z]))"
    r"|(?P<b>(?:inom|oxed|egin)(?= ?\{))|(?P<r>ight(?= ?[)\]}|\\]|arrow)))"
)
"""Commands without their beginning."""
_BARE = re.compile(
    r"(?<![a-zA-Z\\&])(?=(?:[dt]?frac|sqrt|d?binom|text|math(?:rm|bf|bb)|overline|begin|end) ?\{"
    r"|(?:leq|geq|neq|infty|cdot|leqslant|geqslant)(?![a-zA-Z]))|(?<=\^)(?=circ)|(?<=\^\{)(?=circ)"
)
"""Where the backslash before a command is missing."""
_DOUBLED = re.compile(r"\\\\(?=[a-zA-Z({\[\])}])")
_SINGLE = re.compile(r"(?<!\\)\\(?:\\\\)*(?!\\)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-fA-F]{1,5}|(?P<name>[a-zA-Z]+[0-9]*));")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_MISREAD = re.compile("[ÂÃÎÏâ]")
"""What the first byte of a sign beyond ASCII looks like, taken for Windows-1252."""
_ESCAPED_ENDS = re.compile(r"\A(?:\\[nt](?![a-zA-Z]))+|(?:\\n)+\Z")
_ELEMENT = re.compile(r"<(p|b|i|em|strong|span|div|sup|sub)>([^<>]*)</\1>|<br ?/?>")
_QUOTED = re.compile(r"(['\"])([^'\"]+)\1")
_SCRIPTS = {"sup": "^", "sub": "_"}
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def repaired(text: str) -> str:
    """The reference with what can only be damage undone."""
    text = _ESCAPED_ENDS.sub("", text)
    if quoted := _QUOTED.fullmatch(text.strip()):
        text = quoted[2]
    if "<" in text and ">" in text:
        text = _ELEMENT.sub(_content_of, _ELEMENT.sub(_content_of, text))  # two deep at most
    text = _CONTROLLED.sub(lambda found: f"\\{_BEHIND[found[0][0]][0]}{found[0][1:]}", text)
    text = _BEHEADED.sub(lambda found: f"\\{found.lastgroup}{found[0]}", text)
    text = _BARE.sub(r"\\", text)
    if "&" in text:
        text = _ENTITY.sub(_sign_of, text)
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _MISREAD.search(text):
        text = _decoded(text)
    if "\\\\begin" in text and not _SINGLE.search(text):
        return text.replace("\\\\", "\\")
    if "\\\\" in text and "\\begin" not in text:
        text = _DOUBLED.sub(r"\\", text)
    return text


def _content_of(element: re.Match[str]) -> str:
    name, content = element[1], element[2] or " "
    return f"{_SCRIPTS[name]}{{{content}}}" if name in _SCRIPTS else content


def _sign_of(entity: re.Match[str]) -> str:
    is_known = entity["name"] is None or f"{entity['name']};" in html5
    return html.unescape(entity[0]) if is_known else entity[0]


def _decoded(text: str) -> str:
    """UTF-8 that was read as Windows-1252: hardly any other text is UTF-8 by chance."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def is_broken(text: str) -> bool:
    """Whether a normalised reference cannot be meant: its braces do not match, or it is a `?`."""
    depth = 0
    for brace in _BRACE.findall(text):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return True
    return depth != 0 or not text.strip("? ")
