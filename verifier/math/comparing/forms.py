"""Brings read answers into comparable forms: alternatives of ±, names, lists, matrices, units.

Only notation is changed here: two trees with the same form state the same answer.
"""

from __future__ import annotations

from dataclasses import replace

from verifier.math.comparing.exact import exact_value
from verifier.math.comparing.meanings import EVERYTHING, read_words
from verifier.math.literals import PlainNumber
from verifier.math.tree import (
    Apply,
    Bracketed,
    FiniteSet,
    Listing,
    Matrix,
    Node,
    Number,
    Prose,
    Quantity,
    Ratio,
    Relation,
    Row,
    SetOperation,
    Symbol,
    Words,
    children_of,
    operations_of,
    round_tuple,
    symbols_of,
)

MAX_DETERMINANT = 3


def canonical(node: Node) -> Node:
    """The tree with everything that is only notation brought into one form."""
    match node:
        case Words(text):
            return read_words(text)
        case Quantity(value, unit):
            return _canonical_quantity(value, unit)
        case Apply():
            return _canonical_operation(node)
        case Matrix(rows, "det"):
            return _determinant(rows) or node
        case Matrix(rows, kind) if all(
            len(row) == 1 and (kind == "cases" or isinstance(row[0], Relation)) for row in rows
        ):
            return canonical(Listing(tuple(row[0] for row in rows), "and"))
        case Listing() | FiniteSet() | Bracketed() | Ratio():
            return _canonical_row(node)
        case Relation(sides, signs):
            return _canonical_relation(sides, signs)
        case SetOperation(op, parts):
            return SetOperation(op, tuple(map(canonical, parts)))
        case Prose(parts):
            return Prose(tuple(p if isinstance(p, Words) else canonical(p) for p in parts))
        case _:
            return node


def _canonical_quantity(value: Node, unit: str) -> Node:
    if unit == "percent" and (exact := exact_value(value)) is not None:
        return Number(PlainNumber(exact / 100, percent=True))
    inner = canonical(value)
    return Quantity(inner.value if isinstance(inner, Quantity) else inner, unit)


def _canonical_operation(node: Apply) -> Node:
    """By the operation: points, columns, sets with gaps and signed quantities in one form."""
    match node:
        case Apply("mod" | "family" | "constant" as op, (statement, by)):
            return Apply(op, (canonical(statement), by))
        case Apply("degree", (value,)):
            return Quantity(canonical(value), "degree")
        case Apply("*", (Symbol(), Bracketed("(", _, ")") as place)):  # a point with its name
            return canonical(place)
        case Apply("binom", (_, Apply("neg")) as items):  # a column: nothing is chosen so often
            return canonical(round_tuple(items))
        case Apply("^", (Bracketed(_, items), Symbol("T"))):
            return canonical(round_tuple(items))  # a column
        case Apply("+", (whole, Apply("neg", (FiniteSet() as gap,)))) if isinstance(
            whole, Row | SetOperation | Relation
        ):
            return SetOperation("setminus", (canonical(whole), canonical(gap)))
        case Apply("neg", (value,)) if isinstance(inner := canonical(value), Quantity):
            return Quantity(Apply("neg", (inner.value,)), inner.unit)
    return (_matrix_value(node) if "matrix" in _kinds(node) else None) or node


def _rows_as_matrix(node: Bracketed | Ratio) -> Matrix | None:
    """`[[1, 2], [3, 4]]` as a matrix."""
    if not isinstance(node, Bracketed) or node.left != "[":
        return None
    rows = [item.items for item in node.items if isinstance(item, Bracketed) and item.left == "["]
    if len(rows) != len(node.items) or len({len(row) for row in rows}) != 1:
        return None
    return Matrix(tuple(rows))


def _kinds(node: Node) -> frozenset[str]:
    own = frozenset({"matrix"}) if isinstance(node, Matrix) else frozenset()
    return own.union(*map(_kinds, children_of(node)))


def _canonical_row(node: Row) -> Node:
    match node:
        case Listing(items, joint):
            return _canonical_listing(items, joint)
        case FiniteSet(items):
            return FiniteSet(tuple(one for item in items for one in signs_chosen(canonical(item))))
        case _:
            return _rows_as_matrix(node) or replace(node, items=tuple(map(canonical, node.items)))


def _canonical_listing(items: tuple[Node, ...], joint: str) -> Node:
    """One listing of all readings, without remarks on which numbers are meant."""
    if groups := _groups(items):
        return Listing(tuple(canonical(Listing(group, "and")) for group in groups), "or")
    kept = _without_real_numbers(items)
    forms = tuple(reading for item in kept for reading in signs_chosen(canonical(item)))
    whole = forms[0] if len(forms) == 1 else Listing(forms, joint)
    left_out = [item.sides[0] for item in items if item not in kept and isinstance(item, Relation)]
    match whole, left_out:
        case Relation((Apply("call", parameters), *_)), [Symbol() as letter] if (
            letter not in parameters
        ):
            return Apply("constant", (whole, letter))  # f(x) = cx, c a real number
        case _:
            return whole


