"""Evaluates trees: exactly where they are rational numbers, else numerically at chosen points.

Two expressions that agree to 30 digits at several independent points are equal for all purposes
of grading, and two that differ at one point are not: no simplifier has to find the way from one to
the other. Every operation is bounded before it is carried out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.tree import (
    Apply,
    Node,
    Number,
    Quantity,
    Symbol,
    children_of,
    operations_of,
    symbols_of,
)

DIGITS = 50
AGREEMENT = 30
"""Digits to which values must agree."""
MAX_EXACT_BITS = 20_000
MAX_LOG10 = 1_000_000
"""Numbers of more digits than this are not computed."""

CONSTANTS = frozenset({"pi", "e", "i", "oo"})


class Undefined(Exception):
    """The expression has no value here: a pole, infinity, or an operation that is not known."""


class TooLarge(Exception):
    """A number in it is too large to be computed."""


# -- exact values


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
    return Fraction(int(mpmath.fac(0)) if value == 0 else _product(1, int(value)))


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

# -- numeric values


def point(names: frozenset[str], number: int) -> dict[str, Any]:
    """Values for symbols; the same for the same names and number everywhere.

    The first points are positive, the later ones of either sign."""
    return {name: _coordinate(name, number) for name in names - CONSTANTS}


@lru_cache(maxsize=4096)
def _coordinate(name: str, number: int) -> Any:
    digest = hashlib.sha256(f"{number}:{name}".encode()).digest()
    with mp.workdps(DIGITS):
        value = mpmath.mpf(int.from_bytes(digest[:20], "big")) / 2**160 * 3 + mpmath.mpf("0.25")
        return -value if number >= POSITIVE_POINTS and digest[20] % 2 else value


POSITIVE_POINTS = 3
POINTS = 8


class Evaluator:
    """Evaluates trees at one point. `real` tells afterwards whether every value met was real."""

    def __init__(self, at: Mapping[str, Any], *, natural_log: bool) -> None:
        self._at = at
        self.is_constant = not at
        self._natural_log = natural_log
        self.real = True

    def value(self, node: Node) -> Any:
        """An mpmath number. Raises Undefined or TooLarge."""
        match node:
            case Number():
                return mpmath.mpf(node.value.numerator) / node.value.denominator
            case Symbol(name):
                return self._symbol(name)
            case Quantity(value, _):
                return self.value(value)
            case Apply("call", (Symbol(name), *args)):
                return self._opaque(name, [self.value(arg) for arg in args])
            case Apply("log" | "lg", args):
                return self._checked(self._logarithm(node.op, args))
            case Apply(op, args) if op in _NUMERIC:
                values = [self.value(arg) for arg in args]
                try:
                    return self._checked(_NUMERIC[op](*values))
                except (ZeroDivisionError, ValueError, TypeError, mpmath.libmp.NoConvergence):
                    raise Undefined from None
                except OverflowError:
                    raise TooLarge from None
            case _:
                raise Undefined

    def _checked(self, value: Any) -> Any:
        if not mpmath.isfinite(value):
            raise Undefined
        if isinstance(value, mpmath.mpc):
            if value.imag == 0 or abs(value.imag) < abs(value.real) * mpmath.mpf(10) ** -(
                DIGITS - 8
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

    def _opaque(self, name: str, values: list[Any]) -> Any:
        """An unknown function: some smooth function that nothing else equals."""
        total = _coordinate("function " + name, 0)
        for position, value in enumerate(values):
            weight = _coordinate(f"function {name} {position}", 0)
            if abs(value) > 1000:
                raise Undefined
            total += weight * value + mpmath.sin(weight * value * value + 1) / 3
        return total


def _power(base: Any, exponent: Any) -> Any:
    if base == 0:
        if mpmath.re(exponent) <= 0:
            raise Undefined
        return mpmath.mpf(0)
    if abs(exponent) > 1e12 or abs(mpmath.re(exponent * mpmath.log(base))) > MAX_LOG10 * 2.302585:
        if abs(base) == 1:
            raise Undefined
        raise TooLarge
    return mpmath.power(base, exponent)


def _root(radicand: Any, index: Any) -> Any:
    if index == 0:
        raise Undefined
    real = not isinstance(radicand, mpmath.mpc) and not isinstance(index, mpmath.mpc)
    if real and radicand < 0 and abs(index) < 1000 and index == int(index) and int(index) % 2:
        return -_power(-radicand, 1 / index)
    return _power(radicand, 1 / index)


def _factorial(value: Any) -> Any:
    if abs(value) > 100_000:
        raise TooLarge
    return mpmath.gamma(value + 1)


def _binomial(top: Any, bottom: Any) -> Any:
    if abs(top) > 100_000 or abs(bottom) > 100_000:
        raise TooLarge
    return mpmath.binomial(top, bottom)


def _periodic(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def bounded(value: Any) -> Any:
        if abs(value) > 1e15:
            raise TooLarge
        return function(value)

    return bounded


def _exponential(value: Any) -> Any:
    return _power(+mpmath.e, value)


def _hyperbolic(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def bounded(value: Any) -> Any:
        if abs(value) > MAX_LOG10:
            raise TooLarge
        return function(value)

    return bounded


def _natural_logarithm(value: Any) -> Any:
    if value == 0:
        raise Undefined
    return mpmath.log(value)


def _step(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def exact(value: Any) -> Any:
        if isinstance(value, mpmath.mpc):
            raise Undefined
        nearest = mpmath.nint(value)
        if value != nearest and abs(value - nearest) < mpmath.mpf(10) ** -(DIGITS - 10):
            return nearest  # an integer but for rounding
        return function(value)

    return exact


_NUMERIC: dict[str, Callable[..., Any]] = {
    "+": lambda *values: mpmath.fsum(values),
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": _power,
    "neg": lambda a: -a,
    "sqrt": mpmath.sqrt,
    "root": _root,
    "abs": abs,
    "norm": abs,
    "exp": _exponential,
    "ln": _natural_logarithm,
    "!": _factorial,
    "binom": _binomial,
    "perm": lambda n, k: _factorial(n) / _factorial(n - k),
    "floor": _step(mpmath.floor),
    "ceil": _step(mpmath.ceil),
    "degree": lambda a: a * mpmath.pi / 180,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "sgn": mpmath.sign,
    **{
        name: _periodic(getattr(mpmath, name))
        for name in ("sin", "cos", "tan", "cot", "sec", "csc")
    },
    **{name: _hyperbolic(getattr(mpmath, name)) for name in ("sinh", "cosh", "tanh", "coth")},
    **{name: _hyperbolic(getattr(mpmath, name)) for name in ("sech", "csch")},
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "arccot": mpmath.acot,
    "arcsec": mpmath.asec,
    "arccsc": mpmath.acsc,
    "arsinh": mpmath.asinh,
    "arcosh": mpmath.acosh,
    "artanh": mpmath.atanh,
}


def constant_value(node: Node) -> Any | None:
    """The value of an expression without variables; None where it has variables or no value.

    Raises TooLarge."""
    if symbols_of(node) - (CONSTANTS - {"oo"}):
        return None
    with mp.workdps(DIGITS):
        try:
            return Evaluator({}, natural_log=False).value(node)
        except Undefined:
            return None


def agree(left: Any, right: Any, digits: int = AGREEMENT) -> bool:
    """Whether two values are the same but for rounding."""
    size = max(abs(left), abs(right))
    if size < _NOTHING:  # what is left of a zero
        return True
    return bool(abs(left - right) <= size * mpmath.mpf(10) ** -digits)


_NOTHING = mpmath.mpf(10) ** -(DIGITS - 10)


def same_function(left: Node, right: Node) -> bool | None:
    """Whether two scalar expressions are equal for all values of their variables; None where too
    few points can be evaluated to tell. Raises TooLarge.

    Radicals are compared as textbooks do, for variables that make them real: a point at which a
    value on the way is not real decides only where the point's variables are positive."""
    bases = (False, True) if _has_bare_log(left) or _has_bare_log(right) else (False,)
    results = [_same_at_points(left, right, natural_log=natural) for natural in bases]
    if True in results:
        return True
    return None if None in results else False


