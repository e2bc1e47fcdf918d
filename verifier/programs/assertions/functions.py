"""The functions and methods that the trusted reader of assertion suites evaluates itself.

All work on plain data, call nothing of a candidate's and spend a meter, so that what a suite or a
returned value makes very long is left to the referee, like all that is not here. What no meter sees
coming, such as a set of numbers that share a hash, the evaluator's budget ends.
"""

from __future__ import annotations

import ast
import copy
import math
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from sandbox import Built, Opaque
from verifier.programs.assertions.meter import Meter, Unsupported, members, pay_for, weight
from verifier.programs.assertions.operators import binary, unary

Function = Callable[..., Any]
"""Called with the meter first."""

_TEXTS = (str, bytes, bytearray)
_SHOWN = (type(None), bool, int, float, complex, range, *_TEXTS, list, tuple, dict)
"""Of these types values have the same text on both sides of the wall. The order of a set is its
process's own."""
PLAIN = (*_SHOWN, set, frozenset, Fraction)
"""A fraction may have been a decimal, which equals it and is as large; all else may differ."""


def truth(value: Any) -> bool:
    """Python's truth of a value. Raises Unsupported for a node, OpaqueUsed for an object."""
    if isinstance(value, Built):
        raise Unsupported("the truth of a node")
    return bool(value)


def _over_members(function: Callable[..., Any]) -> Function:
    def call(meter: Meter, values: Any, *more: Any, **options: Any) -> Any:
        return function(members(meter, values), *more, **options)

    return call


def _plain(function: Callable[..., Any]) -> Function:
    def call(meter: Meter, *values: Any, **options: Any) -> Any:
        for value in values:
            pay_for(meter, value)
        return function(*values, **options)

    return call


def _shown(function: Callable[..., str]) -> Function:
    """`str` or `repr`, of what looks the same on this side of the wall."""

    def call(meter: Meter, *values: Any) -> Any:
        for part in parts(values):
            if not isinstance(part, _SHOWN):
                raise Unsupported(f"the text of a {type(part).__name__}")
        return _plain(function)(meter, *values)

    return call


def parts(value: Any) -> Iterator[Any]:
    """`value` and all that is in it."""
    pending = [value]
    while pending:
        found = pending.pop()
        yield found
        if isinstance(found, dict):
            pending += [*found, *found.values()]
        elif isinstance(found, list | tuple | set | frozenset):
            pending += found


def _of_hashables(kind: Callable[..., Any]) -> Function:
    def call(meter: Meter, values: Any = ()) -> Any:
        return kind(members(meter, values))

    return call


def _pairs(meter: Meter, values: Any = (), **named: Any) -> dict[Any, Any]:
    if isinstance(values, dict):
        return {**values, **named}
    pairs = [tuple(members(meter, pair)) for pair in members(meter, values)]
    return dict(pairs, **named)


def _range(meter: Meter, *bounds: Any) -> range:
    values = range(*bounds)
    meter.spend(len(values))
    return values


def _round(meter: Meter, number: Any, ndigits: Any = None) -> Any:
    if isinstance(ndigits, int) and abs(ndigits) > 1000:
        raise Unsupported("rounding to very many digits")
    if isinstance(number, Fraction):
        raise Unsupported("rounding a fraction, which may have been a decimal")
    return _plain(round)(meter, number, ndigits)


def _sum(meter: Meter, values: Any, start: Any = 0) -> Any:
    if isinstance(start, str | bytes | bytearray):
        raise TypeError("sum() takes no text to start with")
    summed = list(members(meter, values))
    if all(isinstance(value, int | float) for value in (start, *summed)):
        return sum(summed, start)  # from Python 3.12 on more exactly than one by one
    total = start
    for value in summed:
        total = binary(meter, ast.Add, total, value)
    return total


def _extreme(function: Callable[..., Any]) -> Function:
    def call(meter: Meter, *values: Any, **options: Any) -> Any:
        return function(members(meter, values[0] if len(values) == 1 else values), **options)

    return call


def _zip(meter: Meter, *values: Any, strict: Any = False) -> Any:
    return zip(*(members(meter, part) for part in values), strict=strict)


def _counter(meter: Meter, values: Any = None) -> Any:
    if values is None or isinstance(values, dict):
        return Counter(values)  # of counts; all else is counted itself
    return Counter(members(meter, values))


def _copied(copied: Callable[[Any], Any]) -> Function:
    def call(meter: Meter, value: Any) -> Any:
        if not isinstance(value, PLAIN):
            raise Unsupported("a copy of other than plain data")
        meter.spend(10 * weight(value))
        return copied(value)

    return call


