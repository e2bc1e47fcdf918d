"""Congruences, `x = 3 (mod 7)`: the same residues of the same modulus; remainders, `17 mod 5`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.forms import signs_chosen
from verifier.math.comparing.names import names_given
from verifier.math.comparing.numeric import CONSTANTS
from verifier.math.comparing.outcome import NOT_MINE, Decision, Same
from verifier.math.literals import PlainNumber
from verifier.math.tree import Apply, Listing, Node, Number, Relation, Symbol, symbols_of

_WHOLE = frozenset("jklmnpqrst")
"""Letters that stand for whole numbers."""


@dataclass(frozen=True, slots=True)
class Residues:
    """Whole numbers modulo `modulus`; `name` is the variable they are of, if one is given."""

    name: Node | None
    modulus: int
    values: frozenset[int]


def same_congruences(reference: Node, answer: Node, same: Same) -> Decision:
    """Residues by their values; beside a family they are one, beside a number what is left of the
    division."""
    if isinstance(reference, Apply) and reference.op == "mod":
        answer = _for_every_integer(answer) or answer
    elif isinstance(answer, Apply) and answer.op == "mod":
        reference = _for_every_integer(reference) or reference
    return _same_classes(reference, answer, same)


def _same_classes(reference: Node, answer: Node, same: Same) -> Decision:
    match reference, answer:
        case Apply("mod", (one, modulus)), Apply("mod", (two, other)):
            if modulus != other:
                return False
            first, second = _residues(one, modulus), _residues(two, modulus)
            if first is None or second is None:
                return same(one, two)
            return first.values == second.values and (
                first.name == second.name or None in (first.name, second.name)
            )
        case Apply("mod", (stated, modulus)), Apply("family", (_, letter)):
            return (
                same(family, answer) if (family := _as_family(stated, modulus, letter)) else False
            )
        case Apply("family", (_, letter)), Apply("mod", (stated, modulus)):
            return (
                same(reference, family)
                if (family := _as_family(stated, modulus, letter))
                else False
            )
        case Apply("mod", (Listing() | Relation(), _)), _:
            return False  # nor is a congruence one of its solutions
        case _, Apply("mod", (Listing() | Relation(), _)):
            return False
        case Apply("mod", mine), _:
            return not _is_reduced(*mine) and same(Apply("rem", mine), answer)
        case _, Apply("mod", yours):
            return not _is_reduced(*yours) and same(reference, Apply("rem", yours))
        case _:
            return NOT_MINE


def _for_every_integer(node: Node) -> Node | None:
    """`n = 3k + 1`, whose `k` can beside a congruence only be any integer."""
    match node:
        case Relation((Symbol(name), value), ("=",)):
            letters = symbols_of(value) - CONSTANTS
            if len(letters) == 1 and letters <= _WHOLE - {name}:
                return Apply("family", (node, *map(Symbol, letters)))
    return None


def _as_family(stated: Node, modulus: Node, letter: Node) -> Node | None:
    """`n = 1 (mod 3)` as `n = 1 + 3k`, for every integer of that letter."""
    found = _residues(stated, modulus)
    if found is None or found.name is None:
        return None
    step = Apply("*", (modulus, letter))
    values = (Apply("+", (Number(PlainNumber(Fraction(at))), step)) for at in found.values)
    return Apply(
        "family", (Listing(tuple(Relation((found.name, v), ("=",)) for v in values)), letter)
    )


def _is_reduced(value: Node, modulus: Node) -> bool:
    """Whether a number modulo another can only be a class, as `3 mod 7`: nothing is worked out."""
    exact, size = exact_value(value), exact_value(modulus)
    return exact is not None and size is not None and exact < size


def _residues(node: Node, modulus: Node) -> Residues | None:
    """The remainders that one name may have; None where that is not what it states."""
    items = node.items if isinstance(node, Listing) else (node,)
    found = names_given(tuple(reading for item in items for reading in signs_chosen(item)))
    if found is None or not isinstance(modulus, Number) or len({name for name, _ in found}) != 1:
        return None
    values = [exact_value(value) for _, value in found]
    if any(value is None or value.denominator != 1 for value in values):
        return None
    size = int(modulus.value)
    return Residues(
        found[0][0], size, frozenset(int(value) % size for value in values if value is not None)
    )
