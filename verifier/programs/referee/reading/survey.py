"""What of a suite that the referee runs depends on the candidate, told from its text.

Names are followed, not values, and whatever a candidate may have touched counts as touched. So a
comparison that has nothing to do with the candidate may be taken for one that has (two names meet
in a helper function), but never the other way round.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Links = list[tuple[set[str], set[str]]]
"""Pairs of names: where one of the first depends on the candidate, so do the second."""

_GUARDS = (ast.If, ast.IfExp, ast.While, ast.For, ast.AsyncFor, ast.Try)
_TURNS = (ast.Return, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Survey:
    """Where a suite compares what the candidate did."""

    sites: tuple[tuple[int, int, bool], ...]
    """Line, column, and whether what is done there counts once it is over (else as it begins), of
    each statement that passes only where the candidate did as the suite wants."""
    diverted: bool
    """Whether what the candidate does decides if some of them are reached."""


def survey(test: ast.Module, entry_point: str, others: Sequence[str] = ()) -> Survey:
    """Where the suite compares what the candidate did. `others`: further functions of its.

    Raises RecursionError for what is nested some hundred levels deep."""
    dependent = dependent_names(test, entry_point, others)
    sites: list[tuple[int, int, bool]] = []
    diverted = False

    def visit(node: ast.AST, guarded: bool) -> None:
        """Collects assertions at or below a node; `guarded`: below a condition on answers."""
        nonlocal diverted
        counts = _counts(node, dependent, own)
        if counts is not None and isinstance(node, ast.stmt):
            sites.append((node.lineno, node.col_offset, counts))
            diverted = diverted or guarded
        if isinstance(node, _GUARDS) and names_in(_condition(node)) & dependent:
            guarded = True
            diverted = diverted or any(isinstance(part, _TURNS) for part in ast.walk(node))
        for child in ast.iter_child_nodes(node):
            visit(child, guarded)

    own = {node.name for node in ast.walk(test) if isinstance(node, ast.FunctionDef)}
    visit(test, False)
    return Survey(tuple(sites), diverted)


def dependent_names(test: ast.Module, entry_point: str, others: Sequence[str] = ()) -> set[str]:
    """The names in a suite that hold the candidate, what it returned, or what it may have changed,
    and those of functions and classes that use these."""
    dependent = candidate_names(test, entry_point) | set(others)
    dependent |= {*_listening(test), *_mocking(test)}
    links = [link for node in ast.walk(test) for link in _links(node)]
    links += _parameters(test)
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(test)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    grown = True
    while grown:
        before = len(dependent)
        for sources, targets in links:
            if not sources.isdisjoint(dependent):
                dependent |= targets - imported
        grown = len(dependent) > before
    return dependent


def _listening(test: ast.Module) -> Iterator[str]:
    """The names of what holds what is printed."""
    for node in ast.walk(test):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[given]):
                if name.startswith("redirect_std"):
                    yield from names_in(given)
            case ast.Assign(targets=targets, value=value):
                if any(getattr(t, "attr", None) in ("stdout", "stderr") for t in targets):
                    yield from names_in(value, [t for t in targets if isinstance(t, ast.Name)])
            case ast.arg(arg="capsys" | "capfd" as name):
                yield name


def _mocking(test: ast.Module) -> Iterator[str]:
    """The names of mocks that take the place of something around the candidate."""
    for node in ast.walk(test):
        match node:
            case ast.withitem(context_expr=context, optional_vars=ast.Name(id=name)):
                if _is_patch(context):
                    yield name
            case ast.FunctionDef(decorator_list=decorators, args=arguments):
                if any(map(_is_patch, decorators)):
                    yield from (argument.arg for argument in arguments.args[1:])
                    yield from (
                        argument.arg for argument in arguments.args[:1] if argument.arg != "self"
                    )
            case ast.ClassDef(decorator_list=decorators, body=body):
                if any(map(_is_patch, decorators)):
                    methods = (part for part in body if isinstance(part, ast.FunctionDef))
                    yield from (each.arg for method in methods for each in method.args.args[1:])
            case ast.Assign(targets=targets, value=value) if _is_patch(value):
                yield from set[str]().union(*map(root, targets))


def _is_patch(node: ast.expr) -> bool:
    """Whether it is a call of `patch`, of something of it, or of the `start` of one."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "patch":
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == "patch"


def candidate_names(test: ast.Module, entry_point: str) -> set[str]:
    """What the suite calls the candidate, or the class that it is a method of."""
    names = {entry_point.partition("().")[0]}
    for node in test.body:
        if isinstance(node, ast.FunctionDef) and node.name == "check":
            names |= {argument.arg for argument in node.args.args[:1]}
    return names


