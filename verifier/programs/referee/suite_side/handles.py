"""What a test program holds of objects that stay in the candidate's jail.

Sent into the referee's jail as text and run in the same namespace as `stand_ins`, and as
`crossing`, `asking` and `transfer` beside it. A handle is a number and has no word in what is
right: what it is asked comes back as plain data, and that is compared here. Three things hold for
that (docs/decisions/012-objects-over-the-wall.md):

- `==` is decided by identity and by plain data, never by an object's own `__eq__`;
- an object whose place plain data could have is not asked what plain data would be asked with an
  operand of the suite's, be it an operator, a subscript or a method of that name;
- what ends a loop, or swallows an exception of the suite's, is not an object's to say.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import value
    from verifier.programs.referee.both_sides.tables import pandas
    from verifier.programs.referee.suite_side.asking import State, Undecided, ask
    from verifier.programs.referee.suite_side.stand_ins import _PLAIN_ATTRIBUTES, raised
    from verifier.programs.referee.suite_side.transfer import END, IsMethod

_of_tables: set[str] = set()
"""The attributes of tables, in a suite that names a library of them. There no object is told an
operand by an operator or by one of these: a table in its place would be what decides."""


def know_tables() -> None:
    """Have handles know what attributes tables have."""
    tables = pandas()
    kinds = (tables.DataFrame, tables.Series, tables.Index, type(tables.Index([]).to_numpy()))
    _of_tables.update(*map(dir, kinds))
    _of_tables.difference_update({"plot", "hist", "boxplot"})  # axes have these


_THE_SAME = frozenset({"content", "enter", "aenter", "await"})
"""What gives something in an object's place."""


def ask_of(handle: Handle, op: str, *args: Any, **kwargs: Any) -> Any:
    """`ask` a handle. What comes of it belongs to the operation, or where the handle does."""
    origin = state_of(handle).origin if op in _THE_SAME else op
    return ask(op, handle, *args, origin=origin, **kwargs)


def _said(handle: Handle, kind: Any, op: str, *args: Any) -> Any:
    said = ask_of(handle, op, *args)
    if type(said) is not kind:
        raise TypeError(f"{op} of an object gave no {kind.__name__}")
    return said


def plainer(held: Any) -> Any:
    """What an object of a subclass of plain data holds now; anything else as it is."""
    return ask_of(held, "content") if isinstance(held, Handle) and state_of(held).plain else held


def _do(handle: Handle, op: str, *operands: Any) -> Any:
    """An operator with an operand, where no plain data could stand in the object's place."""
    if state_of(handle).plain:
        return getattr(operator, op)(plainer(handle), *map(plainer, operands))
    _refuse_operands(handle, op)
    return ask_of(handle, op, *operands)


def _do_reflected(handle: Handle, op: str, other: Any) -> Any:
    if state_of(handle).plain:
        return getattr(operator, op)(other, plainer(handle))
    _refuse_operands(handle, op)
    return ask(op, other, handle, origin=op)


def _refuse_operands(handle: Handle, op: str) -> None:
    if not state_of(handle).is_object or (_of_tables and op != "getitem"):
        raise TypeError(f"an object that plain data could stand for is not asked for `{op}`")


def _leave(handle: Handle, op: str, error: BaseException | None) -> bool:
    """An exception of the suite's own is never swallowed."""
    said = ask_of(handle, op, *([] if error is None else [type(error).__name__, str(error)]))
    return said is True and any(error is each for each in raised)


_ASKED_FOR = frozenset({"__name__", "__doc__", "__qualname__", "__dict__"})
"""What of names like these an object is asked for."""


class Handle:
    """An object in the candidate's jail. Any other attribute is the object's."""

    __slots__ = ("__state",)

    def __init__(self, state: State) -> None:
        object.__setattr__(self, "_Handle__state", state)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _ASKED_FOR:
            raise AttributeError(name)
        found = ask("get", self, name, origin=name)
        guarded = name in _PLAIN_ATTRIBUTES and not state_of(self).is_object
        guarded = guarded or name in _of_tables
        if isinstance(found, IsMethod):
            return Method(self, name, guarded=guarded)
        if isinstance(found, Handle):
            state_of(found).guarded = guarded
        return found

    def __setattr__(self, name: str, held: Any) -> None:
        ask("set", self, name, held)

    def __delattr__(self, name: str) -> None:
        ask("del", self, name)

    def __eq__(self, other: object) -> bool:
        """By identity and plain data. Raises Undecided where only the candidate could say."""
        if same(self, other):
            return True
        mine = state_of(self)
        if mine.plain:
            return bool(plainer(self) == plainer(other))
        if isinstance(other, Handle) and not state_of(other).plain:
            theirs = state_of(other)
            if (mine.own or theirs.own) and (mine.is_object or theirs.is_object):
                raise Undecided("which of its objects are equal, only the candidate says")
            return False
        if mine.own and mine.is_object and other is not None:
            raise Undecided("what its objects are equal to, only the candidate says")
        return NotImplemented

    def __hash__(self) -> int:
        return hash(state_of(self).number)

    def __bool__(self) -> bool:
        return bool(_said(self, bool, "bool"))

    def __len__(self) -> int:
        return int(_said(self, int, "len"))

    def __str__(self) -> str:
        return str(_said(self, str, "str"))

    def __repr__(self) -> str:
        return str(_said(self, str, "repr"))

    def __format__(self, spec: str) -> str:
        return str(_said(self, str, "format", spec))

    def __int__(self) -> int:
        return int(_said(self, int, "int"))

    def __index__(self) -> int:
        return int(_said(self, int, "index"))

    def __float__(self) -> float:
        return float(_said(self, float, "float"))

    def __complex__(self) -> complex:
        return complex(_said(self, complex, "complex"))

    def __iter__(self) -> Iterator[Any]:
        found = ask_of(self, "iter")
        if not isinstance(found, Iterator):
            raise TypeError("iter() gave no iterator")
        return found

    def __reversed__(self) -> Iterator[Any]:
        return iter(ask_of(self, "reversed"))

    def __contains__(self, item: object) -> bool:
        if state_of(self).is_object and not state_of(self).plain and not _of_tables:
            return bool(ask_of(self, "contains", item))
        return any(item is each or item == each for each in self)

    def __getitem__(self, index: Any) -> Any:
        return _do(self, "getitem", index)

    def __setitem__(self, index: Any, held: Any) -> None:
        ask_of(self, "setitem", index, held)

    def __delitem__(self, index: Any) -> None:
        ask_of(self, "delitem", index)

    def __enter__(self) -> Any:
        return ask_of(self, "enter")

    def __exit__(self, kind: Any, error: BaseException | None, _: object) -> bool:
        return _leave(self, "exit", error)

    async def __aenter__(self) -> Any:
        return ask_of(self, "aenter")

    async def __aexit__(self, kind: Any, error: BaseException | None, _: object) -> bool:
        return _leave(self, "aexit", error)

    def __aiter__(self) -> Any:
        return ask_of(self, "aiter")

    async def __anext__(self) -> Any:
        item = ask_of(self, "anext")
        if item is END:
            raise StopAsyncIteration
        return item


