"""Parses and walks dataset source text without running any of it."""

from __future__ import annotations

import ast
import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from verifier.errors import GroundTruthError
from verifier.programs.assertions.meter import Unsupported

MAX_MEMBERS = 2000
"""Of a set or a dict that is made wherever a suite is read."""


def parse_python(source: str, what: str) -> ast.Module:
    """The syntax tree of dataset text. Raises GroundTruthError, also for hostile nesting, and
    Unsupported where it holds integers of more digits than Python reads here (not in a jail)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a dataset is none of ours
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if "for integer string conversion" in str(error):
            raise Unsupported("a very large integer") from None
        raise GroundTruthError(
            f"The ground truth cannot be used: {what} is not Python ({error})."
        ) from None


def fold_literals(tree: ast.Module, *, large: bool) -> None:
    """Put one constant in the place of each list, tuple, dict and set that is a literal through and
    through: suites are tables of constants mostly, and what is read later need not walk them.

    Not `large`: sets and dicts of very many members are left alone, since those of a hostile suite
    may take long to make."""
    if not large and any(map(_is_large, nodes(tree))):
        return
    found: list[ast.AST] = [tree]
    for node in found:
        for name in node._fields:
            child: Any = getattr(node, name, None)
            if type(child) is list:
                child[:] = map(_folded, child)
                found.extend([part for part in child if type(part) in _BRANCHES])
            elif type(child) in _BRANCHES:
                folded = _folded(child)
                setattr(node, name, folded)
                if type(folded) in _BRANCHES:
                    found.append(folded)


def _is_large(node: ast.AST) -> bool:
    members = node.elts if isinstance(node, ast.Set) else getattr(node, "keys", ())
    return len(members) > MAX_MEMBERS


def _folded(node: Any) -> Any:
    if type(node) in _TABLES:
        with contextlib.suppress(ValueError, TypeError):
            return ast.Constant(_literal(node))
    return node


def _literal(node: ast.AST) -> Any:
    """As ast.literal_eval, which takes three times as long for a list of numbers."""
    kind = type(node)
    if kind is ast.Constant:
        return node.value  # type: ignore[attr-defined]
    if kind is ast.List:
        return [_literal(part) for part in node.elts]  # type: ignore[attr-defined]
    return ast.literal_eval(node)


def nodes(tree: ast.AST, *, closed: tuple[type[ast.AST], ...] = ()) -> Iterator[ast.AST]:
    """`tree` and all below it, breadth first, but for constants and contexts. What is inside a
    `closed` node stays out as well."""
    found = [tree]
    for node in found:
        yield node
        if not isinstance(node, closed):
            found += branches(node)


def branches(node: ast.AST) -> list[ast.AST]:
    """What is right below it, as far as `nodes` has it."""
    found: list[ast.AST] = []
    for name in _FIELDS.get(type(node), ()):
        child: Any = getattr(node, name, None)
        if type(child) is list:
            found += [part for part in child if type(part) in _BRANCHES]
        elif type(child) in _BRANCHES:
            found.append(child)
    return found


_BRANCHES = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.AST)
    and not issubclass(kind, ast.Constant | ast.expr_context | ast.operator | ast.cmpop)
)
_NO_BRANCHES = frozenset({"id", "arg", "attr", "ctx", "op", "ops"})
_FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _NO_BRANCHES) for kind in _BRANCHES
}
"""Where such nodes may be."""
_TABLES = frozenset({ast.List, ast.Tuple, ast.Dict, ast.Set})
