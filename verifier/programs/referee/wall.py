"""What a suite that the referee runs looks at, and how it crosses the wall between the two jails.

Plain data crosses it, and linked lists and trees. Where a suite is about more (objects, what
is printed, functions that it passes), that crosses by other ways, which are opened for that suite.
What crosses by none (files, streams, the candidate's source) would give honest solutions a 0, so
that a suite about it is not judged at all. All of that is told from its text, before any candidate
runs: none can bring it about.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from verifier.errors import GroundTruthError
from verifier.model import AssertTruth
from verifier.programs.assertions import Unsupported
from verifier.programs.assertions.source import parse_python
from verifier.programs.nodes import BY_TYPE
from verifier.programs.referee.names import Names, imports
from verifier.programs.referee.needs import (
    PLAIN_TYPES,
    Need,
    Needs,
    Origins,
    exceptions_in,
    is_plain,
)
from verifier.programs.referee.survey import arguments_of, candidate_names, names_in

_PLAIN_NAMES = frozenset(kind.__name__ for kind in PLAIN_TYPES) | frozenset(
    """Any Callable Collection Container Hashable Integral Iterable Iterator List Dict Tuple Set
    FrozenSet Mapping MutableMapping MutableSequence MutableSet Number Optional Rational Real
    Complex Reversible Sequence Sized Text Union""".split()  # noqa: SIM905 - to be read
)
"""What `isinstance` may ask for: it holds for the plain data that crosses, if it held before."""
_MADE_AGAIN = frozenset(
    """date datetime time timedelta deque Counter OrderedDict defaultdict Decimal ndarray
    GeneratorType Generator CoroutineType Coroutine Awaitable""".split()  # noqa: SIM905 - to be read
)
"""Types of the library whose objects are made again on the other side of the wall."""
_AGAIN = frozenset(
    {"a date", "a deque", "an array", "an iterator", "a dict of its own kind", "a decimal"}
    | {"a dict with defaults"}
)
"""What `_OBJECTS` and `_CHANGED` have of these."""
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
FIXTURES = frozenset({"caplog", "monkeypatch", "recwarn", "mocker"})
"""What pytest gives a test to look around its candidate with."""
_OF_THE_NETWORK = frozenset({"requests", "httpx", "aiohttp"})
_CAPTURING = frozenset({"capsys", "capfd"})
_STREAMS = frozenset({"stdout", "stderr"})
_READ_BACK = frozenset({"getvalue", "readouterr", "seek", "call_args", "assert_called_with"})
_FILES = ("open", "io.open", "os.path", "os.listdir", "os.remove", "os.makedirs", "os.mkdir",
          "os.stat", "shutil", "tempfile", "pathlib.Path", "glob")  # fmt: skip
_SHOWN = ("range(", "Fraction(", "bytearray(", "frozenset(", "nan", "inf", "-inf")
_WRITING = ("tempfile.", "os.mk", "os.make", "shutil.copy")
_WAITING = ("raises", "assertraises")
_FRAMEWORKS = frozenset({"pytest", "solution"})
_FUNCTIONS_OF = frozenset({"math", "operator", "cmath", "itertools"})


def beyond_the_wall(truth: AssertTruth) -> str | None:
    """What a test program does that cannot be judged across the wall; None where nothing was found.

    A sentence without its subject."""
    reading = _reading(truth)
    return None if reading is None else reading.reason


def needs_of(truth: AssertTruth) -> Needs | None:
    """What a test program needs to cross beside plain data; None where that is nothing."""
    reading = _reading(truth)
    return None if reading is None else reading.needs


def other_functions(truth: AssertTruth) -> tuple[str, ...]:
    """The functions and classes beside the entry point that a test program uses and nothing but the
    candidate can define."""
    reading = _reading(truth)
    return reading.others if reading else ()


@lru_cache(maxsize=16)
def _reading(truth: AssertTruth) -> _Reading | None:
    """None where the text is more than can be read here."""
    if len(truth.test) + len(truth.setup) > _MAX_CHARS:
        return None
    try:
        test = parse_python(truth.test, "the test suite")
        setup = parse_python(truth.setup, "the set-up code")
        return _Reading(test, setup, truth.entry_point)
    except (Unsupported, GroundTruthError, RecursionError):
        return None


def _is_class_name(name: str) -> bool:
    """Whether it is spelt as a class is, and not as a constant."""
    return name[:1].isupper() and not name.isupper()


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
        waited = set(exceptions_in(self._nodes))
        self._exceptions = tuple(name for name in foreign if name in waited)
        functions = self._used_as_functions()
        self.others = tuple(
            name
            for name in foreign
            if name not in waited and (name in functions or _is_class_name(name))
        )
        taken = waited.union(self.others)
        self._foreign = [name for name in foreign if name not in taken]
        self._names = Names(test, origins, entry_point, self.others) if self.others else names
        self._class_names = frozenset(filter(_is_class_name, (entry_point, *self.others)))
        self._classes = {n.name: n for n in everything if isinstance(n, ast.ClassDef)}
        self._setup_classes = {n.name for n in ast.walk(setup) if isinstance(n, ast.ClassDef)}
        self._functions = {n.name for n in everything if isinstance(n, ast.FunctionDef)}
        self._kinds: dict[tuple[str, int], str | None] = {}
        self._node_fields = set[str]().union(
            *(kind.fields for kind in BY_TYPE.values() if kind.builder in self._functions)
        )

        found = list(self._findings())
        self.needs = self._needs({each for each in found if isinstance(each, Need)}, test)
        if self.needs and not self._modules.isdisjoint(_OF_THE_NETWORK):
            found.append("is about the network, which no run has")
        self.reason = next((each for each in found if isinstance(each, str)), None)
        """The first thing that cannot be judged."""

    def _needs(self, found: set[Need], test: ast.Module) -> Needs | None:
        if not found:
            return None
        called = candidate_names(test, self._entry_point)
        origins = Origins(test, self._class_names, self._entry_point, called)
        return Needs(
            objects=tuple(sorted(origins.objects())),
            exceptions=self._exceptions,
            made=tuple(sorted(self._setup_classes)),
            printed=Need.PRINTED in found,
            callbacks=Need.CALLBACKS in found,
        )

    def _used_as_functions(self) -> set[str]:
        """The names that are called, or handed on to be called."""
        found: set[str] = set()
        for node in self._nodes:
            if isinstance(node, ast.Call):
                handed_on = arguments_of(node) if not _is_assertion(node) else []
                found |= {n.id for n in (node.func, *handed_on) if isinstance(n, ast.Name)}
        return found

    def _findings(self) -> Iterator[str | Need]:
        """What cannot be judged, the first first, and what has to cross for the rest."""
        calls = (node.func for node in self._nodes if isinstance(node, ast.Call))
        called = {self._names.dotted(function).partition(".")[0] for function in calls}
        if self._exceptions or not self._class_names.isdisjoint(called):
            yield Need.OBJECTS
        for name in self._foreign:
            yield f"uses `{name[:40]}`, which only the candidate may define"
        yield from self._of_streams()
        yield from self._of_files()
        yield from self._of_answers_attributes()
        for node in self._nodes:
            yield from self._of_node(node)
            yield from _of_definition(node, self._class_names)
            for decorator in getattr(node, "decorator_list", ()):
                if self._names.is_candidate(decorator) or self._names.is_answer(decorator):
                    yield from (Need.OBJECTS, Need.CALLBACKS)

    def _of_node(self, node: ast.AST) -> Iterator[str | Need]:
        match node:
            case ast.Call():
                yield from self._of_call(node)
                yield from self._of_equality(node)
                yield from self._of_surroundings(node)
            case ast.Attribute():
                yield from self._of_attribute(node)
            case ast.Compare(left=left, comparators=others):
                yield from self._of_comparison([left, *others])
                yield from self._of_equality(node)
            case ast.Await() | ast.AsyncFor() | ast.withitem():
                yield from self._of_protocol(node)

    def _of_protocol(self, node: ast.Await | ast.AsyncFor | ast.withitem) -> Iterator[Need]:
        if isinstance(node, ast.withitem):
            entered = node.context_expr
        else:
            entered = node.value if isinstance(node, ast.Await) else node.iter
        if self._names.is_answer(entered):
            yield Need.OBJECTS

    def _of_call(self, node: ast.Call) -> Iterator[str | Need]:
        """Yields what of a call cannot cross: an object given, or a question about an answer."""
        given = arguments_of(node)
        name = self._names.dotted(node.func)
        if self._names.is_answer(node.func):
            yield Need.OBJECTS
        if self._names.is_candidate(node.func):
            for part in given:
                if what := self._object(part, _OBJECTS) or self._object(part, _CHANGED):
                    yield from self._crossing(what) or [f"passes {what} to the candidate"]
        elif name == "isinstance" and len(given) > 1:
            if self._names.is_answer(given[0]) and not self._is_plain_type(given[1]):
                others = self._class_names | _MADE_AGAIN | self._setup_classes
                if self._is_plain_type(given[1], others):
                    yield Need.OBJECTS
                else:
                    yield "asks for the type of an object that the candidate returns"
        else:
            yield from self._of_sides(given)

    def _crossing(self, what: str) -> list[str | Need]:
        """What has to cross so that this does; nothing where it cannot."""
        if what == "a function":
            return [Need.OBJECTS, Need.CALLBACKS]
        is_made = what.startswith("an object of `") and what[14:-1] in self._setup_classes
        return [Need.OBJECTS] if what in _AGAIN or is_made else []

    def _of_comparison(self, sides: Sequence[ast.expr]) -> Iterator[str | Need]:
        yield from self._of_sides(sides)
        if any(map(self._is_shown, sides)) and any(map(_shows_an_object, sides)):
            yield Need.OBJECTS
        types = [side for side in sides if self._names.is_type_of_answer(side)]
        if types and not all(self._is_plain_type(side) for side in sides if side not in types):
            yield "asks for the type of an object that the candidate returns"

    def _of_sides(self, sides: Sequence[ast.expr]) -> Iterator[str | Need]:
        if any(map(self._names.is_answer, sides)):
            for side in sides:
                what = self._object(side, _OBJECTS)
                if what and what not in _TOOLS:
                    is_beyond = f"compares what the candidate returns with {what}"
                    yield from self._crossing(what) or [is_beyond]

    def _of_equality(self, node: ast.Compare | ast.Call) -> Iterator[str]:
        """A new object that something of the candidate's is to be equal to."""
        if isinstance(node, ast.Compare):
            decides = any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
            sides = [node.left, *node.comparators]
        else:
            sides = node.args[:2]
            decides = _is_assertion(node) and ast.unparse(node.func).endswith("Equal")
        if decides and any(map(self._is_new_object, sides)):
            yield "compares an object of the candidate's with a new one, which is for it to say"

    def _is_new_object(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in self._class_names
        )

    def _of_attribute(self, node: ast.Attribute) -> Iterator[str | Need]:
        is_of_type = node.attr.startswith("__") and node.attr != "__doc__"
        if self._names.is_candidate(node.value) and node.attr not in _OF_A_FUNCTION:
            if is_of_type:
                yield f"looks at `{node.attr}` of the candidate itself"
            else:
                yield Need.OBJECTS
        if self._names.is_owner(node.value) and node.attr != self._names.method:
            yield Need.OBJECTS

    def _of_answers_attributes(self) -> Iterator[Need]:
        """What is asked of one answer, all together: no plain type may have it."""
        looked_at: dict[str, set[str]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Attribute) and self._names.is_answer(node.value):
                looked_at.setdefault(ast.dump(node.value), set()).add(node.attr)
        for attributes in looked_at.values():
            foreign = attributes - self._node_fields
            if not is_plain(foreign):
                yield Need.OBJECTS

    def _of_streams(self) -> Iterator[str | Need]:
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

    def _of_surroundings(self, node: ast.Call) -> Iterator[str | Need]:
        """What is asked of more than a value: of a function, a coroutine, a process."""
        name = self._names.dotted(node.func)
        given = arguments_of(node)
        inside = [part for argument in given for part in ast.walk(argument)]
        answers = any(map(self._names.is_answer, given))
        if _is_one_of(name, _ASKING) and (answers or any(map(self._names.is_candidate, given))):
            yield "looks into what the candidate is or returns"
        if name == "callable" and answers:
            yield Need.OBJECTS
        awaits = _is_one_of(name, _AWAITING) or name.endswith(".run_until_complete")
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

    def _is_of_object(self, node: ast.expr) -> bool:
        """Whether it is a method of something that may be an object of the candidate's."""
        if not isinstance(node, ast.Attribute) or node.attr.startswith("assert"):
            return False
        first = self._names.dotted(node).partition(".")[0]
        return first not in self._modules and not self._is_of_files(node)

    def _is_shown(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="repr"), args=[value]):
                return self._names.is_answer(value)
        return False

    def _is_of_files(self, node: ast.expr) -> bool:
        return _is_one_of(self._names.dotted(node), _FILES)

    def _is_plain_type(self, node: ast.expr, more: Collection[str] = ()) -> bool:
        """Whether a type, or each of several, is one whose objects stay of it on their way; `more`:
        others that do in this suite."""
        match node:
            case ast.Tuple(elts=parts):
                return all(self._is_plain_type(part, more) for part in parts)
            case ast.BinOp(left=left, right=right):
                return self._is_plain_type(left, more) and self._is_plain_type(right, more)
            case ast.Constant(value=None):
                return True
            case ast.Call(func=ast.Name(id="type"), args=[value]):
                return self._object(value, _OBJECTS) is None
        name = self._names.dotted(node)
        if name.rpartition(".")[2] in more:
            return True
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
        if not self._bases(module) & {"Enum", "Flag"}:
            return None
        is_shared = module in self._setup_classes
        return f"an object of `{module[:40]}`" if is_shared else "a member of an enumeration"

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


