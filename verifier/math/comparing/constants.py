"""Free constants: the same general solution whatever they are called (`C_1 e^x + C_2 e^{-x}`), the
same antiderivative whatever is added to them (`\\ln|2x| + C`).

A letter is no free constant by its name alone: the `c` of `a + b + c` and the `C_2` of
`C_2 \\times S_4` are what the question is about. What they stand in must look the part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mp

from verifier.math.comparing.evaluate import agree, same_function
from verifier.math.comparing.names import named
from verifier.math.comparing.numeric import CONSTANTS, Evaluator
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same
from verifier.math.comparing.points import DIGITS, points_for
from verifier.math.literals import PlainNumber
from verifier.math.operations import Undefined
from verifier.math.tree import (
    Apply,
    Node,
    Number,
    Symbol,
    children_of,
    operations_of,
    replace_symbols,
    symbols_of,
)

MAX_FREE = 3
_ARBITRARY = ("C", "c", "K", "k", "C_1", "c_1")
"""Names that a constant of integration goes by."""
_INTEGRATED_OVER = frozenset(
    (*"rstuvwxyz", "theta", "phi", "varphi", "rho", "tau", "xi", "omega", "alpha")
)
"""Variables that integrals and differential equations are about."""
_FREE = re.compile(r"[Cc]_[0-9]")
_FREE_IN_ANSWERS = re.compile(r"[CcKk]_[0-9]|[ABCK]")
_ALGEBRAIC = frozenset(("+", "*", "/", "^", "neg", "sqrt", "root"))
_ZERO, _ONE = (Number(PlainNumber(Fraction(value))) for value in (0, 1))


def same_general_solutions(reference: Node, answer: Node) -> bool:
    """Whether both are the same functions of one variable, for all values of their free constants.

    Constants are free where the reference numbers them and is a sum of independent functions, each
    times one of them: `C_1 V - C_2 V` is a difference of capacities. The answer's may have other
    names and stand with other functions, if the same sums can be made of these; a single one must
    stand where it stood, for any factor would do."""
    names = symbols_of(reference) - CONSTANTS
    mine = sorted(filter(_FREE.fullmatch, names))
    variables = names - set(mine)
    yours = sorted(symbols_of(answer) - CONSTANTS - variables)
    if not 1 <= len(mine) == len(yours) <= MAX_FREE or not variables & _INTEGRATED_OVER:
        return False
    if len(variables) > 1 and (len(mine) == 1 or not operations_of(reference) - _ALGEBRAIC):
        return False
    if not all(map(_FREE_IN_ANSWERS.fullmatch, yours)):
        return False
    if len(mine) == 1:
        renamed = replace_symbols(answer, {yours[0]: Symbol(mine[0])})
        first_of_all = mine[0][2:] == "1" and _linear_in(reference, mine) is not None
        return first_of_all and same_function(reference, renamed) is True
    first, second = _linear_in(reference, mine), _linear_in(answer, yours)
    if first is None or second is None:
        return False
    difference = Apply("+", (first.rest, Apply("neg", (second.rest,))))
    return all(_is_made_of(first.parts, part) for part in (*second.parts, difference))


@dataclass(frozen=True, slots=True)
class _Linear:
    """A sum of functions, each times a constant, and what has none."""

    parts: tuple[Node, ...]
    rest: Node


def _linear_in(node: Node, names: list[str]) -> _Linear | None:
    """None where it is no such sum, or one of the functions can be made of the others."""
    zero: dict[str, Node] = dict.fromkeys(names, _ZERO)
    rest = replace_symbols(node, zero)
    parts = tuple(
        Apply("+", (replace_symbols(node, {**zero, name: _ONE}), Apply("neg", (rest,))))
        for name in names
    )
    products = (Apply("*", (Symbol(n), part)) for n, part in zip(names, parts, strict=True))
    if same_function(node, Apply("+", (rest, *products))) is not True:
        return None
    independent = all(
        not _is_made_of(parts[:at], part) for at, part in enumerate(parts) if at
    ) and not _is_made_of((), parts[0])
    return _Linear(parts, rest) if independent else None


def _is_made_of(parts: tuple[Node, ...], node: Node) -> bool:
    """Whether a function is a sum of others, each times a number."""
    whole = Apply("+", (node, *parts))
    rows: list[list[Any]] = []
    with mp.workdps(DIGITS):
        for point in points_for(symbols_of(whole) - CONSTANTS, operations_of(whole)):
            evaluator = Evaluator(point.values, natural_log=True)
            try:
                rows.append([evaluator.value(one) for one in (*parts, node)])
            except Undefined:
                continue
        if len(rows) < len(parts) + 2:
            return False
        if not parts:
            return all(agree(row[0] + 1, 1) for row in rows)
        left = mpmath.matrix([row[:-1] for row in rows[: len(parts)]])
        right = mpmath.matrix([row[-1] for row in rows[: len(parts)]])
        try:
            factors = mpmath.lu_solve(left, right)
        except ZeroDivisionError:
            return False
        return all(
            agree(
                sum((f * value for f, value in zip(factors, row, strict=False)), mpmath.mpf(1)),
                row[-1] + 1,
            )
            for row in rows
        )


def same_antiderivatives(reference: Node, answer: Node) -> Ruling:
    """Expressions that end in a constant of integration: equal up to a constant."""
    mine, yours = _arbitrary_constant(reference), _arbitrary_constant(answer)
    if mine is None or yours is None or not _is_antiderivative(reference, mine):
        return False
    return _constant_difference(replace_symbols(reference, {mine: Symbol(yours)}), answer, yours)


def _constant_difference(reference: Node, answer: Node, constant: str) -> Ruling:
    """Whether two expressions that end with a constant differ by none but that."""
    zero: dict[str, Node] = {constant: _ZERO}
    difference = Apply(
        "+", (replace_symbols(reference, zero), Apply("neg", (replace_symbols(answer, zero),)))
    )
    variables = symbols_of(difference) - CONSTANTS
    moved: dict[str, Node] = {  # each by a distance of its own
        name: Apply("+", (Symbol(name), Number(PlainNumber(Fraction(1, 7 + at)))))
        for at, name in enumerate(sorted(variables))
    }
    unknown = symbols_of(answer) - symbols_of(reference) - CONSTANTS
    if not variables or unknown or "floor" in operations_of(difference):
        return False
    return same_function(difference, replace_symbols(difference, moved))


def same_but_for_a_constant_named(reference: Node, answer: Node, same: Same) -> Decision:
    """A reference that says which letter is a constant, as `where c is a constant`: an answer may
    have another letter for it, and if the value ends with it, be the same but for a constant."""
    if not _says_so(reference) and not _says_so(answer):
        return NOT_MINE
    mine, constant = _constant_named(reference)
    yours, other = _constant_named(answer)
    verdict = same(mine, yours)
    if constant is None or verdict:
        return verdict
    others = symbols_of(yours) - symbols_of(mine) - CONSTANTS
    if other is None and len(others) == 1:
        (other,) = others
    if other is not None and constant not in symbols_of(yours):
        yours = replace_symbols(yours, {other: Symbol(constant)})
        verdict = same(mine, yours)
    my_value, your_value = named(mine), named(yours)
    if verdict is False and my_value and your_value and my_value.name == your_value.name:
        return _same_up_to(my_value.values[-1], your_value.values[-1], constant)
    return verdict


def _says_so(node: Node) -> bool:
    return isinstance(node, Apply) and node.op == "constant"


def _constant_named(node: Node) -> tuple[Node, str | None]:
    match node:
        case Apply("constant", (value, Symbol(name))):
            return value, name
        case _:
            return node, None


def _same_up_to(reference: Node, answer: Node, constant: str) -> Decision:
    both = _arbitrary_constant(reference), _arbitrary_constant(answer)
    return _constant_difference(reference, answer, constant) if both == (constant,) * 2 else False


def _arbitrary_constant(node: Node) -> str | None:
    """The name of the constant of integration that an expression ends with."""
    if not isinstance(node, Apply) or node.op != "+":
        return None
    for name in _ARBITRARY:
        rest = [term for term in node.args if term != Symbol(name)]
        if len(rest) == len(node.args) - 1 and not any(name in symbols_of(term) for term in rest):
            return name
    return None


def _is_antiderivative(node: Node, constant: str) -> bool:
    """Whether an expression looks integrated: a capital C behind a function of such a variable, or
    any other letter behind what nobody gets but by integrating."""
    variables = symbols_of(node) - CONSTANTS - {constant}
    if not variables & _INTEGRATED_OVER:
        return False
    return constant in ("C", "C_1") or (
        len(variables) == 1 and any(map(_is_integrated, children_of(node)))
    )


def _is_integrated(term: Node) -> bool:
    """`x^3/3`, `\\ln x`: a power over a number, or more than powers."""
    has_power = "^" in operations_of(term) or "sqrt" in operations_of(term)
    return bool(operations_of(term) - _ALGEBRAIC) or (has_power and "/" in operations_of(term))
