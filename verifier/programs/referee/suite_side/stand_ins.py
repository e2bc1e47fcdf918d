"""What a test program in the referee's jail sees of ours: stand-ins for what is elsewhere.

Sent into the jail as text, beside `host`; standard library only. A test program may reach all that
is here, so nothing here leads to anything else: a call of the candidate is an audit event, and
whoever answers it is out of sight.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import io
import operator
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

suite: dict[str, Any] = {}
"""The test program's globals."""
raised: list[BaseException] = []
"""The candidate's exceptions, to be told from the test program's own."""
answered = threading.Event()
"""Set once the candidate has been called: from then on a text may be its code."""
compared = functools.partial(sys.audit, "verifier.compared")


def _may_be_rebuilt(kind: Any) -> bool:
    """Whether it is a type of exceptions, but for those that would end a loop of the test program's
    own, which would pass then."""
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        return False
    return not issubclass(kind, StopIteration | StopAsyncIteration | GeneratorExit)


_rebuilt: dict[str, type[BaseException]] = {
    name: kind for name, kind in vars(builtins).items() if _may_be_rebuilt(kind)
}
"""The types of exceptions by name: the builtin ones, and those of the set-up code, which the
candidate has, too."""

_made_by_name: set[type[BaseException]] = set()
"""Those of the candidate's that the suite knows by their names. What they are of comes with the
first of them."""

_NODE_BUILDERS = {"ListNode": "list_node", "TreeNode": "tree_node"}
_NODE_FIELDS = frozenset({"val", "next", "left", "right"})
_PLAIN_TYPES: tuple[type, ...] = (
    *(str, bytes, bytearray, list, tuple, dict, set, frozenset),
    *(int, float, complex, range, Fraction, type(iter([]))),
)
_PLAIN_ATTRIBUTES = frozenset(name for kind in _PLAIN_TYPES for name in dir(kind))


def set_up(names: dict[str, Any]) -> None:
    """Know the test program's globals, once its set-up code has run and nothing else."""
    global suite  # noqa: PLW0603 - this module is one test program's
    suite = names
    kinds = {name: kind for name, kind in names.items() if _may_be_rebuilt(kind)}
    _rebuilt.update({name: kind for name, kind in kinds.items() if name not in _rebuilt})


def stand_in(name: str) -> Callable[..., Any]:
    """What stands in for the candidate's function of that name."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return _answer_of(name, args, kwargs)

    call.__name__ = call.__qualname__ = name
    return call


def _answer_of(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the candidate's function returns or raises."""
    return unpack(exchange(name, args, kwargs), args, kwargs)


