"""References that lost something on their way through JSON, Python or a tokenizer.

`"\\frac"` written where escapes count is a form feed and `rac`: that can only mean one thing, and
is restored. What stays broken is said to be so, as it would make every right answer wrong."""

from __future__ import annotations

import re

_COMMANDS = {
    "\f": ("rac", "lat", "orall"),
    "\t": ("ext", "imes", "frac", "heta"),
    "\b": ("inom", "eta", "oxed", "egin", "ar", "ig", "mod"),
    "\r": ("ight", "ho", "angle", "floor", "ceil"),
    "\n": ("eq", "otin"),
    "\v": ("ec", "arphi", "ert"),
    "\a": ("lpha", "pprox", "ngle", "rcsin", "rccos", "rctan"),
}
"""What may stand behind each control character that a backslash and its letter became."""
_LETTERS = {"\f": "f", "\t": "t", "\b": "b", "\r": "r", "\n": "n", "\v": "v", "\a": "a"}
_CONTROLLED = re.compile(
    "|".join(f"{sign}(?:{'|'.join(rests)})(?![a-z])" for sign, rests in _COMMANDS.items())
)
_BEHEADED = re.compile(r"(?<![a-zA-Z\\])rac(?= ?\{)")
"""`\\frac` without its beginning."""
_DOUBLED = re.compile(r"\\\\(?=[a-zA-Z({\[\])}])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def repaired(text: str) -> str:
    """The reference with what can only be damage undone."""
    text = _CONTROLLED.sub(lambda found: f"\\{_LETTERS[found[0][0]]}{found[0][1:]}", text)
    if "rac" in text:
        text = _BEHEADED.sub(r"\\frac", text)
    if "\\\\" in text and "\\begin" not in text:
        text = _DOUBLED.sub(r"\\", text)
    return text


def is_broken(text: str) -> bool:
    """Whether a normalised reference cannot be meant: its braces do not match, or it is a `?`."""
    depth = 0
    for brace in _BRACE.findall(text):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return True
    return depth != 0 or not text.strip("? ")
