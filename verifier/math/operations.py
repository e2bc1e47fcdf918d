"""The operations on numbers, to the digits at work, each bounded before it is done."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
from mpmath import mp

from verifier.errors import VerifierError
from verifier.math.comparing.exact import TooLarge

MAX_LOG10 = 1_000_000
"""Numbers of more digits than this are not computed."""
MAX_ZETA = 100
_MAX_DOUBLE_FACTORIAL = 10_000


class Undefined(VerifierError):
    """The expression has no value here: a pole, infinity, or an operation that is not known."""


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


def _double_factorial(value: int) -> int:
    if value > _MAX_DOUBLE_FACTORIAL:
        raise TooLarge
    if value < -1:
        raise Undefined
    return math.prod(range(value, 1, -2))


def _gamma(value: Any) -> Any:
    return _factorial(value - 1)


def _zeta(value: Any) -> Any:
    if abs(value) > MAX_ZETA:
        raise TooLarge
    return mpmath.zeta(value)


def _binomial(top: Any, bottom: Any) -> Any:
    if abs(top) > 100_000 or abs(bottom) > 100_000:
        raise TooLarge
    return mpmath.binomial(top, bottom)


def _arrangements(top: Any, bottom: Any) -> Any:
    return _factorial(top) / _factorial(top - bottom)


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


def _of_integers(function: Callable[..., int]) -> Callable[..., Any]:
    """A function of integers as one of numbers that must be some."""

    def checked(*values: Any) -> Any:
        if not all(map(mpmath.isint, values)):
            raise Undefined
        return mpmath.mpf(function(*map(int, values)))

    return checked


def _step(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def exact(value: Any) -> Any:
        if isinstance(value, mpmath.mpc):
            raise Undefined
        nearest = mpmath.nint(value)
        if value != nearest and abs(value - nearest) < mpmath.mpf(10) ** -(mp.dps - 10):
            return nearest  # an integer but for rounding
        return function(value)

    return exact


def _remainder(value: int, modulus: int) -> int:
    if modulus == 0:
        raise Undefined
    return value % modulus


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": _exponential,
    "ln": _natural_logarithm,
    "cis": _periodic(mpmath.expj),
    "gcd": _of_integers(math.gcd),
    "lcm": _of_integers(math.lcm),
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "sgn": mpmath.sign,
    "erf": mpmath.erf,
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
"""Functions that go by their names, `\\sin x` or `sin(x)`: the reader knows them from here."""
OPERATIONS: dict[str, Callable[..., Any]] = {
    **FUNCTIONS,
    "+": lambda *values: mpmath.fsum(values),
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": _power,
    "neg": lambda a: -a,
    "sqrt": mpmath.sqrt,
    "root": _root,
    "abs": abs,
    "norm": abs,
    "!": _factorial,
    "!!": _of_integers(_double_factorial),
    "Gamma": _gamma,
    "zeta": _zeta,
    "binom": _binomial,
    "choose": _binomial,
    "perm": _arrangements,
    "arrange": _arrangements,
    "floor": _step(mpmath.floor),
    "ceil": _step(mpmath.ceil),
    "rem": _of_integers(_remainder),
    "degree": lambda a: a * mpmath.pi / 180,
}
"""All that is computed, by the operation's name in the tree; logarithms depend on their base."""