state_of: Callable[[Handle], State] = vars(Handle)["_Handle__state"].__get__


def _give_operators() -> None:
    """Have handles know Python's operators and comparisons."""
    binary = "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift".split()  # noqa: SIM905
    for op in binary:
        name = op.strip("_")
        setattr(Handle, f"__{name}__", _with_op(_do, op))
        setattr(Handle, f"__r{name}__", _with_op(_do_reflected, op))
    for op in ("lt", "le", "gt", "ge"):
        setattr(Handle, f"__{op}__", _with_op(_do, op))
    for op in ("neg", "pos", "invert", "abs"):
        setattr(Handle, f"__{op}__", _with_op(ask_of, op))


def _with_op(done: Callable[..., Any], op: str) -> Callable[..., Any]:
    def method(self: Handle, *operands: Any) -> Any:
        return done(self, op, *operands)

    return method


_give_operators()


def same(one: Any, other: Any) -> bool:
    """`is`, of objects in the candidate's jail too: each of their ways here has a handle of its
    own."""
    if isinstance(one, Handle) and isinstance(other, Handle):
        return state_of(one).number == state_of(other).number
    return one is other


def put_back(owner: Any, name: str, held: Any) -> None:
    """Have an object in the candidate's jail keep what the suite has changed of it."""
    if isinstance(owner, Handle) and not isinstance(held, Handle):
        setattr(owner, name, held)


def is_instance(held: Any, kind: Any) -> bool:
    """`isinstance`, of an object in the candidate's jail and a class that both sides can import
    too: what it is of is asked there."""
    if type(kind) is tuple:
        return any(is_instance(held, each) for each in kind)
    module = getattr(kind, "__module__", None)
    is_shared = isinstance(kind, type) and module in sys.modules and module not in _NOT_SHARED
    if not (isinstance(held, Handle) and is_shared):
        return isinstance(held, kind)
    return ask("isinstance", held, value("builtin", module, kind.__qualname__)) is True


def is_subclass(kind: Any, of: Any) -> bool:
    """`issubclass`, of a class in the candidate's jail: asked there."""
    if type(of) is tuple:
        return any(is_subclass(kind, each) for each in of)
    if not isinstance(kind, Entry | Handle):
        return issubclass(kind, of)
    return ask("issubclass", kind, of) is True


_NOT_SHARED = frozenset({"builtins", "suite", __name__})


class CallableHandle(Handle):
    """An object that can be called."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if state_of(self).guarded and (args or kwargs):
            raise TypeError("an object that plain data could stand for is not asked for more")
        return ask("call", self, *args, origin=state_of(self).gives, **kwargs)

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, Handle) and ask("isinstance", instance, self) is True


class IteratorHandle(Handle):
    """An iterator, asked for one item after the other."""

    __slots__ = ()

    def __next__(self) -> Any:
        item = ask_of(self, "next")
        if item is END:
            raise StopIteration
        return item


class Method:
    """A method of an object."""

    def __init__(self, of: Handle, name: str, *, guarded: bool) -> None:
        self.__self__, self.__name__, self._guarded = of, name, guarded

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._guarded and (args or kwargs):
            raise TypeError(
                f"an object that plain data could stand for is not asked for {self.__name__}"
            )
        return ask("do", self.__self__, self.__name__, *args, origin=self.__name__, **kwargs)


class Entry:
    """What the suite knows of the candidate by a name: a function or a class."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name
        self._found: Any = None

    def _handle(self) -> Any:
        if self._found is None:
            self._found = ask("entry", self.__name__, origin=self.__name__)
        return self._found

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._handle()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__doc__":
            raise AttributeError(name)
        return getattr(self._handle(), name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._handle())

    def __len__(self) -> int:
        return len(self._handle())

    def __getitem__(self, index: Any) -> Any:
        return self._handle()[index]

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self._handle())
