"""Which calls a suite begins with, whatever is answered: they can be asked for in batches.

An answer can only end the suite, so up to the first statement in which one chooses what is called
next (a branch, a loop, `and`, `or`), or is an argument itself, every call is known beforehand.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sandbox import Built
from sandbox.jail import Arguments
from verifier.errors import VerifierError
from verifier.programs.assertions.scope import Scope


class _Unforeseen(VerifierError):
    """An expression that says too little of the calls in it."""


def foresee(
    statements: Iterable[ast.stmt], scope: Scope, drained: Collection[ast.Call]
) -> list[Arguments]:
    """The first calls of these statements, in order. Of `drained` calls the answer is iterated
    over, which has to be said with the call."""
    calls: list[Arguments] = []
    for statement in statements:
        if not scope.calls_candidate(statement):
            continue
        match statement:
            case (
                ast.Assert(test=expression)
                | ast.Expr(value=expression)
                | ast.Assign(value=expression)
            ):
                try:
                    calls += _Foresight(scope, drained).calls_of(expression)
                except _Unforeseen:
                    break
            case _:
                break
    return calls


class _Foresight:
    def __init__(self, scope: Scope, drained: Collection[ast.Call]) -> None:
        self._scope = scope
        self._drained = drained

    def calls_of(self, node: ast.expr) -> list[Arguments]:
        """In the order of evaluation. Raises _Unforeseen."""
        return list(self._calls(node))

    def _calls(self, node: ast.expr) -> Iterator[Arguments]:
        """Yields the arguments of each candidate call; raises where they depend on answers."""
        if not self._scope.calls_candidate(node):
            return
        match node:
            case ast.Call() if self._scope.is_candidate(node.func):
                if node in self._drained:
                    raise _Unforeseen
                yield tuple(map(self._plain, node.args)), dict(map(self._named, node.keywords))
                return
            case ast.Compare(left=left, comparators=[right]) | ast.BinOp(left=left, right=right):
                parts = [left, right]
            case ast.UnaryOp(operand=operand):
                parts = [operand]
            case ast.Subscript(value=value, slice=index):
                parts = [value, index]
            case ast.Call(func=ast.Attribute(value=owner), args=args, keywords=words):
                parts = [owner, *args, *(word.value for word in words)]
            case ast.Call(args=args, keywords=words):
                parts = [*args, *(word.value for word in words)]
            case _:
                raise _Unforeseen
        for part in parts:
            yield from self._calls(part)

    def _named(self, word: ast.keyword) -> tuple[str, Any]:
        if word.arg is None:
            raise _Unforeseen
        return word.arg, self._plain(word.value)

    def _plain(self, node: ast.expr) -> Any:
        """The value of an argument that depends on no variable."""
        match node:
            case ast.Constant():
                return node.value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
            case ast.Call(func=ast.Name(id=name), keywords=[]) if self._scope.builds_node(name):
                return Built(name, tuple(map(self._plain, node.args)))
        raise _Unforeseen
