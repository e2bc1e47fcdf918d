"""Runs inside the referee's jail: a dataset's test program, whose candidate is somewhere else.

Standard library only; it is sent into the jail as text. `step` is called again and again: it takes
what the candidate answered and gives back the next thing that the test program asks for. The test
program runs in a thread of its own, which waits in the stub's call until the answer is there.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import queue
import random
import sys
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_asked: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
_answers: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
_suite = types.ModuleType("suite")
sys.modules["suite"] = _suite  # dataclasses, among others, look a class's module up there
_names: dict[str, Any] = vars(_suite)
_raised: list[BaseException] = []
"""The candidate's exceptions, to be told from the test program's own."""
_answered = threading.Event()
"""Set once the candidate has answered: from then on a text may be its code."""

_REBUILT = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, BaseException)
    # A test program's own loop would end with these, and pass.
    and not issubclass(kind, StopIteration | StopAsyncIteration | GeneratorExit)
}
"""The builtin types of exceptions by name."""

_NODE_BUILDERS = {"ListNode": "list_node", "TreeNode": "tree_node"}


def step(*message: Any) -> list[Any]:
    """Start with ("start", setup, test, entry_point); go on with the candidate's answer, which is
    ("value", value, which argument it is, (args, kwargs) as they are now, which of their parts are
    the same, see `_copy_back`) or ("raised", type name, text, names of the builtin types that it is
    of, args).

    Gives ["call", args, kwargs] or in the end ["passed"], ["failed", text] (an assertion),
    ["raised"] (the candidate's exception came through), ["error", text] (another exception), or
    ["broken", text] (the test program's own fault, whatever the candidate does)."""
    if message[0] == "start":
        threading.Thread(target=_run, args=message[1:], daemon=True).start()
    else:
        _answers.put(message)
    return _asked.get()


def _run(setup: str, test: str, entry_point: str) -> None:
    random.seed(0)  # the same input must get the same verdict
    try:
        ending = _judge(setup, test, entry_point)
    except BaseException as error:  # noqa: BLE001 - whatever ends a test program is its result
        ending = _ending(error, test)
    _asked.put(ending)


def _ending(error: BaseException, test: str) -> list[Any]:
    if any(error is raised for raised in _raised):
        return ["raised"]
    if isinstance(error, AssertionError):
        return ["failed", str(error)[:500]]
    return ["broken" if _is_own_fault(error, test) else "error", _text(error)]


def _is_own_fault(error: BaseException, test: str) -> bool:
    """Whether it is the test program's, whatever the candidate answers: a module is missing that it
    imports by name, or a name that nothing assigns. One that is assigned, in a loop or a branch,
    may have got no value because of what the candidate answered; a module that no statement names
    may have been named by it."""
    if not isinstance(error, NameError | ImportError):
        return False
    if not _answered.is_set() or isinstance(error, NotAvailableError):
        return True
    if error.name is None:
        return False
    nodes = list(ast.walk(ast.parse(test)))
    if isinstance(error, NameError):
        stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        return error.name not in stored
    imported = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    imported |= {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    return any(f"{name}.".startswith(f"{error.name}.") for name in imported)


def _judge(setup: str, test: str, entry_point: str) -> list[Any]:
    _names["__builtins__"] = {
        **vars(builtins),
        "eval": _evaluate,
        "exec": _refused_later(exec),
        "compile": _refused_later(compile),
    }
    try:
        exec(compile(setup, "<setup>", "exec", dont_inherit=True), _names)  # noqa: S102
        program = compile(test, "<test>", "exec", dont_inherit=True)
    except BaseException as error:  # noqa: BLE001 - a set-up may end in any way
        return ["broken", _text(error)]
    _stand_in(entry_point)
    exec(program, _names)  # noqa: S102 - what this jail is for
    checked_already = any(line.startswith("check(") for line in test.splitlines())
    if "check" in _names and not checked_already:
        _names["check"](_call_candidate)
    return ["passed"]


def _stand_in(entry_point: str) -> None:
    """Put the candidate's stand-in under the candidate's name."""
    owner, dot, method = entry_point.partition("().")
    stub: Any = _call_candidate
    _names[owner] = type(owner, (), {method: staticmethod(stub)}) if dot else stub


def _call_candidate(*args: Any, **kwargs: Any) -> Any:
    _asked.put(["call", args, kwargs])
    kind, *content = _answers.get()
    _answered.set()
    if kind == "raised":
        _raised.append(_exception(*content))
        raise _raised[-1]
    value, given, after, same = content
    _copy_back((args, kwargs), after, same)
    return args[given[0]] if given else value


_ARITHMETIC = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


def _evaluate(text: Any, *scope: Any) -> Any:
    """The test program's `eval`. Once the candidate has answered it takes arithmetic only: suites
    evaluate returned expressions, and more would be the candidate's code beside its judge."""
    if not _answered.is_set():
        caller = sys._getframe(1)
        return eval(text, *(scope or (caller.f_globals, caller.f_locals)))  # noqa: S307
    tree = ast.parse(text.strip(), mode="eval")
    if not all(map(_is_arithmetic, ast.walk(tree))):
        raise ValueError("what is evaluated is more than arithmetic")
    return eval(compile(tree, "<answer>", "eval"), {"__builtins__": {}})  # noqa: S307


def _is_arithmetic(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float | complex)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.LShift):
        # Few bytes, a number without end: only those that are small at a glance.
        sides = [getattr(side, "value", None) for side in (node.left, node.right)]
        return all(isinstance(side, int | float) and abs(side) < 1000 for side in sides)
    return isinstance(node, _ARITHMETIC)


def _refused_later(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same until the candidate has answered."""

    def call(*args: Any, **options: Any) -> Any:
        if _answered.is_set():
            raise NotAvailableError(f"{function.__name__} after a call of the candidate")
        if function is exec and len(args) == 1:
            caller = sys._getframe(1)
            args = (*args, caller.f_globals, caller.f_locals)
        return function(*args, **options)

    return call


def _copy_back(ours: tuple[Any, Any], changed: tuple[Any, Any], same: Sequence[Any]) -> None:
    """What the candidate changed in place in its copies of the arguments is changed in ours.

    `same` says for each part of the changed arguments which one of ours it is, if any."""
    parts, changed_parts = list(_parts(ours)), list(_parts(changed))
    places = dict(enumerate(parts))
    origins = {
        id(part): places[place]
        for part, place in zip(changed_parts, same, strict=False)
        if type(part) is type(places.get(place))
    }

    def own(value: Any) -> Any:
        return tuple(map(own, value)) if type(value) is tuple else origins.get(id(value), value)

    for part in changed_parts:
        mine = origins.get(id(part), part)
        content: Any = (
            {key: own(value) for key, value in part.items()}
            if isinstance(part, dict)
            else type(part)(map(own, part))
        )
        if mine is not part and mine == content:
            continue  # the test program may be in the midst of iterating over it
        mine.clear()
        mine.extend(content) if isinstance(part, list | bytearray) else mine.update(content)
    for node, changed_node in zip(ours[0], changed[0], strict=False):
        if type(node) is type(changed_node) and hasattr(node, "__dict__"):
            vars(node).update(vars(changed_node))


def _parts(value: Any) -> Iterator[Any]:
    """The containers in it that can be changed in place, in the order in which the candidate's side
    (`_relay` in `verifier.referee`) counts them, too."""
    if not isinstance(value, tuple):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, list | dict | tuple | set | bytearray):
            yield from _parts(part)


def _exception(name: str, text: str, kinds: Sequence[str], args: Sequence[Any]) -> BaseException:
    """The candidate's exception again, as far as its type is builtin."""
    kind: Any = next((_REBUILT[known] for known in kinds if known in _REBUILT), Exception)
    with contextlib.suppress(Exception):  # its name and its arguments may be anything
        if name != kind.__name__:
            kind = type(name, (kind,), {"__str__": lambda _: text})
        rebuilt: BaseException = kind(*args)
        return rebuilt
    return CandidateError(text)


class NotAvailableError(NameError):
    """What the test program does is not to be had here: the suite cannot be used."""


class CandidateError(Exception):
    """An exception of the candidate's that cannot be had again."""


class NotPlain:
    """Stands for a returned object that is not plain data: equal to nothing, neither true nor
    false, a sequence where the object's content is known."""

    def __init__(self, type_name: str, items: Sequence[Any] | None) -> None:
        self._type_name = type_name
        self._items = items

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError(f"a {self._type_name} is not plain data")

    def __iter__(self) -> Iterator[Any]:
        return iter(self._content())

    def __len__(self) -> int:
        return len(self._content())

    def __getitem__(self, index: Any) -> Any:
        return self._content()[index]

    def _content(self) -> Sequence[Any]:
        if self._items is None:
            raise TypeError(f"a {self._type_name} is not plain data")
        return self._items


def received(type_name: str, items: Sequence[Any] | None) -> Any:
    """A returned object: a node where the suite knows how to build one, else a stand-in."""
    builder = _names.get(_NODE_BUILDERS.get(type_name, ""))
    return builder(list(items)) if builder and items is not None else NotPlain(type_name, items)


def received_iterator(items: Sequence[Any]) -> Iterator[Any]:
    """A returned iterator, drained on the candidate's side."""
    return iter(items)


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
