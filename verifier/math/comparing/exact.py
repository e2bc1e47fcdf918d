"""The rational number that a tree is, worked out exactly and within bounds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial, gcd, lcm, perm, prod

from verifier.errors import VerifierError
from verifier.math.tree import Apply, Node, Number, Quantity

MAX_EXACT_BITS = 4_000_000
"""More than a million digits: what is longer is computed by nobody."""
_MAX_FACTORIAL = 100_000


class TooLarge(VerifierError):
    """A number in it is too large to be computed."""


def exact_value(node: Node) -> Fraction | None:
    """The rational number a tree is, where that is seen without effort. Raises TooLarge."""
    match node:
        case Number():
            return node.value
        case Quantity(value):
            return exact_value(value)
        case Apply(op, args) if op in _EXACT:
            values: list[Fraction] = []
            for arg in args:
                part = exact_value(arg)
                if part is None:
                    return None
                values.append(part)
            result = _EXACT[op](*values)
            if result is not None:
                _check_bits(result)
            return result
        case _:
            return None


def _check_bits(value: Fraction) -> None:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_EXACT_BITS:
        raise TooLarge


def _exact_sum(*values: Fraction) -> Fraction:
    return sum(values, Fraction(0))


def _exact_quotient(top: Fraction, bottom: Fraction) -> Fraction | None:
    return None if bottom == 0 else top / bottom


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or (base == 0 and exponent <= 0):
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(base) == 1:
        return base if exponent % 2 else Fraction(1)
    if abs(exponent) * (bits - 1) > MAX_EXACT_BITS:
        raise TooLarge
    return base ** int(exponent)


def _exact_factorial(value: Fraction) -> Fraction | None:
    if value.denominator != 1 or value < 0:
        return None
    if value > _MAX_FACTORIAL:
        raise TooLarge
    return Fraction(factorial(int(value)))


def _exact_double_factorial(value: Fraction) -> Fraction | None:
    if value.denominator != 1 or value < -1:
        return None
    if value > _MAX_FACTORIAL:
        raise TooLarge
    return Fraction(prod(range(int(value), 1, -2)))


def _exact_binomial(top: Fraction, bottom: Fraction) -> Fraction | None:
    return _chosen(comb, top, bottom)


def _exact_arrangements(top: Fraction, bottom: Fraction) -> Fraction | None:
    return _chosen(perm, top, bottom)


def _chosen(count: Callable[[int, int], int], top: Fraction, bottom: Fraction) -> Fraction | None:
    if top.denominator != 1 or bottom.denominator != 1 or not 0 <= bottom <= top:
        return None
    if top > _MAX_FACTORIAL:
        raise TooLarge
    return Fraction(count(int(top), int(bottom)))


def _exact_of_integers(function: Callable[..., int]) -> Callable[..., Fraction | None]:
    def exact(*values: Fraction) -> Fraction | None:
        if any(value.denominator != 1 for value in values):
            return None
        return Fraction(function(*map(int, values)))

    return exact


def _exact_remainder(value: Fraction, modulus: Fraction) -> Fraction | None:
    if value.denominator != 1 or modulus.denominator != 1 or modulus == 0:
        return None
    return value % modulus


_EXACT: dict[str, Callable[..., Fraction | None]] = {
    "+": _exact_sum,
    "*": lambda a, b: a * b,
    "/": _exact_quotient,
    "^": _exact_power,
    "neg": lambda a: -a,
    "abs": abs,
    "floor": lambda a: Fraction(a.__floor__()),
    "ceil": lambda a: Fraction(a.__ceil__()),
    "!": _exact_factorial,
    "!!": _exact_double_factorial,
    "binom": _exact_binomial,
    "choose": _exact_binomial,
    "perm": _exact_arrangements,
    "arrange": _exact_arrangements,
    "gcd": _exact_of_integers(gcd),
    "lcm": _exact_of_integers(lcm),
    "rem": _exact_remainder,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
}
