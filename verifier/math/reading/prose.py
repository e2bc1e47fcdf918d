"""Reads what no rule of the grammar fits: words as they stand, and formulas between them."""

from __future__ import annotations

import re
from collections.abc import Callable

from verifier.math.reading.names import GREEK
from verifier.math.reading.parser import Unreadable
from verifier.math.reading.tokens import FUNCTIONS
from verifier.math.tree import Node, Prose, Words

MAX_PARTS = 40
_WORDS = re.compile(
    r"\\text ?\{([^{}]*)\}|(?<![\\a-zA-Z_^{])([A-Za-z]{2,})|([^\W\da-zA-Z_]+)"
    r"|\\(max|min) ?(?![({a-zA-Z])"
)
_HYPHENATED = re.compile(r".*[0-9a-zA-Z]-", re.DOTALL)
"""A number or a letter before a hyphen and a word: `5-dimensional`."""
_PUNCTUATION = re.compile(r"[\s,.;:!?'\"-]+")
_ARTICLES = frozenset(("a", "an", "the"))
_NO_WORDS = frozenset((*FUNCTIONS, *GREEK, "pi", "sqrt", "infty")) - {"max", "min"}


def prose(text: str, read_formula: Callable[[str], Node]) -> Node:
    """The words and the formulas of a text, in their order. Raises Unreadable where it has no words
    of three letters, or something between them is no formula."""
    parts: list[Node] = []
    at = 0
    for found in _WORDS.finditer(text):
        words = found[1] or found[2] or found[3] or found[4] or ""
        if words in _NO_WORDS or (len(words) <= 4 and words.isascii() and words.isupper()):
            continue
        _add_formula(parts, text[at : found.start()], read_formula)
        _add_words(parts, words)
        at = found.end()
        if len(parts) > MAX_PARTS:
            raise Unreadable
    _add_formula(parts, text[at:], read_formula)
    said = [part.text for part in parts if isinstance(part, Words)]
    if not any(len(word) >= 3 or not word.isascii() for text in said for word in text.split()):
        raise Unreadable
    return parts[0] if len(parts) == 1 else Prose(tuple(parts))


def _add_formula(parts: list[Node], text: str, read_formula: Callable[[str], Node]) -> None:
    formula = text.strip(" ,.;:!?'\"")
    if parts and _HYPHENATED.fullmatch(formula):
        formula = formula[:-1]
    if formula and not (parts and formula in ("(", ")")):
        parts.append(read_formula(formula))


def _add_words(parts: list[Node], words: str) -> None:
    """The words behind those before, if nothing is between them."""
    kept = [word for word in _PUNCTUATION.split(words.lower()) if word and word not in _ARTICLES]
    before = parts[-1] if parts else None
    if kept and isinstance(before, Words):
        parts[-1] = Words(" ".join((before.text, *kept)))
    elif kept:
        parts.append(Words(" ".join(kept)))
