"""Values for suites and candidates: as Python source, so that every run makes them anew."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

SCALARS = [
    *["None", "True", "False", "0", "1", "-1", "2", "3", "7", "-3", "10", "97"],
    *["0.0", "-0.0", "1.0", "0.5", "2.5", "1e-9", "-1.5", "1e300", "3.0"],
    *[
        "float('inf')",
        "float('-inf')",
        "float('nan')",
        "2**63",
        "2**64+1",
        "-2**65",
        "1j",
        "(1+0j)",
    ],
    *["''", "'a'", "'ab'", "'b'", "'A'", "'aab'", "'a b'", "' a'", "'1'", "'3.5'", "'ß'", "'\\n'"],
    *["b''", "b'a'", "b'ab'", "bytearray(b'a')"],
]
"""Of scalar types, with those that equal one another and those that equal nothing."""
UNUSUAL = [
    *["Fraction(1, 2)", "Fraction(3)", "Decimal('0.5')", "Decimal('0.1')", "Decimal('3')"],
    *["range(3)", "range(0)", "range(1, 7, 2)", "Counter('aab')", "Counter()", "Counter(a=0, b=1)"],
    *["defaultdict(int, {'a': 1})", "OrderedDict([('b', 1), ('a', 2)])", "deque([1, 2])"],
    *[
        "iter([1, 2])",
        "(x for x in (2, 1))",
        "{'a': 1}.keys()",
        "{'a': 1}.items()",
        "map(int, '12')",
    ],
    *[
        "deque()",
        "Point(1, 2)",
        "[iter([1])]",
        "{'a': deque([1])}",
        "zip('ab', (1, 2))",
        "object()",
    ],
]
"""What has no literal, is of a subclass, or is no plain data."""
_NAMES = {
    kind.__name__: kind for kind in (Counter, Decimal, Fraction, OrderedDict, defaultdict, deque)
} | {"Point": namedtuple("Point", "x y")}


def names() -> dict[str, Any]:
    """What these sources need."""
    return dict(_NAMES)


def literal(rng: Random, depth: int = 2) -> str:
    """A value that a suite can write down."""
    kind = rng.random()
    if depth == 0 or kind < 0.35:
        return rng.choice(SCALARS)
    size = rng.choice([0, 1, 1, 2, 2, 3, 4])
    if kind < 0.5:
        return _listed("[]", _alike(rng, size))
    if kind < 0.62:
        return _listed("[]", [literal(rng, depth - 1) for _ in range(size)])
    if kind < 0.74:
        return _tuple([literal(rng, depth - 1) for _ in range(size)])
    if kind < 0.86:
        items = [f"{_hashable(rng)}: {literal(rng, depth - 1)}" for _ in range(size)]
        return _listed("{}", items)
    members = [_hashable(rng) for _ in range(size)]
    if kind < 0.95 and members:
        return _listed("{}", members)
    return f"frozenset({_listed('[]', members)})"


def answer(rng: Random) -> str:
    """A value that a candidate may return."""
    return rng.choice(UNUSUAL) if rng.random() < 0.15 else literal(rng)


def near(rng: Random, source: str) -> str:
    """A value that is nearly that of `source`, or of another type, or another altogether."""
    forms = [
        "list({})",
        "tuple({})",
        "set({})",
        "[{}]",
        "({},)",
        "str({})",
        "sorted({})",
        "dict({})",
    ]
    forms += [
        "{} + 1",
        "{} + 1e-9",
        "float({})",
        "int({})",
        "bool({})",
        "-{}",
        "{}[::-1]",
        "{}[:-1]",
    ]
    forms += ["{} + {}", "iter({})", "repr({})", "Fraction({})", "Decimal({})", "complex({})"]
    forms += ["dict.fromkeys({})", "{{c: -99 for c in {}}}", "{{c: 1 for c in {}}}", "Counter({})"]
    forms += [
        "[*{}, 0]",
        "frozenset({})",
        "{}.encode()",
        "{}.upper()",
        "deque({})",
        "defaultdict(int, {})",
    ]
    kind = rng.random()
    if kind < 0.15:
        return answer(rng)
    if kind < 0.3:
        return rng.choice(SCALARS)
    for _ in range(6):
        found = rng.choice(forms).format(f"({source})", f"({source})")
        if evaluated(found) is not None:
            return found
    return answer(rng)


def evaluated(source: str) -> Any:
    """The value of `source`, None where it has none."""
    try:
        return eval(source, names())
    except Exception:  # noqa: BLE001 - forms are put together at random
        return None


def written(value: Any) -> str | None:
    """Source of which a suite can make this value, None where there is none."""
    if value is None or type(value) in (bool, int, str, bytes):
        shown = repr(value)
        return None if "0x" in shown else shown  # an address is another in every run
    if type(value) is float:
        return repr(value) if math.isfinite(value) else f"float('{value}')"
    if type(value) is complex and math.isfinite(value.real) and math.isfinite(value.imag):
        return repr(value)
    if type(value) is range:
        return repr(value)
    if type(value) is dict or type(value) is Counter:
        pairs = [(written(key), written(item)) for key, item in value.items()]
        if any(None in pair for pair in pairs):
            return None
        shown = "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
        return shown if type(value) is dict else f"Counter({shown})"
    if type(value) not in (list, tuple, set, frozenset):
        return None
    items = [written(item) for item in value]
    if None in items:
        return None
    known = [item for item in items if item is not None]
    if type(value) is tuple:
        return _tuple(known)
    shown = _listed("[]", known)
    return shown if type(value) is list else f"{type(value).__name__}({shown})"


def _alike(rng: Random, size: int) -> list[str]:
    """Members of one kind: what is sorted, summed up and joined."""
    kinds = [["0", "1", "2", "3", "-1"], ["'a'", "'b'", "'ab'", "''"], ["1.5", "0.5", "2.0", "1"]]
    kinds += [["[1]", "[2, 3]", "[]"], ["(1, 'a')", "(2, 'b')", "(1, 'b')"], ["True", "False", "1"]]
    return rng.choices(rng.choice(kinds), k=size)


def _hashable(rng: Random) -> str:
    return rng.choice([*SCALARS[:-1], "(1, 2)", "('a',)", "frozenset({1})", "'c'", "'d'", "4", "5"])


def _listed(brackets: str, items: list[str]) -> str:
    return brackets[0] + ", ".join(items) + brackets[1]


def _tuple(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
