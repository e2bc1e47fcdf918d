"""Decides whether an answer states what the reference states: one rule for each form of answer.

docs/math.md lists the rules with examples. True and False are certain, up to the evaluation at
points that `evaluate` explains; None means that no rule can tell.
"""

from __future__ import annotations

from collections.abc import Callable

from verifier.math.comparing.compounds import same_compounds
from verifier.math.comparing.congruences import same_congruences
from verifier.math.comparing.families import same_families
from verifier.math.comparing.forms import settle, signs_chosen
from verifier.math.comparing.lists import same_chains, same_lists
from verifier.math.comparing.names import spelled_out
from verifier.math.comparing.outcome import NotMine, Ruling, Same, Verdict
from verifier.math.comparing.ranges import same_ranges
from verifier.math.comparing.scalars import same_scalars
from verifier.math.comparing.statements import is_vacuous, same_statements
from verifier.math.comparing.tuples import same_matrices, same_tuples
from verifier.math.tree import Node, Number, Numeral, Relation, Row, Words

_RULES: tuple[Callable[[Node, Node, Same], Ruling], ...] = (
    same_ranges,
    same_compounds,
    same_chains,
    same_lists,
    same_statements,
    same_matrices,
    same_tuples,
)
"""The first rule that a pair is for decides it; what is left over are scalars."""


def equivalent(reference: Node, answer: Node) -> Verdict:
    """Whether the answer is the reference, None where that cannot be told. Raises TooLarge."""
    return _same(settle(reference), settle(answer))


def _same(reference: Node, answer: Node) -> Verdict:
    if reference == answer and not is_vacuous(answer):
        return True
    for about_integers in (same_congruences, same_families):
        ruling = about_integers(reference, answer, _same)
        if not isinstance(ruling, NotMine):
            return ruling
    reference, answer = _as_list(reference), _as_list(answer)
    match reference, answer:
        case Words(first), Words(second):
            return sorted(first.split(" and ")) == sorted(second.split(" and "))
        case (Words(text), other) | (other, Words(text)):
            return spelled_out(other).casefold() == text
        case (Numeral(), _) | (_, Numeral()):
            return _same_numerals(reference, answer)
    for rule in _RULES:
        ruling = rule(reference, answer, _same)
        if not isinstance(ruling, NotMine):
            return ruling
    return same_scalars(reference, answer, _same)


def _as_list(node: Node) -> Node:
    """± outside of a list is a list of two; `x != ±2` excludes both."""
    if isinstance(node, Row) and node.left == "":
        return node
    readings = signs_chosen(node)
    joint = "and" if isinstance(node, Relation) and node.signs == ("!=",) else "or"
    return node if len(readings) == 1 else Row("", readings, "", joint)


def _same_numerals(reference: Node, answer: Node) -> bool:
    """The same digits in the same base: another way to write the number restates the question. Base
    ten goes without saying."""
    match reference, answer:
        case (Numeral(digits, 10), Number(plain)) | (Number(plain), Numeral(digits, 10)):
            return str(plain.value) == digits
        case _:
            return reference == answer
