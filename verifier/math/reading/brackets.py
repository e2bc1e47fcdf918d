"""Reads what stands in brackets: groups, tuples, intervals, sets, matrices, absolute values."""

from __future__ import annotations

from verifier.math.reading.parser import Parser, Unreadable
from verifier.math.tree import (
    Apply,
    Bracketed,
    FiniteSet,
    Listing,
    Matrix,
    Node,
    Relation,
    Symbol,
    symbols_of,
)

_KINDS = {"vmatrix": "det", **dict.fromkeys(("cases", "aligned", "gathered"), "cases")}
_CONDITIONALS = frozenset(("if", "for", "when", "where"))
_CLOSING = {"langle": ("rangle",)}
_ROUND = {"langle": "(", "rangle": ")"}
_INFINITY = Symbol("oo")


def parenthesised(p: Parser) -> Node:
    """`( statements [ "|" statements ] )`, also with square brackets, mixed as intervals are."""
    left = p.accept("(", "[")
    if left is None:
        raise Unreadable
    return _row(p, left)


def angled(p: Parser) -> Node:
    """`\\langle statements \\rangle`."""
    return _row(p, "langle")


def _row(p: Parser, left: str) -> Node:
    inner = p.statements()
    if p.accept("|"):
        inner = Apply("given", (inner, p.statements()))
    right = p.accept(*_CLOSING.get(left, (")", "]")))
    if right is None:
        raise Unreadable
    if isinstance(inner, Listing):
        return Bracketed(_ROUND.get(left, left), inner.items, _ROUND.get(right, right))
    if isinstance(inner, Matrix):
        return inner
    if (left, right) in (("[", "]"), ("(", ")"), ("langle", "rangle")):
        return inner
    raise Unreadable


def braced_set(p: Parser) -> Node:
    """`\\{ statements \\}`, also around an environment, whose closing brace may be missing."""
    p.expect("\\{")
    if p.accept("\\}"):
        return FiniteSet(())
    if p.accept("begin"):
        rows = environment(p)
        if not p.accept("\\}"):
            return Matrix(rows.rows, "cases")
        return FiniteSet((rows,))
    if condition := _condition_of_members(p):
        return condition
    inner = p.statements()
    p.expect("\\}")
    return FiniteSet(inner.items if isinstance(inner, Listing) else (inner,))


def _condition_of_members(p: Parser) -> Node | None:
    """What holds for members of `\\{ letters [ "\\in" set ] "|" statements \\}`: an inequality is
    a set as well."""
    place = p.place
    are_letters = _accept_members(p)
    if p.accept("in") and p.accept("mathbb"):
        p.skip(3 if p.is_at("{") and p.is_at("}", 2) else 1)
        p.skip(2 if p.is_at("^") else 0)
    if are_letters and p.accept("|", ":"):
        condition = p.statements()
        p.expect("\\}")
        if isinstance(condition, Listing):
            return Listing(condition.items, "or" if condition.joint == "or" else "and")
        return _half_line(condition) or condition
    p.return_to(place)
    return None


def _half_line(condition: Node) -> Node | None:
    """`x >= 3` as the interval that it is, beside which another one is no further condition."""
    match condition:
        case Relation((Symbol(), bound), ((">" | ">=") as sign,)) if not symbols_of(bound):
            return Bracketed("[" if sign == ">=" else "(", (bound, _INFINITY), ")")
        case Relation((Symbol(), bound), (("<" | "<=") as sign,)) if not symbols_of(bound):
            start = Apply("neg", (_INFINITY,))
            return Bracketed("(", (start, bound), "]" if sign == "<=" else ")")
        case _:
            return None


def _accept_members(p: Parser) -> bool:
    """Whether a letter, or a tuple of letters, stands here, and was read."""
    in_brackets = p.accept("(")
    while p.next().kind == "letter":
        if not in_brackets or p.accept(")"):
            return True
        if not p.accept(","):
            break
    return False


def empty_set(p: Parser) -> Node:  # noqa: ARG001 - a reader like the others
    """`\\emptyset`."""
    return FiniteSet(())


def group(p: Parser) -> Node:
    """`{ expression }`."""
    p.expect("{")
    node = p.without_bars(Parser.expression)
    p.expect("}")
    return node


def absolute(p: Parser) -> Node:
    """`| expression |`."""
    p.expect("|")
    return Apply("abs", (p.between_bars("|"),))


def norm(p: Parser) -> Node:
    """`\\| expression \\|`."""
    p.expect("\\|")
    return Apply("norm", (p.between_bars("\\|"),))


def between(p: Parser, op: str, closing: str) -> Node:
    """An operation that is written as brackets, of which the first is read."""
    node = p.expression()
    p.expect(closing)
    return Apply(op, (node,))


def environment(p: Parser) -> Matrix:
    """`{name} statements & ... \\\\ ... \\end{name}`, behind `\\begin`."""
    name = _environment_name(p)
    if name == "array":
        p.expect("{")
        while not p.accept("}"):
            p.next()
    rows: list[tuple[Node, ...]] = []
    row: list[Node] = []
    while not p.is_at("end"):
        if row and name == "cases":
            _accept_conditional(p)
        row.append(p.statements())
        p.accept(".")
        if p.accept("&"):
            continue
        rows.append(tuple(row))
        row = []
        if not p.accept("\\\\"):
            break
    p.expect("end")
    _environment_name(p)
    if not rows or len({len(row) for row in rows}) != 1:
        raise Unreadable
    return Matrix(tuple(rows), _KINDS.get(name, "matrix"))


def _accept_conditional(p: Parser) -> None:
    """The "if" before a condition."""
    token = p.peek()
    if token is None or token.kind != "words":
        return
    word, _, _ = token.text.partition(" ")
    if word.lower() in _CONDITIONALS:
        p.take(len(word) + 1)


def _environment_name(p: Parser) -> str:
    p.expect("{")
    name = ""
    while not p.accept("}"):
        name += p.next().text
    return name
