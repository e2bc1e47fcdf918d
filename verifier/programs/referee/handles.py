"""What a test program holds of objects that stay in the candidate's jail.

Sent into the referee's jail as text and run in the same namespace as
`verifier.programs.referee.stand_ins` and `verifier.programs.referee.crossing`. A handle is a number
and has no word in what is right: what it is asked comes back as plain data, and that is compared
here. Three things hold for that (docs/decisions/012-objects-over-the-wall.md):

- `==` is decided by identity and by plain data, never by an object's own `__eq__`;
- an object whose place plain data could have is not asked what plain data would be asked with an
  operand of the suite's, be it an operator, a subscript or a method of that name;
- what ends a loop, or swallows an exception of the suite's, is not an object's to say.
"""

from __future__ import annotations

import functools
import operator
import sys
import types
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.crossing import callback, carry, reference, value, value_of
    from verifier.programs.referee.shared_files import SharedFiles
    from verifier.programs.referee.stand_ins import (
        _PLAIN_ATTRIBUTES,
        NotPlain,
        exchange,
        raised,
        unpack,
    )
    from verifier.programs.referee.tables import pandas

objects: set[str] = set()
"""Functions, classes, methods and attributes whose values the suite's text asks for something that
no plain data has: objects, whoever the candidate is."""
looks_at = {"printed": False, "listening": False, "files": False}
"""Whether the suite looks at what is printed, and the other side knows; and at files."""
_shared = SharedFiles()
_of_tables: set[str] = set()
"""The attributes of tables, in a suite that names a library of them. There no object is told an
operand by an operator or by one of these: a table in its place would be what decides."""
_fresh: list[_State] = []
"""Of handles that came with the last answer and belong to no origin yet."""
_callbacks: list[Callable[..., Any]] = []


def know_tables() -> None:
    """Have handles know what attributes tables have."""
    tables = pandas()
    kinds = (tables.DataFrame, tables.Series, tables.Index, type(tables.Index([]).to_numpy()))
    _of_tables.update(*map(dir, kinds))
    _of_tables.difference_update({"plot", "hist", "boxplot"})  # axes have these


class Undecided(BaseException):
    """An assertion that only the candidate's own word could decide."""


class _State:
    """What is known here of an object."""

    def __init__(self, number: int, *, own: bool, plain: bool) -> None:
        """`own`: its `==` is not Python's; `plain`: it is of a subclass of plain data."""
        self.number, self.own, self.plain = number, own, plain
        self.origin = ""
        """The function, method, attribute or operator that it came from, or its container did."""
        self.gives = "call"
        """The origin of what comes of calling it."""
        self.guarded = False
        """Whether it is what plain data has an attribute for, of an object that plain data could
        have stood for."""

    def copied(self) -> _State:
        """The same of the same object, from elsewhere."""
        return _State(self.number, own=self.own, plain=self.plain)

    @property
    def is_object(self) -> bool:
        return self.origin in objects


def ask(op: str, target: Any, /, *args: Any, origin: str = "", **kwargs: Any) -> Any:
    """Have something done to an object; what comes of it belongs to `origin`."""
    given = (target, *args)
    sent, named = carried(given), {name: carried(held) for name, held in kwargs.items()}
    try:
        found = unpack(_answer(op, sent, named), given, kwargs)
        if isinstance(found, Handle):  # or it may be one of those that were given
            found = type(found)(_state(found).copied())
            _fresh.append(_state(found))
        plain = [state for state in _fresh if state.plain]
    finally:
        for state in _fresh:
            state.origin = origin
            state.gives = origin if op in _NAMING else "call"
        _fresh.clear()
    return found if all(state.is_object for state in plain) else _made_plain(found)


_NAMING = frozenset({"entry", "get", "raw"})
"""What gives something by its name, so that what it gives when it is called has an origin."""
_THE_SAME = frozenset({"content", "enter", "aenter", "await"})
"""What gives something in an object's place."""


def _made_plain(found: Any) -> Any:
    """`found` with plain data in place of objects of subclasses of it, but where these are what
    the suite is about."""
    if isinstance(found, Handle):
        state = _state(found)
        return _plainer(found) if state.plain and not state.is_object else found
    if type(found) in (list, tuple):
        return type(found)(map(_made_plain, found))
    if type(found) is dict:
        return {key: _made_plain(item) for key, item in found.items()}
    return found


