"""Reads sums and products, the ones without a sign and mixed numbers among them."""

from __future__ import annotations

from verifier.math.reading.atoms import FACTOR_COMMANDS, Atoms
from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.numerals import read_numeral
from verifier.math.tree import Apply, Node, Number, Quantity


class Sums(Atoms):
    """The arithmetic of the notation."""

    def _sum(self) -> Node:
        """A sum, also as `{a \\over b}` or `{n \\choose k}`."""
        node = self._nested(self._sum_of_terms)
        if op := self._accept("over", "choose"):
            below = self._nested(self._sum_of_terms)
            return Apply("/" if op == "over" else "binom", (node, below))
        return node

    def _sum_of_terms(self) -> Node:
        sign = self._accept("+", "-", "pm", "mp")
        node = self._product()
        if sign:
            node = node if sign == "+" else Apply({"-": "neg"}.get(sign, sign), (node,))
        terms = [node]
        while sign := self._accept("+", "-", "pm", "mp"):
            if self._is("ldots"):
                raise Unreadable
            term = self._product()
            terms.append(term if sign == "+" else Apply({"-": "neg"}.get(sign, sign), (term,)))
        return terms[0] if len(terms) == 1 else Apply("+", tuple(terms))

    def _product(self) -> Node:
        node = self._signed_factor()
        while True:
            if self._accept("*", "cdot", "times"):
                node = Apply("*", (node, self._signed_factor()))
            elif self._accept("/", "div"):
                node = Apply("/", (node, self._signed_factor()))
            elif self._starts_factor():
                node = self._implicit_product(node)
            else:
                return node

    def _implicit_product(self, left: Node) -> Node:
        mixed = self._mixed_fraction(left)
        if mixed is not None:
            return mixed
        token = self._peek()
        if isinstance(left, Number) and token is not None and token.kind == "number":
            raise Unreadable  # two numbers side by side
        return Apply("*", (left, self._power()))

    def _mixed_fraction(self, left: Node) -> Node | None:
        """The sum that `1 \\frac{2}{3}` or `1 2/3` is."""
        previous = self._tokens[self._at - 1]
        if not isinstance(left, Number) or previous.kind != "number" or "." in previous.text:
            return None
        start = self._at
        token = self._peek()
        fraction: Node | None = None
        if token is not None and token.kind == "number" and token.spaced:
            top = read_numeral(self._next().text)
            if self._accept("/") and (below := self._peek()) is not None and below.kind == "number":
                fraction = Apply("/", (top, read_numeral(self._next().text)))
        elif self._is("frac"):
            fraction = self._power()
        percent = isinstance(fraction, Quantity) and fraction.unit == "percent"
        match fraction.value if isinstance(fraction, Quantity) and percent else fraction:
            case Apply("/", (Number(top_value), Number(bottom))) as part if (
                0 < top_value.value < bottom.value
                and top_value.value.denominator == bottom.value.denominator == 1
            ):
                whole = Apply("+", (left, part))
                return Quantity(whole, "percent") if percent else whole
        self._at = start
        return None

    def _starts_factor(self) -> bool:
        token = self._peek()
        if token is None:
            return False
        if token.kind in ("number", "letter"):
            return True
        if token.kind == "command":
            return token.text in FACTOR_COMMANDS
        if token.kind == "sign":
            return (
                token.text in ("(", "{", "\\|")
                or (token.text == "|" and not self._bars)
                or (token.text == "[" and not self._next_is_words())
            )
        return False

    def _next_is_words(self) -> bool:
        token = self._peek(1)
        return token is not None and token.kind == "words"

    def _signed_factor(self) -> Node:
        sign = self._accept("-", "+", "pm", "mp")
        node = self._power()
        return (
            node
            if sign in (None, "+")
            else Apply({"-": "neg"}.get(sign or "", sign or ""), (node,))
        )