def exchange(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[Any]:
    """What the candidate's side says to this: a kind of answer, and its content."""
    answer: list[Any] = []
    answered.set()
    sys.audit("verifier.call", name, args, kwargs, answer)
    return list(answer.pop())


def unpack(answer: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What an answer returns or raises, once the arguments are as the candidate left them."""
    kind, *content = answer
    if kind == "raised":
        raised.append(_exception(*content))
        raise raised[-1]
    value, given, after, same = content
    copy_back((args, kwargs), after, same)
    return args[given[0]] if given else value


def evaluate(text: Any, *scope: Any) -> Any:
    """The test program's `eval`. Once the candidate has been called it takes arithmetic only:
    suites evaluate returned expressions, and more would be the candidate's code beside its judge.

    Raises ValueError or SyntaxError for all that is more."""
    if not answered.is_set():
        caller = sys._getframe(1)
        return eval(text, *(scope or (caller.f_globals, caller.f_locals)))  # noqa: S307
    return _value_of(ast.parse(text.strip(), mode="eval").body)


_OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _value_of(node: ast.expr) -> Any:
    """Of arithmetic. Raises ValueError for anything else."""
    match node:
        case ast.Constant(value=int() | float() | complex() as value):
            return value
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_value_of(operand))
        case ast.BinOp(left=left, op=ast.Pow() | ast.LShift() as op, right=right):
            # Few bytes, a number without end: only those that are small at a glance.
            sides = [getattr(side, "value", None) for side in (left, right)]
            if all(isinstance(side, int | float) and abs(side) < 1000 for side in sides):
                return _OPERATORS[type(op)](*sides)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value_of(left), _value_of(right))
        case ast.BoolOp(op=op, values=values):
            last = None
            for last in map(_value_of, values):
                if bool(last) is isinstance(op, ast.Or):
                    break
            return last
        case ast.Compare(left=left, ops=ops, comparators=others) if all(
            type(op) in _OPERATORS for op in ops
        ):
            values = [*map(_value_of, (left, *others))]
            pairs = zip(ops, values, values[1:], strict=False)
            return all(_OPERATORS[type(op)](one, other) for op, one, other in pairs)
    raise ValueError("what is evaluated is more than arithmetic")


def copy_back(ours: tuple[Any, Any], changed: tuple[Any, Any], same: Sequence[Any]) -> None:
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
        if mine is not part and _is_equal(mine, content):
            continue  # the test program may be in the midst of iterating over it
        mine.clear()
        mine.extend(content) if isinstance(part, list | bytearray) else mine.update(content)
    for node, changed_node in zip(ours[0], changed[0], strict=False):
        if type(node) is not type(changed_node):
            continue
        if isinstance(node, io.StringIO | io.BytesIO):
            _write_again(node, changed_node)
        elif hasattr(node, "__dict__") and not isinstance(node, type):
            vars(node).update(vars(changed_node))


def _write_again(text: Any, changed: Any) -> None:
    text.seek(0)
    text.truncate()
    text.write(changed.getvalue())
    text.seek(changed.tell())


def _is_equal(mine: Any, content: Any) -> bool:
    """Of parts that may hold tables and arrays, which do not always say whether they are equal."""
    with contextlib.suppress(Exception):
        return bool(mine == content)
    return False


def _parts(value: Any) -> Iterator[Any]:
    """The containers in it that can be changed in place, in the order in which the candidate's side
    (`_relay` in `texts`) counts them, too."""
    if not isinstance(value, tuple):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, list | dict | tuple | set | bytearray):
            yield from _parts(part)


def _exception(
    name: str, text: str, kinds: Sequence[str], args: Sequence[Any], state: Any = None
) -> BaseException:
    """The candidate's exception again, as far as its type is builtin, the set-up code's or one that
    the test program knows by its name. `state`: its attributes, where a suite may ask for them."""
    known = [_rebuilt[each] for each in kinds if each in _rebuilt]
    kind: Any = known[0] if known else Exception
    if kind in _made_by_name and len(known) > 1:
        with contextlib.suppress(TypeError):  # not every type of Python's can take another's place
            kind.__bases__ = (known[1],)
    error: BaseException = CandidateError(text)
    with contextlib.suppress(Exception):  # its name and its arguments may be anything
        if name != kind.__name__:
            kind = type(name, (kind,), {"__str__": lambda _: text})
        error = _made_exception(kind, args)
    if type(state) is dict:
        for attribute, held in state.items():
            is_own = type(attribute) is str and not attribute.startswith("__")
            if is_own and not callable(getattr(type(error), attribute, None)):
                with contextlib.suppress(Exception):
                    setattr(error, attribute, held)
    return error


def _made_exception(kind: Any, args: Sequence[Any]) -> BaseException:
    with contextlib.suppress(Exception):
        rebuilt: BaseException = kind(*args)
        return rebuilt
    bare: BaseException = kind.__new__(kind, *args)  # a constructor that takes something else
    return bare


def know_exceptions(names: Sequence[str], of_libraries: Sequence[str]) -> None:
    """Have the test program know exceptions of the candidate's by these names, and those of
    libraries that it waits for."""
    for name in of_libraries:
        found: Any = None
        with contextlib.suppress(ImportError, AttributeError):  # the suite says so when it asks
            found = pkgutil.resolve_name(name)
        if _may_be_rebuilt(found):
            _rebuilt[found.__name__] = found
    for name in names:
        suite[name] = _rebuilt[name] = type(name, (Exception,), {})
        _made_by_name.add(_rebuilt[name])


class CandidateError(Exception):
    """An exception of the candidate's that cannot be had again."""


class NotPlain:
    """Stands for a returned object that is not plain data: equal to nothing, neither true nor false
    (but for a match of a regular expression), a sequence where the object's content is known."""

    def __init__(self, type_name: str, items: Sequence[Any] | None) -> None:
        self._type_name = type_name
        self._items = items

    def __eq__(self, other: object) -> bool:
        if self._type_name != "ndarray" or not self._items:  # as sandbox.runs.codec.Opaque has it
            return False
        alone = _alone(self._items)
        return alone is not None and bool(alone == _alone(other))

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        if self._type_name == "Match":  # as sandbox.runs.codec.Opaque has it
            return True
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


def _alone(value: Any) -> Any:
    """What is in lists of one item, however deep; None where there is no such item, or several."""
    while isinstance(value, list | tuple):
        if len(value) != 1:
            return None
        value = value[0]
    return value


def is_beyond(error: BaseException) -> bool:
    """Whether it says that an object which a candidate returned was asked for what no plain data
    has: no answer that could be judged would have been right there."""
    if isinstance(error, AttributeError) and isinstance(error.obj, NotPlain):
        has_nodes = any(builder in suite for builder in _NODE_BUILDERS.values())
        return error.name not in _PLAIN_ATTRIBUTES | (_NODE_FIELDS if has_nodes else set())
    return str(error) == "'NotPlain' object is not callable"


class ReceivedIterator:
    """A returned iterator, drained on the candidate's side."""

    def __init__(self, items: Sequence[Any]) -> None:
        self._rest = iter(items)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._rest)


def received(type_name: str, items: Sequence[Any] | None) -> Any:
    """A returned object: a node where the suite knows how to build one, else a stand-in."""
    builder = suite.get(_NODE_BUILDERS.get(type_name, ""))
    return builder(list(items)) if builder and items is not None else NotPlain(type_name, items)
