"""References that lost something on their way through JSON, Python, HTML or a tokenizer.

`"\\frac"` written where escapes count is a form feed and `rac`: that can only mean one thing, and
is restored. What stays broken is said to be so, as it would make every right answer wrong."""

from __future__ import annotations

import html
import re
from html.entities import html5

_BEHIND = {
    "\f": ("f", "rac|lat|orall|loor"),
    "\t": ("t", r"ext|imes|frac|heta|riangle|binom|au|an(?= ?(?:[({\\\f0-9]|[a-z](?![a-z])))"),
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
    r"(?<![a-zA-Z\\])(?:(?P<f>rac(?= ?(?:\{|[0-9]{2}))|orall(?![a-z]))"
    r"|(?P<t>ext(?= ?\{)|(?:imes|heta|riangle)(?![a-z]))"
    r"|(?P<b>(?:inom|oxed|egin|ar)(?= ?\{)|(?:igcup|igcap|ullet)(?![a-z]))"
    r"|(?P<v>ec(?= ?\{)|arphi(?![a-z]))"
    r"|(?P<n>(?:eq|otin|abla)(?![a-z]))|(?P<r>ight(?= ?[)\]}|\\]|arrow)))"
)
"""Commands without their beginning."""
_BEHEADED_RIGHT = re.compile(r"(?<![rR])ight(?= ?(?:[)\]|.]|\\[}|]))")
_BARE = re.compile(
    r"(?<![a-zA-Z\\&])(?=(?:[dt]?frac|sqrt|d?binom|text|math(?:rm|bf|bb)|overline|begin|end) ?\{"
    r"|frac[0-9]{2}|(?:leq|geq|neq|infty|cdot|leqslant|geqslant)(?![a-zA-Z]))"
    r"|(?<=\^)(?=circ)|(?<=\^\{)(?=circ)|(?<=[0-9)}] )(?=(?:le|ge|ne) ?(?:[-0-9\\]|frac|sqrt))"
    r"|(?<![a-zA-Z\\][a-zA-Z] )(?<=[a-zA-Z] )(?=(?:le|ge|ne) ?(?:[-0-9\\]|frac|sqrt))"
)
"""Where the backslash before a command is missing."""
_BARE_LEFT = re.compile(r"(?<!\\)left(?= ?(?:[(\[|.]|\\[{|]))")
_BARE_RIGHT = re.compile(r"(?<!\\)right(?= ?(?:[)\]|.]|\\[}|]))")
_REMAINS = re.compile(
    r"[\0]|(?<![a-zA-Z\\])(?:rac|imes|ight|inom|igcup|igcap|oxed|egin|heta|eta|arphi|arepsilon"
    r"|orall|infty|cdot|leq|geq|neq|mathbb|mathrm)(?![a-zA-Z])"
    r"|\\(?:frac|sqrt|cdot|times|le|ge) ?\Z|(?<=.)=\Z"
)
"""Parts of commands that are no words (`eta` may have been two), and what goes on no more."""
_UNKNOWN_CONTROL = re.compile(r"[\a\b\v\f](?=[a-z])")
_DOUBLED = re.compile(r"(?<!\\)\\{2,}+(?=[a-zA-Z({\[\])}%$|,;:!])")
_DOUBLED_COMMAND = re.compile(r"\\\\(?=[a-zA-Z{}|%$])")
"""The same in an environment, where a doubled backslash ends a row."""
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
    text = _UNKNOWN_CONTROL.sub("\0", text)
    text = _BEHEADED.sub(lambda found: f"\\{found.lastgroup}{found[0]}", text)
    text = _BARE.sub(r"\\", text)
    if "left" in text:
        text = _with_delimiters(text)
    if "&" in text:
        text = _ENTITY.sub(_sign_of, text)
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _MISREAD.search(text):
        text = _decoded(text)
    if "\\" * 4 + "begin" in text:
        text = text.replace("\\\\", "\\")
    if "\\\\begin" in text:
        is_all = "\\\\\\\\" in text and not _SINGLE.search(text)
        return text.replace("\\\\", "\\") if is_all else _DOUBLED_COMMAND.sub(r"\\", text)
    if "\\\\" in text and "\\begin" not in text:
        text = _DOUBLED.sub(r"\\", text)
    return text


def _with_delimiters(text: str) -> str:
    """With as many `\\right` as `\\left`, where letters or backslashes of either are missing."""
    if text.count("\\left") > text.count("\\right"):
        text = _BEHEADED_RIGHT.sub(r"\\right", text)
    lefts = text.count("\\left") + len(_BARE_LEFT.findall(text))
    if lefts == text.count("\\right") + len(_BARE_RIGHT.findall(text)):
        text = _BARE_RIGHT.sub(r"\\right", _BARE_LEFT.sub(r"\\left", text))
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
    """Whether a normalised reference cannot be meant: its braces do not match, parts of commands
    are left in it, or it is a `?`."""
    if _REMAINS.search(text):
        return True
    depth = 0
    for brace in _BRACE.findall(text):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return True
    return depth != 0 or not text.strip("? ")
