"""What a suite that the referee runs looks at, and the wall between the two jails does not carry.

Plain data crosses it, and linked lists and trees; objects, functions, coroutines, files and
streams do not. A suite that is about these would give honest solutions a 0, so it is not judged at
all. That is told from its text, before any candidate runs: none can bring it about.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from verifier.errors import GroundTruthError
from verifier.model import AssertTruth
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python
from verifier.programs.nodes import BY_TYPE
from verifier.programs.referee.names import Names, imports
from verifier.programs.referee.survey import arguments_of, names_in

_PLAIN_TYPES: tuple[type, ...] = (
    *(str, bytes, bytearray, list, tuple, dict, set, frozenset),
    *(bool, int, float, complex, range, Fraction, type(None), type(iter([]))),
)
_PLAIN_NAMES = frozenset(kind.__name__ for kind in _PLAIN_TYPES) | frozenset(
    """Any Callable Collection Container Hashable Integral Iterable Iterator List Dict Tuple Set
    FrozenSet Mapping MutableMapping MutableSequence MutableSet Number Optional Rational Real
    Complex Reversible Sequence Sized Text Union""".split()  # noqa: SIM905 - to be read
)
"""What `isinstance` may ask for: it holds for the plain data that crosses, if it held before."""
_OF_A_FUNCTION = frozenset({"__name__", "__qualname__", "__call__", "__class__", "__module__"})
_OF_EXCEPTIONS = frozenset(
    name
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, BaseException)
    for name in dir(kind)
) - {"__cause__", "__context__", "__notes__"}

_MAX_CHARS = 1_000_000
"""Of a suite that is looked at: the work is ours."""
_Table = Mapping[str, tuple[str, ...]]
_OBJECTS: _Table = {
    "a date": ("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"),
    "a deque": ("collections.deque", "collections.UserList", "collections.UserDict"),
    "an array": ("array.array", "numpy.array", "numpy.zeros", "numpy.ones", "numpy.arange"),
    "an iterator": ("iter", "map", "filter", "zip", "enumerate", "reversed"),
    "a file": ("open", "io.StringIO", "io.BytesIO", "pathlib.Path", "pathlib.PurePath"),
    "an object": (
        *("object", "memoryview", "types.SimpleNamespace", "uuid.UUID", "uuid.uuid4"),
        *("re.compile", "unittest.mock", "threading.Lock", "threading.Event", "asyncio.Queue"),
    ),
}
_TOOLS = frozenset({"a function", "a class", "an iterator"})
"""What stands beside a value for other reasons than to be compared with it: a key, a pair."""
_CHANGED: _Table = {
    "a dict of its own kind": ("collections.Counter", "collections.OrderedDict"),
    "a dict with defaults": ("collections.defaultdict",),
    "a decimal": ("decimal.Decimal",),
}
"""What arrives as something plainer: a candidate may be asked to return it, and not given it."""
_AWAITING = ("asyncio.run", "asyncio.gather", "asyncio.wait_for", "asyncio.create_task",
             "asyncio.ensure_future", "asyncio.wait", "asyncio.timeout")  # fmt: skip
_ASKING = ("inspect", "typing.get_type_hints", "dis", "help", "asyncio.iscoroutinefunction",
           "asyncio.iscoroutine")  # fmt: skip
FIXTURES = frozenset({"capsys", "capfd", "caplog", "monkeypatch", "recwarn", "mocker"})
"""What pytest gives a test to look around its candidate with."""
_STREAMS = frozenset({"stdout", "stderr"})
_READ_BACK = frozenset({"getvalue", "readouterr", "seek", "call_args", "assert_called_with"})
_FILES = ("open", "io.open", "os.path", "os.listdir", "os.remove", "os.makedirs", "os.mkdir",
          "os.stat", "shutil", "tempfile", "pathlib.Path", "glob")  # fmt: skip
_SHOWN = ("range(", "Fraction(", "bytearray(", "frozenset(", "nan", "inf", "-inf")
_WRITING = ("tempfile.", "os.mk", "os.make", "shutil.copy")
_CLASS_NAME = re.compile(r"(?:[A-Z][a-z0-9]+)+")
_WAITING = ("raises", "assertraises")
_FRAMEWORKS = frozenset({"pytest", "solution"})
_FUNCTIONS_OF = frozenset({"math", "operator", "cmath", "itertools"})


@lru_cache(maxsize=16)
def beyond_the_wall(truth: AssertTruth) -> str | None:
    """What a test program does that cannot be judged across the wall; None where nothing was found.

    A sentence without its subject."""
    if len(truth.test) + len(truth.setup) > _MAX_CHARS:
        return None
    try:
        test = parse_python(truth.test, "the test suite")
        setup = parse_python(truth.setup, "the set-up code")
        return next(_Reading(test, setup, truth.entry_point).findings(), None)
    except (Unsupported, GroundTruthError, RecursionError):
        return None


@lru_cache(maxsize=16)
def other_functions(truth: AssertTruth) -> tuple[str, ...]:
    """The functions beside the entry point that a test program calls and nothing but the candidate
    can define."""
    if len(truth.test) + len(truth.setup) > _MAX_CHARS:
        return ()
    try:
        test = parse_python(truth.test, "the test suite")
        setup = parse_python(truth.setup, "the set-up code")
        return _Reading(test, setup, truth.entry_point).others
    except (Unsupported, GroundTruthError, RecursionError):
        return ()


def _only_called(names: Sequence[str], nodes: Sequence[ast.AST]) -> tuple[str, ...]:
    """Those of `names` that nothing is done with but to call them. Classes, by their spelling, are
    not among them: their objects do not cross."""
    called = Counter(
        node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    used = Counter(node.id for node in nodes if isinstance(node, ast.Name))
    return tuple(name for name in names if called[name] == used[name] and not name[:1].isupper())


class _Reading:
    """One suite, and what in it does not cross."""

    def __init__(self, test: ast.Module, setup: ast.Module, entry_point: str) -> None:
        """Works out what each name of the suite stands for: a module, the candidate, or its own."""
        self._entry_point = entry_point
        self._nodes = list(ast.walk(test))
        everything = [*ast.walk(setup), *self._nodes]
        known = [
            maker for table in (_OBJECTS, _CHANGED) for makers in table.values() for maker in makers
        ]
        origins = dict(imports(everything, known))
        self._modules = {origin.partition(".")[0] for origin in origins.values()}
        names = Names(test, origins, entry_point)
        foreign = names.unbound(self._nodes, everything)
        self.others = _only_called(foreign, self._nodes)
        self._foreign = [name for name in foreign if name not in self.others]
        self._names = Names(test, origins, entry_point, self.others) if self.others else names
        self._classes = {n.name: n for n in everything if isinstance(n, ast.ClassDef)}
        self._functions = {n.name for n in everything if isinstance(n, ast.FunctionDef)}
        self._kinds: dict[tuple[str, int], str | None] = {}
        self._node_fields = set[str]().union(
            *(kind.fields for kind in BY_TYPE.values() if kind.builder in self._functions)
        )

    def findings(self) -> Iterator[str]:
        """What cannot be judged, the first first."""
        if self.others and _CLASS_NAME.fullmatch(self._entry_point):
            yield f"makes objects of `{self._entry_point[:40]}`, a class of the candidate's"
        for name in self._foreign:
            yield f"uses `{name[:40]}`, which only the candidate may define"
        yield from self._of_streams()
        yield from self._of_files()
        yield from self._of_answers_attributes()
        for node in self._nodes:
            match node:
                case ast.Call():
                    yield from self._of_call(node)
                    yield from self._of_surroundings(node)
                case ast.Attribute():
                    yield from self._of_attribute(node)
                case ast.ExceptHandler(name=str() as name, body=body):
                    yield from _of_exception(name, body)
                case ast.Compare(left=left, comparators=others):
                    yield from self._of_comparison([left, *others])
                case ast.Await() | ast.AsyncFor() | ast.withitem():
                    yield from self._of_protocol(node)
                case ast.arg(arg=name) if name in FIXTURES:
                    yield f"needs the fixture `{name}` around the candidate"

    def _of_protocol(self, node: ast.Await | ast.AsyncFor | ast.withitem) -> Iterator[str]:
        if isinstance(node, ast.withitem):
            if self._names.is_answer(node.context_expr):
                yield "enters what the candidate returns"
        elif self._names.is_answer(node.value if isinstance(node, ast.Await) else node.iter):
            yield "awaits what the candidate returns"

    def _of_call(self, node: ast.Call) -> Iterator[str]:
        """Yields what of a call cannot cross: an object given, or a question about an answer."""
        given = arguments_of(node)
        name = self._names.dotted(node.func)
        if self._names.is_answer(node.func):
            yield "calls what the candidate returns"
        if self._names.is_candidate(node.func):
            for part in given:
                if what := self._object(part, _OBJECTS) or self._object(part, _CHANGED):
                    yield f"passes {what} to the candidate"
        elif name == "isinstance" and len(given) > 1:
            if self._names.is_answer(given[0]) and not self._is_plain_type(given[1]):
                yield "asks for the type of an object that the candidate returns"
        else:
            yield from self._of_sides(given)

    def _of_comparison(self, sides: Sequence[ast.expr]) -> Iterator[str]:
        yield from self._of_sides(sides)
        if any(map(self._is_shown, sides)) and any(map(_shows_an_object, sides)):
            yield "looks at how an object that the candidate returns is shown"
        types = [side for side in sides if self._names.is_type_of_answer(side)]
        if types and not all(self._is_plain_type(side) for side in sides if side not in types):
            yield "asks for the type of an object that the candidate returns"

    def _of_sides(self, sides: Sequence[ast.expr]) -> Iterator[str]:
        if any(map(self._names.is_answer, sides)):
            for side in sides:
                what = self._object(side, _OBJECTS)
                if what and what not in _TOOLS:
                    yield f"compares what the candidate returns with {what}"

    def _of_attribute(self, node: ast.Attribute) -> Iterator[str]:
        if self._names.is_candidate(node.value) and node.attr not in _OF_A_FUNCTION:
            yield f"looks at `{node.attr}` of the candidate itself"
        if self._names.is_owner(node.value) and node.attr != self._names.method:
            yield f"uses `{node.attr}` beside the method that is judged"

    def _of_answers_attributes(self) -> Iterator[str]:
        """What is asked of one answer, all together: no plain type may have it."""
        looked_at: dict[str, set[str]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Attribute) and self._names.is_answer(node.value):
                looked_at.setdefault(ast.dump(node.value), set()).add(node.attr)
        for attributes in looked_at.values():
            foreign = attributes - self._node_fields
            if not any(foreign <= set(dir(kind)) for kind in _PLAIN_TYPES):
                shown = ", ".join(f"`{name[:40]}`" for name in sorted(foreign)[:4])
                yield f"looks at {shown} of what the candidate returns"

    def _of_streams(self) -> Iterator[str]:
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
            yield "looks at what the candidate prints"

    def _of_surroundings(self, node: ast.Call) -> Iterator[str]:
        """What is asked of more than a value: of a function, a coroutine, a process."""
        name = self._names.dotted(node.func)
        given = arguments_of(node)
        inside = [part for argument in given for part in ast.walk(argument)]
        answers = any(map(self._names.is_answer, given))
        if _is_one_of(name, _ASKING) and (answers or any(map(self._names.is_candidate, given))):
            yield "looks into what the candidate is or returns"
        if name == "callable" and answers:
            yield "asks whether what the candidate returns can be called"
        awaits = _is_one_of(name, _AWAITING) or name.endswith(".run_until_complete")
        if awaits and any(map(self._names.is_answer, inside)):
            yield "awaits what the candidate returns"
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

    def _of_files(self) -> Iterator[str]:
        """Files: the candidate has others."""
        written: set[str] = set()
        read: set[str] = set()
        asked: set[str] = set()
        handles: set[str] = set()
        for node in self._nodes:
            if not isinstance(node, ast.Call):
                continue
            given = arguments_of(node)
            if self._is_of_files(node):
                name = self._names.dotted(node.func)
                writes = name.startswith(_WRITING) or any(map(_is_writing_mode, given[1:]))
                (written if writes else read).update(_atoms(given[:1]))
            elif self._names.is_candidate(node.func):
                asked |= _atoms(given)
        for name, values in self._names.bound.items():
            if any(isinstance(v, ast.Call) and self._is_of_files(v) for v, _ in values):
                handles.add(name)
        if asked & (written | read | handles) or written - read - handles:
            yield "shares files with the candidate"
        if read - written - handles:
            yield "looks at files that it did not write"

    def _is_shown(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="repr"), args=[value]):
                return self._names.is_answer(value)
        return False

    def _is_of_files(self, node: ast.Call) -> bool:
        return _is_one_of(self._names.dotted(node.func), _FILES)

    def _is_plain_type(self, node: ast.expr) -> bool:
        """Whether a type, or each of several, is one whose objects stay of it on their way."""
        match node:
            case ast.Tuple(elts=parts):
                return all(map(self._is_plain_type, parts))
            case ast.BinOp(left=left, right=right):
                return self._is_plain_type(left) and self._is_plain_type(right)
            case ast.Constant(value=None):
                return True
            case ast.Call(func=ast.Name(id="type"), args=[value]):
                return self._object(value, _OBJECTS) is None
        name = self._names.dotted(node)
        if name in self._classes:
            return f"{name.lower().removesuffix('node')}_node" in self._functions
        return name.rpartition(".")[2] in _PLAIN_NAMES

    def _object(self, node: ast.AST, table: _Table) -> str | None:
        """What it is where it is no plain data, in words; of what is called, by this table."""
        parts: Sequence[ast.AST] = ()
        match node:
            case ast.Lambda():
                return "a function"
            case ast.GeneratorExp():
                return "an iterator"
            case ast.Starred(value=value) | ast.ListComp(elt=value):
                parts = [value]
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                parts = items
            case ast.Dict(values=items):
                parts = items
            case ast.Name(id=name):
                return self._named(name, table)
            case ast.Attribute():
                return self._member(node)
            case ast.Call(func=func):
                return self._made(self._names.dotted(func), table)
        return next(filter(None, (self._object(part, table) for part in parts)), None)

    def _named(self, name: str, table: _Table) -> str | None:
        if name in self._names.bound:
            asked = (name, id(table))
            if asked not in self._kinds:
                self._kinds[asked] = None  # as long as it is looked for: names may go round
                self._kinds[asked] = self._kind_of_all(self._names.bound[name], table)
            return self._kinds[asked]
        if self._names.is_candidate(ast.Name(name)):
            return None
        if name in self._classes or name in self._functions:
            return "a class" if name in self._classes else "a function"
        return "a function" if callable(getattr(builtins, name, None)) else None

    def _kind_of_all(
        self, values: Sequence[tuple[ast.expr | None, bool]], table: _Table
    ) -> str | None:
        """What all of these are; parts are known of what is spelt out only."""
        kinds = {
            self._object(value, table)
            if value and (not part or isinstance(value, ast.List | ast.Tuple | ast.Set))
            else None
            for value, part in values
        }
        return kinds.pop() if len(kinds) == 1 else None

    def _member(self, node: ast.Attribute) -> str | None:
        """An enumeration's member, or a function of a module."""
        module, _, name = self._names.dotted(node).rpartition(".")
        if module in _FUNCTIONS_OF:
            known = getattr(importlib.import_module(module), name, None)
            return "a function" if callable(known) else None
        return "a member of an enumeration" if self._bases(module) & {"Enum", "Flag"} else None

    def _made(self, name: str, table: _Table) -> str | None:
        if name in self._classes:
            return None if self._is_carried(name) else f"an object of `{name[:40]}`"
        return next((what for what, makers in table.items() if _is_one_of(name, makers)), None)

    def _is_carried(self, name: str) -> bool:
        """Whether objects of a class of the suite's are plain data, nodes, or exceptions."""
        bases = self._bases(name)
        plain = bases & (_PLAIN_NAMES | {"NamedTuple", "TypedDict", "IntEnum", "StrEnum"})
        raised = any(base.endswith(("Error", "Exception", "Warning")) for base in bases)
        return bool(plain or raised or name in BY_TYPE)

    def _bases(self, name: str) -> set[str]:
        """The names of what a class of the suite's is of, as far as its text goes."""
        found: set[str] = set()
        rest = [name]
        while rest:
            known = self._classes.get(rest.pop())
            bases = known.bases if known else []
            names = {self._names.dotted(base).rpartition(".")[2] for base in bases}
            rest += names - found
            found |= names
        return found


def _of_exception(name: str, body: Sequence[ast.stmt]) -> Iterator[str]:
    """What is asked of an exception that was caught: it comes as one of a builtin type."""
    for node in (part for statement in body for part in ast.walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=asked), attr=attr) if asked == name:
                if attr not in _OF_EXCEPTIONS:
                    yield f"looks at `{attr[:40]}` of an exception"


def _shows_an_object(node: ast.expr) -> bool:
    """Whether it is a text that no plain data is shown as."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return not node.value.startswith(_SHOWN)
    return False


def _atoms(parts: Sequence[ast.expr]) -> set[str]:
    """The names and the texts in these."""
    constants = {
        node.value
        for part in parts
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return names_in(parts) | constants


def _is_writing_mode(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] in "wax"
    )


def _is_one_of(name: str, makers: Sequence[str]) -> bool:
    """Whether it is one of these, or belongs to one."""
    return any(name == maker or name.startswith(f"{maker}.") for maker in makers)
