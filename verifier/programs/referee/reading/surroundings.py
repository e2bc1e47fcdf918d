"""What a suite asks of the world around its candidate: files, streams, modules, the network."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from typing import TypeGuard

from verifier.programs.referee.reading.kinds import is_one_of
from verifier.programs.referee.reading.names import Names
from verifier.programs.referee.reading.needs import Need
from verifier.programs.referee.reading.survey import arguments_of, names_in

_AWAITING = ("asyncio.run", "asyncio.gather", "asyncio.wait_for", "asyncio.create_task",
             "asyncio.ensure_future", "asyncio.wait", "asyncio.timeout")  # fmt: skip
_ASKING = ("inspect", "typing.get_type_hints", "dis", "help", "asyncio.iscoroutinefunction",
           "asyncio.iscoroutine")  # fmt: skip
FIXTURES = frozenset({"caplog", "monkeypatch", "recwarn", "mocker"})
"""What pytest gives a test to look around its candidate with."""
_OF_THE_NETWORK = frozenset({"requests", "httpx", "aiohttp"})
_CAPTURING = frozenset({"capsys", "capfd"})
_FOLDERS = frozenset({"tmp_path", "tmpdir"})
_STREAMS = frozenset({"stdout", "stderr"})
_READ_BACK = frozenset(
    {"getvalue", "readouterr", "seek", "call_args", "assert_called_with"}
    | {"read", "readlines", "read_text"}
)
_FILES = ("open", "io.open", "os.path", "os.listdir", "os.remove", "os.makedirs", "os.mkdir",
          "os.stat", "shutil", "tempfile", "pathlib.Path", "glob", "sqlite3.connect")  # fmt: skip
READ_BY = ("open", "io", "os", "pathlib", "Path", "glob", "shutil", "tempfile", "ET", "etree",
           "csv", "configparser", "zipfile", "tarfile", "Image", "openpyxl", "sqlite3",
           "tmp_path", "tmpdir")  # fmt: skip
"""Names by which a suite comes to files, which the candidate may have written."""
_OF_MORE_THAN_BYTES = ("os.access", "os.chmod", "os.chown", "os.link", "os.readlink", "os.stat",
                       "os.symlink", "os.utime", "os.path.getmtime", "os.path.getctime",
                       "os.path.islink", "os.path.realpath", "os.chdir", "os.mkfifo")  # fmt: skip
_REMOVING = (
    "os.remove",
    "os.unlink",
    "os.rmdir",
    "os.path.exists",
    "os.path.isfile",
    "shutil.rmtree",
)
"""What is done with a file that nobody reads any more, or before that."""
_OF_ANSWERS = re.compile(r"expect|answer|solution|correct|gold", re.IGNORECASE)
"""In the name of a file that the candidate must not find."""
_EXPECTED = re.compile(r"(?:.*/)?(?:expected|answer|gold|label|truth)[^/]*\.\w{2,5}", re.IGNORECASE)
"""The name of a file of a data set's, which its rows do not bring."""
_GIVEN = re.compile(r"\./test(?P<folder>\d+)/?|(?:\./)?test(?P<number>\d+)(?:/[\w./-]+|\.\w{2,5})")
"""The name of a file or a folder for the candidate, of as many as there are tests: a data set's as
well."""
_READERS = re.compile(r"open|(?:im)?read(?:_\w+)?|load(?:_\w+|txt)?|parse|genfromtxt")
"""What reads the file that it is given first."""
_OF_TABLES = frozenset({"pandas", "matplotlib", "seaborn"})
"""Libraries whose objects a suite that has them is about: tables cross, axes stay."""
_PYPLOT = "matplotlib.pyplot"
_SEEDED = frozenset({"random", "numpy.random"})
_AMBIENT = frozenset({"flask", "django", "werkzeug", "flask_login"})
"""Libraries whose functions depend on what is around them, which the candidate has its own of."""
_OF_A_REQUEST = frozenset({"request", "session", "g", "current_app"})
_MADE_OF_ANSWERS = frozenset(
    {"networkx", "sympy", "shapely", "bs4", "lxml", "rsa", "sklearn", "statsmodels", "cv2"}
)
"""Libraries that are asked about objects of theirs."""
_MOCKS = ("unittest.mock", "mock")
_ADDRESS = re.compile(r"(?:https?|ftp)://\w")
_OF_MOCKS = frozenset(
    {"patch", "patch.object", "patch.dict", "patch.stopall", "Mock", "MagicMock", "PropertyMock"}
    | {"AsyncMock", "NonCallableMock", "mock_open", "create_autospec"}
)
"""What the stand-in of the module has (`suite_side.mocks`)."""
_WRITERS = frozenset(
    """imsave imwrite save save_npz savetxt savez to_csv to_excel to_json to_pickle touch
    write_bytes write_text""".split()  # noqa: SIM905 - to be read
)
_WRITING = ("tempfile.", "os.mk", "os.make", "shutil.copy")


