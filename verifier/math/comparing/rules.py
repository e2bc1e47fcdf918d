"""Decides whether an answer states what the reference states: one rule for each form of answer.

A rule is a line of `RULES`. Its examples are its tests and stand in docs/math.md, as does what it
leaves open. True and False are certain, up to the evaluation at points that `evaluate` explains;
None means that no rule can tell, and leaves the pair to math-verify.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from verifier.math.comparing.congruences import same_congruences
from verifier.math.comparing.constants import same_but_for_a_constant_named
from verifier.math.comparing.families import same_families
from verifier.math.comparing.forms import canonical, signs_chosen
from verifier.math.comparing.lists import same_chains, same_lists
from verifier.math.comparing.meanings import reply_of
from verifier.math.comparing.measures import same_compounds
from verifier.math.comparing.names import spelled_out
from verifier.math.comparing.outcome import NOT_MINE, Decision, NotMine, Ruling, Same, all_of
from verifier.math.comparing.products import same_products_of_matrices
from verifier.math.comparing.ranges import same_ranges
from verifier.math.comparing.scalars import same_scalars
from verifier.math.comparing.solutions import same_general_solutions
from verifier.math.comparing.statements import is_vacuous, same_statements
from verifier.math.comparing.times import same_times
from verifier.math.comparing.tuples import same_counts, same_matrices, same_tuples
from verifier.math.tree import (
    BOUND,
    Apply,
    Listing,
    Node,
    Number,
    Numeral,
    Prose,
    Relation,
    Words,
    operations_of,
)

_LISTED = re.compile(r",? and |, ?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. The first that a pair is for decides it."""

    name: str
    """The forms of answer that it is about."""
    decide: Callable[[Node, Node, Same], Decision]
    """Of a reference, an answer, and how their parts are compared."""
    equal: tuple[str, str]
    """A reference and an answer that states the same."""
    different: tuple[str, str]
    """A reference and an answer that does not."""
    undecided: str = "nothing"
    """What it cannot tell."""


def equivalent(reference: Node, answer: Node) -> Ruling:
    """Whether the answer is the reference, None where that cannot be told. Raises TooLarge."""
    mine, yours = canonical(reference), canonical(answer)
    ruling = same(mine, yours)
    if not ruling and same_general_solutions(mine, yours):
        return True
    # A sum may be counted otherwise, an integral substituted.
    is_open = ruling is False and BOUND & (operations_of(mine) | operations_of(yours))
    return None if is_open else ruling


def same(reference: Node, answer: Node) -> Ruling:
    """`equivalent` for what is in its canonical form already, as parts of it are."""
    if reference == answer and not is_vacuous(answer):
        return True
    for rule in RULES:
        ruling = rule.decide(reference, answer, same)
        if not isinstance(ruling, NotMine):
            return ruling
    return None


def _same_alternatives(reference: Node, answer: Node, same: Same) -> Decision:
    mine, yours = _alternatives(reference), _alternatives(answer)
    if mine is reference and yours is answer:
        return NOT_MINE
    return same(mine, yours)


def _alternatives(node: Node) -> Node:
    """± outside of a list is a list of two; `x != ±2` excludes both."""
    if isinstance(node, Listing):
        return node
    readings = signs_chosen(node)
    joint = "and" if isinstance(node, Relation) and node.signs == ("!=",) else "or"
    return node if len(readings) == 1 else Listing(readings, joint)


def _same_words(reference: Node, answer: Node, _same: Same) -> Decision:
    match reference, answer:
        case Words(first), Words(second):
            return sorted(_LISTED.split(first)) == sorted(_LISTED.split(second))
        case (Words(text), other) | (other, Words(text)):
            return spelled_out(other).casefold() == text
        case _:
            return NOT_MINE


def _same_numerals(reference: Node, answer: Node, _same: Same) -> Decision:
    """The same digits in the same base: another way to write the number restates the question. Base
    ten goes without saying."""
    match reference, answer:
        case (Numeral(digits, 10), Number(plain)) | (Number(plain), Numeral(digits, 10)):
            return str(plain.value) == digits
        case (Numeral(), other) | (other, Numeral()) if not isinstance(other, Relation):
            return False
        case _:
            return NOT_MINE


def _same_prose(reference: Node, answer: Node, same: Same) -> Decision:
    match reference, answer:
        case Prose(mine), Prose(yours):
            if len(mine) != len(yours):
                return False
            return all_of(
                _same_part(one, other, same) for one, other in zip(mine, yours, strict=True)
            )
        case (Prose(), _) | (_, Prose()):
            return None
        case _:
            return NOT_MINE


def _same_part(reference: Node, answer: Node, same: Same) -> Ruling:
    """A part of a sentence side by side: of a chain, too, nobody knows which side is the answer."""
    match reference, answer:
        case Relation(mine, signs), Relation(yours, others):
            if signs != others:
                return False
            return all_of(_same_part(a, b, same) for a, b in zip(mine, yours, strict=True))
        case Listing(mine), Listing(yours):
            if len(mine) != len(yours):
                return False
            return all_of(_same_part(a, b, same) for a, b in zip(mine, yours, strict=True))
        case (Words(), _) | (_, Words()):
            return reference == answer
        case _:
            return same(reference, answer)


def _same_over_sets(reference: Node, answer: Node, same: Same) -> Decision:
    match reference, answer:
        case Apply("cup" | "cap" as op, mine), Apply("cup" | "cap" as other, yours):
            if op != other or len(mine) != len(yours):
                return False
            return all_of(map(same, mine, yours))
        case _:
            return NOT_MINE


