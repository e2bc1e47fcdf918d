"""Reads values with units, currencies and multiples, ratios, and plain words."""

from __future__ import annotations

import re
from fractions import Fraction

from verifier.math.literals import PlainNumber
from verifier.math.number_words import number_in_words
from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.tree import Apply, Listing, Node, Number, Quantity, Ratio, Words

_CLAUSE_ENDS = frozenset((",", ";", ")", "]", "}", "\\}", "&", "\\\\", "end", "|"))
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_CURRENCIES = frozenset(("euro", "eur", "pound sterling", "yen", "rs", "usd", "us", "inr"))
_MULTIPLES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_OF_A_NUMBER = re.compile(r"\bof ?[0-9]")
DENIALS = frozenset(
    (
        *(
            "not",
            "isn't",
            "never",
            "wrong",
            "incorrect",
            "false",
            "but",
            "whether",
            "doubt",
            "except",
        ),
        *("excluding", "excluded", "rejected", "instead", "rather", "cannot", "can't", "couldn't"),
        *(
            "unsure",
            "unclear",
            "unknown",
            "nor",
            "neither",
            "without",
            "guess",
            "impossible",
            "unless",
        ),
    )
)
"""Words that take back what they stand with."""
_DOUBTS = DENIALS | frozenset(
    (
        *("or", "and", "maybe", "perhaps", "about", "least", "most", "more", "less", "than"),
        *("if", "when", "between", "to", "nearly", "almost", "approximately", "around"),
        *("possibly", "probably", "likely", "unlikely", "could", "might", "would", "no", "for"),
        *("where", "while", "otherwise", "fails", "don't", "doesn't", "above", "below"),
        *("greater", "larger", "smaller", "fewer", "plus", "minus", "over", "divided"),
        *("multiplied", "factorial", "half", "halves", "thirds", "fourths", "fifths", "sixths"),
        *("sevenths", "eighths", "ninths", "tenths", "hundredths", "including", "incl", "claim"),
    )
)
"""Words that a unit does not have; nor has it numbers."""


def _counts(word: str) -> bool:
    return word[:1].isdigit() or any(number_in_words(one) for one in (word, word.removesuffix("s")))


def compound(p: Parser) -> Node:
    """`ratio { ratio }`: measures side by side hold together (`3 hours 20 minutes`)."""
    parts = [ratio(p)]
    while isinstance(parts[-1], Quantity) and (token := p.peek()) and token.kind == "number":
        parts.append(ratio(p))
    if len(parts) > 1 and not isinstance(parts[-1], Quantity):
        raise Unreadable
    return parts[0] if len(parts) == 1 else Listing(tuple(parts), "and")


def ratio(p: Parser) -> Node:
    """`quantity { ":" quantity }`: a fraction, of three multiples of the first; or a time."""
    place = p.place
    parts = [_quantity(p)]
    while p.is_at(":") and not p.is_at("=", 1):
        p.skip()
        parts.append(_quantity(p))
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        if _CLOCK.fullmatch(p.texts_from(place, 3)):
            return Ratio(tuple(parts))
        return Apply("/", (parts[0], parts[1]))
    return Ratio(tuple(Apply("/", (part, parts[0])) for part in parts[1:]))


def _quantity(p: Parser) -> Node:
    """`[ currency ] expression [ multiple ] [ unit ] | words`."""
    if p.accept("\\$"):
        return _counted(p, p.expression(), "dollar")
    if p.is_at("-") and p.is_at("\\$", 1):
        p.skip(2)
        return _counted(p, Apply("neg", (p.expression(),)), "dollar")
    token = p.peek()
    if token is not None and token.kind == "words":
        return _words(p)
    return _counted(p, p.expression(), "")


def _words(p: Parser) -> Node:
    """Words that are a statement, a currency or an introduction."""
    words = []
    while (token := p.peek()) is not None and token.kind == "words":
        words.append(p.next().text.lower())
    following = p.peek()
    if following is None or following.text in _CLAUSE_ENDS or following.kind == "joint":
        return Words(" ".join(words))
    if words[-1].endswith((" is", " are")) and not _DOUBTS & set(" ".join(words).split()):
        return _quantity(p)  # "the answer is"
    if words[-1] in _CURRENCIES:
        return _counted(p, p.expression(), words[-1])
    raise Unreadable


def _counted(p: Parser, value: Node, currency: str) -> Node:
    """A value with what stands behind it: "million", a unit, both or nothing."""
    token = p.peek()
    first = token.text.partition(" ")[0] if token and token.kind == "words" else ""
    if multiple := _MULTIPLES.get(first.lower()):
        value = Apply("*", (value, Number(PlainNumber(Fraction(multiple)))))
        p.take(len(first) + 1)
    unit = _unit(p) or currency
    return Quantity(value, unit) if unit else value


def _unit(p: Parser) -> str:
    """The unit at this place, empty where there is none."""
    if p.accept("[") and not ((token := p.peek()) and token.kind == "words"):
        raise Unreadable
    parts: list[str] = []
    while (token := p.peek()) is not None:
        if token.kind == "words":
            words = [word.strip("().,;:!?") for word in token.text.lower().split()]
            if _DOUBTS & set(words) or any(map(_counts, words)) or _OF_A_NUMBER.search(token.text):
                raise Unreadable
            if not parts and words[:1] in (["squared"], ["cubed"]):
                raise Unreadable
            parts.append(token.text)
        elif parts and token.text == "^":
            p.skip()
            p.accept("{")
            parts[-1] += "^" + (p.accept("-") or "") + p.next().text
            p.accept("}")
            continue
        elif parts and token.text in ("/", "cdot", "*", "]", "-"):
            parts.append("/" if token.text == "/" else " ")
        elif parts and token.kind == "letter":
            parts.append(token.text)
        else:
            break
        p.skip()
    return " ".join(parts).strip()
