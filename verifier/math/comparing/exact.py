"""The rational number that a tree is, worked out exactly and within bounds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb

from verifier.math.tree import Apply, Node, Number, Quantity

MAX_EXACT_BITS = 20_000


class TooLarge(Exception):
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
    if abs(exponent) * bits > MAX_EXACT_BITS:
        return Fraction(1) if base == 1 else None
    return base ** int(exponent)


def _exact_factorial(value: Fraction) -> Fraction | None:
    if value.denominator != 1 or not 0 <= value <= 1000:
        return None
    return Fraction(_product(1, int(value)))


def _product(low: int, high: int) -> int:
    result = 1
    for factor in range(low, high + 1):
        result *= factor
    return result


def _exact_binomial(top: Fraction, bottom: Fraction) -> Fraction | None:
    if top.denominator != 1 or bottom.denominator != 1 or not 0 <= bottom <= top <= 2000:
        return None
    return Fraction(comb(int(top), int(bottom)))


def _exact_arrangements(top: Fraction, bottom: Fraction) -> Fraction | None:
    if top.denominator != 1 or bottom.denominator != 1 or not 0 <= bottom <= top <= 1000:
        return None
    return Fraction(_product(int(top - bottom) + 1, int(top)))


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
    "binom": _exact_binomial,
    "perm": _exact_arrangements,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
}
