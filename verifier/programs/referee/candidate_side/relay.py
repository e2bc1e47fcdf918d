"""The candidate's side of a suite that needs more than plain data: objects stay, and are numbered.

Sent into the candidate's jail as text, behind `both_sides.crossing` in one namespace. It shares the
interpreter with candidate code: nothing that it says is believed. An object that does not cross is
kept in a table here and goes out as its number; what a suite does with it is an operation that is
asked for by name.
"""

from __future__ import annotations

import builtins
import enum
import importlib
import io
import operator
import queue
import sys
import threading
import types
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    import asyncio

    from verifier.programs.referee.both_sides.crossing import (
        carry,
        classes,
        reference,
        value,
        value_of,
    )
    from verifier.programs.referee.both_sides.seeds import Seeds
    from verifier.programs.referee.both_sides.shared_files import SharedFiles
    from verifier.programs.referee.candidate_side.borrowed import Borrowed
    from verifier.programs.referee.candidate_side.patches import Patches

MAX_OBJECTS = 100_000
"""That are kept for a suite; more is out of memory."""
_BUILTINS = (
    "len repr str bool int float complex iter reversed abs round format isinstance issubclass"
)
_OPERATORS = """add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift neg pos
invert lt le gt ge contains getitem setitem delitem index"""
_PLAIN_AT_BOTTOM: tuple[Any, ...] = (
    *(int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict),
)


