"""What a suite needs of its candidate beside plain data, told from its text before any runs."""

from __future__ import annotations

import ast
import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.programs.referee.names import Bindings, bindings

PLAIN_TYPES: tuple[type, ...] = (
    *(str, bytes, bytearray, list, tuple, dict, set, frozenset),
    *(bool, int, float, complex, range, Fraction, type(None), type(iter([]))),
)
_MAX_STEPS = 20
"""From one name to the next: what is handed on more often is not followed."""


class Need(enum.Enum):
    """What crosses the wall for a suite that cannot be judged without it."""

    OBJECTS = "objects"
    PRINTED = "what is printed"
    CALLBACKS = "functions of the suite's"


@dataclass(frozen=True, slots=True)
class Needs:
    """What the two sides of the wall do for one suite."""

    objects: tuple[str, ...]
    """Functions, classes, methods and attributes whose values are asked for what no plain data has:
    objects, whoever the candidate is."""
    exceptions: tuple[str, ...]
    """Names of exceptions that only the candidate can define."""
    made: tuple[str, ...]
    """Classes of the set-up code, which both sides have, and make objects of again."""
    printed: bool
    callbacks: bool


def is_plain(attributes: Collection[str]) -> bool:
    """Whether one plain type has all of these."""
    asked = set(attributes)
    return any(asked <= set(dir(kind)) for kind in PLAIN_TYPES)


class Origins:
    """Where in a suite objects come from: the names of what gives them."""

    def __init__(
        self, test: ast.Module, classes: Collection[str], entry_point: str, called: Collection[str]
    ) -> None:
        """`classes`: names of the candidate's that are those of classes, by their spelling;
        `called`: what the suite calls the entry point."""
        owner, _, method = entry_point.partition("().")
        self._entry = dict.fromkeys(set(called) - {owner}, method or owner)
        self._nodes = list(ast.walk(test))
        self._classes = frozenset(classes)
        self._bound: Bindings = bindings(self._nodes)
        self._functions = {n.name: n for n in self._nodes if isinstance(n, ast.FunctionDef)}
        self._attributes: dict[str, list[ast.expr]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        self._attributes.setdefault(target.attr, []).append(node.value)

    def objects(self) -> set[str]:
        """Those of what is asked for attributes that no one plain type has, or is of a class."""
        asked: dict[str, tuple[ast.expr, set[str]]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Attribute):
                asked.setdefault(ast.dump(node.value), (node.value, set()))[1].add(node.attr)
        found: set[str] = set()
        for base, attributes in asked.values():
            origins = self._of(base, _MAX_STEPS)
            found |= origins & self._classes if is_plain(attributes) else origins
        return found

    def _of(self, node: ast.expr | None, steps: int) -> set[str]:
        """The names of whatever an expression may be, followed for so many steps."""
        if node is None or not steps:
            return set()
        match node:
            case ast.Name(id=name):
                return self._of_name(name, steps - 1)
            case ast.Attribute(attr=name):
                return {name}.union(
                    *(self._of(v, steps - 1) for v in self._attributes.get(name, []))
                )
            case ast.Call(func=ast.Name(id="next" | "iter" | "list" | "sorted"), args=[value, *_]):
                return self._of(value, steps - 1)
            case ast.Call(func=ast.Name(id=name)):
                own = self._functions.get(name)
                named = {self._entry.get(name, name)}
                return named if own is None else self._of_all(_given_back(own), steps)
            case ast.Call(func=func):
                return self._of(func, steps - 1)
            case ast.Subscript() | ast.NamedExpr() | ast.Await() | ast.Starred():
                return self._of(node.value, steps - 1)
            case ast.BinOp(left=left, right=right):
                return self._of_all([left, right], steps)
            case ast.UnaryOp(operand=operand):
                return self._of(operand, steps - 1)
        return set()

    def _of_all(self, nodes: Sequence[ast.expr], steps: int) -> set[str]:
        return set[str]().union(*(self._of(node, steps - 1) for node in nodes))

    def _of_name(self, name: str, steps: int) -> set[str]:
        """A variable, a parameter that a fixture gives, or a name of the candidate's."""
        values = [value for value, _ in self._bound.get(name, []) if value is not None]
        if name in self._functions:
            values += _given_back(self._functions[name])
        found = self._of_all(values, steps)
        return found if name in self._bound or name in self._functions else {name}


def _given_back(function: ast.FunctionDef) -> list[ast.expr]:
    """What a function returns or yields."""
    return [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None
    ]


def exceptions_in(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """The names that a suite waits for as exceptions."""
    for node in nodes:
        match node:
            case ast.ExceptHandler(type=ast.expr() as waited):
                yield from _names(waited)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[waited, *_]):
                if name.lower().startswith(("raises", "assertraises", "suppress")):
                    yield from _names(waited)


def _names(node: ast.expr) -> Iterator[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    yield from (part.id for part in parts if isinstance(part, ast.Name))
