"""Spoilt solutions: the ways in which the acceptance tests break a right program."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def with_body(program: str, name: str, statement: str) -> str:
    """`program`, where the function `name` does nothing but `statement`."""
    tree = ast.parse(program)
    function = _function(tree, name)
    function.body = ast.parse(statement).body
    return ast.unparse(tree)


def answers_one_off(program: str, name: str) -> str:
    """`program`, where every answer of `name` is one off: one more, one shorter, the opposite."""
    return f"""{program}

def _one_off(right):
    def spoilt(*args, **kwargs):
        value = right(*args, **kwargs)
        if isinstance(value, bool):
            return not value
        if isinstance(value, (int, float, complex)):
            return value + 1
        if isinstance(value, (str, list, tuple)) and value:
            return value[:-1]
        return "one off"
    return spoilt

{name} = _one_off({name})
"""


def off_by_one(program: str, name: str) -> Iterator[str]:
    """Programs that differ from `program` in one thing of the function `name`: an integer is one
    more, or a comparison takes its bound in or leaves it out."""
    places = sum(1 for _ in _places(_function(ast.parse(program), name)))
    for place in range(places):
        tree = ast.parse(program)
        for number, node in enumerate(_places(_function(tree, name))):
            if number == place:
                _shift(node)
        yield ast.unparse(tree)


def one_call_altered(program: str, entry_point: str, call: int) -> str:
    """`program`, whose `call`-th answer (0-based) is wrapped in a tuple with something else."""
    owner, dot, method = entry_point.partition("().")
    target = f"{owner}.{method}" if dot else entry_point
    return f"""{program}

def _spoil(right, count=[0]):
    def spoilt(*args, **kwargs):
        count[0] += 1
        value = right(*args, **kwargs)
        return ("spoilt", value) if count[0] == {call + 1} else value
    return spoilt

{target} = _spoil({target})
"""


_BOUNDS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


def _function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)


def _places(function: ast.FunctionDef) -> Iterator[ast.Constant | ast.Compare]:
    for node in ast.walk(function):
        match node:
            case ast.Constant(value=int()) if not isinstance(node.value, bool):
                yield node
            case ast.Compare(ops=[op, *_]) if type(op) in _BOUNDS:
                yield node


def _shift(node: ast.Constant | ast.Compare) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = _BOUNDS[type(node.ops[0])]()
    elif isinstance(node.value, int):
        node.value += 1
