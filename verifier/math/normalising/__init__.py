"""Brings an answer into one spelling, so that equal texts are equal answers.

Only spelling is touched here, never meaning. The rules are the tables of `anywhere` and `whole`;
here is what comes before, between and after them. It all takes time linear in the text.
"""

from __future__ import annotations

import re

from verifier.math.normalising.anywhere import ANYWHERE
from verifier.math.normalising.signs import LOWERED, RAISED, SUBSCRIPTS, SUPERSCRIPTS, UNICODE
from verifier.math.normalising.whole import OF_THE_WHOLE

MAX_CHARS = 4000
"""Longer answers are compared as texts and nothing else."""

_PYTHON_LIST = re.compile(r"\[\s*(['\"])(.*)\1\s*\]", re.DOTALL)
_CLOSING_DOTS = re.compile(r"(?<=[a-zA-Z)}\]])\.{3,}\Z")
"""No ellipsis: that goes on a number, or a list behind its comma."""
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def normalise(text: str) -> str:
    """The answer in canonical spelling; empty where nothing is left of it."""
    text = _unwrap(text.strip())
    if not text.isascii():
        text = LOWERED.sub(lambda m: "_{" + m[0].translate(SUBSCRIPTS) + "}", text)
        text = RAISED.sub(lambda m: "^{" + m[0].translate(SUPERSCRIPTS) + "}", text)
        text = text.translate(UNICODE)
    for rewrite in ANYWHERE:
        text = rewrite(text)
    text = _trim(text)
    for rewrite in OF_THE_WHOLE:
        text = rewrite(text)
    return text


def _unwrap(text: str) -> str:
    """Without the marks that data sets and chat put around an answer."""
    if text.startswith("[") and (listed := _PYTHON_LIST.fullmatch(text)):
        text = listed[2].replace("\\\\", "\\")
    if len(text) > 2 and text[0] == text[-1] == "`":
        text = text.strip("`")
    while len(text) >= 4 and text.startswith(("**", "__")) and text.endswith(text[:2]):
        text = text[2:-2].strip()
    return text


def _trim(text: str) -> str:
    """Without closing punctuation, and without braces around the whole."""
    while True:
        before = text
        text = _CLOSING_DOTS.sub("", text.strip(" ").removesuffix(r"\\"))
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
