"""Objects on their way through the wall between a test program and its candidate.

Sent as text into both jails, in front of `suite_side.handles` on the test program's side and of
`candidate_side.relay` on the candidate's; standard library only. Plain data crosses as it is. An
object of a known type of the library, or of a class of the set-up code, crosses as what it holds
and is made anew; any other as something that stands for it.
"""

from __future__ import annotations

import builtins
import collections
import datetime
import decimal
import enum
import io
import pathlib
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.documents import holding_of_documents
    from verifier.programs.referee.both_sides.tables import holding_of_tables

MAX_DEPTH = 100
_MAX_EXPONENT = 4000
"""Of a decimal: a larger one is small to write and large to reckon with."""
_MANY, _WORD = 1000, 8
"""Numbers of an array that cross as bytes, which are half as long as their digits, and the bytes
that one of these has at most."""
DTYPE = re.compile(r"[<>|=]?[biufcUS][0-9]{1,3}")
_MOMENT = re.compile(r"<[mM]8(\[[0-9]*(Y|M|W|D|h|m|s|ms|us|ns)\])?")
_PLAIN = frozenset({bool, int, float, complex, str, bytes, bytearray, type(None), range, Fraction})
_TYPES: Mapping[str, Any] = {
    kind.__name__: kind for kind in (*vars(builtins).values(), type(None)) if isinstance(kind, type)
}
"""Python's own, by their names."""

classes: dict[str, Any] = {}
"""Those of the set-up code, which both sides have."""


class Carried(Sequence[Any]):
    """What crosses in place of an object; its type's name says how it is to be read."""

    def __init__(self, *parts: Any) -> None:
        self._parts = parts

    def __getitem__(self, index: Any) -> Any:
        return self._parts[index]

    def __len__(self) -> int:
        return len(self._parts)


class reference(Carried):  # noqa: N801 - a name on the wire
    """The number of an object that stays with the candidate, and what is said of it."""


class callback(Carried):  # noqa: N801 - a name on the wire
    """The number of a function that stays with the test program, its name and its docstring."""


class value(Carried):  # noqa: N801 - a name on the wire
    """A kind, and what an object of it holds."""


def carry(obj: Any, stand_for: Callable[[Any], Any], depth: int = 0) -> Any:
    """`obj` as it crosses. `stand_for` gives what stands for an object that cannot."""
    kind = type(obj)
    if kind in _PLAIN or isinstance(obj, Carried):
        return obj
    if depth > MAX_DEPTH:
        return stand_for(obj)

    def carried(part: Any) -> Any:
        return carry(part, stand_for, depth + 1)

    if kind in (list, tuple):
        return obj if set(map(type, obj)) <= _PLAIN else kind(map(carried, obj))
    if kind in (set, frozenset):
        return obj if set(map(type, obj)) <= _PLAIN else value(kind.__name__, [*map(carried, obj)])
    if kind is dict:
        if set(map(type, obj)) <= _PLAIN:
            return {key: carried(item) for key, item in obj.items()}
        return value("dict", _pairs(obj, carried))
    holds = _HOLDS.get(kind) or _holding(obj, kind)
    held = holds and holds(obj, carried)
    return stand_for(obj) if held is None else value(*held)


def value_of(kind: str, *content: Any) -> Any:
    """An object that crossed as this. Raises whatever its maker does at content that is not its."""
    return makers[kind](*content)


Part = Callable[[Any], Any]
Held = tuple[Any, ...] | None


def _holding(obj: Any, kind: Any) -> Callable[[Any, Part], Held] | None:
    """What tells what an object holds, where its type is none that is known by itself."""
    if kind.__module__ == "numpy" or kind.__name__ == "MaskedArray":
        return _array
    if kind.__module__.startswith("pandas."):
        return holding_of_tables
    if kind.__module__.partition(".")[0] in ("bs4", "lxml", "scipy", "xml"):
        return holding_of_documents
    if kind.__name__ in classes:
        return _made
    if issubclass(kind, pathlib.PurePath):
        return _HOLDS[pathlib.PosixPath]
    if kind is type:
        return _plain_type
    if isinstance(obj, tuple) and hasattr(kind, "_fields") and kind.__bases__ == (tuple,):
        return _namedtuple
    return None


