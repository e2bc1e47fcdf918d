"""Turns a module of tests as its authors have it into a suite that runs by itself.

Test functions and classes that nothing calls are called as pytest and unittest would, imports of
the candidate's module go, and modules that a harness has in its namespace are imported.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox import PYTHON
from sandbox.libraries import variant_for
from verifier.errors import GroundTruthError
from verifier.ground_truth import fields
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python
from verifier.programs.referee.wall import FIXTURES

CODE = re.compile(
    r"^[ \t]*(?:assert\b|(?:async[ \t]+)?def[ \t]+test|class[ \t]+\w*Test)", re.MULTILINE
)
"""What text of assertions or tests has in it, and mathematics has not."""

_HAS_TESTS = re.compile(
    r"^(?:(?:async[ \t]+)?def[ \t]+test|class[ \t]+\w*(?:Test|TestCase)\w*\b"
    r"|class[ \t]+\w+\([^)]*TestCase\))",
    re.MULTILINE,
)
_IMPORTS = re.compile(r"^(?:import|from)[ \t]+\w[^\n]*(?:\([^)]*\))?", re.MULTILINE)
_CANDIDATES = frozenset({"solution", "main", "candidate", "answer", "submission"})
"""What suites import as a module of the candidate's."""
_LIBRARIES = frozenset(
    """PIL PyPDF2 aiohttp altair astropy attr bitarray blake3 boto3 bs4 chardet cryptography cv2
    cycler cython dask dateutil django docx dns docxtpl dotenv faker fastapi flask
    flask_login flask_mail flask_restful flask_wtf folium fuzzywuzzy gensim geopandas geopy h5py
    holidays httpx hypothesis jax jieba jinja2 joblib keras lxml markdown matplotlib mechanize mock
    mpl_toolkits mpmath mypy natsort networkx nltk nose numba numpy openai openpyxl opencv packaging
    pandas parameterized patsy pdfplumber pexpect plotly polars psutil psycopg2 pulp pydantic
    pyfakefs pygments pymongo pyparsing pyquery pytesseract pytest pytz pywt redis regex requests
    requests_mock responses rsa scipy seaborn selenium sendgrid setuptools shapely simplejson six
    skimage sklearn sortedcontainers soundfile sqlalchemy statsmodels sympy tabulate tensorflow
    termcolor texttable textblob tldextract toml torch torchvision tornado tqdm transformers tzlocal
    ujson unidecode urllib3 wand werkzeug wikipedia wordcloud wordninja xgboost xlrd xlwt xmltodict
    xlsxwriter yaml""".split()  # noqa: SIM905 - to be read
)
"""Libraries that suites import. A module that is none, nor Python's own, is the candidate's."""
_GIVEN = frozenset({"tmp_path", "capsys", "capfd"})
"""Fixtures that pytest itself has and that are there: see `verifier.programs.referee.pytest`."""
_SKIPS = re.compile(r"\bpytest\.(?:skip|xfail)\(")
_ALIASES = {"np": "numpy", "pd": "pandas"}
_MODULE = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w*)\.[A-Za-z_]")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
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


def shared_imports(test: str) -> str:
    """What a suite imports from the standard library, numpy, and the libraries that only a larger
    variant of a jail has, at its top, which the harnesses of data sets have in the candidate's
    namespace too."""
    return "\n".join(
        line
        for found in _IMPORTS.finditer(test)
        if (line := found[0].rstrip()) and _is_importable(line)
    )


def _is_importable(line: str) -> bool:
    """Whether a line imports nothing but the standard library and shared libraries."""
    try:
        (node,) = ast.parse(line).body
    except (SyntaxError, ValueError):
        return False
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module]
    else:
        return False
    return "__future__" not in names and all(
        _is_standard(name) or _is_shared_library(name) for name in names
    )


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _is_shared_library(module: str) -> bool:
    library = module.partition(".")[0]
    return library == "numpy" or variant_for([library]) != PYTHON


def missing_imports(test: str) -> str:
    """Imports of modules that a suite uses and nothing in it names: its authors' harness had them
    from elsewhere, mostly from the candidate's program."""
    used = {name for name in _MODULE.findall(test) if _is_standard(name) or name in _ALIASES}
    # Not what the suite binds itself, nor modules whose name is also that of something in them.
    missing = sorted(
        name
        for name in used
        if name not in {"datetime", "time", "copy", "random", "glob", "test", "this", "code"}
        and not re.search(
            rf"\b(?:import|as|def|class|for)\b[^\n]*\b{name}\b|\b{name}\b[ \t]*[=,)]", test
        )
    )
    return "\n".join(
        f"import {_ALIASES[name]} as {name}" if name in _ALIASES else f"import {name}"
        for name in missing
    )


