"""Turns the expressions of an assertion suite into closures that the trusted side evaluates.

Evaluation follows Python's order and meaning; where the reader cannot promise that it raises
Unsupported, before or during a run, and the suite goes to the referee.
"""

from __future__ import annotations

import ast
import contextlib
import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from sandbox import Built
from verifier.programs.assertions import functions
from verifier.programs.assertions.frame import Frame, item, nodes_agree, target
from verifier.programs.assertions.meter import Meter, Unsupported, members, pay_for_search, weight
from verifier.programs.assertions.operators import binary, unary
from verifier.programs.assertions.scope import Scope
from verifier.programs.assertions.source import nodes

Expression = Callable[[Frame], Any]

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, container: item in container,
    ast.NotIn: lambda item, container: item not in container,
}
_MEMBERSHIP = (ast.In, ast.NotIn)
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}


class ExpressionReader:
    """Reads the expressions of one suite."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.drained: set[ast.Call] = set()
        """Calls of the candidate whose answers are iterated over."""

    def read(self, node: ast.expr) -> Expression:
        """The closure for an expression. Raises Unsupported."""
        if (literal := _literal(node)) is not None:
            return literal
        reader = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if reader is None:
            raise Unsupported(f"a {type(node).__name__} expression")
        closure: Expression = reader(node)
        return closure

    def read_iterable(self, node: ast.expr) -> Expression:
        """The closure for an expression that is iterated over: a returned iterator is drained."""
        if isinstance(node, ast.Call) and self._scope.is_candidate(node.func):
            return self._read_candidate(node, consume=True)
        if isinstance(node, ast.GeneratorExp):
            return self._read_comprehension(node, lambda _, values: values)
        return self.read(node)

    def _read_name(self, node: ast.Name) -> Expression:
        name = node.id
        if self._scope.is_variable(name):
            return lambda frame: frame.own(name)
        return self._read_known_constant(node)

    def _read_attribute(self, node: ast.Attribute) -> Expression:
        return self._read_known_constant(node)

    def _read_known_constant(self, node: ast.expr) -> Expression:
        known = self._scope.known(node)
        if known is None:
            raise Unsupported(f"the name {ast.unparse(node)[:60]!r}")
        if known in functions.CONSTANTS:
            return _constant(functions.CONSTANTS[known])
        raise Unsupported("a function used as a value")

    def _read_type(self, node: ast.expr) -> Expression:
        """The second argument of `isinstance`."""
        if isinstance(node, ast.Tuple):
            kinds = [self._read_type(part) for part in node.elts]
            return lambda frame: tuple(kind(frame) for kind in kinds)
        known = self._scope.known(node)
        function = functions.ITERATING.get(known or "") or functions.FUNCTIONS.get(known or "")
        if not isinstance(function, functions.TypeName):
            raise Unsupported("isinstance of a type that is not built in")
        return _constant(function)

    def _read_list(self, node: ast.List) -> Expression:
        return self._read_items(node.elts, list)

    def _read_tuple(self, node: ast.Tuple) -> Expression:
        return self._read_items(node.elts, tuple)

    def _read_set(self, node: ast.Set) -> Expression:
        return self._read_items(node.elts, set)

    def _read_items(
        self, nodes: Sequence[ast.expr], kind: Callable[[Iterator[Any]], Any]
    ) -> Expression:
        items = self._read_starred(nodes, self.read)
        return lambda frame: kind(items(frame))

    def _read_starred(
        self, nodes: Sequence[ast.expr], read: Callable[[ast.expr], Expression]
    ) -> Callable[[Frame], Iterator[Any]]:
        parts = [
            (self.read_iterable(node.value), True)
            if isinstance(node, ast.Starred)
            else (read(node), False)
            for node in nodes
        ]

        def items(frame: Frame) -> Iterator[Any]:
            for part, starred in parts:
                value = part(frame)
                if starred:
                    yield from members(frame.meter, value)
                else:
                    yield value

        return items

    def _read_all(self, parts: Sequence[Expression]) -> Callable[[Frame], Iterator[Any]]:
        return lambda frame: (part(frame) for part in parts)

    def _read_dict(self, node: ast.Dict) -> Expression:
        if any(key is None for key in node.keys):
            raise Unsupported("a dict unpacked into another")
        pairs = [
            (self.read(key), self.read(value))
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        ]
        return lambda frame: {key(frame): value(frame) for key, value in pairs}

    def _read_unaryop(self, node: ast.UnaryOp) -> Expression:
        operand = self.read(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda frame: not functions.truth(operand(frame))
        apply = _UNARY[type(node.op)]
        return lambda frame: unary(frame.meter, apply, operand(frame))

    def _read_binop(self, node: ast.BinOp) -> Expression:
        left, right, kind = self.read(node.left), self.read(node.right), type(node.op)

        def evaluate(frame: Frame) -> Any:
            first, second = left(frame), right(frame)
            frame.check_operands(first, second)
            return binary(frame.meter, kind, first, second)

        return evaluate

    def _read_boolop(self, node: ast.BoolOp) -> Expression:
        parts = [self.read(value) for value in node.values]
        stops_at = isinstance(node.op, ast.Or)

        def evaluate(frame: Frame) -> Any:
            for part in parts[:-1]:
                value = part(frame)
                if functions.truth(value) is stops_at:
                    return value
            return parts[-1](frame)

        return evaluate

    def _read_ifexp(self, node: ast.IfExp) -> Expression:
        test, then, other = self.read(node.test), self.read(node.body), self.read(node.orelse)
        return lambda frame: then(frame) if functions.truth(test(frame)) else other(frame)

    def _read_compare(self, node: ast.Compare) -> Expression:
        """Reads a chain of comparisons, whose links are evaluated in order until one is false."""
        operands = [node.left, *node.comparators]
        for op, pair in zip(node.ops, pairwise(operands), strict=True):
            if isinstance(op, ast.Is | ast.IsNot) and not any(map(_is_singleton, pair)):
                raise Unsupported("the identity of a value that is no singleton")
        first = self.read(node.left)
        rest = [
            (_COMPARISONS[type(op)], isinstance(op, _MEMBERSHIP), self._read_operand(op, operand))
            for op, operand in zip(node.ops, node.comparators, strict=True)
        ]
        # What is compared with the suite's own text is no longer than that text.
        costly = sum(map(self._scope.touches_candidate, operands)) > 1

        def evaluate(frame: Frame) -> Any:
            left = first(frame)
            outcome: Any = True
            for compare, searches, operand in rest:
                right = operand(frame)
                if isinstance(left, Built) or isinstance(right, Built):
                    raise Unsupported("a node compared with an operator")
                frame.check_operands(left, right)
                if costly:
                    frame.meter.spend(weight(left) + weight(right))
                if searches:
                    pay_for_search(frame.meter, left, right)
                outcome = compare(left, right)
                if not outcome:
                    return outcome
                left = right
            return outcome

        return evaluate

    def _read_operand(self, op: ast.cmpop, node: ast.expr) -> Expression:
        return self.read_iterable(node) if isinstance(op, _MEMBERSHIP) else self.read(node)

    def _read_subscript(self, node: ast.Subscript) -> Expression:
        part = self._read_part(node)

        def evaluate(frame: Frame) -> Any:
            value = part(frame)
            frame.mutable_parts(value)
            return value

        return evaluate

    def _read_part(self, node: ast.expr) -> Expression:
        """A part of a variable's value may be looked at where others are with the candidate."""
        if isinstance(node, ast.Name) and self._scope.is_variable(node.id):
            name = node.id
            return lambda frame: frame.owner(name)
        if not isinstance(node, ast.Subscript):
            return self.read(node)
        owner = self._read_part(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [
                _constant(None) if bound is None else self.read(bound)
                for bound in (node.slice.lower, node.slice.upper, node.slice.step)
            ]

            def part(frame: Frame) -> Any:
                value, limits = owner(frame), [bound(frame) for bound in bounds]
                frame.check_source(value)
                return item(frame, value, slice(*limits))

            return part
        index = self.read(node.slice)

        def evaluate(frame: Frame) -> Any:
            value, place = owner(frame), index(frame)
            frame.check_source(value)
            return item(frame, value, place)

        return evaluate

    def _read_listcomp(self, node: ast.ListComp) -> Expression:
        return self._read_comprehension(node, lambda _, values: list(values))

    def _read_setcomp(self, node: ast.SetComp) -> Expression:
        return self._read_comprehension(node, functions.ITERATING["set"])

    def _read_comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp,
        collect: Callable[[Meter, Iterator[Any]], Any],
    ) -> Expression:
        """Reads a comprehension, whose loops run lazily; `collect` makes the result of them."""
        element = self.read(node.elt)
        self._refuse_shared_names(node)
        loops = [
            (target(loop.target), self.read_iterable(loop.iter), [self.read(t) for t in loop.ifs])
            for loop in node.generators
        ]

        def values(frame: Frame, depth: int, source: Any) -> Iterator[Any]:
            bind, _, tests = loops[depth]
            inner = loops[depth + 1][1] if depth + 1 < len(loops) else None
            for value in members(frame.meter, source):
                frame.meter.spend(1)
                shared = len(frame.shared)
                bind(frame, value)
                if all(functions.truth(test(frame)) for test in tests):
                    if inner is None:
                        yield element(frame)
                    else:
                        yield from values(frame, depth + 1, inner(frame))
                if len(frame.shared) != shared:
                    frame.check_source(source)

        def evaluate(frame: Frame) -> Any:
            # Like Python, the first of the iterables before anything is asked for.
            return collect(frame.meter, values(frame, 0, loops[0][1](frame)))

        return evaluate

    def _refuse_shared_names(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        """A comprehension's variables live in one frame with all others here, in Python in their
        own: names that are used for both are beyond us."""
        if any(loop.is_async for loop in node.generators):
            raise Unsupported("an asynchronous comprehension")
        for loop in node.generators:
            for name in nodes(loop.target):
                if isinstance(name, ast.Name) and self._is_used_elsewhere(name.id, node):
                    raise Unsupported("a comprehension's variable of a name that is used elsewhere")

    def _is_used_elsewhere(self, name: str, node: ast.expr) -> bool:
        here = sum(isinstance(part, ast.Name) and part.id == name for part in nodes(node))
        return self._scope.bindings(name) > 1 or self._scope.uses(name) > here

    def _read_call(self, node: ast.Call) -> Expression:
        """Decides what is called: the candidate, a node's class, a known function, a method."""
        if self._scope.is_candidate(node.func):
            return self._read_candidate(node, consume=False)
        if isinstance(node.func, ast.Name):
            if self._scope.builds_node(node.func.id):
                return self._read_built(node)
            if self._scope.compares_nodes(node.func.id):
                return self._read_node_comparison(node)
        known = self._scope.known(node.func)
        if known is not None and known not in functions.CONSTANTS:
            return self._read_function(node, known)
        if isinstance(node.func, ast.Attribute) and functions.knows_method(node.func.attr):
            return self._read_method(node, node.func)
        raise Unsupported(f"a call of {ast.unparse(node.func)[:60]!r}")

    def _read_function(self, node: ast.Call, known: str) -> Expression:
        if any(word.arg not in functions.KEYWORDS for word in node.keywords):
            raise Unsupported(f"{known} with keywords")
        iterates = known in functions.ITERATING
        function = functions.ITERATING[known] if iterates else functions.FUNCTIONS[known]
        if known == "isinstance" and len(node.args) == 2:
            args = self._read_all([self.read(node.args[0]), self._read_type(node.args[1])])
        else:
            drained = _iterables(known, node.args) if iterates else ()
            args = self._read_starred(
                node.args, lambda arg: self.read_iterable(arg) if arg in drained else self.read(arg)
            )
        kwargs = self._read_keywords(node, self.read)

        def evaluate(frame: Frame) -> Any:
            values, options = list(args(frame)), kwargs(frame)
            frame.check_operands(*values, *options.values())
            return function(frame.meter, *values, **options)

        return evaluate

    def _read_method(self, node: ast.Call, function: ast.Attribute) -> Expression:
        if node.keywords:
            raise Unsupported("a method called with keywords")
        owner, name = self.read(function.value), function.attr
        args = self._read_starred(node.args, self.read_iterable if name == "join" else self.read)

        def evaluate(frame: Frame) -> Any:
            value, values = owner(frame), list(args(frame))
            frame.check_operands(value, *values)
            return functions.method(frame.meter, value, name, values)

        return evaluate

    def _read_keywords(
        self, node: ast.Call, read: Callable[[ast.expr], Expression]
    ) -> Callable[[Frame], dict[str, Any]]:
        named = [(word.arg, read(word.value)) for word in node.keywords]

        def values(frame: Frame) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for name, value in named:
                if name is None:
                    found.update(value(frame))
                else:
                    found[name] = value(frame)
            return found

        return values

    def _read_candidate(self, node: ast.Call, *, consume: bool) -> Expression:
        if consume:
            self.drained.add(node)
        parts = [
            (self.read_iterable(arg.value), True)
            if isinstance(arg, ast.Starred)
            else (self._read_argument(arg), False)
            for arg in node.args
        ]
        kwargs = self._read_keywords(node, self._read_argument)

        def evaluate(frame: Frame) -> Any:
            args: list[Any] = []
            for part, starred in parts:
                value = part(frame)
                if starred:
                    args += map(frame.share, members(frame.meter, value))
                else:
                    args.append(value)
            return frame.ask(tuple(args), kwargs(frame), consume=consume)

        return evaluate

    def _read_argument(self, node: ast.expr) -> Expression:
        """Reads an argument of the candidate; what it may change stays known to the frame."""
        if (literal := _literal(node)) is not None:
            return literal
        if isinstance(node, ast.Name) and self._scope.is_variable(node.id):
            name = node.id
            return lambda frame: frame.share(frame.value_of(name))
        if isinstance(node, ast.List | ast.Tuple) and self._has_candidate_types(node):
            kind = list if isinstance(node, ast.List) else tuple
            items = self._read_starred(node.elts, self._read_argument)
            return lambda frame: kind(items(frame))
        if self._is_candidate_type(node):
            assert isinstance(node, ast.Call)
            return self._read_built(node)
        value = self.read(node)
        if any(isinstance(inner, ast.Name) for inner in nodes(node)):
            return lambda frame: frame.share(value(frame))
        return value

    def _has_candidate_types(self, node: ast.expr) -> bool:
        return any(self._is_candidate_type(inner) for inner in nodes(node))

    def _is_candidate_type(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and self._scope.builds_candidate_type(node.func.id)
        )

    def _read_built(self, node: ast.Call) -> Expression:
        assert isinstance(node.func, ast.Name)
        if node.keywords:
            raise Unsupported("a node built with keywords")
        name, args = node.func.id, self._read_starred(node.args, self._read_argument)
        return lambda frame: Built(name, tuple(args(frame)))

    def _read_node_comparison(self, node: ast.Call) -> Expression:
        if len(node.args) != 2 or node.keywords:
            raise Unsupported("a comparison of other than two nodes")
        left, right = (self.read(arg) for arg in node.args)
        return lambda frame: nodes_agree(left(frame), right(frame))


def _literal(node: ast.expr) -> Expression | None:
    """The closure for a literal; None where `node` is not one through and through."""
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.UnaryOp):  # of tables one is made of: see fold_literals
        with contextlib.suppress(ValueError, TypeError):
            return _constant(ast.literal_eval(node))
    return None


def _iterables(known: str, args: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """Those of a function's arguments that it iterates over."""
    if known in ("min", "max") and len(args) > 1:
        return ()
    return args if known == "zip" else args[:1]


def _constant(value: Any) -> Expression:
    return lambda _: value


def _is_singleton(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))