def _pairs(obj: Mapping[Any, Any], carried: Part) -> list[Any]:
    return [[carried(key), carried(item)] for key, item in obj.items()]


def _array(obj: Any, carried: Part) -> Held:
    """An array of numbers, booleans, texts, moments or objects, or one of these."""
    dtype: Any = getattr(obj, "dtype", None)
    if (
        type(obj).__name__ == "MaskedArray"
    ):  # matplotlib's places of points, of which none is left out
        return _array(obj.filled(), carried) if obj.count() == obj.size else None
    if type(obj).__name__ == "ndarray" and dtype.kind == "O":
        return "objects", [*obj.shape], [*map(carried, obj.reshape(-1))]
    if dtype is not None and dtype.kind in "mM":
        return "moments", dtype.str, [*obj.shape], obj.reshape(-1).astype("int64").tolist()
    if type(obj).__name__ == "ndarray" and dtype.names:
        fields = [[name, dtype[name].str] for name in dtype.names]
        rows = [[*row] for row in obj.reshape(-1).tolist()]
        return ("records", fields, [*obj.shape], rows) if _are_plain(fields) else None
    if dtype is None or not DTYPE.fullmatch(str(getattr(dtype, "str", ""))):
        return None
    kind = {"ndarray": "array", "matrix": "matrix"}.get(type(obj).__name__, "scalar")
    is_long = obj.size > _MANY and dtype.kind in "iuf" and dtype.itemsize <= _WORD
    return kind, dtype.str, [*obj.shape], obj.tobytes() if is_long else obj.reshape(-1).tolist()


def _are_plain(fields: Sequence[Sequence[Any]]) -> bool:
    """Whether an array of records has fields of numbers and texts alone."""
    return all(type(name) is str and DTYPE.fullmatch(dtype) for name, dtype in fields)


def _plain_type(obj: Any, _: Part) -> Held:
    name: str = obj.__name__
    return ("type", name) if _TYPES.get(name) is obj else None


def _made(obj: Any, carried: Part) -> Held:
    name = type(obj).__name__
    if isinstance(obj, enum.Enum):
        return "made", name, {"name": obj.name}
    return "made", name, carried(dict(getattr(obj, "__dict__", {})))


def _namedtuple(obj: Any, carried: Part) -> Held:
    return "namedtuple", type(obj).__name__, [*obj._fields], [*map(carried, obj)]


def _defaultdict(obj: Any, carried: Part) -> Held:
    name = getattr(obj.default_factory, "__name__", "")
    if obj.default_factory is not _TYPES.get(name):
        return None
    return "defaultdict", name, _pairs(obj, carried)


def _time(obj: Any, _: Part) -> Held:
    return None if obj.tzinfo is not None else ("time", obj.isoformat())


def _in_memory(obj: Any, _: Part) -> Held:
    """What is written in it, and where it is read from; None where it is closed."""
    return None if obj.closed else (type(obj).__name__, obj.getvalue(), obj.tell())


_HOLDS: dict[type, Callable[[Any, Part], Held]] = {
    datetime.date: lambda obj, _: ("date", obj.isoformat()),
    datetime.datetime: lambda obj, _: ("datetime", obj.isoformat()),
    datetime.time: _time,
    datetime.timedelta: lambda obj, _: ("timedelta", obj.days, obj.seconds, obj.microseconds),
    decimal.Decimal: lambda obj, _: ("Decimal", str(obj)),
    io.StringIO: _in_memory,
    io.BytesIO: _in_memory,
    pathlib.PosixPath: lambda obj, _: ("path", str(obj)),
    collections.deque: lambda obj, carried: ("deque", [*map(carried, obj)], obj.maxlen),
    collections.Counter: lambda obj, carried: ("Counter", _pairs(obj, carried)),
    collections.OrderedDict: lambda obj, carried: ("OrderedDict", _pairs(obj, carried)),
    collections.defaultdict: _defaultdict,
}
"""What objects of known types hold; None where it is more than can be said."""


