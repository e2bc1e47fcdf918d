"""Free constants: the same general solution whatever they are called (`C_1 e^x + C_2 e^{-x}`), the
same antiderivative whatever is added to them (`\\ln|2x| + C`).

A letter is no free constant by its name alone: the `c` of `a + b + c` and the `C_2` of
`C_2 \\times S_4` are what the question is about. What they stand in must look the part."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations, permutations

from verifier.math.comparing.equations import constant_ratio
from verifier.math.comparing.evaluate import same_function
from verifier.math.comparing.names import named
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same
from verifier.math.literals import PlainNumber
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
    """Whether some naming of the answer's free constants makes it the reference.

    Constants are free where the reference numbers them and is a sum of independent functions of one
    variable, each times one of them: `C_1 V - C_2 V` is a difference of capacities."""
    mine = sorted(filter(_FREE.fullmatch, symbols_of(reference)))
    yours = sorted(filter(_FREE_IN_ANSWERS.fullmatch, symbols_of(answer)))
    variables = symbols_of(reference) - CONSTANTS - set(mine)
    if len(mine) != len(yours) or not 1 <= len(mine) <= MAX_FREE or len(variables) != 1:
        return False
    if not variables <= _INTEGRATED_OVER or (len(mine) == 1 and mine[0][2:] != "1"):
        return False
    if symbols_of(answer) - CONSTANTS - set(yours) != variables:
        return False
    if not _are_free(reference, mine):
        return False
    return any(
        same_function(
            reference,
            replace_symbols(answer, {a: Symbol(b) for a, b in zip(yours, order, strict=True)}),
        )
        is True
        for order in permutations(mine)
    )


def _are_free(node: Node, names: list[str]) -> bool:
    zero: dict[str, Node] = dict.fromkeys(names, _ZERO)
    rest = replace_symbols(node, zero)
    parts = [
        Apply("+", (replace_symbols(node, {**zero, name: _ONE}), Apply("neg", (rest,))))
        for name in names
    ]
    products = (Apply("*", (Symbol(n), part)) for n, part in zip(names, parts, strict=True))
    return same_function(node, Apply("+", (rest, *products))) is True and all(
        constant_ratio(one, other) is None for one, other in combinations(parts, 2)
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
