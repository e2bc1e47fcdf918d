"""Parses and walks dataset source text without running any of it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from verifier.assertions.functions import Beyond
from verifier.errors import GroundTruthError


def parse_python(source: str, what: str) -> ast.Module:
    """The syntax tree of dataset text. Raises GroundTruthError, also for hostile nesting, and
    Beyond where the text holds integers of more digits than Python reads here (not in a jail)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a dataset is none of ours
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if "for integer string conversion" in str(error):
            raise Beyond("a very large integer") from None
        raise GroundTruthError(
            f"The ground truth cannot be used: {what} is not Python ({error})."
        ) from None


def nodes(tree: ast.AST, *, closed: tuple[type[ast.AST], ...] = ()) -> Iterator[ast.AST]:
    """`tree` and all below it, breadth first, but for constants and contexts: suites are tables of
    constants mostly, and `ast.walk` looks at each of them. What is inside a `closed` node stays out
    as well."""
    found = [tree]
    for node in found:
        yield node
        if isinstance(node, closed):
            continue
        for name in node._fields:
            child: Any = getattr(node, name, None)
            if isinstance(child, list):
                found.extend([part for part in child if type(part) in _BRANCHES])
            elif type(child) in _BRANCHES:
                found.append(child)


_BRANCHES = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.AST)
    and not issubclass(kind, ast.Constant | ast.expr_context | ast.operator | ast.cmpop)
)
