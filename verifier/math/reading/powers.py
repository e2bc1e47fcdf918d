"""Reads what stands behind an operand: powers, factorials, percent signs, primes."""

from __future__ import annotations

from verifier.math.plain import PlainNumber
from verifier.math.reading.brackets import Brackets
from verifier.math.reading.cursor import Unreadable
from verifier.math.reading.numerals import read_numeral
from verifier.math.reading.tokens import Token
from verifier.math.tree import Apply, Node, Number, Quantity, Symbol


class Powers(Brackets):
    """The raised part of the notation."""

    def _power(self) -> Node:
        return self._nested(self._power_of_atom)

    def _power_of_atom(self) -> Node:
        node = self._atom()
        while True:
            if self._accept("^"):
                node = self._raised(node)
            elif self._accept("!"):
                node = Apply("!!" if self._accept("!") else "!", (node,))
            elif self._accept("\\%", "%"):
                node = self._percent(node)
            elif isinstance(node, Symbol) and self._accept("'"):
                node = Symbol(node.name + "'")
            else:
                return node

    def _percent(self, node: Node) -> Node:
        if isinstance(node, Number):
            plain = node.plain
            ulp = plain.unit_in_last_place
            return Number(PlainNumber(plain.value / 100, True, ulp and ulp / 100, plain.is_rounded))
        return Quantity(node, "percent")

    def _raised(self, base: Node) -> Node:
        if self._accept("circ"):
            return Apply("degree", (base,))
        if self._accept("prime"):
            raise Unreadable
        if self._is("{") and self._is("circ", 1):
            self._at += 2
            self._expect("}")
            return Apply("degree", (base,))
        if self._is("{") and (self._is("prime", 1) or self._is("'", 1)):
            raise Unreadable
        if self._is("*"):
            raise Unreadable
        return Apply("^", (base, self._script()))

    def _script(self) -> Node:
        """A superscript: a group in braces, or what one token gives."""
        if self._is("{"):
            return self._group()
        sign = self._accept("-", "+")
        token = self._peek()
        if token is not None and token.kind == "number" and not sign and len(token.text) > 1:
            node: Node = read_numeral(self._next().text)  # x^10 in plain text
        elif self._is("("):
            node = self._parenthesised()
        else:
            node = self._atom()
        return Apply("neg", (node,)) if sign == "-" else node

    def _argument(self) -> Node:
        """What a command takes: a group, or one digit or letter of what follows."""
        if self._is("{"):
            return self._group()
        token = self._peek()
        if token is not None and token.kind == "number" and len(token.text) > 1:
            if not token.text.isdigit():
                raise Unreadable
            self._tokens[self._at : self._at + 1] = [
                Token("number", token.text[0]),
                Token("number", token.text[1:]),
            ]
        return self._atom()