def names_in(*parts: ast.AST | Sequence[ast.AST] | None) -> set[str]:
    """All names in these."""
    found: set[str] = set()
    for part in parts:
        for tree in part if isinstance(part, Sequence) else [part] if part else []:
            found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found


def root(node: ast.AST) -> set[str]:
    """The name that `x`, `x.y`, `x[0]`, `x.y()` and `*x` begin with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        if not isinstance(node, ast.Call):
            node = node.value
        elif isinstance(node.func, ast.Attribute):
            node = node.func.value
        else:
            return set()
    if isinstance(node, ast.Tuple | ast.List):
        return set().union(*map(root, node.elts))
    return {node.id} if isinstance(node, ast.Name) else set()


def _links(node: ast.AST) -> Iterator[tuple[set[str], set[str]]]:
    """Yields what flows where: names that are read, and names that depend on them afterwards."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield names_in(value), set().union(*map(root, targets))
        case ast.AugAssign() | ast.AnnAssign() | ast.NamedExpr():
            yield names_in(node.value), root(node.target)
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield names_in(node.iter), root(node.target)
        case ast.withitem(context_expr=context, optional_vars=ast.expr() as target):
            yield names_in(context), root(target)
        case ast.Try(body=body, handlers=handlers):
            yield names_in(body), {handler.name for handler in handlers if handler.name}
        case ast.Match(subject=subject, cases=cases):
            yield names_in(subject), _captured(cases)
        case ast.Call():
            # It may have changed what it was given, and what it is a method of.
            given = arguments_of(node)
            yield names_in(node.func, given), set().union(root(node), *map(root, given))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield names_in(node.body, node.decorator_list), {node.name}


def arguments_of(call: ast.Call) -> list[ast.expr]:
    """What a call passes, by position and by name."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _captured(cases: Sequence[ast.match_case]) -> set[str]:
    return {
        node.name
        for case in cases
        for node in ast.walk(case.pattern)
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name
    }


def _parameters(test: ast.Module) -> Links:
    """From what functions of the suite are called with, or given to, to their parameters."""
    given: dict[str, set[str]] = {}
    for node in ast.walk(test):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            given.setdefault(name or "", set()).update(names_in(arguments_of(node)))
    functions = [n for n in ast.walk(test) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    declared = {node.name: {each.arg for each in _declared(node.args)} for node in functions}
    links = [(given.get(name, set()), parameters) for name, parameters in declared.items()]
    for node in ast.walk(test):
        if isinstance(node, ast.Call):  # of what it passes on, it may call with anything
            for part in arguments_of(node):
                passed = declared.get(part.id) if isinstance(part, ast.Name) else None
                if isinstance(part, ast.Lambda):
                    passed = {each.arg for each in _declared(part.args)}
                if passed:
                    links.append((names_in(node.func), passed))
    return links


def _declared(arguments: ast.arguments) -> list[ast.arg]:
    others = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *others]


def _condition(node: ast.AST) -> Any:
    """What decides whether the parts of a statement are reached."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return node.iter
    return node.body if isinstance(node, ast.Try) else getattr(node, "test", None)


def _counts(node: ast.AST, dependent: set[str], own: set[str]) -> bool | None:
    """Whether a statement compares what the candidate did: True where it has once it is over,
    False where it has as it begins, None where it does not."""
    match node:
        case ast.Assert(test=test):
            return True if names_in(test) & dependent else None
        case ast.If(test=test) | ast.While(test=test):
            fails = _fails(node.body) or _fails(node.orelse)
            return False if fails and names_in(test) & dependent else None
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            fails = any(map(_fails, (body, orelse, *(handler.body for handler in handlers))))
            return True if fails and names_in(body) & dependent else None
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            waits = any("raises" in _called(item.context_expr).lower() for item in items)
            return True if waits and names_in(body) & dependent else None
        case ast.Expr(value=ast.Call() as call):
            name = _called(call)
            asserts = name.startswith("assert") and name not in own
            return True if asserts and names_in(call) & dependent else None
    return None


def _called(node: ast.expr) -> str:
    """The last name of what is called."""
    func = node.func if isinstance(node, ast.Call) else node
    return getattr(func, "attr", None) or getattr(func, "id", None) or ""


def _fails(body: Sequence[ast.stmt]) -> bool:
    """Whether these statements fail the suite where they are reached."""
    for statement in body:
        match statement:
            case ast.Raise() | ast.Assert(test=ast.Constant(value=False | 0 | None)):
                return True
            case ast.Expr(value=ast.Call() as call) if _called(call) in {"fail", "exit"}:
                return True
    return False