def _make_decimal(text: str) -> decimal.Decimal:
    made = decimal.Decimal(text)
    if made.is_finite() and abs(made.adjusted()) > _MAX_EXPONENT:
        raise ValueError("a decimal of too many digits")
    return made


def _make_array(dtype: str, shape: Any, items: Any) -> Any:
    import numpy  # noqa: PLC0415 - only where there are arrays

    if not DTYPE.fullmatch(dtype):
        raise ValueError("an array of objects")
    kind = numpy.dtype(dtype)
    if type(items) is bytes and kind.kind in "iuf" and kind.itemsize <= _WORD:
        return numpy.frombuffer(items, kind).reshape(shape).copy()
    return numpy.array(items, dtype=dtype).reshape(shape)


def _make_records(fields: Any, shape: Any, rows: Any) -> Any:
    import numpy  # noqa: PLC0415 - only where there are arrays

    if not _are_plain(fields):
        raise ValueError("an array of records of objects")
    return numpy.array([(*row,) for row in rows], dtype=[(*field,) for field in fields]).reshape(
        shape
    )


def _make_matrix(dtype: str, shape: Any, items: Any) -> Any:
    import numpy  # noqa: PLC0415 - only where there are arrays

    return numpy.asmatrix(_make_array(dtype, shape, items))


def _make_objects(shape: Any, items: Sequence[Any]) -> Any:
    import numpy  # noqa: PLC0415 - only where there are arrays

    made = numpy.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        made[place] = item
    return made.reshape(shape)


def _make_moments(dtype: str, shape: Any, items: Any) -> Any:
    import numpy  # noqa: PLC0415 - only where there are arrays

    if not _MOMENT.fullmatch(dtype):
        raise ValueError("an array of moments of another type")
    made = numpy.array(items, dtype="int64").astype(dtype).reshape(shape)
    return made if shape else made[()]


def _make(name: str, state: dict[str, Any]) -> Any:
    kind = classes[name]
    if issubclass(kind, enum.Enum):
        return kind[state["name"]]
    obj = kind.__new__(kind)
    for attribute, held in state.items():
        if callable(getattr(kind, attribute, None)):
            raise TypeError("an attribute in a method's place")
        object.__setattr__(obj, attribute, held)
    return obj


def _make_namedtuple(name: str, fields: Sequence[str], items: Sequence[Any]) -> Any:
    for field, item in zip(fields, items, strict=True):
        if hasattr(tuple, field) and type(item) not in _PLAIN:
            raise ValueError("an object in the place of a method of tuples")
    return collections.namedtuple(name, fields)(*items)


def _make_in_memory(kind: Any, content: Any, at: int) -> Any:
    made = kind(content)
    made.seek(at)
    return made


makers: dict[str, Callable[..., Any]] = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": datetime.timedelta,
    "Decimal": _make_decimal,
    "path": pathlib.Path,
    "type": lambda name: _TYPES[name],
    "StringIO": lambda *held: _make_in_memory(io.StringIO, *held),
    "BytesIO": lambda *held: _make_in_memory(io.BytesIO, *held),
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "deque": collections.deque,
    "Counter": lambda pairs: collections.Counter(dict(pairs)),
    "OrderedDict": collections.OrderedDict,
    "defaultdict": lambda name, pairs: collections.defaultdict(_TYPES.get(name), pairs),
    "array": _make_array,
    "matrix": _make_matrix,
    "objects": _make_objects,
    "moments": _make_moments,
    "records": _make_records,
    "scalar": lambda dtype, shape, items: _make_array(dtype, shape, items)[()],
    "namedtuple": _make_namedtuple,
    "made": _make,
}