def _is_instance(_: Meter, value: Any, types: Any) -> bool:
    wanted = types if isinstance(types, tuple) else (types,)
    if not all(isinstance(kind, TypeName) for kind in wanted):
        raise Unsupported("isinstance of a type that is not built in")
    kinds = tuple(kind.kind for kind in wanted)
    if isinstance(value, Opaque):
        if value.type_name in [kind.__name__ for kind in kinds]:
            raise Unsupported("the type of a returned object that is not plain data")
        return False
    return isinstance(value, kinds)


class TypeName:
    """A builtin type, named by a suite and called as a function by it."""

    def __init__(self, kind: type, function: Function) -> None:
        self.kind = kind
        self._function = function

    def __call__(self, *values: Any, **options: Any) -> Any:
        return self._function(*values, **options)


ITERATING: dict[str, Function] = {
    "all": _over_members(lambda values: all(map(truth, values))),
    "any": _over_members(lambda values: any(map(truth, values))),
    "sorted": _over_members(sorted),
    "enumerate": _over_members(enumerate),
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "list": TypeName(list, lambda meter, values=(): list(members(meter, values))),
    "tuple": TypeName(tuple, lambda meter, values=(): tuple(members(meter, values))),
    "set": TypeName(set, _of_hashables(set)),
    "frozenset": TypeName(frozenset, _of_hashables(frozenset)),
    "dict": TypeName(dict, _pairs),
    "zip": _zip,
    "collections.Counter": _counter,
}
"""Functions that iterate over their arguments, so that a returned iterator is worth draining."""

FUNCTIONS: dict[str, Function] = {
    "abs": lambda meter, value: unary(meter, abs, value),
    "len": _plain(len),
    "ord": _plain(ord),
    "chr": _plain(chr),
    "repr": _shown(repr),
    "reversed": _plain(reversed),
    "range": _range,
    "round": _round,
    "isinstance": _is_instance,
    "str": TypeName(str, _shown(str)),
    "int": TypeName(int, _plain(int)),
    "float": TypeName(float, _plain(float)),
    "bool": TypeName(bool, lambda _, value=False: truth(value)),
    "complex": TypeName(complex, _plain(complex)),
    "copy.deepcopy": _copied(copy.deepcopy),
    "copy.copy": _copied(copy.copy),
    **{
        f"math.{name}": _plain(getattr(math, name))
        for name in [
            "ceil",
            "cos",
            "exp",
            "fabs",
            "floor",
            "fmod",
            "gcd",
            "hypot",
            "isclose",
            "isfinite",
            "isinf",
            "isnan",
            "isqrt",
            "log",
            "log10",
            "log2",
            "radians",
            "degrees",
            "sin",
            "sqrt",
            "tan",
            "trunc",
        ]
    },
}

KEYWORDS = frozenset({"abs_tol", "default", "ndigits", "rel_tol", "reverse", "start", "strict"})
"""Keywords that these functions take; `key`, a function, is beyond the reader."""

CONSTANTS: dict[str, Any] = {
    f"math.{name}": getattr(math, name) for name in ("pi", "e", "inf", "nan")
}

_OF_MEMBERS = frozenset({"issubset", "issuperset", "isdisjoint"})
METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        [
            "count",
            "endswith",
            "find",
            "index",
            "isalnum",
            "isalpha",
            "isdigit",
            "islower",
            "isspace",
            "isupper",
            "lower",
            "lstrip",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "upper",
        ]
    ),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "items", "keys", "values"}),
    set: _OF_MEMBERS,
    frozenset: _OF_MEMBERS,
}
"""Methods that neither change their object nor return more than it holds."""
_COSTLY = frozenset({"count", "index", "strip", "lstrip", "rstrip"})
"""They may compare every part of their object with every part of their argument."""


def method(meter: Meter, owner: Any, name: str, values: list[Any]) -> Any:
    """`owner.name(*values)` for the methods above."""
    if isinstance(owner, str) and name == "join" and len(values) == 1:
        parts = list(members(meter, values[0]))
        meter.spend(len(owner) * len(parts) + sum(len(p) for p in parts if isinstance(p, str)))
        return owner.join(parts)
    if name in METHODS.get(type(owner), ()):
        meter.spend(len(owner) * (weight(values) if name in _COSTLY else 1))
        if name in _OF_MEMBERS:
            values = [members(meter, part) for part in values]
        return getattr(owner, name)(*values)
    if isinstance(owner, Opaque | Built) or hasattr(owner, name):
        raise Unsupported(f"the method {name!r} of a {type(owner).__name__}")
    raise AttributeError(f"a {type(owner).__name__} has no method {name!r} to call")


_ALL_METHODS = frozenset({"join"}).union(*METHODS.values())


def knows_method(name: str) -> bool:
    """Whether some builtin type's method of this name can be called."""
    return name in _ALL_METHODS
