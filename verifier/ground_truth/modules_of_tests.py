"""Turns a module of tests as its authors have it into a suite that runs by itself.

Imports of the candidate's module go, and tests that nothing calls are called.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from typing import Any

from verifier.errors import GroundTruthError
from verifier.ground_truth import fields
from verifier.ground_truth.calls_of_tests import calls_of, is_test
from verifier.ground_truth.imports_of_tests import IMPORTS, is_of_candidate
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.plain_lines import without_plain_lines
from verifier.programs.assertions.source import parse_python

CODE = re.compile(
    r"^[ \t]*(?:assert\b|(?:async[ \t]+)?def[ \t]+test|class[ \t]+\w*Test)", re.MULTILINE
)
"""What text of assertions or tests has in it, and mathematics has not."""

_HAS_TESTS = re.compile(
    r"^(?:(?:async[ \t]+)?def[ \t]+test|class[ \t]+\w*(?:Test|TestCase)\w*\b"
    r"|class[ \t]+\w+\([^)]*TestCase\))",
    re.MULTILINE,
)
_RUNNERS = frozenset({"unittest.main", "pytest.main"})


def reads_as_tests(text: str) -> bool:
    """Whether `text` is Python with an assertion or a test, and so no mathematics."""
    if not CODE.search(text):
        return False
    try:
        parse_python(text, "it")
    except GroundTruthError:
        return False
    except Unsupported:
        return True
    return True


_USES_PYTEST = re.compile(r"^(?!.*\bimport[^\n]*\bpytest\b).*\bpytest\.[a-z]", re.DOTALL)


def as_module(test: str) -> str:
    """`test` without imports of the candidate's module, its tests called where nothing calls them.

    Raises GroundTruthError where a test needs a fixture that is not in it."""
    telling = without_plain_lines(test)
    if _USES_PYTEST.match(telling):
        test = telling = f"import pytest\n{test}"
    if not (_HAS_TESTS.search(telling) or IMPORTS.search(telling)):
        return test  # nearly every suite; to parse a large one takes milliseconds
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported:
        return test
    lines = _lines_without_harness(test, tree)
    calls = [] if _has_check(tree) else list(calls_of(tree))
    return "\n".join([*lines, *calls, ""]) if calls else "\n".join(lines)


def without_definition(test: str, entry_point: str) -> str:
    """`test` without a function or class of its own in the candidate's place, which its author's
    harness overwrites, or judges everybody by."""
    name = entry_point.partition("().")[0]
    defined = rf"^(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b"
    if name == "check" or not re.search(defined, test, re.MULTILINE):
        return test
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported:
        return test
    lines = test.split("\n")
    for node in tree.body:
        match node:
            case (
                ast.FunctionDef(name=own) | ast.AsyncFunctionDef(name=own) | ast.ClassDef(name=own)
            ):
                if own == name:
                    _replace(lines, node, "pass")
    return "\n".join(lines)


def _lines_without_harness(test: str, tree: ast.Module) -> list[str]:
    """The lines of `test` without imports of the candidate's module and calls of a framework.

    Raises GroundTruthError where one gives another name to what is called like one of Python's."""
    lines = test.split("\n")
    for node in tree.body:
        if is_of_candidate(node):
            _replace(lines, node, "; ".join(_other_names(node)) or "pass")
        elif _is_runner(node):
            _replace(lines, node, "pass")
    return lines


def _other_names(node: ast.stmt) -> Iterator[str]:
    """What gives the candidate's functions the names that the suite has for them."""
    for alias in node.names if isinstance(node, ast.ImportFrom) else ():
        if alias.asname is None or alias.asname == alias.name:
            continue
        if hasattr(builtins, alias.name):
            raise fields.fail(
                f"the suite calls the candidate's `{alias.name}` `{alias.asname[:60]}` and means "
                "Python's own by its name; have it define another name."
            )
        yield f"{alias.asname} = {alias.name}"


def _replace(lines: list[str], node: ast.stmt, statement: str) -> None:
    """Have another statement in the place of `node`, and all others on the lines they are on."""
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    lines[first:last] = [statement, *[""] * (last - first - 1)]


