"""What a suite asks of the world around its candidate: files, streams, modules, the network."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Sequence

from verifier.programs.referee.names import Names
from verifier.programs.referee.needs import Need
from verifier.programs.referee.survey import arguments_of, names_in
from verifier.programs.referee.wall.kinds import is_one_of

_AWAITING = ("asyncio.run", "asyncio.gather", "asyncio.wait_for", "asyncio.create_task",
             "asyncio.ensure_future", "asyncio.wait", "asyncio.timeout")  # fmt: skip
_ASKING = ("inspect", "typing.get_type_hints", "dis", "help", "asyncio.iscoroutinefunction",
           "asyncio.iscoroutine")  # fmt: skip
FIXTURES = frozenset({"caplog", "monkeypatch", "recwarn", "mocker"})
"""What pytest gives a test to look around its candidate with."""
_OF_THE_NETWORK = frozenset({"requests", "httpx", "aiohttp"})
_CAPTURING = frozenset({"capsys", "capfd"})
_STREAMS = frozenset({"stdout", "stderr"})
_READ_BACK = frozenset({"getvalue", "readouterr", "seek", "call_args", "assert_called_with"})
_FILES = ("open", "io.open", "os.path", "os.listdir", "os.remove", "os.makedirs", "os.mkdir",
          "os.stat", "shutil", "tempfile", "pathlib.Path", "glob")  # fmt: skip
_WRITING = ("tempfile.", "os.mk", "os.make", "shutil.copy")
_WAITING = ("raises", "assertraises")
_FRAMEWORKS = frozenset({"pytest", "solution"})


class Surroundings:
    """Of one suite."""

    def __init__(self, nodes: Sequence[ast.AST], names: Names, modules: Collection[str]) -> None:
        """`nodes`: all of its test; `modules`: those that it imports."""
        self._nodes = nodes
        self._names = names
        self._modules = frozenset(modules)

    @property
    def has_network(self) -> bool:
        """Whether it is about the network."""
        return not self._modules.isdisjoint(_OF_THE_NETWORK)

    def of_streams(self) -> Iterator[str | Need]:
        """What is printed and read, which the candidate does elsewhere."""
        captures = False
        for node in self._nodes:
            match node:
                case ast.Attribute(value=ast.Name(id="sys"), attr=attr, ctx=ast.Store()):
                    captures = captures or attr in _STREAMS
                    if attr in {"stdin", "argv"}:
                        yield f"replaces `sys.{attr}`, which the candidate has its own of"
                case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Store()):
                    if self._names.is_module(name):
                        yield f"replaces `{name}.{attr[:40]}`, which the candidate has its own of"
                case ast.Call(func=func):
                    name = self._names.dotted(func)
                    captures = captures or name.startswith("contextlib.redirect_")
                case ast.Subscript(value=target, ctx=ast.Store()):
                    if self._names.dotted(target) == "os.environ":
                        yield "changes the environment, which the candidate has its own of"
        if captures and any(getattr(node, "attr", None) in _READ_BACK for node in self._nodes):
            yield Need.PRINTED

    def of_files(self) -> Iterator[str]:
        """Files: the candidate has others."""
        written: set[str] = set()
        read: set[str] = set()
        asked: set[str] = set()
        handles: set[str] = set()
        for node in self._nodes:
            if not isinstance(node, ast.Call):
                continue
            given = arguments_of(node)
            if self._is_of_files(node.func):
                name = self._names.dotted(node.func)
                writes = name.startswith(_WRITING) or any(map(_is_writing_mode, given[1:]))
                (written if writes else read).update(_atoms(given[:1]))
            elif self._names.is_candidate(node.func) or self._is_of_object(node.func):
                asked |= _atoms(given)
        for name, values in self._names.bound.items():
            if any(isinstance(v, ast.Call) and self._is_of_files(v.func) for v, _ in values):
                handles.add(name)
        if asked & (written | read | handles) or written - read - handles:
            yield "shares files with the candidate"
        if read - written - handles:
            yield "looks at files that it did not write"

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
        if name.rpartition(".")[2].lower().startswith(_WAITING) and given:
            library = self._names.dotted(given[0]).partition(".")[0]
            if library in self._modules - sys.stdlib_module_names - _FRAMEWORKS:
                yield f"waits for an exception that only `{library[:40]}` has"
        if name.startswith("unittest.mock.patch"):
            yield "replaces names around the candidate, which has its own"
        if name.endswith((".assertWarns", ".assertLogs", "pytest.warns")) or (
            name == "warnings.catch_warnings" and node.keywords
        ):
            yield "looks at warnings or logs of the candidate"

    def _is_of_object(self, node: ast.expr) -> bool:
        """Whether it is a method of something that may be an object of the candidate's."""
        if not isinstance(node, ast.Attribute) or node.attr.startswith("assert"):
            return False
        first = self._names.dotted(node).partition(".")[0]
        return first not in self._modules and not self._is_of_files(node)

    def _is_of_files(self, node: ast.expr) -> bool:
        return is_one_of(self._names.dotted(node), _FILES)


def of_parameter(name: str) -> Iterator[str | Need]:
    """What a test is given by this name, in pytest."""
    if name in FIXTURES:
        yield f"needs the fixture `{name}` around the candidate"
    elif name in _CAPTURING:
        yield Need.PRINTED


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
