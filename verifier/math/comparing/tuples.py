"""Ordered tuples, vectors and matrices: entry by entry."""

from __future__ import annotations

from fractions import Fraction

from verifier.math.comparing.evaluate import same_function
from verifier.math.comparing.lists import members_match
from verifier.math.comparing.outcome import NOT_MINE, Decision, Ruling, Same, all_of
from verifier.math.literals import PlainNumber
from verifier.math.tree import (
    Apply,
    Bracketed,
    Matrix,
    Node,
    Number,
    Ratio,
    Row,
    Symbol,
    children_of,
    replace_symbols,
    round_tuple,
    symbols_of,
)


def same_tuples(reference: Node, answer: Node, same: Same) -> Decision:
    """Ordered tuples and intervals: the same brackets, the same items in order."""
    match reference, answer:
        case (Ratio(mine), Ratio(yours)) | (Bracketed(_, mine), Bracketed(_, yours)):
            if len(mine) != len(yours):
                return False
            if len(mine) == 2 and _brackets_of(reference) != _brackets_of(answer):
                return False
            return all_of(same(a, b) for a, b in zip(mine, yours, strict=True))
        case Ratio((left, right)), Apply("/", (Number(), Number())):  # 7:32 is no time there
            return same(Apply("/", (left, right)), answer)
        case Apply("/", (Number(), Number())), Ratio((left, right)):
            return same(reference, Apply("/", (left, right)))
        case (Bracketed("(", items, ")"), other) | (other, Bracketed("(", items, ")")):
            vector = None if isinstance(other, Row) else _by_unit_vectors(other, len(items))
            if vector is None:
                return False
            return same(reference, vector) if other is answer else same(vector, answer)
        case _:
            return False if isinstance(reference, Row) or isinstance(answer, Row) else NOT_MINE


def same_counts(reference: Node, answer: Node, same: Same) -> Decision:
    """`C(10, 3)` is a number, and beside a tuple a point with its name, `\\binom31` a column."""
    match reference, answer:
        case Apply("binom", column), Bracketed("(", _, ")"):
            return same(round_tuple(column), answer)
        case Bracketed("(", _, ")"), Apply("binom", column):
            return same(reference, round_tuple(column))
        case Apply("choose" | "arrange", place), Bracketed():
            return same(round_tuple(place), answer)
        case Bracketed(), Apply("choose" | "arrange", place):
            return same(reference, round_tuple(place))
        case Apply("choose" | "arrange" as op, place), Apply("choose" | "arrange" as other, point):
            return op == other and same(round_tuple(place), round_tuple(point))
        case _:
            return NOT_MINE


def same_matrices(reference: Node, answer: Node, same: Same) -> Decision:
    """Matrices entry by entry; cases, each a value and its condition, in any order."""

    def same_rows(one: Node, other: Node) -> Ruling:
        return all_of(same(a, b) for a, b in zip(children_of(one), children_of(other), strict=True))

    match reference, answer:
        case Matrix(mine, kind), Matrix(yours, other):
            if kind != other or len(mine) != len(yours) or len(mine[0]) != len(yours[0]):
                return False
            my_rows: list[Node] = [round_tuple(row) for row in mine]
            your_rows: list[Node] = [round_tuple(row) for row in yours]
            if kind == "cases":
                return members_match(my_rows, your_rows, same_rows, as_sets=False)
            return all_of(same_rows(a, b) for a, b in zip(my_rows, your_rows, strict=True))
        case (Matrix(((entry,),)), other) | (other, Matrix(((entry,),))):
            return same(entry, other) if isinstance(reference, Matrix) else same(other, entry)
        case (Matrix(rows, "matrix"), _) if 1 in (len(rows), len(rows[0])):
            return same(_as_tuple(rows), answer)
        case (_, Matrix(rows, "matrix")) if 1 in (len(rows), len(rows[0])):
            return same(reference, _as_tuple(rows))
        case (Matrix(), _) | (_, Matrix()):
            return False
        case _:
            return NOT_MINE


def _as_tuple(rows: tuple[tuple[Node, ...], ...]) -> Bracketed:
    """A row or a column as what it lists."""
    return round_tuple(tuple(entry for row in rows for entry in row))


def _brackets_of(node: Node) -> tuple[str, str]:
    return (node.left, node.right) if isinstance(node, Bracketed) else ("", "")


_ZERO, _ONE = (Number(PlainNumber(Fraction(value))) for value in (0, 1))


def _without_zeros(node: Node) -> Node:
    """Without the terms that are nothing but zero times something."""
    match node:
        case Apply("+", args):
            terms = tuple(term for arg in args if (term := _without_zeros(arg)) != _ZERO)
            return _ZERO if not terms else terms[0] if len(terms) == 1 else Apply("+", terms)
        case Apply("*" | "neg", args) | Apply("/", (*args, _)) if _ZERO in map(
            _without_zeros, args
        ):
            return _ZERO
        case _:
            return node


def _by_unit_vectors(node: Node, count: int) -> Bracketed | None:
    """`3i - j` as a vector of so many components, None where it is none."""
    axes = ("i", "j", "k")[:count]
    if not 2 <= count <= 3 or not isinstance(node, Apply | Symbol):
        return None
    if not symbols_of(node) & set(axes[1:]):  # i alone is a number
        return None
    components = tuple(
        _without_zeros(replace_symbols(node, {name: _ONE if name == a else _ZERO for name in axes}))
        for a in axes
    )
    whole = Apply(
        "+", tuple(Apply("*", (c, Symbol(a))) for c, a in zip(components, axes, strict=True))
    )
    plain: dict[str, Node] = {"i": Symbol("unit i")}  # i is no imaginary unit here
    linear = same_function(replace_symbols(node, plain), replace_symbols(whole, plain))
    return round_tuple(components) if linear else None
