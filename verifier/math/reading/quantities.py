"""Reads values with units, currencies and multiples, ratios, and plain words."""

from __future__ import annotations

import re
from fractions import Fraction

from verifier.math.counting import number_in_words
from verifier.math.plain import PlainNumber
from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.sums import Sums
from verifier.math.reading.tokens import Token
from verifier.math.tree import Apply, Node, Number, Quantity, Row, Words

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
_DOUBTS = frozenset(
    (
        *("or", "and", "not", "maybe", "perhaps", "about", "least", "most", "more", "less", "than"),
        *("if", "when", "between", "to", "nearly", "almost", "approximately", "around", "unless"),
        *("wrong", "incorrect", "false", "never", "except", "unknown", "possibly", "probably"),
        *("likely", "unlikely", "could", "might", "would", "isn't", "impossible", "no", "but"),
        *("for", "where", "while", "otherwise", "excluding", "excluded", "rejected", "fails"),
        *("don't", "doesn't", "above", "below", "greater", "larger", "smaller", "fewer"),
        *("plus", "minus", "over", "divided", "multiplied", "factorial", "half", "halves"),
        *("thirds", "fourths", "fifths", "sixths", "sevenths", "eighths", "ninths", "tenths"),
        *("hundredths", "instead", "rather", "including", "incl"),
    )
)
"""Words that a unit does not have; nor has it numbers."""


def _counts(word: str) -> bool:
    return word[:1].isdigit() or number_in_words(word) is not None


class Quantities(Sums):
    """The measured part of the notation."""

    def _compound(self) -> Node:
        """`3 hours 20 minutes`: measures side by side, which hold together."""
        parts = [self._ratio()]
        while (
            isinstance(parts[-1], Quantity) and (token := self._peek()) and token.kind == "number"
        ):
            parts.append(self._ratio())
        if len(parts) > 1 and not isinstance(parts[-1], Quantity):
            raise Unreadable
        return parts[0] if len(parts) == 1 else Row("", tuple(parts), "", "and")

    def _ratio(self) -> Node:
        """`a:b`, the fraction; `a:b:c`, as multiples of the first."""
        start = self._at
        parts = [self._quantity()]
        while self._is(":") and not self._is("=", 1):
            self._at += 1
            parts.append(self._quantity())
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            shown = [token.text for token in self._tokens[start : start + 3]]
            if _CLOCK.fullmatch("".join(shown)):
                return Row("(", tuple(parts), ":")
            return Apply("/", (parts[0], parts[1]))
        return Row("(", tuple(Apply("/", (part, parts[0])) for part in parts[1:]), ":")

    def _quantity(self) -> Node:
        """A sum, and the unit behind it or the currency before it."""
        if self._accept("\\$"):
            return self._counted(self._sum(), "dollar")
        if self._is("-") and self._is("\\$", 1):
            self._at += 2
            return self._counted(Apply("neg", (self._sum(),)), "dollar")
        token = self._peek()
        if token is not None and token.kind == "words":
            return self._words()
        return self._counted(self._sum(), "")

    def _words(self) -> Node:
        """Words that are a statement, a currency or an introduction."""
        words = []
        while (token := self._peek()) is not None and token.kind == "words":
            words.append(self._next().text.lower())
        following = self._peek()
        if following is None or following.text in _CLAUSE_ENDS or following.kind == "joint":
            return Words(" ".join(words))
        if words[-1].endswith((" is", " are")):
            return self._quantity()  # "the answer is"
        if words[-1] in _CURRENCIES:
            return self._counted(self._sum(), words[-1])
        raise Unreadable

    def _counted(self, value: Node, currency: str) -> Node:
        """A value with what stands behind it: "million", a unit, both or nothing."""
        token = self._peek()
        first, _, rest = token.text.partition(" ") if token and token.kind == "words" else ("",) * 3
        if token is not None and first.lower() in _MULTIPLES:
            value = Apply("*", (value, Number(PlainNumber(Fraction(_MULTIPLES[first.lower()])))))
            if rest:
                self._tokens[self._at] = Token("words", rest, True)
            else:
                self._at += 1
        unit = self._unit() or currency
        return Quantity(value, unit) if unit else value

    def _unit(self) -> str:
        """The unit at this place, empty where there is none."""
        if self._accept("[") and not (self._peek() and self._peek().kind == "words"):  # type: ignore[union-attr]
            raise Unreadable
        parts: list[str] = []
        while (token := self._peek()) is not None:
            if token.kind == "words":
                words = [word.strip("().,;:!?") for word in token.text.lower().split()]
                if _DOUBTS & set(words) or any(map(_counts, words)):
                    raise Unreadable
                if not parts and words[:1] in (["squared"], ["cubed"]):
                    raise Unreadable
                parts.append(token.text)
            elif parts and token.text == "^":
                self._at += 1
                self._accept("{")
                parts[-1] += "^" + (self._accept("-") or "") + self._next().text
                self._accept("}")
                continue
            elif parts and token.text in ("/", "cdot", "*", "]", "-"):
                parts.append("/" if token.text == "/" else " ")
            elif parts and token.kind == "letter":
                parts.append(token.text)
            else:
                break
            self._at += 1
        return " ".join(parts).strip()
