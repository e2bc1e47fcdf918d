"""What the names in an assertion suite mean: the candidate, builtins, the suite's own variables."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from verifier.programs.assertions.functions import CONSTANTS, FUNCTIONS, ITERATING
from verifier.programs.assertions.meter import Unsupported
from verifier.programs.assertions.source import branches, nodes
from verifier.programs.nodes import BY_BUILDER, COMPARISONS

MAX_ROUNDS = 20
"""How often a suite is gone through to find what depends on what: from bottom to top a chain of
variables takes one round each."""
_MODULES = frozenset({"math", "copy", "collections"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_KNOWN = FUNCTIONS.keys() | ITERATING.keys() | CONSTANTS.keys()


class Scope:
    """The names of one suite, resolved before anything is evaluated."""

    def __init__(
        self, entry_point: str, parameter: str | None, setup: ast.Module, test: ast.Module
    ) -> None:
        """`parameter`: what `check` calls the candidate. Raises Unsupported."""
        self._entry_point = entry_point
        test_nodes = list(nodes(test))
        self._from_setup = _bound_names(list(nodes(setup, closed=_SCOPES)))
        self._bound = _bound_names(test_nodes)
        self._bindings = Counter(_bindings(test_nodes))
        self._uses = Counter(node.id for node in test_nodes if isinstance(node, ast.Name))
        self._variables = set(self._bindings)
        self._candidate = {name for name in (entry_point, parameter) if name is not None}
        if self._candidate & self._variables or entry_point in self._bound - {parameter}:
            raise Unsupported("another meaning of the candidate's name")
        self._imported: dict[str, str] = {}
        for node in (*nodes(setup), *test_nodes):
            self._read_import(node)
        self._tainted: set[str] = set()
        self._touching: dict[ast.AST, bool] = {}
        self._calling: dict[ast.AST, bool] = {}
        self._taint(test_nodes)

    def _read_import(self, node: ast.AST) -> None:
        """Notes which names an import binds, and to what of which module."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._imported[alias.asname or alias.name.split(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name != "*":
                    self._imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                else:
                    own = f"{node.module}."
                    self._imported.update(
                        (name.removeprefix(own), name) for name in _KNOWN if name.startswith(own)
                    )

    def _taint(self, test_nodes: Sequence[ast.AST]) -> None:
        """Find the variables whose values come from the candidate, through others as well, or were
        given to it, which may have changed them in place."""
        flows = list(_flows(test_nodes))
        for node in test_nodes:
            if isinstance(node, ast.Call) and self.is_candidate(node.func):
                self._tainted |= _names([*node.args, *(word.value for word in node.keywords)])
        for _ in self._until_no_more():  # what is in a value that is given is given, too
            for source, places, is_iterated in flows:
                if not is_iterated and self._tainted & _names(places):
                    self._tainted |= _names([source])
        for _ in self._until_no_more():
            self._touching.clear()
            for source, places, _ in flows:
                if self.touches_candidate(source):
                    self._tainted.update(*(_bindings(nodes(place)) for place in places))

    def _until_no_more(self) -> Iterator[None]:
        """Rounds, as long as they find more variables. Raises Unsupported after very many."""
        found = -1
        for _ in range(MAX_ROUNDS):
            if found == len(self._tainted):
                return
            found = len(self._tainted)
            yield
        raise Unsupported("a long chain of variables")

    def is_candidate(self, function: ast.expr) -> bool:
        """Whether calling this expression calls the candidate."""
        if isinstance(function, ast.Name):
            return function.id in self._candidate
        return "()." in self._entry_point and ast.unparse(function) == self._entry_point

    def is_variable(self, name: str) -> bool:
        """Whether the suite assigns this name somewhere."""
        return name in self._variables

    def bindings(self, name: str) -> int:
        """At how many places the suite assigns this name."""
        return self._bindings[name]

    def uses(self, name: str) -> int:
        """At how many places the suite has this name, for whatever."""
        return self._uses[name]

    def known(self, function: ast.expr) -> str | None:
        """The full name of a function or constant that the reader knows, e.g. `math.isclose`."""
        if isinstance(function, ast.Name):
            if (
                self.is_variable(function.id)
                or function.id in self._from_setup - self._imported.keys()
            ):
                return None
            name = self._imported.get(function.id, function.id)
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            owner = function.value.id
            if owner in self._bound | self._from_setup:
                return None
            name = f"{self._imported.get(owner, owner)}.{function.attr}"
            if name.split(".")[0] not in _MODULES:
                return None
        else:
            return None
        return name if name in _KNOWN else None

    def builds_node(self, name: str) -> bool:
        """Whether this is LeetCodeDataset's own `list_node` or `tree_node`."""
        return name in BY_BUILDER.keys() & self._from_setup - self._bound

    def compares_nodes(self, name: str) -> bool:
        """Whether this is LeetCodeDataset's own `is_same_list` or `is_same_tree`."""
        return name in COMPARISONS & self._from_setup - self._bound

    def builds_candidate_type(self, name: str) -> bool:
        """Whether only the candidate can define this: a class such as MBPP's `Pair`.

        Never a function of the suite's own: the candidate could redefine it, and with it what it
        is asked."""
        return (
            name[:1].isupper()
            and name not in self._from_setup | self._bound | self._imported.keys()
        )

    def touches_candidate(self, tree: ast.AST) -> bool:
        """Whether evaluating this can depend on what the candidate does."""
        if isinstance(tree, ast.Constant):
            return False
        return _is_in(tree, self._touches_by_itself, self._touching)

    def calls_candidate(self, tree: ast.AST) -> bool:
        """Whether a call of the candidate is in this."""
        return _is_in(tree, self._is_call_of_candidate, self._calling)

    def _touches_by_itself(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._tainted and isinstance(node.ctx, ast.Load)
        return self._is_call_of_candidate(node)

    def _is_call_of_candidate(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and self.is_candidate(node.func)


def _is_in(tree: ast.AST, has: Callable[[ast.AST], bool], known: dict[ast.AST, bool]) -> bool:
    """Whether `tree` or anything below it has what is looked for; each is looked at once."""
    found = known.get(tree)
    if found is None:
        found = has(tree)
        for part in branches(tree):
            if found:
                break
            found = _is_in(part, has, known)
        known[tree] = found
    return found


def assigned_names(statements: Iterable[ast.stmt]) -> set[str]:
    """The variables that these statements assign."""
    return {name for statement in statements for name in _bindings(nodes(statement))}


def _flows(found: Iterable[ast.AST]) -> Iterator[tuple[ast.expr, list[ast.expr], bool]]:
    """Where values go to variables: from what, to what, and whether by iteration."""
    for node in found:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield node.value, node.targets if isinstance(node, ast.Assign) else [node.target], False
        elif isinstance(node, ast.For | ast.comprehension):
            yield node.iter, [node.target], True


def _names(trees: Iterable[ast.AST]) -> set[str]:
    return {n.id for tree in trees for n in nodes(tree) if isinstance(n, ast.Name)}


def _bindings(found: Iterable[ast.AST]) -> list[str]:
    return [
        node.id
        for node in found
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    ]


def _bound_names(found: Sequence[ast.AST]) -> set[str]:
    """Every name that these nodes bind, but by import."""
    names = set(_bindings(found))
    for node in found:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names
