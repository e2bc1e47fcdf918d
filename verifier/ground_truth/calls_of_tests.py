"""The statements that run the tests of a module as pytest and unittest would."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from verifier.ground_truth import fields
from verifier.programs.referee.reading import FIXTURES

_GIVEN = frozenset({"tmp_path", "tmpdir", "capsys", "capfd"})
"""Fixtures that pytest itself has and that are there: see `referee.suite_side.pytest`."""
_SKIPS = re.compile(r"\bpytest\.(?:skip|xfail)\(")
_AROUND = ("setup_method", "teardown_method")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def calls_of(tree: ast.Module) -> Iterator[str]:
    """The statements that run the tests that nothing at the module's top runs."""
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    top = [n for n in tree.body if not (isinstance(n, _DEFINITIONS) or _is_main_guard(n))]
    used = {n.id for part in top for n in ast.walk(part) if isinstance(n, ast.Name)}
    for node in tree.body:
        if getattr(node, "name", None) in used:
            continue
        if isinstance(node, ast.AsyncFunctionDef) and is_test(node.name):
            raise fields.fail(f"`{node.name[:40]}` is a coroutine, which no suite may be here.")
        if isinstance(node, ast.FunctionDef) and is_test(node.name):
            yield _run(node.name, node.args.args, node, functions)
        elif isinstance(node, ast.ClassDef):
            yield from _calls_of_class(node, functions)


def is_test(name: str) -> bool:
    """As the frameworks say, but for a bare `test`, which is a helper more often."""
    return (
        name.startswith("test") and (name[4:5] == "_" or not name[4:5].islower()) and name != "test"
    )


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _calls_of_class(node: ast.ClassDef, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """Writes the calls that run a class of tests, as unittest or pytest would make them."""
    methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
    tests = [name for name in methods if is_test(name)]
    if any(ast.unparse(base).endswith("TestCase") for base in node.bases):
        if "setUpClass" in methods and tests:
            yield f"{node.name}.setUpClass()"
        # As unittest does, in the order of their names, which tests may rely on.
        yield from (f"{node.name}({name!r}).debug()" for name in sorted(tests))
    elif node.name.startswith("Test"):
        if "setup_class" in methods and tests:
            yield f"{node.name}.setup_class()"
        around = {name: methods[name] for name in _AROUND if name in methods}
        for name in tests:
            method = methods[name]
            if before := around.get("setup_method"):
                yield f"_test = {node.name}(); _test.{_call(before)}"
            elif around:
                yield f"_test = {node.name}()"
            test = f"_test.{name}" if around else f"{node.name}().{name}"
            run = _run(test, method.args.args[1:], method, {**functions, **methods})
            after = around.get("teardown_method")
            yield f"{run}; _test.{_call(after)}" if after else run


def _call(around: ast.FunctionDef) -> str:
    """Of what pytest calls before or after each test, which may take the test's method."""
    return f"{around.name}({'None' if len(around.args.args) > 1 else ''})"


def _run(
    test: str,
    parameters: Sequence[ast.arg],
    node: ast.FunctionDef,
    functions: dict[str, ast.FunctionDef],
) -> str:
    """The statement that runs a test, with the fixtures that it has."""
    needed = _fixtures(parameters, node, functions)
    beside = [name for name, function in functions.items() if _is_automatic(function)]
    beside += _used(node)
    ends_early = any(isinstance(n, ast.Call) and _SKIPS.match(ast.unparse(n)) for n in _body(node))
    if not (needed or beside or ends_early):
        return f"{test}()"
    return f'__import__("pytest").run_with_fixtures({test}, {needed}, {beside})'


def _body(node: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in node.body:
        yield from ast.walk(statement)


def _is_automatic(function: ast.FunctionDef) -> bool:
    """Whether it is a fixture that every test has without asking."""
    decorators = " ".join(map(ast.unparse, function.decorator_list))
    return "fixture" in decorators and "autouse=True" in decorators


def _used(node: ast.FunctionDef) -> Iterator[str]:
    """Fixtures that a test has by a mark."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("usefixtures"):
            yield from (str(n.value) for n in decorator.args if isinstance(n, ast.Constant))


def _fixtures(
    parameters: Sequence[ast.arg], node: ast.FunctionDef, functions: dict[str, ast.FunctionDef]
) -> list[str]:
    """The fixtures that a test needs beside the arguments that its decorators give.

    Raises GroundTruthError for those that are not there."""
    given = {
        name
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("parametrize")
        for name in _parameter_names(decorator)
    }
    needed = [part.arg for part in parameters if part.arg not in given]
    needed = needed[: len(needed) - len(node.args.defaults)] if node.args.defaults else needed
    needed = [name for name in needed if name not in FIXTURES]  # refused where it is to run
    for name in needed:
        if name not in functions and name not in _GIVEN:
            raise fields.fail(
                f"`{node.name[:40]}` needs the fixture `{name[:40]}`, which is not in the suite."
            )
    return needed


def _parameter_names(decorator: ast.Call) -> list[str]:
    names = decorator.args[0] if decorator.args else None
    if isinstance(names, ast.Constant) and isinstance(names.value, str):
        return [name.strip() for name in names.value.split(",")]
    if isinstance(names, ast.List | ast.Tuple):
        return [str(n.value) for n in names.elts if isinstance(n, ast.Constant)]
    return []
