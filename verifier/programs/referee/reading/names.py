"""What the names in a suite stand for, as far as its text says: the candidate, what it returned.

Names are followed, not values. A name stands for something here only where all that is ever bound
to it does, so that what is said of it holds.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from verifier.programs.referee.reading.survey import candidate_names

Bindings = dict[str, list[tuple[ast.expr | None, bool]]]
"""What each name is bound to, None where that is not known, and whether to its parts only."""

_MAX_STEPS = 20
"""From one name to the next: answers that are handed on more often are not followed."""
_IMPLICIT = frozenset({"__name__", "__file__", "__builtins__", "__annotations__", "__doc__"})


class Names:
    """The names of one test program."""

    def __init__(
        self,
        test: ast.Module,
        origins: Mapping[str, str],
        entry_point: str,
        others: Sequence[str] = (),
    ) -> None:
        """`origins`: what imported names are names of; `others`: functions of the candidate's."""
        self._origins = origins
        owner, _, self.method = entry_point.partition("().")
        self.bound = bindings(ast.walk(test))
        self._answers: set[str] = set()
        self._candidates = candidate_names(test, entry_point) | set(others)
        self._owners: set[str] = set()
        if self.method:
            self._candidates.discard(owner)
            self._owners = {owner}
            self._owners |= self._all_bound_to(self.is_owner)
        self._candidates |= self._all_bound_to(self.is_candidate)
        for _ in range(_MAX_STEPS):
            found = self._all_bound_to(self.is_answer)
            if found <= self._answers:
                break
            self._answers |= found

    def _all_bound_to(self, holds: Callable[[ast.expr], bool]) -> set[str]:
        return {
            name
            for name, values in self.bound.items()
            if all(value is not None and holds(value) for value, _ in values)
        }

    def is_module(self, name: str) -> bool:
        """Whether it is a module that was imported under its own name."""
        return self._origins.get(name) == name and name not in self.bound

    def is_of_module(self, dotted: str) -> bool:
        """Whether a full name is that of something in a module that is imported."""
        modules = {origin.partition(".")[0] for origin in self._origins.values()}
        return "." in dotted and dotted.partition(".")[0] in modules

    def is_candidate(self, node: ast.AST) -> bool:
        """Whether it is what is judged: the function, or the method of an object of its class."""
        if isinstance(node, ast.Attribute) and self.method:
            return node.attr == self.method and self.is_owner(node.value)
        return isinstance(node, ast.Name) and node.id in self._candidates

    def is_owner(self, node: ast.AST) -> bool:
        """Whether it is the class of the judged method, or an object of it."""
        if isinstance(node, ast.Call):
            node = node.func
        return isinstance(node, ast.Name) and node.id in self._owners

    def is_answer(self, node: ast.AST) -> bool:
        """Whether it is what the candidate returned, or a part of it, as it came."""
        match node:
            case ast.Call(func=ast.Name(id="next" | "iter"), args=[value, *_]):
                return self.is_answer(value)
            case ast.Call(func=func):
                return self.is_candidate(func)
            case ast.Name(id=name):
                return name in self._answers
            case ast.Subscript() | ast.NamedExpr() | ast.Await():
                return self.is_answer(node.value)
        return False

    def is_part_of_answer(self, node: ast.AST) -> bool:
        """Whether it is a part of what the candidate returned."""
        match node:
            case ast.Subscript(value=value):
                return self.is_answer(value)
            case ast.Name(id=name):
                return name in self._answers and any(part for _, part in self.bound[name])
        return False

    def holds_answer(self, node: ast.AST) -> bool:
        """Whether it is a container by name that is made of answers."""
        values = self.bound.get(node.id, []) if isinstance(node, ast.Name) else []
        spelt = (value for value, part in values if value is not None and not part)
        return any(
            isinstance(value, ast.List | ast.Tuple | ast.Dict | ast.ListComp)
            and any(map(self.is_answer, ast.walk(value)))
            for value in spelt
        )

    def is_type_of_answer(self, node: ast.AST) -> bool:
        """Whether it is `type(...)` or `....__class__` of what the candidate returned."""
        match node:
            case ast.Call(func=ast.Name(id="type"), args=[value]):
                return self.is_answer(value)
            case ast.Attribute(value=value, attr="__class__"):
                return self.is_answer(value)
        return False

    def unbound(self, test: Iterable[ast.AST], everything: Iterable[ast.AST]) -> list[str]:
        """The names that the test program uses and that neither Python nor anything in here, its
        set-up code included, defines."""
        bound = {*dir(builtins), *self._origins, *_IMPLICIT, *self._candidates, *self._owners}
        for node in everything:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    bound.add(node.name)
                case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                    bound.add(name)
                case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name):
                    bound.add(name)
                case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
                    bound.add(name)
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    return []
        used = {n.id: None for n in test if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        return [name for name in used if name not in bound]

    def dotted(self, node: ast.AST) -> str:
        """The full name of `x.y.z`, with what `x` was imported as; `?.z` where that is no name, and
        "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return f"?.{parts[0]}" if parts else ""
        return ".".join([self._origins.get(node.id, node.id), *reversed(parts)])


def imports(nodes: Iterable[ast.AST], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The names that imports bind, and the full names of what they are names of. An import of all
    names of a module binds those of `known`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield alias.asname or first, alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if alias.name != "*":
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"
                    continue
                for name in known:
                    owner, _, last = name.rpartition(".")
                    if owner == node.module:
                        yield last, name


def bindings(nodes: Iterable[ast.AST]) -> Bindings:
    """What names are bound to by these."""
    bound: Bindings = {}
    for node in nodes:
        for target, value, part in _bound_by(node):
            _bind(bound, target, value, part)
    return bound


def _bound_by(node: ast.AST) -> Iterator[tuple[ast.expr | str, ast.expr | None, bool]]:
    """Yields each target that a node binds, its value, and whether it gets only a part of that."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield target, value, False
        case ast.AnnAssign() | ast.NamedExpr():
            yield node.target, node.value, False
        case ast.AugAssign(target=target):
            yield target, None, False
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield node.target, node.iter, True
        case ast.withitem(context_expr=context, optional_vars=ast.expr() as target):
            yield target, context, False
        case ast.arg(arg=name):
            yield name, None, False
        case ast.ExceptHandler(name=str() as name):
            yield name, None, False


def _bind(bound: Bindings, target: ast.expr | str, value: ast.expr | None, part: bool) -> None:
    """Records what each name in a target is bound to, item by item where both sides are tuples."""
    if isinstance(target, ast.Name | str):
        name = target if isinstance(target, str) else target.id
        bound.setdefault(name, []).append((value, part))
    elif isinstance(target, ast.Starred):
        _bind(bound, target.value, value, True)
    elif isinstance(target, ast.Tuple | ast.List):
        pairs = value.elts if isinstance(value, ast.Tuple | ast.List) and not part else []
        exact = len(pairs) == len(target.elts)
        for place, inner in enumerate(target.elts):
            _bind(bound, inner, pairs[place] if exact else value, part or not exact)