def _has_bare_log(node: Node) -> bool:
    if isinstance(node, Apply) and node.op == "log" and len(node.args) == 1:
        return True
    return any(map(_has_bare_log, children_of(node)))


def _same_at_points(left: Node, right: Node, *, natural_log: bool) -> bool | None:
    names = symbols_of(left) | symbols_of(right)
    variables = names - CONSTANTS
    strict_domain = ("abs" in operations_of(left)) != ("abs" in operations_of(right))
    tested = 0
    for number in range(POINTS if variables else 1):
        at = point(names, number)
        ours, theirs = (Evaluator(at, natural_log=natural_log) for _ in range(2))
        with mp.workdps(DIGITS):
            values = _value_or_none(ours, left), _value_or_none(theirs, right)
        if values[0] is None or values[1] is None:
            if values[0] is values[1]:
                continue
            return False if variables else None
        if number >= POSITIVE_POINTS and not (ours.real and theirs.real):
            if strict_domain and ours.real != theirs.real:
                return False
            if "i" not in names:
                continue
        if not agree(*values) or not _agree_closely(left, right, at, values[0], natural_log):
            return False
        tested += 1
    return True if tested >= min(2, len(variables) + 1) else None


def _value_or_none(evaluator: Evaluator, node: Node) -> Any | None:
    try:
        return evaluator.value(node)
    except Undefined:
        return None
    except TooLarge:
        if evaluator.is_constant:
            raise
        return None  # at this point; another may do


def _agree_closely(
    left: Node, right: Node, at: Mapping[str, Any], value: Any, natural_log: bool
) -> bool:
    """Whether large values agree behind the point as well: 2^300 pi is not 2^300 pi + 1."""
    if abs(value) < 10**10 or abs(value) > mpmath.mpf(10) ** 2000:
        return True
    extra = int(mpmath.log10(abs(value)))
    with mp.workdps(DIGITS + extra):
        closer = [Evaluator(at, natural_log=natural_log).value(node) for node in (left, right)]
        return agree(closer[0], closer[1], AGREEMENT + extra)