def _answer(op: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[Any]:
    """The answer, once the candidate has had the functions of the suite's called that it calls."""
    if looks_at["printed"] and not looks_at["listening"]:
        looks_at["listening"] = True
        exchange("print", (None,), {})
    if looks_at["files"]:
        unpack(exchange("take files", (_shared.changed(),), {}), (None,), {})
    answer = exchange(op, args, kwargs)
    failures: list[BaseException] = []
    while answer[0] == "callback":
        try:
            held = _call_back(*answer[1:])
            answer = exchange("returned", (carried(held),), {})
        except BaseException as error:  # noqa: BLE001 - the candidate's to catch, if it is no failure
            if isinstance(error, AssertionError | Undecided):
                failures.append(error)
            answer = exchange("failed", (type(error).__name__, str(error)), {})
    if looks_at["files"]:
        _shared.change(unpack(exchange("give files", (None,), {}), (None,), {}))
    if looks_at["printed"]:
        printed = unpack(exchange("printed", (None,), {}), (None,), {})
        for stream, text in zip((sys.stdout, sys.stderr), printed, strict=True):
            stream.write(text)
    if failures:
        raise failures[0]
    return answer


def _ask(handle: Handle, op: str, *args: Any, **kwargs: Any) -> Any:
    origin = _state(handle).origin if op in _THE_SAME else op
    return ask(op, handle, *args, origin=origin, **kwargs)


def _said(handle: Handle, kind: Any, op: str, *args: Any) -> Any:
    said = _ask(handle, op, *args)
    if type(said) is not kind:
        raise TypeError(f"{op} of an object gave no {kind.__name__}")
    return said


def _plainer(held: Any) -> Any:
    """What an object of a subclass of plain data holds now; anything else as it is."""
    return _ask(held, "content") if isinstance(held, Handle) and _state(held).plain else held


def _do(handle: Handle, op: str, *operands: Any) -> Any:
    """An operator with an operand, where no plain data could stand in the object's place."""
    if _state(handle).plain:
        return getattr(operator, op)(_plainer(handle), *map(_plainer, operands))
    _refuse_operands(handle, op)
    return _ask(handle, op, *operands)


def _do_reflected(handle: Handle, op: str, other: Any) -> Any:
    if _state(handle).plain:
        return getattr(operator, op)(other, _plainer(handle))
    _refuse_operands(handle, op)
    return ask(op, other, handle, origin=op)


def _refuse_operands(handle: Handle, op: str) -> None:
    if not _state(handle).is_object or (_of_tables and op != "getitem"):
        raise TypeError(f"an object that plain data could stand for is not asked for `{op}`")


def _leave(handle: Handle, op: str, error: BaseException | None) -> bool:
    """An exception of the suite's own is never swallowed."""
    said = _ask(handle, op, *([] if error is None else [type(error).__name__, str(error)]))
    return said is True and any(error is each for each in raised)


class Handle:
    """An object in the candidate's jail. Any other attribute is the object's."""

    __slots__ = ("__state",)

    def __init__(self, state: _State) -> None:
        object.__setattr__(self, "_Handle__state", state)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__doc__", "__qualname__"):
            raise AttributeError(name)
        found = ask("get", self, name, origin=name)
        guarded = name in _PLAIN_ATTRIBUTES and not _state(self).is_object
        guarded = guarded or name in _of_tables
        if isinstance(found, _MethodName):
            return _Method(self, found.name, guarded=guarded)
        if isinstance(found, Handle):
            _state(found).guarded = guarded
        return found

    def __setattr__(self, name: str, held: Any) -> None:
        ask("set", self, name, held)

    def __delattr__(self, name: str) -> None:
        ask("del", self, name)

    def __eq__(self, other: object) -> bool:
        """By identity and plain data. Raises Undecided where only the candidate could say."""
        if same(self, other):
            return True
        mine = _state(self)
        if mine.plain:
            return bool(_plainer(self) == _plainer(other))
        if isinstance(other, Handle) and not _state(other).plain:
            theirs = _state(other)
            if (mine.own or theirs.own) and mine.is_object and theirs.is_object:
                raise Undecided("which of its objects are equal, only the candidate says")
            return False
        if mine.own and mine.is_object and other is not None:
            raise Undecided("what its objects are equal to, only the candidate says")
        return NotImplemented

    def __hash__(self) -> int:
        return hash(_state(self).number)

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
        found = _ask(self, "iter")
        if not isinstance(found, Iterator):
            raise TypeError("iter() gave no iterator")
        return found

    def __reversed__(self) -> Iterator[Any]:
        return iter(_ask(self, "reversed"))

    def __contains__(self, item: object) -> bool:
        if _state(self).is_object and not _state(self).plain and not _of_tables:
            return bool(_ask(self, "contains", item))
        return any(item is each or item == each for each in self)

    def __getitem__(self, index: Any) -> Any:
        return _do(self, "getitem", index)

    def __setitem__(self, index: Any, held: Any) -> None:
        _ask(self, "setitem", index, held)

    def __delitem__(self, index: Any) -> None:
        _ask(self, "delitem", index)

    def __enter__(self) -> Any:
        return _ask(self, "enter")

    def __exit__(self, kind: Any, error: BaseException | None, _: object) -> bool:
        return _leave(self, "exit", error)

    async def __aenter__(self) -> Any:
        return _ask(self, "aenter")

    async def __aexit__(self, kind: Any, error: BaseException | None, _: object) -> bool:
        return _leave(self, "aexit", error)

    def __aiter__(self) -> Any:
        return _ask(self, "aiter")

    async def __anext__(self) -> Any:
        item = _ask(self, "anext")
        if item is _END:
            raise StopAsyncIteration
        return item


_state: Callable[[Handle], _State] = vars(Handle)["_Handle__state"].__get__


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
        setattr(Handle, f"__{op}__", _with_op(_ask, op))


def _with_op(done: Callable[..., Any], op: str) -> Callable[..., Any]:
    def method(self: Handle, *operands: Any) -> Any:
        return done(self, op, *operands)

    return method


_give_operators()


def same(one: Any, other: Any) -> bool:
    """`is`, of objects in the candidate's jail too: each of their ways here has a handle of its
    own."""
    if isinstance(one, Handle) and isinstance(other, Handle):
        return _state(one).number == _state(other).number
    return one is other


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


_NOT_SHARED = frozenset({"builtins", "suite", __name__})


class _Callable(Handle):
    """An object that can be called."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if _state(self).guarded and (args or kwargs):
            raise TypeError("an object that plain data could stand for is not asked for more")
        return ask("call", self, *args, origin=_state(self).gives, **kwargs)

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, Handle) and ask("isinstance", instance, self) is True


class _Iterator(Handle):
    """An iterator, asked for one item after the other."""

    __slots__ = ()

    def __next__(self) -> Any:
        item = _ask(self, "next")
        if item is _END:
            raise StopIteration
        return item


class _MethodName:
    """An attribute that is a method of its object."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Method:
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


def _call_back(number: int, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a function of the suite's makes of what the candidate calls it with."""
    if type(number) is not int or not 0 <= number < len(_callbacks):
        raise TypeError("no function of the suite's")
    return _callbacks[number](*args, **kwargs)


def carried(given: Any) -> Any:
    """`given` with objects replaced by what stands for them on the other side."""
    return carry(given, _stand_for)


def _stand_for(given: Any) -> Any:
    """What stands for an object on the candidate's side, where it has one; else the object."""
    kind = type(given)
    if isinstance(given, Handle):
        return reference(_state(given).number)
    if kind is Entry:
        return carried(given._handle())
    if kind is _Method:
        return carried(ask("raw", given.__self__, given.__name__, origin=given.__name__))
    if isinstance(given, Iterator) or kind in _VIEWS:
        return value("iterator", carried([*given]))
    module = getattr(given, "__module__", None)
    if isinstance(given, BaseException):
        return value("exception", carried(kind), carried(given.args))
    is_shared = module in sys.modules and module != "suite"
    if isinstance(given, type) and issubclass(given, BaseException) and is_shared:
        return value("builtin", module, given.__qualname__)
    if kind in (types.BuiltinFunctionType, type) and module in sys.stdlib_module_names:
        return value("builtin", module, given.__qualname__)
    if kind not in _FUNCTIONS:
        return given
    if not any(given is each for each in _callbacks):
        _callbacks.append(given)
    number = next(n for n, each in enumerate(_callbacks) if each is given)
    return callback(number, *(_text_of(given, name) for name in ("__name__", "__doc__")))


def _text_of(function: Any, name: str) -> str | None:
    found = getattr(function, name, None)
    return found if type(found) is str else None


_VIEWS: tuple[Any, ...] = tuple(type(view({})) for view in (dict.keys, dict.values, dict.items))
_FUNCTIONS: tuple[Any, ...] = (
    *(types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType),
    *(functools.partial, operator.itemgetter, operator.attrgetter, type),
)
_END = object()


def received_handle(number: Any, type_name: Any, own: Any, plain: Any, what: Any) -> Any:
    """What stands for an object of the candidate's; of the types that the relay says."""
    if type(number) is not int or number < 0:
        return NotPlain("object", None)
    kinds = {"callable": _Callable, "iterator": _Iterator, "generator": _Iterator}
    module, _, name = (type_name if type(type_name) is str else "").rpartition(".")
    name = name if name.isidentifier() else "object"
    named = type(name, (kinds.get(what, Handle),), {"__slots__": (), "__module__": module})
    state = _State(number, own=own is True, plain=plain is True)
    handle: Handle = named(state)
    _fresh.append(state)
    if what == "coroutine":
        return _coroutine(handle)
    return _generator(handle) if what == "generator" else handle


async def _coroutine(handle: Handle) -> Any:
    return _ask(handle, "await")


def _generator(handle: Handle) -> Generator[Any, Any, None]:
    item = _ask(handle, "next")
    while item is not _END:
        sent = yield item
        item = _ask(handle, "next") if sent is None else _ask(handle, "send", sent)


def received_value(kind: Any, *content: Any) -> Any:
    """An object of a known type with this content, which may be anything."""
    if kind == "end":
        return _END
    try:
        return _MethodName(*content) if kind == "method" else value_of(kind, *content)
    except Exception:  # noqa: BLE001 - no such kind, or not with this
        return NotPlain(kind if type(kind) is str else "object", None)
