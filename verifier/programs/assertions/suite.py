"""Reads the statements of an assertion suite and runs them against a candidate."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sandbox import CallResult, OpaqueUsed, Status
from sandbox.jail import Arguments
from verifier.errors import VerifierError
from verifier.excerpts import text_excerpt, value_excerpt
from verifier.programs.assertions import functions
from verifier.programs.assertions.expressions import ExpressionReader
from verifier.programs.assertions.foresight import foresee
from verifier.programs.assertions.frame import Call, CallFailed, Frame, target
from verifier.programs.assertions.meter import Unsupported, members
from verifier.programs.assertions.scope import Scope, assigned_names

Statement = Callable[[Frame], None]

_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What evaluating an expression on plain data can raise."""


class BrokenSuite(VerifierError):
    """The suite fails whatever the candidate does; the text says how."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The assertion that failed, as excerpts for people."""

    assertion: str
    arguments: str
    got: str
    message: str = ""
    status: Status | None = None
    """What happened instead of a returned value; None where there was one."""


class _AssertionFailed(VerifierError):
    def __init__(self, failure: Failure) -> None:
        self.failure = failure


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """How far a candidate came. `failure` None: every assertion held."""

    passed: int
    calls: int
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """An assertion suite that the trusted side understands."""

    statements: Sequence[Statement]
    total: int | None
    """Assertions that depend on the candidate; None where only a run can tell."""
    foreseen: Sequence[Arguments] = ()
    """The calls that it begins with, whatever the candidate answers."""

    def run(self, call: Call) -> SuiteRun:
        """Evaluate the suite; every call of the candidate goes through `call`.

        Raises BrokenSuite, or Unsupported where it meets what the reader does not evaluate."""
        frame = Frame(call)
        try:
            for statement in self.statements:
                statement(frame)
        except _AssertionFailed as failed:
            return SuiteRun(frame.passed, frame.calls, failed.failure)
        if not frame.calls:
            raise BrokenSuite("it never calls the candidate")
        return SuiteRun(frame.passed, frame.calls)