def _without_real_numbers(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """Without `k \\in \\mathbb{R}` behind what has a `k` in it: that goes without saying."""
    return tuple(
        item
        for at, item in enumerate(items)
        if not (
            at
            and isinstance(item, Relation)
            and item.signs == ("in",)
            and item.sides[1] == EVERYTHING
            and symbols_of(item.sides[0]) <= symbols_of(items[0])
        )
    )


def _groups(items: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """`x = 1, y = 2, x = 3, y = 4` as two points; empty where names do not come round."""
    names = [
        item.sides[0].name
        for item in items
        if isinstance(item, Relation) and item.signs == ("=",) and isinstance(item.sides[0], Symbol)
    ]
    size = len(set(names))
    if len(names) != len(items) or size < 2 or len(names) % size or len(names) == size:
        return []
    starts = range(0, len(names), size)
    if any(set(names[start : start + size]) != set(names) for start in starts):
        return []
    return [items[start : start + size] for start in starts]


def _canonical_relation(sides: tuple[Node, ...], signs: tuple[str, ...]) -> Node:
    """A tuple of names that is given values, or is in a set of tuples, becomes its alternatives."""
    forms = tuple(map(canonical, sides))
    match forms, signs:
        case (Bracketed("(", names, ")"), Bracketed("(", values, ")")), ("=",) if len(names) == len(
            values
        ) and all(isinstance(name, Symbol) for name in names):
            pairs = zip(names, values, strict=True)
            return Listing(tuple(Relation(pair, ("=",)) for pair in pairs), "and")
        case (Bracketed("(", names, ")") as place, FiniteSet(places)), ("in",) if all(
            isinstance(name, Symbol) for name in names
        ):
            each = tuple(canonical(Relation((place, one), ("=",))) for one in places)
            return each[0] if len(each) == 1 else Listing(each, "or")
        case (Symbol() as name, FiniteSet(items)), ("in",):
            return Listing(tuple(Relation((name, item), ("=",)) for item in items), "or")
        case (name, FiniteSet() | Bracketed() | SetOperation() as value), ("=",) if (
            said := _set_name(name)
        ):
            return Relation((Symbol(said), value), signs)
    return Relation(forms, signs)


def _set_name(node: Node) -> str:
    """`A \\cap B` as what a set is called; empty where it is not made of the names of sets."""
    match node:
        case Symbol(name):
            first = name.removeprefix("overline ")
            return name if first[0].isupper() or name.startswith("complement") else ""
        case SetOperation(op, parts):
            names = [_set_name(part) for part in parts]
            ordered = names if op == "setminus" else sorted(names)
            return f"({f' {op} '.join(ordered)})" if all(names) else ""
        case Apply("*", (Symbol(name), part)) if name.startswith(("complement", "C_")):
            return f"{name} {_set_name(part)}" if _set_name(part) else ""
        case _:
            return ""


def _determinant(rows: tuple[tuple[Node, ...], ...]) -> Node | None:
    """A small determinant, multiplied out."""
    if len(rows) != len(rows[0]) or len(rows) > MAX_DETERMINANT:
        return None
    if len(rows) == 1:
        return rows[0][0]
    terms: list[Node] = []
    for column, entry in enumerate(rows[0]):
        minor = _determinant(tuple(row[:column] + row[column + 1 :] for row in rows[1:]))
        assert minor is not None
        term = Apply("*", (entry, minor))
        terms.append(Apply("neg", (term,)) if column % 2 else term)
    return Apply("+", tuple(terms))


# -- plus or minus


def signs_chosen(node: Node) -> tuple[Node, ...]:
    """The one or two readings of a tree with ±; upper signs go together, and lower ones."""
    if not {"pm", "mp"} & operations_of(node):
        return (node,)
    return (_with_sign(node, upper=True), _with_sign(node, upper=False))


def _with_sign(node: Node, *, upper: bool) -> Node:
    """The tree with its plus-minus signs decided: the upper or the lower ones."""
    match node:
        case Apply("pm" | "mp" as op, (value,)):
            inner = _with_sign(value, upper=upper)
            return inner if (op == "pm") == upper else Apply("neg", (inner,))
        case Apply(op, args):
            return Apply(op, tuple(_with_sign(arg, upper=upper) for arg in args))
        case Listing(items) | FiniteSet(items) | Bracketed(_, items) | Ratio(items):
            return replace(node, items=tuple(_with_sign(item, upper=upper) for item in items))
        case Relation(sides, signs):
            return Relation(tuple(_with_sign(side, upper=upper) for side in sides), signs)
        case Quantity(value, unit):
            return Quantity(_with_sign(value, upper=upper), unit)
        case _:
            return node


# -- matrices


def _matrix_value(node: Node) -> Matrix | None:
    """A matrix with the factors and signs before it worked into its entries."""
    match node:
        case Matrix():
            return node
        case Apply("neg", (inner,)):
            return _scaled(_matrix_value(inner), lambda entry: Apply("neg", (entry,)))
        case Apply("*", (factor, inner)) if not isinstance(factor, Matrix) and not _kinds(factor):
            return _scaled(_matrix_value(inner), lambda entry: Apply("*", (factor, entry)))
        case Apply("*", (inner, factor)) if not _kinds(factor):
            return _scaled(_matrix_value(inner), lambda entry: Apply("*", (entry, factor)))
        case Apply("/", (inner, factor)) if not _kinds(factor):
            return _scaled(_matrix_value(inner), lambda entry: Apply("/", (entry, factor)))
        case Apply("^", (Matrix(rows, kind), Symbol("T"))):
            return Matrix(tuple(zip(*rows, strict=True)), kind)
        case Apply("+", parts):
            matrices = [_matrix_value(part) for part in parts]
            return _summed([matrix for matrix in matrices if matrix is not None], len(parts))
        case _:
            return None


def _scaled(matrix: Matrix | None, change: object) -> Matrix | None:
    if matrix is None or matrix.kind != "matrix" or not callable(change):
        return None
    return Matrix(tuple(tuple(change(entry) for entry in row) for row in matrix.rows))


def _summed(matrices: list[Matrix], count: int) -> Matrix | None:
    if len(matrices) != count or len({(len(m.rows), len(m.rows[0])) for m in matrices}) != 1:
        return None
    return Matrix(
        tuple(
            tuple(Apply("+", entries) for entries in zip(*rows, strict=True))
            for rows in zip(*(matrix.rows for matrix in matrices), strict=True)
        )
    )
