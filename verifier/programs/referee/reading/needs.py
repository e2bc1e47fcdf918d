"""What a suite needs of its candidate beside plain data, told from its text before any runs."""

from __future__ import annotations

import ast
import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifier.programs.referee.reading.names import Bindings, bindings

PLAIN_TYPES: tuple[type, ...] = (
    *(str, bytes, bytearray, list, tuple, dict, set, frozenset),
    *(bool, int, float, complex, range, Fraction, type(None), type(iter([]))),
)
_OPERATORS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
}
"""What gives the values of operators, as handles name it."""
_MAX_STEPS = 20
"""From one name to the next: what is handed on more often is not followed."""


class Need(enum.Enum):
    """What crosses the wall for a suite that cannot be judged without it."""

    OBJECTS = "objects"
    PRINTED = "what is printed"
    CALLBACKS = "functions of the suite's"
    FILES = "files"
    TABLES = "tables"
    MOCKS = "mocks"
    SEEDS = "random numbers"


@dataclass(frozen=True, slots=True)
class Needs:
    """What the two sides of the wall do for one suite."""

    objects: tuple[str, ...]
    """Functions, classes, methods and attributes whose values are asked for what no plain data has:
    objects, whoever the candidate is."""
    exceptions: tuple[str, ...]
    """Names of exceptions that only the candidate can define."""
    raised: tuple[str, ...]
    """Full names of exceptions of libraries that it waits for."""
    made: tuple[str, ...]
    """Classes of the set-up code, which both sides have, and make objects of again."""
    printed: bool
    callbacks: bool
    files: bool
    mocks: bool
    seeds: tuple[str, ...]
    """Modules whose random numbers it seeds."""
    drawing: tuple[str, ...]
    """Names by which it draws, and looks at what is drawn."""
    replaced: tuple[str, ...]
    """Names of modules of which it replaces something."""
    tables: bool
    """Whether it names a library of tables, whose methods decide what tables hold."""


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
        self._known: dict[tuple[str, str], set[str]] = {}
        self._functions = {n.name: n for n in self._nodes if isinstance(n, ast.FunctionDef)}
        self._attributes: dict[str, list[ast.expr]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        self._attributes.setdefault(target.attr, []).append(node.value)

    def objects(self) -> set[str]:
        """Those of what is asked for attributes that no one plain type has, or is of a class: names
        of functions, classes, methods and attributes, and of operators."""
        asked: dict[str, tuple[ast.expr, set[str]]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Attribute):
                asked.setdefault(ast.dump(node.value), (node.value, set()))[1].add(node.attr)
        found: set[str] = set()
        for base, attributes in asked.values():
            origins = self._of(base, _MAX_STEPS)
            asked_more = {name for name in attributes if not _is_of_mocks(name)}
            found |= origins & self._classes if is_plain(asked_more) else origins
        return found.union(*map(self._joined, self._nodes))

    def _joined(self, node: ast.AST) -> set[str]:
        """The classes of objects that an operator joins (`a + b`, `a < b`), and of those that
        something is to be equal to."""
        match node:
            case ast.BinOp(left=left, right=right):
                sides = [left, right]
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
            case ast.Call(func=ast.Attribute(attr="assertEqual"), args=[one, other, *_]):
                sides = [one, other]
            case _:
                return set()
        origins = [self._of(side, _MAX_STEPS) for side in sides]
        of_classes = [each for each in origins if each and each <= self._classes]
        is_equality = isinstance(node, ast.Call) or (
            isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        )
        are_all = len(of_classes) == len(origins) or (is_equality and all(origins))
        return set[str]().union(*of_classes) if are_all else set()

    def _of(self, node: ast.expr | None, steps: int) -> set[str]:
        """The names of whatever an expression may be, followed for so many steps."""
        if node is None or not steps:
            return set()
        if isinstance(node, ast.BinOp):
            return {_OPERATORS.get(type(node.op), "")}
        if isinstance(node, ast.Call):
            return self._of_call(node, steps)
        match node:
            case ast.Name(id=name):
                return self._of_name(name, steps - 1)
            case ast.Attribute(attr=name):
                values = self._attributes.get(name, [])
                return self._once("attribute", name, values, steps) | {name}
            case ast.Subscript(value=value):
                return self._of(value, steps - 1) | {"getitem"}
            case ast.NamedExpr() | ast.Await() | ast.Starred():
                return self._of(node.value, steps - 1)
        return set()

    def _of_call(self, node: ast.Call, steps: int) -> set[str]:
        match node:
            case ast.Call(func=ast.Name(id="next" | "iter" | "list" | "sorted"), args=[value, *_]):
                return self._of(value, steps - 1) | {"next"}
            case ast.Call(func=ast.Name(id="max" | "min"), args=[_, _, *_] as values):
                return set[str]().union(*(self._of(value, steps - 1) for value in values))
            case ast.Call(func=ast.Name(id=name)) if name in self._entry:
                return {self._entry[name]}
            case ast.Call(func=ast.Name(id=name)) if name in self._functions:
                return self._of_function(name, steps)
            case ast.Call(func=ast.Name(id=name)) if name not in self._bound:
                return {name}
            case ast.Call(func=ast.Attribute(attr=name)):
                return {name}
        return {"call"}

    def _of_name(self, name: str, steps: int) -> set[str]:
        """A variable, a parameter that a fixture gives, or a name of the candidate's."""
        if name not in self._bound:
            known = name in self._functions
            return self._of_function(name, steps) if known else {self._entry.get(name, name)}
        bound = self._bound[name]
        values = [value for value, _ in bound if value is not None]
        found = self._once("name", name, values, steps)
        if any(part for _, part in bound):
            found = found | {"next"}
        return found | self._of_function(name, steps) if name in self._functions else found

    def _of_function(self, name: str, steps: int) -> set[str]:
        """What a function of the suite's returns or yields."""
        nodes = ast.walk(self._functions[name]) if ("function", name) not in self._known else ()
        values = [node.value for node in nodes if isinstance(node, ast.Return | ast.Yield)]
        return self._once("function", name, values, steps)

    def _once(
        self, what: str, name: str, values: Sequence[ast.expr | None], steps: int
    ) -> set[str]:
        """Of all of these, looked at once: names may go round, and multiply."""
        if (what, name) not in self._known:
            self._known[what, name] = set()
            found = (self._of(value, steps - 1) for value in values)
            self._known[what, name] = set[str]().union(*found)
        return self._known[what, name]


def _is_of_mocks(name: str) -> bool:
    """Whether a mock is asked for it by its suite."""
    return name in {"return_value", "side_effect"} or name.startswith(("assert_", "call"))


def exceptions_in(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """The names that a suite waits for as exceptions."""
    yield from (part.id for part in waited_for(nodes) if isinstance(part, ast.Name))


def waited_for(nodes: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """What a suite waits for as exceptions."""
    for node in nodes:
        match node:
            case ast.ExceptHandler(type=ast.expr() as waited):
                yield from _parts(waited)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[waited, *_]):
                if name.lower().startswith(("raises", "assertraises", "suppress")):
                    yield from _parts(waited)
                elif name.startswith("assert"):
                    yield from _types_of_exceptions(node.args)
            case ast.Compare(left=left, comparators=others):
                yield from _types_of_exceptions([left, *others])


def _types_of_exceptions(sides: Sequence[ast.expr]) -> Iterator[ast.Name]:
    """What the type of something is compared with, where it is spelt as an exception's."""
    for side in sides:
        match side:
            case ast.Call(func=ast.Name(id="type"), args=[_]):
                yield from (
                    other
                    for other in sides
                    if isinstance(other, ast.Name) and other.id.endswith(("Error", "Exception"))
                )


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]
