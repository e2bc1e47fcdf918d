"""What an expression of a suite is, as far as its text says: plain data, an object of some kind."""

from __future__ import annotations

import ast
import builtins
import importlib
from collections.abc import Collection, Mapping, Sequence

from verifier.programs.nodes import BY_TYPE
from verifier.programs.referee.reading.names import Names
from verifier.programs.referee.reading.needs import PLAIN_TYPES

_PLAIN_NAMES = frozenset(kind.__name__ for kind in PLAIN_TYPES) | frozenset(
    """Any Callable Collection Container Hashable Integral Iterable Iterator List Dict Tuple Set
    FrozenSet Mapping MutableMapping MutableSequence MutableSet Number Optional Rational Real
    Complex Reversible Sequence Sized Text Union""".split()  # noqa: SIM905 - to be read
)
"""What `isinstance` may ask for: it holds for the plain data that crosses, if it held before."""
Table = Mapping[str, tuple[str, ...]]
"""What something is, in words: the names by which it is made."""
OBJECTS: Table = {
    "a date": ("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"),
    "a deque": ("collections.deque", "collections.UserList", "collections.UserDict"),
    "an array": ("array.array", "numpy", "scipy"),
    "a table": ("pandas",),
    "a document": ("bs4.BeautifulSoup", "lxml.etree", "xml.etree.ElementTree"),
    "an iterator": ("iter", "map", "filter", "zip", "enumerate", "reversed"),
    "a file": ("open",),
    "a database": ("sqlite3.connect",),
    "a text in memory": ("io.StringIO", "io.BytesIO"),
    "a path": ("pathlib.Path",),
    "a mock": ("unittest.mock", "mock"),
    "an object": (
        *("object", "memoryview", "types.SimpleNamespace", "uuid.UUID", "uuid.uuid4"),
        *("re.compile", "threading.Lock", "threading.Event", "asyncio.Queue"),
    ),
}
CHANGED: Table = {
    "a dict of its own kind": ("collections.Counter", "collections.OrderedDict"),
    "a dict with defaults": ("collections.defaultdict",),
    "a decimal": ("decimal.Decimal",),
}
"""What arrives as something plainer: a candidate may be asked to return it, and not given it."""
ALIKE = frozenset({"a date", "an array", "a table", "a document", "a path"})
"""What has methods that give something of its own kind."""
_FUNCTIONS_OF = frozenset({"math", "operator", "cmath", "itertools"})


class Kinds:
    """Of one suite."""

    def __init__(
        self,
        names: Names,
        classes: Mapping[str, ast.ClassDef],
        functions: Collection[str],
        shared_classes: Collection[str],
    ) -> None:
        """`classes` and `functions` are the suite's own; `shared_classes` those of them that the
        candidate has too."""
        self._names = names
        self._classes = classes
        self._functions = functions
        self._shared_classes = shared_classes
        self._known: dict[tuple[str, int], str | None] = {}

    def of(self, node: ast.AST, table: Table) -> str | None:
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
                return self._made(self._names.dotted(func), table) or self._of_method(func)
        return next(filter(None, (self.of(part, table) for part in parts)), None)

    def is_plain_type(self, node: ast.expr, more: Collection[str] = ()) -> bool:
        """Whether a type, or each of several, is one whose objects stay of it on their way; `more`:
        others that do in this suite."""
        match node:
            case ast.Tuple(elts=parts):
                return all(self.is_plain_type(part, more) for part in parts)
            case ast.BinOp(left=left, right=right):
                return self.is_plain_type(left, more) and self.is_plain_type(right, more)
            case ast.Constant(value=None):
                return True
            case ast.Call(func=ast.Name(id="type"), args=[value]):
                return self.of(value, OBJECTS) is None
        name = self._names.dotted(node)
        if name.rpartition(".")[2] in more or (more and self._names.is_of_module(name)):
            return True
        if name in self._classes:
            return f"{name.lower().removesuffix('node')}_node" in self._functions
        return name.rpartition(".")[2] in _PLAIN_NAMES

    def holds_type(self, node: ast.expr) -> bool:
        """Whether it is one of Python's own types, or a container that is spelt out with one in
        it."""
        match node:
            case ast.Name(id=name):
                return name not in self._names.bound and isinstance(
                    getattr(builtins, name, None), type
                )
            case ast.Call(func=ast.Name(id="type"), args=[ast.Constant()]):
                return True
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return any(map(self.holds_type, parts))
            case ast.Dict(keys=keys, values=parts):
                return any(map(self.holds_type, [*filter(None, keys), *parts]))
        return False

    def _named(self, name: str, table: Table) -> str | None:
        if name in self._names.bound:
            asked = (name, id(table))
            if asked not in self._known:
                self._known[asked] = None  # as long as it is looked for: names may go round
                self._known[asked] = self._kind_of_all(self._names.bound[name], table)
            return self._known[asked]
        if self._names.is_candidate(ast.Name(name)):
            return None
        if name in self._classes or name in self._functions:
            return "a class" if name in self._classes else "a function"
        return "a function" if callable(getattr(builtins, name, None)) else None

    def _kind_of_all(
        self, values: Sequence[tuple[ast.expr | None, bool]], table: Table
    ) -> str | None:
        """What all of these are; parts are known of what is spelt out only."""
        kinds = {
            self.of(value, table)
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
        is_shared = module in self._shared_classes
        return f"an object of `{module[:40]}`" if is_shared else "a member of an enumeration"

    def _of_method(self, func: ast.expr) -> str | None:
        """What a method gives, as far as it is like its object: `array(...).reshape(2, 2)`."""
        if not isinstance(func, ast.Attribute) or any(hasattr(k, func.attr) for k in PLAIN_TYPES):
            return None
        what = self.of(func.value, OBJECTS)
        return what if what in ALIKE or func.attr == "cursor" else None

    def _made(self, name: str, table: Table) -> str | None:
        if name in self._classes:
            return None if self._is_carried(name) else f"an object of `{name[:40]}`"
        return next((what for what, makers in table.items() if is_one_of(name, makers)), None)

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


def is_one_of(name: str, makers: Sequence[str]) -> bool:
    """Whether it is one of these, or belongs to one."""
    return any(name == maker or name.startswith(f"{maker}.") for maker in makers)
