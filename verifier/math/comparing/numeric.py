"""The value of a tree at one point, to 50 digits or to as many as the caller works with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.exact import TooLarge
from verifier.math.comparing.points import coordinate
from verifier.math.operations import OPERATIONS, Undefined
from verifier.math.tree import Apply, Node, Number, Quantity, Symbol, infinity_of

CONSTANTS = frozenset({"pi", "e", "i", "oo"})
MAX_HIDDEN_DIGITS = 2000
"""So many digits more than usual are looked at, and no more."""
MAX_HIDDEN_DIGITS_OF_GAMMA = 100
"""The same where there are factorials between integers, which take long."""
_HARMLESS_DIGITS = 10
_KEEP_DIGITS = frozenset(
    (
        "*",
        "/",
        "^",
        "neg",
        "exp",
        "!",
        "!!",
        "Gamma",
        "binom",
        "perm",
        "sqrt",
        "root",
        "abs",
        "choose",
        "arrange",
    )
)
"""Operations whose results are as exact as what they are made from, however small."""
_INTERPOLATED = frozenset(("!", "binom", "choose", "perm", "arrange", "Gamma", "zeta"))
_DIGITS_A_BIT = 0.30103


class Evaluator:
    """Evaluates trees at one point. `real` tells afterwards whether every value met was real,
    `cancelled` whether a value met may be what rounding left of a zero, and `hidden_digits` how far
    below the usual digits a part of it may lie."""

    def __init__(self, at: Mapping[str, Any], *, natural_log: bool) -> None:
        self._at = at
        self.is_constant = not at
        self._natural_log = natural_log
        self.real = True
        self.cancelled = False
        self._most_bits = 0
        self._least_bits = 0
        self._most_digits = MAX_HIDDEN_DIGITS

    @property
    def hidden_digits(self) -> int:
        """How many digits more it takes to see the smallest value met beside the largest, or its
        square, as a cosine shows it; 0 where the usual digits do."""
        digits = int((self._most_bits - 2 * self._least_bits) * _DIGITS_A_BIT)
        return 0 if digits <= _HARMLESS_DIGITS else min(digits, self._most_digits)

    def value(self, node: Node) -> Any:
        """An mpmath number. Raises Undefined or TooLarge."""
        value = self._value(node)
        if value:
            bits = mpmath.mag(value)
            self._most_bits = max(self._most_bits, bits)
            self._least_bits = min(self._least_bits, bits)
        return value

    def _value(self, node: Node) -> Any:
        """By the kind of node. Raises Undefined where it has no value."""
        match node:
            case Number():
                top, bottom = node.value.numerator, node.value.denominator
                self._most_bits = max(self._most_bits, abs(top).bit_length(), bottom.bit_length())
                return mpmath.mpf(top) / bottom
            case Symbol(name):
                return self._symbol(name)
            case Quantity(value, _):
                return self.value(value)
            case Apply("call", (Symbol(name), *args)):
                return self._opaque(name, [self.value(arg) for arg in args])
            case Apply("cross", factors):
                return self._opaque("cross", [self.value(factor) for factor in factors])
            case Apply("sum" | "prod" | "int" | "lim" as op, (*limits, body)):
                return self._opaque(op, [*map(self._limit, limits), self.value(body)])
            case Apply("log" | "lg", args):
                return self._checked(self._logarithm(node.op, args))
            case Apply(op, args) if op in OPERATIONS:
                return self._operation(op, [self.value(arg) for arg in args])
            case _:
                raise Undefined

    def _operation(self, op: str, values: list[Any]) -> Any:
        if op in _INTERPOLATED and not all(map(mpmath.isint, values)):
            self._most_digits = MAX_HIDDEN_DIGITS_OF_GAMMA
        try:
            result = self._checked(OPERATIONS[op](*values))
        except (ZeroDivisionError, ValueError, TypeError, mpmath.libmp.NoConvergence):
            raise Undefined from None
        except OverflowError:
            raise TooLarge from None
        if op not in _KEEP_DIGITS and any(values):
            self._note_cancelling(values, result)
        return result

    def _note_cancelling(self, values: list[Any], result: Any) -> None:
        """A result far below what it was made from, as sin(pi): its digits are not its own."""
        largest = max(mpmath.mag(value) for value in values if value)
        if result and mpmath.mag(result) < largest - mp.prec // 2:
            self.cancelled = True

    def _checked(self, value: Any) -> Any:
        if not mpmath.isfinite(value):
            raise Undefined
        if isinstance(value, mpmath.mpc):
            if value.imag == 0 or abs(value.imag) < abs(value.real) * mpmath.mpf(10) ** -(
                mp.dps - 8
            ):
                return value.real
            self.real = False
        return value

    def _symbol(self, name: str) -> Any:
        match name:
            case "pi":
                return +mpmath.pi
            case "e":
                return +mpmath.e
            case "i":
                return mpmath.mpc(0, 1)
            case "oo":
                raise Undefined
            case _:
                return self._at[name]

    def _logarithm(self, op: str, args: tuple[Node, ...]) -> Any:
        values = [self.value(arg) for arg in args]
        if values[0] == 0:
            raise Undefined
        logarithm = mpmath.log(values[0])
        if len(values) == 2:
            if values[1] in (0, 1):
                raise Undefined
            return logarithm / mpmath.log(values[1])
        return logarithm if self._natural_log and op == "log" else logarithm / mpmath.log(10)

    def _limit(self, node: Node) -> Any:
        """The value of a limit; infinite ones have values of their own."""
        sign = infinity_of(node)
        return mpmath.mpf(777.25) * sign if sign else self.value(node)

    def _opaque(self, name: str, values: list[Any]) -> Any:
        """An unknown function: some smooth function that nothing else equals."""
        total = coordinate("function " + name, 0)
        phase = mpmath.mpf(0)
        for position, value in enumerate(values):
            weight = coordinate(f"function {name} {position}", 0)
            if abs(value) > 1000:
                raise Undefined
            turned = weight * value * value + 1
            # A sine of what is not real grows beyond all else that is added to it.
            phase += mpmath.re(turned) + mpmath.im(turned)
            total += weight * value + mpmath.sin(phase) / 3  # no sum of functions of one value each
        return total
