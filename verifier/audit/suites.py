"""A suite of tests as single ones that can be chosen, put in another order, and read for inputs."""

from __future__ import annotations

import ast
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.errors import GroundTruthError
from verifier.model import (
    AssertTruth,
    CallTruth,
    Checker,
    JudgingProgram,
    LimitsOverride,
    StdinTruth,
)
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python

ProgramTruth = StdinTruth | CallTruth | AssertTruth


@dataclass(frozen=True, slots=True)
class Case:
    """One test."""

    test: Any
    """A native case, or the statement that asserts."""
    input: str = ""
    """What is given: standard input, or the arguments of a call as source text: `([1, 2], k=3)`.
    "" where it cannot be told."""
    expected: str | None = None
    """Standard output, or a literal as source text; None where it cannot be told."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of a ground truth, as far as they can be told apart."""

    truth: ProgramTruth
    cases: Sequence[Case]
    """Empty where they cannot be told apart."""
    can_shuffle: bool
    """Whether they may stand in any order."""

    def chosen(self, numbers: Sequence[int]) -> dict[str, Any]:
        """A ground truth of these tests in this order."""
        tests = [self.cases[number].test for number in numbers]
        if not isinstance(self.truth, AssertTruth):
            return {**_native(self.truth), "cases": tests}
        tree = parse_python(self.truth.test, "the test suite")
        place = _statements(tree)
        kept = {id(test) for test in tests}
        dropped = [case.test for case in self.cases if id(case.test) not in kept]
        # The tree is parsed anew each time; its statements are those of `cases` by their place.
        lines = {(test.lineno, test.col_offset) for test in dropped}
        asserts = {(s.lineno, s.col_offset): s for s in place if isinstance(s, ast.Assert)}
        chosen = iter([asserts[test.lineno, test.col_offset] for test in tests])
        place[:] = [
            next(chosen) if isinstance(statement, ast.Assert) else statement
            for statement in place
            if not isinstance(statement, ast.Assert)
            or (statement.lineno, statement.col_offset) not in lines
        ] or [ast.Pass()]
        return {**_native(self.truth), "test": ast.unparse(ast.fix_missing_locations(tree))}


def read_cases(truth: ProgramTruth) -> Suite:
    """The suite of a ground truth; without cases where they cannot be told apart."""
    if isinstance(truth, StdinTruth):
        tests = [{"input": case.input, "output": case.output} for case in truth.cases]
        cases = [Case(test, test["input"], test["output"]) for test in tests]
        return Suite(truth, cases, can_shuffle=True)
    if isinstance(truth, CallTruth):
        return _calls(truth)
    return _asserts(truth)


def _calls(truth: CallTruth) -> Suite:
    tests = [
        {"args": list(case.args), "kwargs": dict(case.kwargs), "expected": case.expected}
        for case in truth.cases
    ]
    if truth.maybe_wrapped or not _is_json(tests):
        return Suite(truth, (), can_shuffle=False)
    cases = [
        Case(test, _arguments(test["args"], test["kwargs"]), repr(test["expected"]))
        for test in tests
    ]
    return Suite(truth, cases, can_shuffle=True)


def _is_json(tests: list[dict[str, Any]]) -> bool:
    try:
        json.dumps(tests)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _arguments(args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    texts = [repr(value) for value in args] + [f"{name}={kwargs[name]!r}" for name in kwargs]
    return f"({', '.join(texts)})"


def _asserts(truth: AssertTruth) -> Suite:
    try:
        tree = parse_python(truth.test, "the test suite")
        statements = _statements(tree)
    except (GroundTruthError, Unsupported):
        return Suite(truth, (), can_shuffle=False)
    tests = [statement for statement in statements if isinstance(statement, ast.Assert)]
    inside = sum(isinstance(node, ast.Assert) for node in ast.walk(tree))
    if not tests or inside != len(tests):
        return Suite(truth, (), can_shuffle=False)
    name = _called(tree, truth.entry_point)
    first = statements.index(tests[0])
    return Suite(
        truth,
        [_assert_case(test, name) for test in tests],
        can_shuffle=all(isinstance(later, ast.Assert) for later in statements[first:]),
    )


def _assert_case(test: ast.Assert, name: str) -> Case:
    """Reads arguments and expected value of an assertion that calls `name` exactly once."""
    calls = [
        node
        for node in ast.walk(test.test)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name
    ]
    if len(calls) != 1:
        return Case(test)
    (call,) = calls
    arguments = ast.unparse(ast.Call(ast.Name("f"), call.args, call.keywords))[1:]
    expected = None
    if isinstance(test.test, ast.Compare) and isinstance(test.test.ops[0], ast.Eq | ast.Is):
        sides = [test.test.left, test.test.comparators[0]]
        others = [side for side in sides if call not in ast.walk(side)]
        if len(others) == 1 and _is_literal(others[0]):
            expected = ast.unparse(others[0])
    elif test.test is call:
        expected = "True"
    elif isinstance(test.test, ast.UnaryOp) and test.test.operand is call:
        expected = "False"
    return Case(test, arguments, expected)


def _is_literal(node: ast.AST) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _check(tree: ast.Module) -> ast.FunctionDef | None:
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "check" and len(node.args.args) == 1
    ]
    return found[-1] if found else None


def _called(tree: ast.Module, entry_point: str) -> str:
    """What tests call: `check`'s parameter, or the entry point by its own name."""
    check = _check(tree)
    return check.args.args[0].arg if check else entry_point


def _statements(tree: ast.Module) -> list[ast.stmt]:
    """Those that the tests are among."""
    check = _check(tree)
    return check.body if check else tree.body


def _native(truth: ProgramTruth) -> dict[str, Any]:
    """The ground truth in its native form, without cases or test."""
    native: dict[str, Any] = {"limits": _limits(truth.limits)}
    if isinstance(truth, StdinTruth):
        talks = {"interactor": _program(truth.interactor)} if truth.interactor else {}
        native |= {"language": truth.language, **talks}
        return {**native, "kind": "stdin", **_checker(truth.checker)}
    native |= {"entry_point": truth.entry_point, "setup": truth.setup}
    if isinstance(truth, AssertTruth):
        return {**native, "kind": "assert"}
    return {**native, "kind": "call", **(_checker(truth.checker) if truth.checker else {})}


def _limits(limits: LimitsOverride) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(limits).items() if value is not None}


def _program(judge: JudgingProgram) -> dict[str, Any]:
    return {"kind": "program", **dataclasses.asdict(judge)}


def _checker(checker: Checker | JudgingProgram) -> dict[str, Any]:
    if isinstance(checker, JudgingProgram):
        return {"checker": _program(checker)}
    near = {"tolerance": checker.tolerance} if checker.kind in ("float", "numbers") else {}
    return {"checker": checker.kind, **near}
