"""What an answer is made of, once it has been read: small immutable values, nothing evaluated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from verifier.math.literals import PlainNumber


@dataclass(frozen=True, slots=True)
class Number:
    """A written number."""

    plain: PlainNumber

    @property
    def value(self) -> Fraction:
        return self.plain.value


@dataclass(frozen=True, slots=True)
class Numeral:
    """Digits with a base behind them: `101_2`. What it is worth is not what was asked for."""

    digits: str
    base: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable or a constant (`pi`, `e`, `i`, `oo`); subscripts belong to the name."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation or a function: `+ * / ^ neg pm mp root log sin abs ...`, or `call` of `f`. Those
    of `BOUND` have their limits and then what they go over, with a variable of its own in it."""

    op: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Items without brackets: `1, 2`, `1 or 2`."""

    items: tuple[Node, ...]
    joint: str = ","
    """What parts them: `,`, `and`, `or`."""


@dataclass(frozen=True, slots=True)
class FiniteSet:
    """Items in braces."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Bracketed:
    """Items in round or square brackets: a tuple, or an interval, as whoever compares it sees."""

    left: str
    items: tuple[Node, ...]
    right: str

    @property
    def is_round(self) -> bool:
        """Whether it may be a tuple of any length."""
        return (self.left, self.right) == ("(", ")")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A time, `6:30`, or a ratio of three and more as multiples of its first part."""

    items: tuple[Node, ...]


Row = Listing | FiniteSet | Bracketed | Ratio
"""Whatever has items."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of equal length; `kind` is its environment: `matrix`, `cases`, `det`."""

    rows: tuple[tuple[Node, ...], ...]
    kind: str = "matrix"


@dataclass(frozen=True, slots=True)
class Relation:
    """Sides with signs between them: `= ~ < <= > >= != in`, `~` for approximately."""

    sides: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetOperation:
    """Sets joined by `cup`, `cap` or `setminus`."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit, as normalised text."""

    value: Node
    unit: str


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words, in lower case."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Words and formulas in their order, where no more is known of what they say together."""

    parts: tuple[Node, ...]


Node = (
    Number
    | Numeral
    | Symbol
    | Apply
    | Row
    | Matrix
    | Relation
    | SetOperation
    | Quantity
    | Words
    | Prose
)


BOUND = frozenset(("sum", "prod", "int", "lim", "cup", "cap"))


def round_tuple(items: tuple[Node, ...]) -> Bracketed:
    """The items as a tuple."""
    return Bracketed("(", items, ")")


def infinity_of(node: Node) -> int:
    """1 or -1 for an infinite end, else 0."""
    match node:
        case Symbol("oo"):
            return 1
        case Apply("neg", (Symbol("oo"),)):
            return -1
        case _:
            return 0


def symbols_of(node: Node) -> frozenset[str]:
    """The names of all symbols in it, constants included."""
    if isinstance(node, Symbol):
        return frozenset({node.name})
    return frozenset().union(*map(symbols_of, children_of(node)))


def operations_of(node: Node) -> frozenset[str]:
    """All operations in it."""
    own = frozenset({node.op}) if isinstance(node, Apply) else frozenset()
    return own.union(*map(operations_of, children_of(node)))


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly under it."""
    match node:
        case Apply(_, args):
            return args
        case Listing(items) | FiniteSet(items) | Bracketed(_, items) | Ratio(items):
            return items
        case Matrix(rows):
            return tuple(item for row in rows for item in row)
        case Relation(sides):
            return sides
        case SetOperation(_, parts) | Prose(parts):
            return parts
        case Quantity(value):
            return (value,)
        case _:
            return ()


def replace_symbols(node: Node, by: dict[str, Node]) -> Node:
    """The node with symbols replaced."""
    match node:
        case Symbol(name):
            return by.get(name, node)
        case Apply(op, args):
            return Apply(op, tuple(replace_symbols(arg, by) for arg in args))
        case Listing(items) | FiniteSet(items) | Bracketed(_, items) | Ratio(items):
            return replace(node, items=tuple(replace_symbols(item, by) for item in items))
        case Matrix(rows, kind):
            return Matrix(
                tuple(tuple(replace_symbols(item, by) for item in row) for row in rows), kind
            )
        case Relation(sides, signs):
            return Relation(tuple(replace_symbols(side, by) for side in sides), signs)
        case SetOperation(op, parts):
            return SetOperation(op, tuple(replace_symbols(part, by) for part in parts))
        case Quantity(value, unit):
            return Quantity(replace_symbols(value, by), unit)
        case _:
            return node
