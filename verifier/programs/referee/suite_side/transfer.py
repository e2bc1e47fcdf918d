"""What crosses in a handle's place, and what is made of what comes from the candidate's jail.

Sent into the referee's jail as text, in one namespace with `handles`; standard library only.
"""

from __future__ import annotations

import functools
import operator
import sys
import types
import weakref
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import (
        callback,
        carry,
        reference,
        value,
        value_of,
    )
    from verifier.programs.referee.suite_side.asking import State, ask, callbacks, fresh
    from verifier.programs.referee.suite_side.handles import (
        CallableHandle,
        Entry,
        Handle,
        IteratorHandle,
        Method,
        ask_of,
        state_of,
    )
    from verifier.programs.referee.suite_side.lent import given_back, is_lendable, lend
    from verifier.programs.referee.suite_side.stand_ins import NotPlain


class IsMethod:
    """What comes in the place of an attribute that is a method of its object."""


def carried(given: Any) -> Any:
    """`given` with objects replaced by what stands for them on the other side."""
    return carry(given, _stand_for)


def _stand_for(given: Any) -> Any:
    """What stands for an object on the candidate's side, where it has one; else the object."""
    kind = type(given)
    if (number := _number_of(given)) is not None:
        return reference(number)
    if kind is Entry:
        return carried(given._handle())
    if kind is Method:
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
        return lend(given) if is_lendable(given) else given
    if not any(given is each for each in callbacks):
        callbacks.append(given)
    number = next(n for n, each in enumerate(callbacks) if each is given)
    return callback(number, *(_text_of(given, name) for name in ("__name__", "__doc__")))


def _number_of(given: Any) -> int | None:
    """That of an object which stays with the candidate."""
    if isinstance(given, Handle):
        return state_of(given).number
    is_known = type(given) is types.CoroutineType and given in _awaited
    return _awaited[given].number if is_known else None


def _text_of(function: Any, name: str) -> str | None:
    found = getattr(function, name, None)
    return found if type(found) is str else None


_VIEWS: tuple[Any, ...] = tuple(type(view({})) for view in (dict.keys, dict.values, dict.items))
_FUNCTIONS: tuple[Any, ...] = (
    *(types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType),
    *(functools.partial, operator.itemgetter, operator.attrgetter, type),
)
END = object()


def received_handle(number: Any, type_name: Any, own: Any, plain: Any, what: Any) -> Any:
    """What stands for an object of the candidate's; of the types that the relay says."""
    if type(number) is not int or number < 0:
        return NotPlain("object", None)
    kinds = {"callable": CallableHandle, "iterator": IteratorHandle, "generator": IteratorHandle}
    module, _, name = (type_name if type(type_name) is str else "").rpartition(".")
    name = name if name.isidentifier() else "object"
    named = type(name, (kinds.get(what, Handle),), {"__slots__": (), "__module__": module})
    state = State(number, own=own is True, plain=plain is True)
    handle: Handle = named(state)
    fresh.append(state)
    if what == "coroutine":
        coroutine = _coroutine(handle)
        _awaited[coroutine] = state
        return coroutine
    return _generator(handle) if what == "generator" else handle


_awaited: weakref.WeakKeyDictionary[Coroutine[Any, Any, Any], State] = weakref.WeakKeyDictionary()
"""What is known of the objects that coroutines here wait for."""


async def _coroutine(handle: Handle) -> Any:
    return ask_of(handle, "await")


def _generator(handle: Handle) -> Generator[Any, Any, None]:
    item = ask_of(handle, "next")
    while item is not END:
        sent = yield item
        item = ask_of(handle, "next") if sent is None else ask_of(handle, "send", sent)


_MADE_HERE: dict[Any, Callable[..., Any]] = {"method": IsMethod, "lent": given_back}


def received_value(kind: Any, *content: Any) -> Any:
    """An object of a known type with this content, which may be anything."""
    if kind == "end":
        return END
    try:
        return _MADE_HERE.get(kind, functools.partial(value_of, kind))(*content)
    except Exception:  # noqa: BLE001 - no such kind, or not with this
        return NotPlain(kind if type(kind) is str else "object", None)