class Surroundings:
    """Of one suite."""

    def __init__(self, nodes: Sequence[ast.AST], names: Names, modules: Collection[str]) -> None:
        """`nodes`: all of its test; `modules`: those that it and its set-up code import."""
        self._nodes = nodes
        self._names = names
        self._modules = frozenset(modules)

    @property
    def has_network(self) -> bool:
        """Whether it is about the network."""
        return not self._modules.isdisjoint(_OF_THE_NETWORK)

    def fetches(self) -> bool:
        """Whether a test of it has the candidate fetch an address, with nothing in the network's
        place."""
        tests = [n for n in self._nodes if isinstance(n, ast.FunctionDef) and n.name[:4] == "test"]
        return any(map(self._fetches, tests))

    def _fetches(self, test: ast.FunctionDef) -> bool:
        parts = list(ast.walk(test))
        texts = [n.value for n in parts if isinstance(n, ast.Constant) and type(n.value) is str]
        calls = [n.func for n in parts if isinstance(n, ast.Call)]
        waits = any(self._names.dotted(call).endswith(".assertRaises") for call in calls)
        replaces = any(is_one_of(self._names.dotted(call), _MOCKS) for call in calls)
        return not (waits or replaces) and any(map(_ADDRESS.match, texts))

    def of_streams(self) -> Iterator[str | Need]:
        """What is printed and read, which the candidate does elsewhere."""
        captures = False
        for node in self._nodes:
            match node:
                case ast.Attribute(value=ast.Name(id="sys"), attr=attr, ctx=ast.Store()):
                    captures = captures or attr in _STREAMS
                case ast.Call(func=func, args=args):
                    name = self._names.dotted(func)
                    captures = captures or name.startswith("contextlib.redirect_")
                    texts = [arg.value for arg in args[:1] if isinstance(arg, ast.Constant)]
                    captures = captures or texts in (["sys.stdout"], ["sys.stderr"])
                case ast.Subscript(value=target, ctx=ast.Store()):
                    if self._names.dotted(target) == "os.environ":
                        yield "changes the environment, which the candidate has its own of"
        if self.replaced_modules():
            yield Need.MOCKS
        if captures and any(getattr(node, "attr", None) in _READ_BACK for node in self._nodes):
            yield Need.PRINTED

    def of_mocks(self) -> Iterator[str]:
        """What it calls itself while a mock stands in that place, which is the candidate's."""
        for node in self._nodes:
            match node:
                case ast.FunctionDef(decorator_list=patches, body=body):
                    pass
                case ast.With(items=items, body=body):
                    patches = [item.context_expr for item in items]
                case _:
                    continue
            replaced = set(map(self._replaced_by, patches)) - {""}
            for part in (each for statement in body for each in ast.walk(statement)):
                called = self._names.dotted(part.func) if isinstance(part, ast.Call) else ""
                if called in replaced:
                    yield f"calls `{called[:40]}` itself while a mock is in its place"

    def _replaced_by(self, patch: ast.expr) -> str:
        """What a `patch("module.name")` replaces."""
        match patch:
            case ast.Call(func=func, args=[ast.Constant(value=str() as target), *_]):
                if is_one_of(self._names.dotted(func), _MOCKS):
                    return target.removeprefix("builtins.")
        return ""

    def replaced_modules(self) -> set[str]:
        """The names of modules of which it replaces something, streams of output aside."""
        found: set[str] = set()
        for node in self._nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Store()):
                    if self._names.is_module(name) and (name != "sys" or attr not in _STREAMS):
                        found.add(name)
        return found

    def seeded_modules(self) -> set[str]:
        """The modules whose random numbers it seeds."""
        calls = (node.func for node in self._nodes if isinstance(node, ast.Call))
        owners = (self._names.dotted(called).rpartition(".") for called in calls)
        return {owner for owner, _, name in owners if name == "seed" and owner in _SEEDED}

    def drawing_names(self) -> set[str]:
        """The names by which it has the module that draws."""
        names = [node for node in self._nodes if isinstance(node, ast.Name | ast.Attribute)]
        drawing = (node for node in names if self._names.dotted(node) == _PYPLOT)
        return {ast.unparse(node).partition(".")[0] for node in drawing}

    def names_tables(self) -> bool:
        """Whether it or its set-up code imports a library of tables, whose objects it is about
        then."""
        return not _OF_TABLES.isdisjoint(self._modules)

    def of_files(self) -> Iterator[str | Need]:
        """Files: the candidate's folder is another, and has the same in it where it must."""
        written: set[str] = set()
        read: set[str] = set()
        asked: set[str] = set()
        to_candidate: set[str] = set()
        asks_more = ""
        for node in self._nodes:
            if not isinstance(node, ast.Call):
                continue
            given = arguments_of(node)
            name = self._names.dotted(node.func)
            if is_one_of(name, _OF_MORE_THAN_BYTES):
                asks_more = name
            if _is_method_of_files(node.func):
                written.update(_atoms([*given[:1], node.func.value]))
            elif self._is_of_files(node.func):
                writes = name.startswith(_WRITING) or any(map(_is_writing_mode, given[1:]))
                (written if writes else read).update(_atoms(given[:1]))
            elif self._names.is_candidate(node.func) or self._is_of_object(node.func):
                asked |= _atoms(given)
                to_candidate |= _atoms(given) if self._names.is_candidate(node.func) else set()
        asked |= {part.partition("/")[0] for part in asked}
        if missing := next(self._expected_files(written | asked), None):
            yield f"reads what it expects from a file (`{missing[:40]}`) that nothing brings"
        numbers = {
            found[found.lastgroup or 0] for found in map(_GIVEN.fullmatch, to_candidate) if found
        }
        if len(numbers) > 1 and not written:
            yield "gives the candidate files that nothing brings"
        read |= self._removed() - written
        handles = self._file_handles()
        of_setup = {name for name in written | read if name.isupper()} - self._names.bound.keys()
        # A name of the set-up code's the candidate has as well.
        kept = self._holders_of(written | handles)
        if of_setup or asked & (written | read | handles | kept) or (written ^ read) - handles:
            yield from _of_shared_files(written, asks_more)

    def _expected_files(self, made: Collection[str]) -> Iterator[str]:
        """The names of files with expected values that are read, and not among `made`."""
        for node in self._nodes:
            match node:
                case ast.Call(func=func, args=[ast.Constant(value=str() as path), *_]):
                    reader = self._names.dotted(func).rpartition(".")[2]
                    is_read = _READERS.fullmatch(reader) and path not in made
                    if is_read and _EXPECTED.fullmatch(path):
                        yield path

    def _holders_of(self, paths: set[str]) -> set[str]:
        """What one of these is put into: `self.paths["a"] = path`, `paths.append(path)`."""
        found: set[str] = set()
        for node in self._nodes:
            match node:
                case ast.Assign(targets=[ast.Subscript(value=holder)], value=value):
                    given = [value]
                case ast.Call(func=ast.Attribute(value=holder, attr="append" | "add"), args=given):
                    pass
                case _:
                    continue
            if names_in(given) & paths:
                found.add(ast.unparse(holder))
        return found

    def _file_handles(self) -> set[str]:
        return {
            name
            for name, values in self._names.bound.items()
            if any(isinstance(v, ast.Call) and self._is_of_files(v.func) for v, _ in values)
        }

    def of_call(self, node: ast.Call) -> Iterator[str | Need]:
        """What is asked of more than a value: of a function, a coroutine, a process."""
        name = self._names.dotted(node.func)
        given = arguments_of(node)
        inside = [part for argument in given for part in ast.walk(argument)]
        answers = any(map(self._names.is_answer, given))
        if is_one_of(name, _ASKING) and (answers or any(map(self._names.is_candidate, given))):
            yield "looks into what the candidate is or returns"
        if name == "callable" and answers:
            yield Need.OBJECTS
        awaits = is_one_of(name, _AWAITING) or name.endswith(".run_until_complete")
        if awaits and any(map(self._names.is_answer, inside)):
            yield Need.OBJECTS
        if name.partition(".")[0] in _AMBIENT and "." in name:
            yield f"makes what `{name.partition('.')[0]}` has around a request"
        if answers and name.partition(".")[0] in _MADE_OF_ANSWERS:
            yield f"asks `{name.partition('.')[0]}` about an object that the candidate returns"
        if is_one_of(name, _MOCKS):
            used = name.removeprefix("unittest.").removeprefix("mock.")
            known = used in _OF_MOCKS or used.partition(".")[0] == "call"
            yield Need.MOCKS if known else f"uses `{used[:40]}` of mocks"
        if name.endswith((".assertWarns", ".assertLogs", "pytest.warns")) or (
            name == "warnings.catch_warnings" and node.keywords
        ):
            yield "looks at warnings or logs of the candidate"

    def of_attribute(self, node: ast.Attribute) -> Iterator[str]:
        """What a library has around the candidate, which it has its own of."""
        library, _, rest = self._names.dotted(node).partition(".")
        if (library, rest.partition(".")[0]) == ("warnings", "filters"):
            yield "looks at warnings or logs of the candidate"
        if library in _AMBIENT and rest.partition(".")[0] in _OF_A_REQUEST:
            yield f"makes what `{library}` has around a request"

    def _is_of_object(self, node: ast.expr) -> bool:
        """Whether it is a method of something that may be an object of the candidate's."""
        if not isinstance(node, ast.Attribute) or node.attr.startswith("assert"):
            return False
        first = self._names.dotted(node).partition(".")[0]
        return first not in self._modules and not self._is_of_files(node)

    def _removed(self) -> set[str]:
        """What is removed, or looked for, by name."""
        calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        names = (
            _atoms(call.args[:1])
            for call in calls
            if is_one_of(self._names.dotted(call.func), _REMOVING)
        )
        return set[str]().union(*names)

    def _is_of_files(self, node: ast.expr) -> bool:
        name = self._names.dotted(node)
        return is_one_of(name, _FILES) and not is_one_of(name, _REMOVING)


