"""Reads functions with what they are applied to: `\\sin^2 2x`, `\\log_2 8`, `\\max(a, b)`."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction

from verifier.math.plain import PlainNumber
from verifier.math.reading.powers import Powers
from verifier.math.reading.tokens import FUNCTIONS
from verifier.math.tree import Apply, Node, Number, Row, Symbol

_ONE = Number(PlainNumber(Fraction(1)))

_INVERSES = {
    **{name: f"arc{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc")},
    **{name: f"ar{name}" for name in ("sinh", "cosh", "tanh")},
}


class Functions(Powers):
    """The functions of the notation."""

    def _function(self, name: str) -> Node:
        if name in ("max", "min", "gcd", "lcm"):
            inner = self._braced_set() if self._is("\\{") else self._parenthesised()
            return Apply(name, inner.items if isinstance(inner, Row) else (inner,))
        base: Node | None = None
        exponent: Node | None = None
        while True:
            if self._is("_") and name in ("log", "lg") and base is None:
                self._at += 1
                base = self._script()
            elif self._is("^") and exponent is None:
                self._at += 1
                exponent = self._script()
            else:
                break
        inverse = exponent == Apply("neg", (_ONE,))
        if inverse and name in _INVERSES:
            name, exponent = _INVERSES[name], None
        argument = self._function_argument()
        node = Apply(name, (argument,) if base is None else (argument, base))
        return node if exponent is None else Apply("^", (node, exponent))

    def _function_argument(self) -> Node:
        if self._is("("):
            return self._parenthesised()
        if self._is("{"):
            return self._group()
        if self._is("[") or self._is("|"):
            return self._power()
        sign = self._accept("-")
        node = self._power()
        while (token := self._peek()) is not None:
            if token.kind == "command" and (
                token.text in FUNCTIONS or token.text in ("cdot", "times")
            ):
                break
            if not self._starts_factor():
                break
            node = self._implicit_product(node)
        # sin x / 2 is (sin x)/2, but sin \pi/4 and cos 2\pi/3 mean the angle.
        if (
            _is_constant(node)
            and self._is("/")
            and (after := self._peek(1))
            and after.kind == "number"
        ):
            self._at += 1
            node = Apply("/", (node, self._power()))
        return Apply("neg", (node,)) if sign else node

    @abstractmethod
    def _starts_factor(self) -> bool:
        """Whether a factor stands here without a sign before it."""

    @abstractmethod
    def _implicit_product(self, left: Node) -> Node:
        """`left` times the factor at this place."""


def _is_constant(node: Node) -> bool:
    match node:
        case Number():
            return True
        case Symbol(name):
            return name in ("pi", "e")
        case Apply("*", args):
            return all(map(_is_constant, args))
        case _:
            return False
