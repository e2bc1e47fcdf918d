"""What a test program has of `unittest.mock`: mocks that stand around the candidate.

Sent into the referee's jail as text, behind `handles` in one namespace. A mock takes the place of
something that the candidate uses, so it is made where the candidate is (`candidate_side.patches`)
and held here as a handle. What was done with it comes back as plain data; what a suite asserts of
that is asserted here, by the library's own mock of that record.
"""

from __future__ import annotations

import functools
import io
import sys
import types
import unittest
import unittest.mock as library
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import value
    from verifier.programs.referee.suite_side.asking import answer_to, ask, fresh
    from verifier.programs.referee.suite_side.handles import (
        CallableHandle,
        Entry,
        Handle,
        Method,
        same,
        state_of,
    )
    from verifier.programs.referee.suite_side.stand_ins import suite, unpack
    from verifier.programs.referee.suite_side.transfer import IsMethod, carried

_RECORDS = frozenset(
    {"called", "call_count", "call_args", "call_args_list", "mock_calls", "method_calls"}
)
_PROTOCOLS = frozenset(
    f"__{name}__"
    for name in (
        *("enter", "exit", "aenter", "aexit", "iter", "next", "aiter", "len", "bool", "str", "int"),
        *("getitem", "setitem", "delitem", "contains", "call", "float", "eq", "lt", "gt", "hash"),
    )
)
_STREAMS = frozenset({"sys.stdout", "sys.stderr"})


def order(op: str, *given: Any) -> Any:
    """Have something made or changed on the other side; what was given stays as it is here."""
    try:
        answer = answer_to(op, carried(given), {})
        if answer[0] == "value":
            answer[2:] = [], ((), {}), []
        return unpack(answer, (), {})
    finally:
        fresh.clear()


class Mocked(CallableHandle):
    """A mock of the suite's. What comes of its attributes is one as well, whatever it is."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if name in _PROTOCOLS:
            return _as_mock(self, name, ask("get", self, name, origin=name))
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> Any:
        if name in _RECORDS or name.startswith("assert_"):
            return getattr(_record_of(self), name)
        return _as_mock(self, name, ask("get", self, name, origin=name))

    def __setattr__(self, name: str, held: Any) -> None:
        order("set", self, name, held)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return ask("call", self, *args, origin="call", **kwargs)

    def __eq__(self, other: object) -> bool:
        return same(self, other)

    __hash__ = Handle.__hash__


def _as_mock(of: Handle, name: str, found: Any) -> Any:
    if isinstance(found, IsMethod):
        return Method(of, name, guarded=False)
    return Mocked(state_of(found)) if isinstance(found, Handle) else found


def _record_of(mock: Handle) -> Any:
    """A mock of the library's that has been called as this one was."""
    calls, within, methods = ask("record", mock, origin="record")
    record = library.Mock(name=mock.__class__.__name__)
    each = [library._Call((tuple(args), dict(kwargs)), two=True) for args, kwargs in calls]
    record.call_args_list = library._CallList(each)
    record.call_count, record.called = len(each), bool(each)
    record.call_args = each[-1] if each else None
    for name, said in (("mock_calls", within), ("method_calls", methods)):
        named = [library._Call((path, tuple(args), dict(kwargs))) for path, args, kwargs in said]
        setattr(record, name, library._CallList(named))
    return record


def _maker(name: str) -> Any:
    """The class of mocks of that name, whose objects are made on the other side."""

    def make(_: Any, *args: Any, **kwargs: Any) -> Any:
        return Mocked(state_of(order("mock", name, args, _told(kwargs))))

    return type(name, (), {"__new__": make, "__module__": "unittest.mock", "__qualname__": name})


def mock_open(mock: Any = None, read_data: Any = "") -> Any:
    """As the library's."""
    return Mocked(state_of(order("mock", "mock_open", (mock, read_data), {})))


def create_autospec(spec: Any, *args: Any, **kwargs: Any) -> Any:
    """As the library's."""
    given = (_by_name(spec), *args)
    return Mocked(state_of(order("mock", "create_autospec", given, _told(kwargs))))


def _told(options: dict[str, Any]) -> dict[str, Any]:
    """Options of a mock: a class in them is the other side's of that name."""
    told = {"spec", "spec_set", "autospec", "wraps"}
    return {name: _by_name(held) if name in told else held for name, held in options.items()}


def _by_name(target: Any) -> Any:
    """What is known on both sides by its name: a module, a class or function of one; else as it
    is."""
    if isinstance(target, types.ModuleType):
        return value("module", target.__name__)
    if isinstance(target, type | types.FunctionType | types.BuiltinFunctionType):
        module = getattr(target, "__module__", None)
        if module in sys.modules and module not in ("suite", __name__):
            return value("builtin", module, target.__qualname__)
    return target


