"""General solutions, `C_1 e^x + C_2 e^{-x}`: the same whatever their free constants are called."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations, permutations

from verifier.math.comparing.equations import constant_ratio
from verifier.math.comparing.evaluate import same_function
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.plain import PlainNumber
from verifier.math.tree import Apply, Node, Number, Symbol, replace_symbols, symbols_of

MAX_FREE = 3
_FREE = re.compile(r"[Cc]_[0-9]")
_FREE_IN_ANSWERS = re.compile(r"[CcKk]_[0-9]|[ABCK]")
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