def _is_method_of_files(node: ast.expr) -> TypeGuard[ast.Attribute]:
    """Whether it is a method, or a library's function, that writes a file."""
    return isinstance(node, ast.Attribute) and node.attr in _WRITERS


def of_parameter(name: str) -> Iterator[str | Need]:
    """What a test is given by this name, in pytest."""
    if name in FIXTURES:
        yield f"needs the fixture `{name}` around the candidate"
    elif name in _CAPTURING:
        yield Need.PRINTED
    elif name in _FOLDERS:
        yield from (Need.FILES, Need.OBJECTS)


def _of_shared_files(written: Collection[str], asks_more: str) -> Iterator[str | Need]:
    yield Need.FILES
    if asks_more:
        yield f"asks by `{asks_more}` for more than what is in a file"
    for name in sorted(filter(_OF_ANSWERS.search, written)):
        yield f"has what it expects in a file (`{name[:40]}`) that the candidate would find"


def _atoms(parts: Sequence[ast.expr]) -> set[str]:
    """The names, the attributes and the texts in these."""
    nodes = [node for part in parts for node in ast.walk(part)]
    found = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    found |= {ast.unparse(n) for n in nodes if isinstance(n, ast.Attribute)}
    return found | (names_in(parts) - {"self"})


def _is_writing_mode(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] in "wax"
    )