def _same_replies(reference: Node, answer: Node, _same: Same) -> Decision:
    """`yes` beside `yes, because ...`: of reasons on both sides other rules decide."""
    mine, yours = reply_of(reference), reply_of(answer)
    if mine is None or yours is None or bool(mine.more) == bool(yours.more):
        return NOT_MINE
    return mine.said == yours.said and not (mine.is_hedged or yours.is_hedged)


RULES: tuple[Rule, ...] = (
    Rule(
        "replies with reasons",
        _same_replies,
        equal=(r"\text{No}", r"\text{No, because it diverges}"),
        different=(r"\text{No}", r"\text{Yes, because it converges}"),
        undecided="reasons on both sides: as words or sentences",
    ),
    Rule(
        "sentences",
        _same_prose,
        equal=(r"\text{at most } \frac12 \text{ of them}", r"\text{at most } 0.5 \text{ of them}"),
        different=(r"\text{at most } 2 \text{ of them}", r"\text{at least } 2 \text{ of them}"),
        undecided="a sentence beside anything else",
    ),
    Rule(
        "congruences",
        same_congruences,
        equal=(r"x \equiv 3 \pmod 7", r"x \equiv -4 \pmod 7"),
        different=(r"x \equiv 3 \pmod 7", r"x \equiv 3 \pmod 5"),
        undecided="what no values can be read of: its sides are compared as they stand",
    ),
    Rule(
        "values for every integer",
        same_families,
        equal=(r"-\frac\pi4 + n\pi, n \in \mathbb{Z}", r"\frac{3\pi}4 + k\pi, k \in \mathbb{Z}"),
        different=(r"n\pi, n \in \mathbb{Z}", r"2n\pi, n \in \mathbb{Z}"),
        undecided="values that do not go on in equal steps: member by member",
    ),
    Rule(
        "constants that are named",
        same_but_for_a_constant_named,
        equal=(r"ax + c, \text{ where } c \text{ is a constant}", "ax + 1 + k"),
        different=(r"ax + c, \text{ where } c \text{ is a constant}", "ax + x + c"),
    ),
    Rule(
        "plus or minus",
        _same_alternatives,
        equal=(r"\pm 2", r"\mp 2"),
        different=(r"\pm 2", "2"),
    ),
    Rule(
        "words",
        _same_words,
        equal=(r"\text{red and blue}", r"\text{blue and red}"),
        different=(r"\text{odd}", r"\text{even}"),
    ),
    Rule(
        "times of day",
        same_times,
        equal=(r"14:30", r"2:30 \text{ p.m.}"),
        different=(r"2:30 \text{ a.m.}", r"2:30 \text{ p.m.}"),
        undecided="a time beside a mere number; two without a half of the day",
    ),
    Rule(
        "digits with a base",
        _same_numerals,
        equal=("12_{10}", "12"),
        different=("101_2", "5"),
    ),
    Rule(
        "intervals, unions and inequalities",
        same_ranges,
        equal=("x < 2", r"(-\infty, 2)"),
        different=("x < 2", r"(-\infty, 2]"),
        undecided="ends with variables: part by part; what is not linear",
    ),
    Rule(
        "measures in several units",
        same_compounds,
        equal=(r"3 \text{ hours } 20 \text{ minutes}", r"200 \text{ min}"),
        different=(r"3 \text{ hours } 20 \text{ minutes}", r"201 \text{ min}"),
        undecided="what does not add up: part by part, as a list",
    ),
    Rule(
        "chains of names",
        same_chains,
        equal=("x = y = 1", "y = x = 1"),
        different=("x = y = 1", "x = z = 1"),
        undecided="a chain beside a mere value, which is a value with a name",
    ),
    Rule(
        "lists and finite sets",
        same_lists,
        equal=(r"\{1, 2\}", "2, 1"),
        different=("1, 2", "1, 2, 3"),
        undecided="members that no rule can tell apart",
    ),
    Rule(
        "values with names, and equations",
        same_statements,
        equal=("y = 2x + 1", "2x - y + 1 = 0"),
        different=("x = 5", "y = 5"),
        undecided="values that no rule can tell apart",
    ),
    Rule(
        "matrices",
        same_matrices,
        equal=(
            r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
            r"\begin{bmatrix} \frac22 \\ 2 \end{bmatrix}",
        ),
        different=(
            r"\begin{pmatrix} 1 & 2 \end{pmatrix}",
            r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
        ),
        undecided="entries that no rule can tell apart",
    ),
    Rule(
        "points and counts",
        same_counts,
        equal=("C(5, 2)", "(5, 2)"),
        different=("C(5, 2)", "C(5, 3)"),
        undecided="a count beside any other number",
    ),
    Rule(
        "tuples and vectors",
        same_tuples,
        equal=("(3, -1)", r"3\mathbf{i} - \mathbf{j}"),
        different=("(1, 2)", "(2, 1)"),
        undecided="components that no rule can tell apart",
    ),
    Rule(
        "unions and intersections over a variable",
        _same_over_sets,
        equal=(r"\bigcup_{k=1}^n (k, 2k)", r"\bigcup_{j=1}^n (j, 2j)"),
        different=(r"\bigcup_{k=1}^n (k, 2k)", r"\bigcap_{k=1}^n (k, 2k)"),
        undecided="those that may be counted otherwise",
    ),
    Rule(
        "products of matrices",
        same_products_of_matrices,
        equal=(r"(AB)^{-1}", r"B^{-1}A^{-1}"),
        different=(r"A^{-1}B", r"BA^{-1}"),
        undecided="what divides by a letter, or is no matrix: as numbers",
    ),
    Rule(
        "numbers and expressions",
        same_scalars,
        equal=(r"\sqrt{8}", r"2\sqrt2"),
        different=("x + 1", "x + 2"),
        undecided="what has a value at too few points",
    ),
)
"""From the first to the last; whatever no other is for are numbers and expressions."""