class _Patch:
    """Something in a mock's place for a while: a context manager, a decorator, or by hand."""

    def __init__(
        self, target: Any, attribute: str | None, new: Any, options: dict[str, Any]
    ) -> None:
        self._target, self._attribute, self._new = target, attribute, new
        self._maker = options.pop("new_callable", None)
        self._options = options
        self._undo: Callable[[], object] = _nothing

    @property
    def gives(self) -> bool:
        """Whether a decorated function is given what it puts in place."""
        return self._new is library.DEFAULT

    def __enter__(self) -> Any:
        new, options = self._new, self._options
        if self._maker is not None:
            new, options = self._maker(**options), {}
        if self._stream and isinstance(new, io.StringIO):
            name = self._stream.rpartition(".")[2]
            self._undo = functools.partial(setattr, sys, name, getattr(sys, name))
            setattr(sys, name, new)
            return new
        is_new = new is not library.DEFAULT
        given = (new,) if is_new else ()
        number, made = order(
            "patch", _by_name(self._target), self._attribute, _told(options), *map(_by_name, given)
        )
        self._undo = functools.partial(order, "unpatch", number)
        if not is_new:
            new = Mocked(state_of(made)) if isinstance(made, Handle) else made
        if self._attribute is None and self._target.startswith("builtins."):
            self._undo = functools.partial(_put, self._put_here(new), self._undo)
        return new

    def _put_here(self, new: Any) -> Any:
        """Have the suite, too, find it in the place of one of Python's own."""
        names, name = suite["__builtins__"], self._target.rpartition(".")[2]
        was, names[name] = names.get(name), new
        return functools.partial(names.__setitem__, name, was)

    @property
    def _stream(self) -> str | None:
        """The stream of the candidate's that it replaces, if any."""
        name = self._target if self._attribute is None else f"sys.{self._attribute}"
        of_sys = self._attribute is None or self._target is sys
        return name if of_sys and name in _STREAMS else None

    def __exit__(self, *_: object) -> None:
        self._undo()
        self._undo = _nothing

    def start(self) -> Any:
        """Put it in place, until `stop`."""
        _begun.append(self)
        return self.__enter__()

    def stop(self) -> None:
        """Have things as they were."""
        if self in _begun:
            _begun.remove(self)
        self.__exit__()

    def __call__(self, decorated: Any) -> Any:
        if isinstance(decorated, type):
            for name in [name for name in dir(decorated) if name.startswith("test")]:
                setattr(decorated, name, self.again()(getattr(decorated, name)))
            return decorated
        return _decorated(decorated, self)

    def again(self) -> _Patch:
        """The same, once more."""
        options = (
            self._options if self._maker is None else {**self._options, "new_callable": self._maker}
        )
        return _Patch(self._target, self._attribute, self._new, dict(options))


class _PatchDict(_Patch):
    """Other items in a dict for a while."""

    def __init__(self, target: Any, values: Any = (), clear: Any = False, **more: Any) -> None:
        super().__init__(target, None, None, {})
        self._items, self._clear = {**dict(values), **more}, clear

    def __enter__(self) -> Any:
        target = _DICTS.get(id(self._target), self._target)
        if type(target) is dict:
            patched = library.patch.dict(target, self._items, self._clear)
            self._undo = functools.partial(patched.__exit__, None, None, None)
            return patched.__enter__()
        number = order("patch dict", target, self._items, bool(self._clear))
        self._undo = functools.partial(order, "unpatch", number)
        return None

    def again(self) -> _Patch:
        return _PatchDict(self._target, self._items, self._clear)


_DICTS = {id(__import__("os").environ): "os.environ", id(sys.modules): "sys.modules"}
"""Dicts of the interpreter's, by which name either side has its own."""
_begun: list[_Patch] = []


def _nothing() -> None: ...


def _put(*undo: Callable[[], object]) -> None:
    for each in undo:
        each()


def _decorated(function: Any, patch_: _Patch) -> Any:
    """`function` within a patch, or within one more: the one nearest to it comes first."""
    patches: list[_Patch] | None = getattr(function, "patches", None)
    if patches is not None:
        patches.append(patch_)
        return function
    patches = [patch_]

    @functools.wraps(function)
    def within(*args: Any, **kwargs: Any) -> Any:
        with ExitStack() as stack:
            entered = [(each.gives, stack.enter_context(each)) for each in patches]
            return function(*args, *(new for gives, new in entered if gives), **kwargs)

    within.patches = patches  # type: ignore[attr-defined]
    return within


class _Patcher:
    """`patch`, with `object` and `dict`."""

    dict = _PatchDict

    def __call__(self, target: str, new: Any = library.DEFAULT, *args: Any, **options: Any) -> Any:
        return _Patch(target, None, new, _named(args, options))

    def object(
        self, target: Any, attribute: str, new: Any = library.DEFAULT, *args: Any, **options: Any
    ) -> Any:
        if _is_own(target):
            return library.patch.object(target, attribute, new, *args, **options)
        return _Patch(target, attribute, new, _named(args, options))

    def stopall(self) -> None:
        """End what was begun by hand."""
        for each in reversed([*_begun]):
            each.stop()


def _is_own(target: Any) -> bool:
    """Whether it is the suite's, and no candidate uses it."""
    kind = target if isinstance(target, type) else type(target)
    return kind.__module__ == "suite" and not isinstance(target, Handle | Entry)


def _named(args: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
    names = ("spec", "create", "spec_set", "autospec", "new_callable")
    return {**dict(zip(names, args, strict=False)), **options}


_replaced: dict[tuple[str, str], int] = {}


def replaced(module: types.ModuleType, attribute: str, new: Any) -> None:
    """The suite has put `new` into a module for good: so has the candidate's side."""
    if f"{module.__name__}.{attribute}" in _STREAMS:
        return
    key = (module.__name__, attribute)
    if key in _replaced:
        order("unpatch", _replaced.pop(key))
    _replaced[key] = order("patch", _by_name(module), attribute, {"create": True}, _by_name(new))[0]


def know_mocks() -> None:
    """Have the suite import this in the place of `unittest.mock`."""
    module: Any = types.ModuleType("unittest.mock")
    for name in ("call", "ANY", "DEFAULT", "sentinel"):
        setattr(module, name, getattr(library, name))
    for name in ("Mock", "MagicMock", "PropertyMock", "AsyncMock", "NonCallableMock"):
        setattr(module, name, _maker(name))
    module.patch, module.mock_open, module.create_autospec = _Patcher(), mock_open, create_autospec
    unittest.mock = sys.modules["unittest.mock"] = sys.modules["mock"] = module