class SuiteReader:
    """Reads one suite: its statements at the top level, then the body of its `check`."""

    def __init__(self, scope: Scope, source: str) -> None:
        self._scope = scope
        self._lines = source.splitlines()
        self._expressions = ExpressionReader(scope)
        self._assertions: int | None = 0

    def read(self, test: ast.Module) -> Suite:
        """Raises Unsupported."""
        check = find_check(test)
        body = [
            node for node in test.body if node is not check and not self._is_call_of_check(node)
        ]
        if check is not None:
            _refuse_shared_names(body, check)
            body += check.body
        statements = self._block(body, depends=False)
        foreseen = foresee(body, self._scope, self._expressions.drained)
        return Suite(statements, self._assertions, foreseen)

    def _block(self, nodes: Sequence[ast.stmt], *, depends: bool) -> list[Statement]:
        """`depends`: whether these run at all depends on the candidate."""
        return [statement for node in nodes if (statement := self._statement(node, depends))]

    def _statement(self, node: ast.stmt, depends: bool) -> Statement | None:
        """Reads one statement; None for those without effect. Raises Unsupported for any other."""
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Pass():
                return None
            case ast.Expr(value=ast.Constant() | ast.Name(id="print")):
                return None
            case ast.FunctionDef(body=[ast.Pass() | ast.Expr(value=ast.Constant())]):
                return None
            case ast.Assert():
                return self._guarded(node, self._assertion(node, depends), depends)
            case ast.Assign(targets=[place]):
                return self._guarded(node, self._assignment(place, node.value), depends)
            case ast.AnnAssign(target=place, value=ast.expr() as value):
                return self._guarded(node, self._assignment(place, value), depends)
            case ast.Expr(value=ast.Call() as value):
                evaluate = self._expressions.read(value)
                return self._guarded(node, lambda frame: _drop(evaluate(frame)), depends)
            case ast.For(orelse=[]):
                return self._loop(node, depends)
            case ast.If():
                return self._branch(node, depends)
        raise Unsupported(f"a {type(node).__name__} statement")

    def _assertion(self, node: ast.Assert, depends: bool) -> Statement:
        test = self._expressions.read(node.test)
        counts = depends or self._scope.touches_candidate(node.test)
        if counts and self._assertions is not None:
            self._assertions += 1
        shown = self._source(node)

        def check(frame: Frame) -> None:
            if not functions.truth(test(frame)):
                if not counts:
                    raise BrokenSuite(f"it fails by itself: {shown}")
                raise _AssertionFailed(_failure(frame, shown, ""))
            frame.passed += counts

        return check

    def _assignment(self, place: ast.expr, value: ast.expr) -> Statement:
        evaluate, bind = self._expressions.read(value), target(place)
        return lambda frame: bind(frame, evaluate(frame))

    def _loop(self, node: ast.For, depends: bool) -> Statement:
        bind, iterable = target(node.target), self._expressions.read_iterable(node.iter)
        depends = depends or self._scope.touches_candidate(node.iter)
        before, self._assertions = self._assertions, 0
        body = self._block(node.body, depends=depends)
        self._assertions = _times(before, self._assertions, node.iter)

        def run(frame: Frame) -> None:
            values, shared = iterable(frame), len(frame.shared)
            for value in members(frame.meter, values):
                frame.meter.spend(1)
                bind(frame, value)
                for statement in body:
                    statement(frame)
                if len(frame.shared) != shared:
                    frame.check_source(values)

        return self._guarded(node, run, depends)

    def _branch(self, node: ast.If, depends: bool) -> Statement:
        test = self._expressions.read(node.test)
        depends = depends or self._scope.touches_candidate(node.test)
        before, self._assertions = self._assertions, 0
        then = self._block(node.body, depends=depends)
        other = self._block(node.orelse, depends=depends)
        self._assertions = before if self._assertions == 0 else None

        def run(frame: Frame) -> None:
            for statement in then if functions.truth(test(frame)) else other:
                statement(frame)

        return self._guarded(node, run, depends)

    def _guarded(self, node: ast.stmt, run: Statement, depends: bool) -> Statement:
        """`run`, with Python's exceptions told apart: the candidate's fault or the suite's."""
        depends = depends or self._scope.touches_candidate(node)
        shown = self._source(node)

        def guarded(frame: Frame) -> None:
            frame.meter.spend(1)
            frame.shared_before = len(frame.shared)
            try:
                run(frame)
            except CallFailed as error:
                raise _AssertionFailed(_failed_call(frame, shown, error.result)) from None
            except OpaqueUsed as error:
                raise Unsupported(str(error)) from None
            except _FAULTS as error:
                if "for integer string conversion" in str(error):
                    raise Unsupported("a very large integer") from None
                message = f"{type(error).__name__}: {text_excerpt(str(error))}"
                # A variable that the suite assigns and that has no value: in a loop or a branch,
                # and it was the candidate's answer that did not lead there.
                suspected = frame.calls > 0 if isinstance(error, NameError) else depends
                if not suspected:
                    raise BrokenSuite(f"{message} in {shown}") from None
                raise _AssertionFailed(_failure(frame, shown, message)) from None

        return guarded

    def _is_call_of_check(self, node: ast.stmt) -> bool:
        """A `check(f)` at the top level: what we do anyway."""
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="check"), args=[given], keywords=[])):
                return self._scope.is_candidate(given)
        return False

    def _source(self, node: ast.stmt) -> str:
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        return text_excerpt("\n".join(lines).strip())


def _drop(value: object) -> None:
    """Nothing: the value was evaluated for its call alone."""


def find_check(test: ast.Module) -> ast.FunctionDef | None:
    """The suite's `check`. Raises Unsupported where it is not a plain function of one parameter."""
    for node in test.body:
        if isinstance(node, ast.FunctionDef) and node.name == "check":
            arguments = node.args
            others = arguments.vararg or arguments.kwonlyargs or arguments.kwarg
            if len(arguments.args) != 1 or others or node.decorator_list:
                raise Unsupported("a check that is not a plain function of one parameter")
            return node
    return None


def _failure(frame: Frame, assertion: str, message: str) -> Failure:
    args, kwargs = frame.last_arguments
    shown = [value_excerpt(arg) for arg in args]
    shown += [f"{name}={value_excerpt(value)}" for name, value in kwargs.items()]
    return Failure(
        assertion, text_excerpt(", ".join(shown)), value_excerpt(frame.last_value), message
    )


def _failed_call(frame: Frame, assertion: str, result: CallResult) -> Failure:
    failure = _failure(frame, assertion, result.message)
    return replace(failure, got="", status=result.status)


def _refuse_shared_names(top: Sequence[ast.stmt], check: ast.FunctionDef) -> None:
    """Variables of `check` live in one frame with those at the top level here, in Python in their
    own: names that are assigned in both are beyond us."""
    if assigned_names(top) & assigned_names(check.body):
        raise Unsupported("a name that is assigned in check and outside of it")


def _times(before: int | None, inside: int | None, iterable: ast.expr) -> int | None:
    """Assertions after a loop whose body holds `inside` of them."""
    if inside == 0:
        return before
    if before is None or inside is None:
        return None
    if isinstance(iterable, ast.List | ast.Tuple):
        return before + inside * len(iterable.elts)
    if isinstance(iterable, ast.Constant):
        table: object = iterable.value  # see fold_literals
        return before + inside * len(table) if isinstance(table, list | tuple) else None
    return None