def with_modules(test: str, files: Any) -> str:
    """`test` with the modules among `files` in front, all of them one module.

    Raises GroundTruthError for other files."""
    modules: dict[str, str] = {}
    for path, source in sorted(fields.required_object(files, "`files`").items()):
        name = path.removesuffix(".py")
        if not (path.endswith(".py") and name.isidentifier() and isinstance(source, str)):
            raise fields.fail(
                f"`files` may hold modules of the suite's own (`conftest.py`), not `{path[:60]}`: "
                "tests and candidate share no files."
            )
        modules[name] = source
    if not modules:
        return test
    parts = [*modules.values(), test]
    return "\n".join(_without_imports_of(part, frozenset(modules)) for part in parts)


def _without_imports_of(source: str, modules: frozenset[str]) -> str:
    """`source` where what these modules define is at hand anyway."""
    try:
        tree = parse_python(source, "a module of the test suite")
    except Unsupported as reason:
        raise fields.fail(f"a module of the test suite holds {reason}.") from None
    lines = source.split("\n")
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            bound = [f"{each.asname} = {each.name}" for each in node.names if each.asname]
        elif isinstance(node, ast.Import) and {each.name for each in node.names} <= modules:
            bound = [
                f"{each.asname or each.name} = __import__('types').SimpleNamespace(**globals())"
                for each in node.names
            ]
        else:
            continue
        _replace(lines, node, "; ".join(bound) or "pass")
    return "\n".join(lines)


def single_tests(test: str) -> list[str]:
    """`test` once for each of its tests, with the statements that run this one and no other.

    Raises GroundTruthError as `as_module` does, and where it holds no test."""
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported as reason:
        raise fields.fail(f"the test suite holds {reason}.") from None
    lines = _lines_without_harness(test, tree)
    module = "\n".join(lines)
    texts = []
    for node in tree.body:
        alone = ast.Module([*_helpers(tree), node], [])
        prepared, calls = "", list(calls_of(alone))
        for call in calls:
            if call.endswith((".setUpClass()", ".setup_class()")) or call.startswith("_test = "):
                prepared = f"{call}\n"
            elif not _is_skipped(node, call):
                texts += [f"{module}\n{prepared}{one}\n" for one in _each(node, call)]
    if not texts:
        raise fields.fail("the test suite holds no test.")
    return texts


def _helpers(tree: ast.Module) -> Iterator[ast.stmt]:
    """Functions that are no tests: fixtures among them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not is_test(node.name):
            yield node


def _is_skipped(node: ast.stmt, call: str) -> bool:
    """Whether the test that `call` runs is never to be run."""
    marked = [node, *(getattr(node, "body", []) if isinstance(node, ast.ClassDef) else [])]
    for part in marked:
        if part is not node and not re.search(rf"\b{getattr(part, 'name', None)}\b", call):
            continue
        for decorator in getattr(part, "decorator_list", []):
            if re.search(r"\b(?:skip|xfail)\b", ast.unparse(decorator)):
                return True
    return False


def _each(node: ast.stmt, call: str) -> Iterator[str]:
    """`call` once for each set of values that its test is to be run with, where the text has them
    one by one."""
    if isinstance(node, ast.FunctionDef):
        for decorator in node.decorator_list[:1]:
            values = _parameter_values(decorator)
            if values:
                yield from (
                    call.replace(node.name, f"{node.name}.only({number})", 1)
                    for number in range(len(values))
                )
                return
    yield call


def _parameter_values(decorator: ast.expr) -> Sequence[ast.expr]:
    """The sets of values of a `parametrize` that is written out."""
    if not (isinstance(decorator, ast.Call) and len(decorator.args) == 2):
        return []
    if not ast.unparse(decorator.func).endswith("parametrize"):
        return []
    values = decorator.args[1]
    is_plain = isinstance(values, ast.List | ast.Tuple) and not any(
        isinstance(value, ast.Starred) for value in values.elts
    )
    return values.elts if is_plain and isinstance(values, ast.List | ast.Tuple) else []


def _is_runner(node: ast.stmt) -> bool:
    """Whether it has a framework run the module, which its name keeps from it here."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) in _RUNNERS
    )


def _has_check(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tree.body)
