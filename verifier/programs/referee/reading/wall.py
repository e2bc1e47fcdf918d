"""Reads a suite once, and says what in it does not cross the wall, and what has to."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from verifier.errors import GroundTruthError
from verifier.model import AssertTruth
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python
from verifier.programs.nodes import BY_TYPE
from verifier.programs.referee.reading.kinds import CHANGED, OBJECTS, Kinds
from verifier.programs.referee.reading.names import Names, imports
from verifier.programs.referee.reading.needs import Need, Needs, Origins, exceptions_in, waited_for
from verifier.programs.referee.reading.surroundings import Surroundings, of_parameter
from verifier.programs.referee.reading.survey import arguments_of, candidate_names
from verifier.programs.referee.reading.values import Values, is_assertion, of_exception

_MAX_CHARS = 1_000_000
"""Of a suite that is looked at: the work is ours."""


def beyond_the_wall(truth: AssertTruth) -> str | None:
    """What a test program does that cannot be judged across the wall; None where nothing was found.

    A sentence without its subject."""
    reading = _reading(truth)
    return None if reading is None else reading.reason


def needs_of(truth: AssertTruth) -> Needs | None:
    """What a test program needs to cross beside plain data; None where that is nothing."""
    reading = _reading(truth)
    return None if reading is None else reading.needs


def other_functions(truth: AssertTruth) -> tuple[str, ...]:
    """The functions and classes beside the entry point that a test program uses and nothing but the
    candidate can define."""
    reading = _reading(truth)
    return reading.others if reading else ()


@lru_cache(maxsize=16)
def _reading(truth: AssertTruth) -> _Reading | None:
    """None where the text is more than can be read here."""
    if len(truth.test) + len(truth.setup) > _MAX_CHARS:
        return None
    try:
        test = parse_python(truth.test, "the test suite")
        setup = parse_python(truth.setup, "the set-up code")
        return _Reading(test, setup, truth.entry_point)
    except (Unsupported, GroundTruthError, RecursionError):
        return None


def _is_class_name(name: str) -> bool:
    """Whether it is spelt as a class is, and not as a constant."""
    return name[:1].isupper() and not name.isupper()


def _used_as_objects(nodes: Sequence[ast.AST], names: Names) -> Iterator[str]:
    """The names in capitals (`LRU`) that make something which is asked for attributes, or changed
    in its place."""
    for node in nodes:
        match node:
            case ast.Attribute(value=base) | ast.Subscript(value=base, ctx=ast.Store()):
                makers = [
                    base,
                    *(value for value, _ in names.bound.get(getattr(base, "id", ""), [])),
                ]
            case _:
                continue
        for maker in makers:
            match maker:
                case ast.Call(func=ast.Name(id=name)) if name.isupper():
                    yield name


class _Reading:
    """One suite, and what in it does not cross."""

    def __init__(self, test: ast.Module, setup: ast.Module, entry_point: str) -> None:
        """Works out what each name of the suite stands for: a module, the candidate, or its own."""
        self._entry_point = entry_point
        self._nodes = list(ast.walk(test))
        everything = [*ast.walk(setup), *self._nodes]
        known = [
            maker for table in (OBJECTS, CHANGED) for makers in table.values() for maker in makers
        ]
        origins = dict(imports(everything, known))
        modules = {origin.partition(".")[0] for origin in origins.values()}
        names = Names(test, origins, entry_point)
        foreign = names.unbound(self._nodes, everything)
        waited = set(exceptions_in(self._nodes))
        self._exceptions = tuple(name for name in foreign if name in waited)
        functions = self._used_as_functions()
        self.others = tuple(
            name
            for name in foreign
            if name not in waited and (name in functions or _is_class_name(name))
        )
        taken = waited.union(self.others)
        self._foreign = [name for name in foreign if name not in taken]
        self._names = Names(test, origins, entry_point, self.others) if self.others else names
        dotted = {self._names.dotted(part) for part in waited_for(self._nodes)}
        self._raised = tuple(sorted(name for name in dotted if self._names.is_of_module(name)))
        classes_in_capitals = {*_used_as_objects(self._nodes, names)}
        self._class_names = frozenset(
            name
            for name in (entry_point, *self.others)
            if _is_class_name(name) or name in classes_in_capitals
        )
        self._setup_classes = {n.name for n in ast.walk(setup) if isinstance(n, ast.ClassDef)}
        own_functions = {n.name for n in everything if isinstance(n, ast.FunctionDef)}
        classes = {n.name: n for n in everything if isinstance(n, ast.ClassDef)}
        self._surroundings = Surroundings(self._nodes, self._names, modules)
        self._values = Values(
            self._nodes,
            self._names,
            Kinds(self._names, classes, own_functions, self._setup_classes),
            class_names=self._class_names,
            shared_classes=self._setup_classes,
            node_fields=set[str]().union(
                *(kind.fields for kind in BY_TYPE.values() if kind.builder in own_functions)
            ),
        )

        found = list(self._findings())
        self.needs = self._needs({each for each in found if isinstance(each, Need)}, test)
        if self.needs and self._surroundings.has_network and not self._stands_in():
            found.append("is about the network, which no run has")
        if Need.CALLBACKS in found and "inspect" in modules:
            found.append("gives functions of its own to a candidate that looks into them")
        self.reason = next((each for each in found if isinstance(each, str)), None)
        """The first thing that cannot be judged."""

    def _stands_in(self) -> bool:
        """Whether something stands in the network's place wherever it is about that."""
        return bool(self.needs and self.needs.mocks) and not self._surroundings.fetches()

    def _needs(self, found: set[Need], test: ast.Module) -> Needs | None:
        if not found:
            return None
        called = candidate_names(test, self._entry_point)
        origins = Origins(test, self._class_names, self._entry_point, called)
        return Needs(
            objects=tuple(sorted(origins.objects())),
            exceptions=self._exceptions,
            raised=self._raised,
            made=tuple(sorted(self._setup_classes)),
            printed=Need.PRINTED in found,
            callbacks=not found.isdisjoint({Need.CALLBACKS, Need.MOCKS}),
            files=Need.FILES in found,
            tables=Need.TABLES in found,
            mocks=Need.MOCKS in found,
            seeds=tuple(sorted(self._surroundings.seeded_modules())),
            drawing=tuple(sorted(self._surroundings.drawing_names())),
            replaced=tuple(sorted(self._surroundings.replaced_modules())),
        )

    def _used_as_functions(self) -> set[str]:
        """The names that are called, or handed on to be called; constants are not."""
        found: set[str] = set()
        for node in self._nodes:
            if isinstance(node, ast.Call):
                handed_on = arguments_of(node) if not is_assertion(node) else []
                names = {n.id for n in handed_on if isinstance(n, ast.Name)}
                found |= {name for name in names if not name.isupper()}
                found |= {node.func.id} if isinstance(node.func, ast.Name) else set()
        return found

    def _findings(self) -> Iterator[str | Need]:
        """What cannot be judged, the first first, and what has to cross for the rest."""
        calls = (node.func for node in self._nodes if isinstance(node, ast.Call))
        called = {self._names.dotted(function).partition(".")[0] for function in calls}
        if self._exceptions or self._raised or not self._class_names.isdisjoint(called):
            yield Need.OBJECTS
        if self._surroundings.seeded_modules():
            yield Need.SEEDS
        if self._surroundings.names_tables():
            yield Need.TABLES
        for name in self._foreign:
            yield f"uses `{name[:40]}`, which only the candidate may define"
        yield from self._surroundings.of_streams()
        yield from self._surroundings.of_files()
        yield from self._surroundings.of_mocks()
        yield from self._values.of_answers_attributes()
        for node in self._nodes:
            yield from self._of_node(node)
            yield from _of_definition(node, self._class_names)
            for decorator in getattr(node, "decorator_list", ()):
                if self._names.is_candidate(decorator) or self._names.is_answer(decorator):
                    yield from (Need.OBJECTS, Need.CALLBACKS)

    def _of_node(self, node: ast.AST) -> Iterator[str | Need]:
        match node:
            case ast.Call():
                yield from self._values.of_call(node)
                yield from self._values.of_equality(node)
                yield from self._surroundings.of_call(node)
            case ast.Attribute():
                yield from self._values.of_attribute(node)
                yield from self._surroundings.of_attribute(node)
            case ast.Compare(left=left, comparators=others):
                yield from self._values.of_comparison([left, *others])
                yield from self._values.of_equality(node)
            case ast.Await() | ast.AsyncFor() | ast.withitem():
                yield from self._values.of_protocol(node)


def _of_definition(node: ast.AST, of_candidate: Collection[str]) -> Iterator[str | Need]:
    """What a parameter, an exception that is caught, or a class of the suite's own is about."""
    match node:
        case ast.ExceptHandler(name=str() as name, body=body):
            yield from of_exception(name, body)
        case ast.ClassDef(bases=bases):
            if any(isinstance(base, ast.Name) and base.id in of_candidate for base in bases):
                yield "makes a class of its own out of one of the candidate's"
        case ast.arg(arg=name):
            yield from of_parameter(name)