def as_module(test: str) -> str:
    """`test` without imports of the candidate's module, its tests called where nothing calls them.

    Raises GroundTruthError where a test needs a fixture that is not in it."""
    if not (_HAS_TESTS.search(test) or _IMPORTS.search(test)):
        return test  # nearly every suite; to parse a large one takes milliseconds
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported:
        return test
    lines = test.split("\n")
    for node in tree.body:
        if _is_of_candidate(node) or _is_runner(node):
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            lines[first:last] = ["pass", *[""] * (last - first - 1)]
    calls = [] if _has_check(tree) else list(_calls(tree))
    return "\n".join([*lines, *calls, ""]) if calls else "\n".join(lines)


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
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        lines[first:last] = ["; ".join(bound) or "pass", *[""] * (last - first - 1)]
    return "\n".join(lines)


def single_tests(test: str) -> list[str]:
    """`test` once for each of its tests, with the statements that run this one and no other.

    Raises GroundTruthError as `as_module` does, and where it holds no test."""
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported as reason:
        raise fields.fail(f"the test suite holds {reason}.") from None
    lines = test.split("\n")
    for node in tree.body:
        if _is_of_candidate(node) or _is_runner(node):
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            lines[first:last] = ["pass", *[""] * (last - first - 1)]
    module = "\n".join(lines)
    texts = []
    for node in tree.body:
        alone = ast.Module([*_helpers(tree), node], [])
        prepared, calls = "", list(_calls(alone))
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
        if isinstance(node, ast.FunctionDef) and not _is_test(node.name):
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


def _is_of_candidate(node: ast.stmt) -> bool:
    """Whether it imports what the candidate is to define."""
    if isinstance(node, ast.Import):
        return all(alias.name in _CANDIDATES for alias in node.names)
    if not isinstance(node, ast.ImportFrom):
        return False
    module = (node.module or "").partition(".")[0]
    return bool(node.level) or not (_is_standard(module) or module in _LIBRARIES)


def candidate_imports(test: str) -> list[str]:
    """The names that a suite imports from the candidate's module, in their order."""
    try:
        tree = parse_python(test, "the test suite")
    except Unsupported:
        return []
    return [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and _is_of_candidate(node)
        for alias in node.names
        if alias.name != "*"
    ]


def _is_runner(node: ast.stmt) -> bool:
    """Whether it has a framework run the module, which its name keeps from it here."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) in _RUNNERS
    )


def _has_check(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tree.body)


def _calls(tree: ast.Module) -> Iterator[str]:
    """The statements that run the tests that nothing at the module's top runs."""
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    top = [n for n in tree.body if not (isinstance(n, _DEFINITIONS) or _is_main_guard(n))]
    used = {n.id for part in top for n in ast.walk(part) if isinstance(n, ast.Name)}
    for node in tree.body:
        if getattr(node, "name", None) in used:
            continue
        if isinstance(node, ast.AsyncFunctionDef) and _is_test(node.name):
            raise fields.fail(f"`{node.name[:40]}` is a coroutine, which no suite may be here.")
        if isinstance(node, ast.FunctionDef) and _is_test(node.name):
            yield _run(node.name, node.args.args, node, functions)
        elif isinstance(node, ast.ClassDef):
            yield from _calls_of_class(node, functions)


def _is_test(name: str) -> bool:
    """As the frameworks say, but for a bare `test`, which is a helper more often."""
    return (
        name.startswith("test") and (name[4:5] == "_" or not name[4:5].islower()) and name != "test"
    )


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _calls_of_class(node: ast.ClassDef, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """Writes the calls that run a class of tests, as unittest or pytest would make them."""
    methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
    tests = [name for name in methods if _is_test(name)]
    if any(ast.unparse(base).endswith("TestCase") for base in node.bases):
        if "setUpClass" in methods and tests:
            yield f"{node.name}.setUpClass()"
        # As unittest does, in the order of their names, which tests may rely on.
        yield from (f"{node.name}({name!r}).debug()" for name in sorted(tests))
    elif node.name.startswith("Test"):
        if "setup_class" in methods and tests:
            yield f"{node.name}.setup_class()"
        for name in tests:
            method = methods[name]
            if "setup_method" in methods:
                takes = len(methods["setup_method"].args.args) > 1
                yield f"_test = {node.name}(); _test.setup_method({'None' if takes else ''})"
                test = f"_test.{name}"
            else:
                test = f"{node.name}().{name}"
            yield _run(test, method.args.args[1:], method, {**functions, **methods})


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