class Relay:
    """The objects of one suite, and what may be asked of them."""

    def __init__(
        self,
        entries: dict[str, Callable[[], Any]],
        made: Sequence[str],
        names: dict[str, Any] | None = None,
    ) -> None:
        """`entries`: how to get what the suite knows by its name; `made`: classes of the set-up
        code, whose objects the other side makes again; `names`: the candidate's, where the suite
        replaces some."""
        self._patches = None if names is None else Patches(names)
        self._entries = entries
        for name in made:
            classes[name] = entries[name]()
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._printed: list[io.StringIO] = []
        self._files = SharedFiles()
        self._borrowed = Borrowed()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._callbacks: dict[int, Any] = {}
        self._waiting: list[queue.SimpleQueue[Any]] = []
        self._said: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def operations(self) -> dict[str, Callable[..., Any]]:
        """What the other side may ask for, by name; each is given the object first."""
        named = {name: getattr(builtins, name) for name in _BUILTINS.split()}
        named |= {name: getattr(operator, name) for name in _OPERATORS.split()}
        own = {
            "entry": lambda name: self._entries[name](),
            "call": lambda function, *args, **kwargs: function(*args, **kwargs),
            "do": lambda obj, _name, *args, **kwargs: getattr(obj, _name)(*args, **kwargs),
            "get": self._get,
            "raw": getattr,
            "set": setattr,
            "del": delattr,
            "next": lambda obj: next(obj, _END),
            "send": _send,
            "content": _content,
            "enter": lambda obj: obj.__enter__(),
            "exit": lambda obj, *error: obj.__exit__(*_failure(*error)),
            "await": self._run,
            "aenter": lambda obj: self._run(obj.__aenter__()),
            "aexit": lambda obj, *error: self._run(obj.__aexit__(*_failure(*error))),
            "aiter": lambda obj: obj.__aiter__(),
            "anext": lambda obj: self._run(anext(obj, _END)),
        }
        ours = {
            "print": self._listen,
            "printed": self._overheard,
            "draw from": Seeds().change,
            "take files": self._files.change,
            "give files": lambda _: self._files.changed(),
        }
        theirs = named | own
        if self._patches is None:
            return theirs | ours
        around = {name: self._patches.around(done) for name, done in theirs.items()}
        return around | ours | self._patches.operations()

    def _get(self, obj: Any, name: str) -> Any:
        found = getattr(obj, name)
        if isinstance(found, types.MethodType) and found.__self__ is obj:
            return value("method")
        return found

    def _run(self, awaited: Any) -> Any:
        if self._loop is None:
            import asyncio  # noqa: PLC0415 - takes longer than all else here

            self._loop = asyncio.new_event_loop()

        async def waiting() -> Any:
            return await awaited

        return self._loop.run_until_complete(waiting())

    def _listen(self, _: Any) -> None:
        self._printed = [io.StringIO(), io.StringIO()]
        sys.stdout, sys.stderr = self._printed

    def _overheard(self, _: Any) -> list[str]:
        """What was printed since, to either stream."""
        texts = [stream.getvalue() for stream in self._printed]
        for stream in self._printed:
            stream.seek(0)
            stream.truncate()
        return texts

    # What comes in

    def object_of(self, number: int) -> Any:
        """The object that went out under this number."""
        return self._objects[number]

    def value_of(self, kind: str, *content: Any) -> Any:
        """An object of a known type with this content, or what either side has by its name."""
        match kind:
            case "builtin":
                return operator.attrgetter(content[1])(importlib.import_module(content[0]))
            case "module":
                return importlib.import_module(*content)
            case "exception":
                return _exception(*content)
            case "lent":
                return self._borrowed.object_of(*content)
        return iter(*content) if kind == "iterator" else value_of(kind, *content)

    def callback(self, number: int, name: str | None, doc: str | None) -> Any:
        """A function of the suite's, which is called where the suite is."""

        def call(*args: Any, **kwargs: Any) -> Any:
            mine: queue.SimpleQueue[Any] = queue.SimpleQueue()
            self._waiting.append(mine)
            self._said.put(["callback", number, self.carried(args), self.carried(kwargs)])
            kind, content = mine.get()
            if kind == "raised":
                raise content
            return content

        call.__name__ = call.__qualname__ = name or "call"
        call.__doc__ = doc
        return self._callbacks.setdefault(number, call)

    def in_turns(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """`answer` where it may ask for a callback before it has its answer."""

        def work(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            try:
                self._said.put(answer(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - the caller's, in the other thread
                self._said.put(error)

        def step(op: str, target: Any, *args: Any, **kwargs: Any) -> Any:
            if op == "returned":
                self._waiting.pop().put(("value", target))
            elif op == "failed":
                self._waiting.pop().put(("raised", _failure(target, *args)[1]))
            else:
                threading.Thread(target=work, args=((op, target, *args), kwargs)).start()
            said = self._said.get()
            if isinstance(said, BaseException):
                raise said
            return said

        return step

    # What goes out

    def carried(self, obj: Any) -> Any:
        """`obj` with what does not cross replaced by its number."""
        return carry(obj, self._named)

    def _named(self, obj: Any) -> Any:
        """The object's number, and what can be said of it."""
        if (lent := self._borrowed.number_of(obj)) is not None:
            return value("lent", lent)
        number = self._numbers.get(id(obj))
        if number is None:
            number = len(self._objects)
            if number >= MAX_OBJECTS:
                raise MemoryError("a test program is given too many objects")
            self._objects.append(obj)
            self._numbers[id(obj)] = number
        kind = type(obj)
        own = not isinstance(obj, type) and kind.__eq__ not in _IDENTITY
        plain = isinstance(obj, _PLAIN_AT_BOTTOM)
        what = (
            "coroutine"
            if isinstance(obj, types.CoroutineType) or _is_future(obj)
            else "generator"
            if isinstance(obj, types.GeneratorType)
            else "iterator"
            if hasattr(kind, "__next__")
            else "callable"
            if callable(obj)
            else ""
        )
        return reference(number, f"{kind.__module__}.{kind.__name__}", own, plain, what)


def _is_future(obj: Any) -> bool:
    """Whoever made one has imported `asyncio`."""
    futures = sys.modules.get("asyncio")
    return futures is not None and isinstance(obj, futures.Future)


_END = value("end")
"""What there is once nothing is left; an exception of the candidate's never ends an iteration."""


def _exception(kind: Any, args: Sequence[Any]) -> Any:
    try:
        return kind(*args)
    except TypeError:  # its constructor takes something else
        return kind.__new__(kind, *args)


def _send(generator: Any, sent: Any) -> Any:
    try:
        return generator.send(sent)
    except StopIteration:
        return _END


def _failure(*error: str) -> tuple[Any, Any, None]:
    """An exception of the suite's, by its type's name and its text, as `__exit__` is given it."""
    if not error:
        return None, None, None
    name, text = error
    kind = getattr(builtins, name, Exception)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        kind = Exception
    return kind, kind(text), None


_IDENTITY: tuple[Any, ...] = (
    *(object.__eq__, types.FunctionType.__eq__, types.MethodType.__eq__, enum.Enum.__eq__),
)


def _content(obj: Any) -> Any:
    """A subclass of plain data as the plain data that it is."""
    return next(kind(obj) for kind in _PLAIN_AT_BOTTOM if isinstance(obj, kind))
