"""Finds the assertions that a trainer appended to a program, for judging them on their own.

verl's and ROLL's clients of a code sandbox send a completion's program with a test behind it and
take a run that ends well for a pass. The program runs before the test and in the same interpreter,
so it can end the run before the test is reached, or change what the test means. What is found here
is judged as a ground truth is instead: the program alone in a jail, the assertions outside.

Where the program ends and the test begins is written nowhere. Text is therefore looked at from the
end, a statement at a time, and only what cannot harm where the program wrote it is taken: it makes
each assertion a suite of its own, so that one that the program ends with judges itself only.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verifier.errors import VerifierError
from verifier.model import AssertTruth

MAX_SUITES = 200
MAX_CHARS = 256 * 1024
"""Of the part that is looked at: the program may have written it."""
MAX_LINES = 400
"""Lines at the left margin that one statement may have."""
MAX_READ_CHARS = 2 * MAX_CHARS
"""In all attempts to find where its statements begin: a second or two of this process."""
_TABLES = (
    *("math", "collections", "itertools", "functools", "heapq", "bisect", "re", "string", "copy"),
    *("operator", "statistics", "random", "datetime", "json", "decimal", "fractions", "typing"),
)
"""Modules whose names tests use without importing them, as they are imported in front of programs.
They mean in a test what they mean in Python, whatever the program makes of them."""
_FRAMEWORKS = frozenset({"unittest", "pytest"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


class NotJudgeable(VerifierError):
    """A source ends in assertions that cannot be judged apart from its program."""


@dataclass(frozen=True, slots=True)
class Appended:
    """A program, and the suites behind it, each to be judged by itself."""

    program: str
    suites: tuple[AssertTruth, ...]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Statements that begin at the left margin of one line."""

    start: int
    body: list[ast.stmt]


def find_appended(source: str, *, has_input: bool) -> Appended | None:
    """The suites at the end of a Python source; None where it does not end in assertions.

    `has_input`: the run is given standard input, so that its output is compared by whoever asked
    for it. Then an assertion about the program's own variables is the program's, and only those
    that call a function of it are a test.
    Raises NotJudgeable."""
    chunks = _chunks(source)
    last = next((chunk for chunk in chunks if not _says_nothing(chunk.body)), None)
    if last is None:
        return None
    final = last.body[-1]
    if isinstance(final, ast.Assert):
        return _assertions(source, last, chunks, has_input=has_input)
    if has_input:
        return None
    if isinstance(final, ast.If) and _is_main_guard(final):
        final = final.body[-1]
    if isinstance(final, ast.Expr) and isinstance(final.value, ast.Call):
        return _called_test(source, final.value)
    if isinstance(final, Function) and final.name.startswith("test"):
        return _test_functions(source)
    if _asserts(final) or _uses_framework(final):
        raise NotJudgeable("its test is of a form that is not read")
    return None


def _chunks(source: str) -> Iterator[_Chunk]:
    """From the end of the text to its beginning, as far as it can be read so."""
    end, lines, read = len(source), 0, 0
    for start in _margins(source):
        read += end - start
        if len(source) - start > MAX_CHARS or lines > MAX_LINES or read > MAX_READ_CHARS:
            raise NotJudgeable("its end is longer than what is looked at")
        body = _parsed(source[start:end])
        lines += 1
        if body:
            yield _Chunk(start, body)
            end, lines = start, 0


def _margins(source: str) -> Iterator[int]:
    """Where lines begin with something at the left margin, the last one first."""
    end = len(source)
    while end > 0:
        start = source.rfind("\n", 0, end) + 1
        if source[start : start + 1] not in {"", "\n", "\r", " ", "\t", "\f", "#", ")", "]", "}"}:
            yield start
        end = start - 1


def _parsed(text: str) -> list[ast.stmt] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _says_nothing(body: Sequence[ast.stmt]) -> bool:
    """Whether these are constants, `pass` and messages that stand behind the last assertion."""
    for node in body:
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=args, keywords=[])):
                if all(isinstance(arg, ast.Constant) for arg in args):
                    continue
        return False
    return True


def _assertions(
    source: str, last: _Chunk, above: Iterator[_Chunk], *, has_input: bool
) -> Appended | None:
    """The run of assertions at the end, each with what stands before it in its line."""
    found = [last]
    for chunk in above:
        if not isinstance(chunk.body[-1], ast.Assert):
            break
        found.append(chunk)
        if len(found) > MAX_SUITES:
            raise NotJudgeable(f"it ends in more than {MAX_SUITES} assertions")
    found.reverse()
    if has_input and not any(_Names(chunk.body).unknown for chunk in found):
        return None
    return Appended(source[: found[0].start], tuple(_suite(chunk.body) for chunk in found))


def _called_test(source: str, call: ast.Call) -> Appended | None:
    """`check(f)` or `test_f()` at the end, with the function that it calls."""
    if _uses_framework(call):
        raise NotJudgeable("a test framework runs its tests")
    if not isinstance(call.func, ast.Name):
        return None
    defined = ((chunk, _function(chunk, call.func.id)) for chunk in _chunks(source))
    chunk, function = next((found for found in defined if found[1]), (None, None))
    if chunk is None or function is None or not _asserts(function):
        return None
    if not function.args.args and not call.args:
        return _test_functions(source)
    match call:
        case ast.Call(args=[candidate], keywords=[]) if len(function.args.args) == 1:
            check = ast.FunctionDef(**{**vars(function), "name": "check"})
            test = ast.unparse(ast.fix_missing_locations(check))
            entry_point = _entry(candidate)
            setup = _Names([check]).imports(entry_point)
            truth = AssertTruth(entry_point=entry_point, test=test, setup=setup)
            return Appended(source[: chunk.start], (truth,))
    raise NotJudgeable("its test is called in a way that is not read")


