"""Free constants of integration: the same antiderivative whatever is added (`\\ln|2x| + C`).

A letter is no free constant by its name alone: the `c` of `a + b + c` is what the question is
about. What it stands in must look the part."""

from __future__ import annotations

from fractions import Fraction

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

_ARBITRARY = ("C", "c", "K", "k", "C_1", "c_1")
"""Names that a constant of integration goes by."""
INTEGRATED_OVER = frozenset(
    (*"rstuvwxyz", "theta", "phi", "varphi", "rho", "tau", "xi", "omega", "alpha")
)
"""Variables that integrals and differential equations are about."""
ALGEBRAIC = frozenset(("+", "*", "/", "^", "neg", "sqrt", "root"))
_ZERO = Number(PlainNumber(Fraction(0)))


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
    if not variables & INTEGRATED_OVER:
        return False
    return constant in ("C", "C_1") or (
        len(variables) == 1 and any(map(_is_integrated, children_of(node)))
    )


def _is_integrated(term: Node) -> bool:
    """`x^3/3`, `\\ln x`: a power over a number, or more than powers."""
    has_power = "^" in operations_of(term) or "sqrt" in operations_of(term)
    return bool(operations_of(term) - ALGEBRAIC) or (has_power and "/" in operations_of(term))
