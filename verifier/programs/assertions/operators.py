"""The operators that the trusted reader of assertion suites evaluates itself."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Sized
from fractions import Fraction
from typing import Any

from verifier.programs.assertions.meter import Meter, Unsupported, pay_for

MAX_BITS = 100_000
MAX_ITEMS = 1_000_000


def unary(meter: Meter, function: Callable[[Any], Any], value: Any) -> Any:
    """`-value` and the like."""
    if isinstance(value, Fraction):
        raise Unsupported("arithmetic on a fraction, which may have been a decimal")
    pay_for(meter, value)
    return function(value)


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}


def binary(meter: Meter, kind: type[ast.operator], left: Any, right: Any) -> Any:
    """`left <operator> right`. Raises Unsupported for huge results and for text formatting."""
    function = _BINARY.get(kind)
    if function is None or (kind is ast.Mod and isinstance(left, str | bytes | bytearray)):
        raise Unsupported("text formatting or matrix multiplication")
    for value in (left, right):
        meter.spend(len(value) if isinstance(value, Sized) else 1)
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        raise Unsupported("arithmetic on a fraction, which may have been a decimal")
    if isinstance(left, int) and isinstance(right, int):
        _refuse_huge_integer(kind, left, right)
    elif kind is ast.Mult:
        for values, times in ((left, right), (right, left)):
            if isinstance(values, Sized) and isinstance(times, int):
                if len(values) * times > MAX_ITEMS:
                    raise Unsupported("a very long repetition")
                meter.spend(max(0, len(values) * times))
    return function(left, right)


def _refuse_huge_integer(kind: type[ast.operator], left: int, right: int) -> None:
    bits = {
        ast.Mult: left.bit_length() + right.bit_length(),
        ast.Pow: left.bit_length() * max(0, right),
        ast.LShift: left.bit_length() + max(0, right),
        ast.FloorDiv: math.isqrt(left.bit_length() * right.bit_length()),
        ast.Mod: math.isqrt(left.bit_length() * right.bit_length()),
    }.get(kind, 0)
    if bits > MAX_BITS:
        raise Unsupported("a very large integer")