def _is_assertion(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    return str(name).startswith("assert")


def _of_definition(node: ast.AST, of_candidate: Collection[str]) -> Iterator[str | Need]:
    """What a parameter, an exception that is caught, or a class of the suite's own is about."""
    match node:
        case ast.ExceptHandler(name=str() as name, body=body):
            yield from _of_exception(name, body)
        case ast.ClassDef(bases=bases):
            if any(isinstance(base, ast.Name) and base.id in of_candidate for base in bases):
                yield "makes a class of its own out of one of the candidate's"
        case ast.arg(arg=name) if name in FIXTURES:
            yield f"needs the fixture `{name}` around the candidate"
        case ast.arg(arg=name) if name in _CAPTURING:
            yield Need.PRINTED


def _of_exception(name: str, body: Sequence[ast.stmt]) -> Iterator[Need]:
    """What is asked of an exception that was caught: it comes as one of a builtin type."""
    for node in (part for statement in body for part in ast.walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=asked), attr=attr) if asked == name:
                if attr not in _OF_EXCEPTIONS:
                    yield Need.OBJECTS


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
    """The names, the attributes and the texts in these."""
    nodes = [node for part in parts for node in ast.walk(part)]
    found = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    found |= {ast.unparse(n) for n in nodes if isinstance(n, ast.Attribute)}
    return found | (names_in(parts) - {"self"})


def _is_writing_mode(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] in "wax"
    )


def _is_one_of(name: str, makers: Sequence[str]) -> bool:
    """Whether it is one of these, or belongs to one."""
    return any(name == maker or name.startswith(f"{maker}.") for maker in makers)
