"""Brings read answers into comparable forms: alternatives of ±, names, lists, matrices, units.

Only notation is changed here: two trees with the same form state the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from verifier.math.comparing.evaluate import CONSTANTS, exact_value
from verifier.math.plain import PlainNumber
from verifier.math.tree import (
    Apply,
    Matrix,
    Node,
    Number,
    Quantity,
    Relation,
    Row,
    SetOperation,
    Symbol,
    Words,
    children_of,
    operations_of,
    replace_symbols,
    symbols_of,
)

_EVERYTHING = Row("(", (Apply("neg", (Symbol("oo"),)), Symbol("oo")), ")")
_NOTHING = Row("{", (), "}")
_MEANINGS: dict[str, Node] = {
    **dict.fromkeys(
        ("all real numbers", "all reals", "all real number", "real numbers", "reals"), _EVERYTHING
    ),
    **dict.fromkeys(
        (
            *("no solution", "no solutions", "no real solution", "no real solutions", "none"),
            *("empty set", "there is no solution", "there are no solutions", "null set"),
            *("has no solution", "no such", "no roots", "no real roots", "the empty set"),
        ),
        _NOTHING,
    ),
    **dict.fromkeys(
        ("does not exist", "dne", "undefined", "not defined", "doesn't exist", "doesnt exist"),
        Words("undefined"),
    ),
    **dict.fromkeys(("diverges", "divergent", "diverge", "it diverges"), Words("diverges")),
    **dict.fromkeys(("converges", "convergent", "converge", "it converges"), Words("converges")),
    **dict.fromkeys(("infinitely many", "infinitely many solutions"), Words("infinitely many")),
    **dict.fromkeys(("true", "yes"), Words("yes")),
    **dict.fromkeys(("false", "no"), Words("no")),
}
_COUNTING = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MAX_DETERMINANT = 3
_SKIPPED_WORDS = frozenset(("the", "a", "an", "is", "are", "it", "so", "of"))


def read_words(text: str) -> Node:
    """What plain words say."""
    spelled = " ".join(text.lower().replace("-", " ").strip(" .!,;:'\"").split())
    if spelled in _COUNTING:
        return Number(PlainNumber(Fraction(_COUNTING.index(spelled))))
    if spelled in _MEANINGS:
        return _MEANINGS[spelled]
    words = [word.strip(".,;:!") for word in spelled.split() if word not in _SKIPPED_WORDS]
    return Words(" ".join(words) or spelled)


def settle(node: Node) -> Node:
    """The tree with everything that is only notation brought into one form."""
    match node:
        case Words(text):
            return read_words(text)
        case Quantity(value, unit):
            return _settled_quantity(value, unit)
        case Apply():
            return _settled_operation(node)
        case Matrix(rows, "det"):
            return _determinant(rows) or node
        case Matrix(rows, "cases") if all(len(row) == 1 for row in rows):
            return settle(Row("", tuple(row[0] for row in rows), "", "and"))
        case Row(left, items, right, joint):
            return _rows_as_matrix(node) or _settled_row(left, items, right, joint)
        case Relation(sides, signs):
            return _settled_relation(sides, signs)
        case SetOperation(op, parts):
            return SetOperation(op, tuple(map(settle, parts)))
        case _:
            return node


def _settled_quantity(value: Node, unit: str) -> Node:
    if unit == "percent" and (exact := exact_value(value)) is not None:
        return Number(PlainNumber(exact / 100, percent=True))
    inner = settle(value)
    return Quantity(inner.value if isinstance(inner, Quantity) else inner, unit)


def _settled_operation(node: Apply) -> Node:
    match node:
        case Apply("degree", (value,)):
            return Quantity(settle(value), "degree")
        case Apply("*", (Symbol(), Row("(", _, ")") as place)):  # a point with its name
            return settle(place)
        case Apply("neg", (value,)) if isinstance(inner := settle(value), Quantity):
            return Quantity(Apply("neg", (inner.value,)), inner.unit)
    return (_matrix_value(node) if "matrix" in _kinds(node) else None) or node


def _rows_as_matrix(node: Row) -> Matrix | None:
    """`[[1, 2], [3, 4]]` as a matrix."""
    rows = [item.items for item in node.items if isinstance(item, Row) and item.left == "["]
    if node.left != "[" or len(rows) != len(node.items) or len({len(row) for row in rows}) != 1:
        return None
    return Matrix(tuple(rows))


def _kinds(node: Node) -> frozenset[str]:
    own = frozenset({"matrix"}) if isinstance(node, Matrix) else frozenset()
    return own.union(*map(_kinds, children_of(node)))


def _settled_row(left: str, items: tuple[Node, ...], right: str, joint: str) -> Node:
    settled: list[Node] = []
    for item in map(settle, items):
        if (left, right) in (("", ""), ("{", "}")):
            settled.extend(signs_chosen(item))
        else:
            settled.append(item)
    return Row(left, tuple(settled), right, joint)


def _settled_relation(sides: tuple[Node, ...], signs: tuple[str, ...]) -> Node:
    settled = tuple(map(settle, sides))
    match settled, signs:
        case (Row("(", names, ")"), Row("(", values, ")")), ("=",) if len(names) == len(
            values
        ) and all(isinstance(name, Symbol) for name in names):
            pairs = zip(names, values, strict=True)
            return Row("", tuple(Relation(pair, ("=",)) for pair in pairs), "", "and")
        case (Symbol() as name, inner), ("in",) if isinstance(inner, Row) and inner.left == "{":
            return Row("", tuple(Relation((name, item), ("=",)) for item in inner.items), "", "or")
    return Relation(settled, signs)


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
    match node:
        case Apply("pm" | "mp" as op, (value,)):
            inner = _with_sign(value, upper=upper)
            return inner if (op == "pm") == upper else Apply("neg", (inner,))
        case Apply(op, args):
            return Apply(op, tuple(_with_sign(arg, upper=upper) for arg in args))
        case Row(left, items, right, joint):
            return Row(left, tuple(_with_sign(item, upper=upper) for item in items), right, joint)
        case Relation(sides, signs):
            return Relation(tuple(_with_sign(side, upper=upper) for side in sides), signs)
        case Quantity(value, unit):
            return Quantity(_with_sign(value, upper=upper), unit)
        case _:
            return node


# -- names


@dataclass(frozen=True, slots=True)
class Named:
    """A value and what it is called: `x = 5`, `f(x) = 2x`; `name` is None where it has no name.

    `values` are the sides of the chain behind the name, `5` and `10/2` in `x = 10/2 = 5`; the last
    one is the answer. `roundings` are sides behind a sign for "approximately"."""

    name: Node | None
    values: tuple[Node, ...]
    roundings: tuple[Node, ...] = ()


def named(node: Node) -> Named | None:
    """The tree as a value with or without a name; None where it is an equation or inequality."""
    if not isinstance(node, Relation):
        return Named(None, (node,))
    if not set(node.signs) <= {"=", "~"}:
        return None
    exact = [node.sides[0]]
    roundings: list[Node] = []
    for sign, side in zip(node.signs, node.sides[1:], strict=True):
        (roundings if sign == "~" or roundings else exact).append(side)
    name = exact[0] if _is_name(exact[0]) else None
    if name is not None:
        rest = exact[1:] or roundings[:1]
        if _mentions(name, (*exact[1:], *roundings)):
            return None
        return Named(name, tuple(rest), tuple(roundings) if exact[1:] else ())
    if len(exact) > 1 and any(symbols_of(side) - CONSTANTS for side in exact):
        return None
    return Named(None, tuple(exact), tuple(roundings))


def _is_name(node: Node) -> bool:
    match node:
        case Symbol(name):
            return name not in ("pi", "i", "oo")
        case Apply("call", (Symbol(), *args)):
            return all(isinstance(arg, Symbol) for arg in args)
        case _:  # AB, the segment
            return 2 <= len(spelled_out(node)) <= 4 and spelled_out(node).isupper()


def spelled_out(node: Node) -> str:
    """The letters whose product a tree is, empty where it is none: `odd` in plain text."""
    match node:
        case Symbol(name):
            return name if len(name) == 1 else ""
        case Apply("*", (left, right)):
            first, second = spelled_out(left), spelled_out(right)
            return first + second if first and second else ""
        case _:
            return ""


def _mentions(name: Node, values: tuple[Node, ...]) -> bool:
    letters = {name.name} if isinstance(name, Symbol) else set(spelled_out(name))
    return any(letters & symbols_of(value) for value in values)


def with_parameters_of(name: Node, value: Node, other: Node) -> Node | None:
    """`value` of the function `name`, rewritten for the parameters of the function `other`; None
    where the names differ."""
    match name, other:
        case Symbol(mine), Symbol(yours) if len(mine) > 2:
            return value if mine.casefold() == yours.casefold() else None
        case Apply("call", (Symbol(mine), *args)), Apply("call", (Symbol(yours), *others)):
            if mine != yours or len(args) != len(others):
                return None
            by = {
                arg.name: new
                for arg, new in zip(args, others, strict=True)
                if isinstance(arg, Symbol)
            }
            return replace_symbols(value, by)
        case (Apply("call", (Symbol(function), *_)), Symbol(variable)) | (
            Symbol(variable),
            Apply("call", (Symbol(function), *_)),
        ):
            return value if variable in (function, "y") else None
        case _:
            return value if name == other else None


def names_given(items: tuple[Node, ...]) -> list[tuple[Node | None, Node]] | None:
    """Names and values of a list's items, a name going on for the values behind it (`x = 1, 2`);
    None where an item is neither."""
    found: list[tuple[Node | None, Node]] = []
    current: Node | None = None
    for item in items:
        part = named(item)
        if part is None:
            return None
        current = part.name or current
        found.append((current, part.values[-1]))
    return found


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


def without_unit_letter(node: Node, unit: str) -> Node | None:
    """`5 m` with `m` read as a variable, without it; None where it does not end so."""
    match node:
        case Apply("*", (value, Symbol(name))) if (
            name == unit and not symbols_of(value) - CONSTANTS
        ):
            return value
        case Number():
            return node
        case _:
            return None
