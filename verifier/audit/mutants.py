"""Mutants of a reference program: each differs from it in one place.

The operators are the usual ones (Offutt et al. 1996: relational, arithmetic, logical, constants),
and calls left out (`sorted`, `abs`, `lower`), which is how solutions are wrong that misread a task.
mutmut and cosmic-ray mutate files of a project and run its tests; their operators cannot be had
without that."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
_OTHER_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_LEFT_OUT = {"sorted": "list", "set": "list", "reversed": "iter", "abs": "", "round": "", "len": ""}
_METHODS_LEFT_OUT = frozenset({"lower", "upper", "strip", "rstrip", "lstrip", "copy"})
_NOT_MUTATED = frozenset({"annotation", "returns", "decorator_list", "type_params"})
_SEQUENCES = (ast.List, ast.Tuple, ast.JoinedStr, ast.ListComp)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant of a program."""

    name: str
    """What was changed: "line 3: `a < b` became `a <= b`"."""
    source: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node hangs in the tree."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(source: str, most: int) -> list[Mutant]:
    """Up to `most` mutants of a program in Python, of each kind of change as many as of others.

    The same program has the same mutants. None where it does not parse."""
    try:
        tree = ast.parse(source)
        original = ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    changes: dict[str, list[tuple[_Place, ast.AST]]] = {}
    for place in _places(tree):
        for kind, node in _alternatives(place.node):
            changes.setdefault(kind, []).append((place, node))
    found: dict[str, Mutant] = {}
    for place, node in _in_turns(changes.values()):
        if len(found) >= most:
            break
        before = ast.unparse(place.node)
        place.put(ast.copy_location(node, place.node))
        mutated = ast.unparse(tree)
        place.put(place.node)
        if mutated != original:
            line = getattr(place.node, "lineno", 0)
            name = f"line {line}: `{_short(before)}` became `{_short(ast.unparse(node))}`"
            found.setdefault(mutated, Mutant(name, mutated))
    return list(found.values())


def constants(source: str) -> set[int | float | str]:
    """The numbers and texts that a program names: what its cases turn on."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | str)
        and not isinstance(node.value, bool)
    }


def _short(text: str) -> str:
    line = text.splitlines()[0]
    return line if len(line) <= 80 else f"{line[:77]}..."


def _in_turns(
    groups: Iterable[Sequence[tuple[_Place, ast.AST]]],
) -> Iterator[tuple[_Place, ast.AST]]:
    for turn in itertools.zip_longest(*groups):
        yield from (change for change in turn if change is not None)


def _places(tree: ast.AST) -> Iterator[_Place]:
    waiting = [tree]
    while waiting:
        parent = waiting.pop(0)
        for field, value in ast.iter_fields(parent):
            if field in _NOT_MUTATED:
                continue
            children = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, node in children:
                if isinstance(node, ast.AST) and not _is_docstring(node):
                    yield _Place(parent, field, index, node)
                    waiting.append(node)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _alternatives(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """(kind of change, what to put in the place of `node`)."""
    match node:
        case ast.Compare(left, [op, *ops], comparators):
            for position, other in enumerate(_COMPARISONS.get(type(op), ())):
                yield f"comparison {position}", ast.Compare(left, [other(), *ops], comparators)
        case ast.If() | ast.IfExp():
            yield from _branches(node)
        case ast.Constant(int(value)):
            yield from _numbers(value)
        case ast.BoolOp(op, values):
            yield "and, or", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield "sign", operand
        case ast.Break() | ast.Continue():
            yield "jump", ast.Pass()
        case ast.BinOp():
            yield from _arithmetic(node)
        case ast.Call(ast.Name() | ast.Attribute()):
            yield from _calls(node)


def _branches(node: ast.If | ast.IfExp) -> Iterator[tuple[str, ast.AST]]:
    for taken in (False, True):
        if isinstance(node, ast.IfExp):
            yield f"branch {taken}", node.body if taken else node.orelse
        else:
            yield f"branch {taken}", ast.If(ast.Constant(taken), node.body, node.orelse)


def _numbers(value: int) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(value, bool):
        yield "truth", ast.Constant(not value)
    else:
        yield "one more", ast.Constant(value + 1)
        yield "one less", _number(value - 1)


def _number(value: int) -> ast.expr:
    number = ast.Constant(abs(value))
    return number if value >= 0 else ast.UnaryOp(ast.USub(), number)


def _arithmetic(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    sides = (node.left, node.right)
    text = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
    if type(node.op) in _ARITHMETIC and not text and not isinstance(node.right, _SEQUENCES):
        yield "arithmetic", ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    called, arguments, keywords = node.func, node.args, node.keywords
    if isinstance(called, ast.Attribute):
        if called.attr in _METHODS_LEFT_OUT:
            yield "call left out", called.value
        return
    assert isinstance(called, ast.Name)
    if other := _OTHER_FUNCTIONS.get(called.id):
        yield "other function", ast.Call(ast.Name(other), arguments, keywords)
    if called.id in _LEFT_OUT and len(arguments) == 1:
        left = _LEFT_OUT[called.id]
        yield "call left out", ast.Call(ast.Name(left), arguments, []) if left else arguments[0]