def _test_functions(source: str) -> Appended:
    """`def test_f(): ...` with calls of such functions, or with none, where pytest would call them.

    Nothing else may stand between them."""
    functions: dict[str, ast.FunctionDef] = {}
    starts: dict[str, int] = {}
    called: list[str] = []
    start = len(source)
    for chunk in _chunks(source):
        match chunk.body:
            case body if _says_nothing(body):
                continue
            case [ast.FunctionDef() as node] if _asserts(node):
                functions.setdefault(node.name, node)
                starts.setdefault(node.name, chunk.start)
                continue
            case [ast.If(body=calls) as node] if _is_main_guard(node) and not starts:
                names = list(map(_called_name, calls))
            case [ast.Expr() as node]:
                names = [_called_name(node)]
            case _:
                names = [""]
        if "" in names:
            break
        called[:0] = names
        start = chunk.start
    called = called or [name for name in reversed(functions) if name.startswith("test")]
    start = min([start, *(starts[name] for name in called if name in starts)])
    return Appended(source[:start], _suites_of([functions.get(name) for name in called]))


def _called_name(node: ast.stmt) -> str:
    """What `f()` calls; nothing for other statements."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])):
            return name
    return ""


def _suites_of(functions: Sequence[Function | None]) -> tuple[AssertTruth, ...]:
    if len(functions) > MAX_SUITES:
        raise NotJudgeable(f"it ends in more than {MAX_SUITES} tests")
    suites = []
    for function in functions:
        if not isinstance(function, ast.FunctionDef) or function.args.args:
            raise NotJudgeable("a test is no plain function without parameters")
        if any(isinstance(node, ast.Return | ast.Global) for node in ast.walk(function)):
            raise NotJudgeable("a test function does more than assert")
        suites.append(_suite(function.body))
    return tuple(suites)


def _function(chunk: _Chunk, name: str) -> Function | None:
    for node in reversed(chunk.body):
        if isinstance(node, Function) and node.name == name:
            return node
    return None


def _suite(body: list[ast.stmt]) -> AssertTruth:
    names = _Names(body)
    entry_point = names.entry_point
    test = ast.unparse(ast.Module(body, []))
    return AssertTruth(entry_point=entry_point, test=f"{test}\n", setup=names.imports(entry_point))


def _entry(candidate: ast.expr) -> str:
    match candidate:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Call(func=ast.Name(id=owner), args=[], keywords=[])):
            return f"{owner}().{candidate.attr}"
    raise NotJudgeable("its test is called with no plain function")


def _asserts(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(tree))


def _uses_framework(tree: ast.AST) -> bool:
    """Whether a framework runs tests here, or a class is meant for one."""
    return any(isinstance(node, ast.Name) and node.id in _FRAMEWORKS for node in ast.walk(tree))


def _is_main_guard(node: ast.If) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))


class _Names:
    """The functions that a test calls, and what it means by them.

    Nothing here depends on the program: it could mean anything by any name."""

    def __init__(self, body: Sequence[ast.stmt]) -> None:
        """Sorts the names that the test calls: builtins, known imports, and the program's."""
        nodes = [node for statement in body for node in ast.walk(statement)]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
        bound |= {arg.arg for arg in nodes if isinstance(arg, ast.arg)}
        bound |= {node.name for node in nodes if isinstance(node, Function)}
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        free = list(dict.fromkeys(node.id for node in names if node.id not in bound))
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        called = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
        called = [name for name in dict.fromkeys(called) if name not in bound]
        self._methods = list(dict.fromkeys(filter(None, map(_method, calls))))
        self._builtins = [name for name in called if hasattr(builtins, name)]
        self._tabled = [n for n in called if n not in self._builtins and _import_of(n)]
        self.unknown = [n for n in called if n not in self._builtins and n not in self._tabled]
        """What can only be the program's."""
        self._free = free

    @property
    def entry_point(self) -> str:
        """The one function of the program that is tested. Raises NotJudgeable."""
        functions = [name for name in self.unknown if not name[:1].isupper()]
        for choice in (functions, self._methods, self.unknown, self._tabled, self._builtins):
            if len(choice) == 1:
                return choice[0]
            if choice:
                raise NotJudgeable(f"it tests several functions at once ({', '.join(choice)})")
        raise NotJudgeable("an assertion calls no function of the program")

    def imports(self, tested: str) -> str:
        """What the test needs imported, does not import itself, and is not what it tests.

        Raises NotJudgeable where it needs what only the program, or a part of the test that cannot
        be told from it, can give: classes aside, which the reader of suites has a way for."""
        own = {tested, tested.partition("(")[0]}
        needed = {name: _import_of(name) for name in self._free if name not in own}
        needed = {name: found for name, found in needed.items() if not hasattr(builtins, name)}
        if unknown := [name for name, found in needed.items() if not (found or name[0].isupper())]:
            raise NotJudgeable(f"it uses {', '.join(unknown)}, which it does not define")
        return "\n".join(filter(None, needed.values()))


def _method(call: ast.Call) -> str:
    """`Solution().f`, where that is what is called."""
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id=owner), args=[], keywords=[])):
            return f"{owner}().{call.func.attr}"
    return ""


def _import_of(name: str) -> str:
    """The statement that gives `name` the meaning that it has in Python, or nothing."""
    if name in _TABLES:
        return f"import {name}"
    if name in ("np", "numpy"):
        return f"import numpy as {name}"
    for module in _TABLES:
        if not name.startswith("_") and hasattr(importlib.import_module(module), name):
            return f"from {module} import {name}"
    return ""
