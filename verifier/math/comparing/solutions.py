"""General solutions of differential equations: the same functions, however their free constants are
called and whatever these stand with (`C_1 e^x + C_2 e^{-x}`, `A \\cosh x + B \\sinh x`).

They are compared as wholes: the constants of a vector's entries, or of several functions, are the
same ones. Constants are free where the reference numbers them and is a sum of independent
functions, each times one of them: the `C_2` of `C_2 \\times S_4` is none, and `C_1 V - C_2 V` is a
difference of capacities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.constants import ALGEBRAIC, INTEGRATED_OVER
from verifier.math.comparing.evaluate import agree, same_function
from verifier.math.comparing.names import named, names_given, with_parameters_of
from verifier.math.comparing.numeric import CONSTANTS, Evaluator
from verifier.math.comparing.points import DIGITS, points_for
from verifier.math.literals import PlainNumber
from verifier.math.operations import Undefined
from verifier.math.tree import (
    Apply,
    Bracketed,
    Listing,
    Matrix,
    Node,
    Number,
    Symbol,
    operations_of,
    replace_symbols,
    symbols_of,
)

MAX_FREE = 4
MAX_ENTRIES = 9
_FREE = re.compile(r"[Cc]_[0-9]")
_FREE_IN_ANSWERS = re.compile(r"[CcKk]_[0-9]|[ABCDK]")
_ZERO, _ONE = (Number(PlainNumber(Fraction(value))) for value in (0, 1))

Entries = tuple[Node, ...]
"""The functions that a solution is made of: one, or those of a vector."""


def same_general_solutions(reference: Node, answer: Node) -> bool:
    """Whether both are the same functions for all values of their free constants. A single one must
    stand where it stood, for with it any factor would do."""
    mine, yours = _entries_of_both(reference, answer)
    names = _symbols_of_all(mine)
    free = sorted(filter(_FREE.fullmatch, names))
    variables = names - set(free)
    others = sorted(_symbols_of_all(yours) - variables)
    if not 1 <= len(free) == len(others) <= MAX_FREE or not variables & INTEGRATED_OVER:
        return False
    if len(variables) > 1 and not operations_of(Listing(mine)) - ALGEBRAIC:
        return False
    if not all(map(_FREE_IN_ANSWERS.fullmatch, others)) or (first := _linear(mine, free)) is None:
        return False
    if len(free) == 1:
        renamed = _with_symbols(yours, {others[0]: Symbol(free[0])})
        return free[0].endswith("_1") and _are_same(mine, renamed)
    second = _linear(yours, others)
    return second is not None and all(
        _is_made_of(first.parts, part) for part in (*second.parts, _minus(first.rest, second.rest))
    )


def _entries_of_both(reference: Node, answer: Node) -> tuple[Entries, Entries]:
    """Empty where they are of different things, or of nothing that can be compared."""
    mine, yours = _named_entries(reference), _named_entries(answer)
    if not 1 <= len(mine) == len(yours) <= MAX_ENTRIES:
        return (), ()
    if all(name is not None for name, _ in (*mine, *yours)):
        mine.sort(key=lambda entry: str(entry[0]))
        yours.sort(key=lambda entry: str(entry[0]))
        rewritten = [
            with_parameters_of(other, value, name)
            for (name, _), (other, value) in zip(mine, yours, strict=True)
            if name is not None and other is not None
        ]
    else:
        rewritten = [value for _, value in yours]
    entries = tuple(value for value in rewritten if value is not None)
    return (tuple(value for _, value in mine), entries) if len(entries) == len(mine) else ((), ())


def _named_entries(node: Node) -> list[tuple[Node | None, Node]]:
    """Each function with what it is called."""
    match node:
        case Listing(items):
            return names_given(items) or []
        case Matrix(rows):
            return [(None, entry) for row in rows for entry in row]
        case Bracketed("(", items, ")"):
            return [(None, item) for item in items]
        case _:
            part = named(node)
            if part is None or part.roundings:
                return []
            value = part.values[-1]
            whole = isinstance(value, Matrix | Bracketed)
            return _named_entries(value) if whole else [(part.name, value)]


@dataclass(frozen=True, slots=True)
class _Linear:
    """Sums of functions, each times a constant, and what has none."""

    parts: tuple[Entries, ...]
    rest: Entries


def _linear(entries: Entries, names: list[str]) -> _Linear | None:
    """None where they are no such sums, or one of the functions can be made of the others."""
    zero: dict[str, Node] = dict.fromkeys(names, _ZERO)
    rest = _with_symbols(entries, zero)
    parts = tuple(_minus(_with_symbols(entries, {**zero, name: _ONE}), rest) for name in names)
    sums = tuple(
        Apply("+", (left, *map(_times, names, row)))
        for left, *row in zip(rest, *parts, strict=True)
    )
    if not _are_same(entries, sums):
        return None
    dependent = any(_is_made_of(parts[:at], part) for at, part in enumerate(parts))
    return None if dependent else _Linear(parts, rest)


def _is_made_of(parts: tuple[Entries, ...], entries: Entries) -> bool:
    """Whether functions are sums of others, each times a number: the same one in each entry."""
    whole = Listing(tuple(entry for one in (*parts, entries) for entry in one))
    rows: list[list[Any]] = []
    with mp.workdps(DIGITS):
        for point in points_for(symbols_of(whole) - CONSTANTS, operations_of(whole)):
            evaluator = Evaluator(point.values, natural_log=True)
            try:
                rows += [
                    [evaluator.value(entry) for entry in row]
                    for row in zip(*parts, entries, strict=True)
                ]
            except Undefined:
                continue
        if len(rows) < len(parts) + 2:
            return False
        factors: list[Any] = []
        if parts:
            left = mpmath.matrix([row[:-1] for row in rows])
            try:
                found, _ = mpmath.qr_solve(left, mpmath.matrix([row[-1] for row in rows]))
            except (ZeroDivisionError, ValueError):
                return False
            factors = list(found)
        return all(
            agree(mpmath.fdot(factors, row[:-1]) + 1, row[-1] + 1)  # of zeros, too
            for row in rows
        )


def _symbols_of_all(entries: Entries) -> frozenset[str]:
    return symbols_of(Listing(entries)) - CONSTANTS


def _with_symbols(entries: Entries, symbols: dict[str, Node]) -> Entries:
    return tuple(replace_symbols(entry, symbols) for entry in entries)


def _times(name: str, function: Node) -> Node:
    return Apply("*", (Symbol(name), function))


def _minus(entries: Entries, others: Entries) -> Entries:
    pairs = zip(entries, others, strict=True)
    return tuple(Apply("+", (one, Apply("neg", (other,)))) for one, other in pairs)


def _are_same(entries: Entries, others: Entries) -> bool:
    return all(
        same_function(one, other) is True for one, other in zip(entries, others, strict=True)
    )
