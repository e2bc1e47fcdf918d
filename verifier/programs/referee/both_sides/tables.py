"""Tables of pandas on their way through the wall: their labels, their columns, their moments.

Sent as text into both jails, behind `crossing` in one namespace. A table crosses as plain data and
is made anew: what it is compared by then is pandas' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # in one namespace with it
    from verifier.programs.referee.both_sides.crossing import DTYPE, Held, Part, makers

_MOMENTS, _OBJECTS = frozenset({"<M8[ns]", "<m8[ns]"}), "object"
"""Types of columns beside those of numbers."""


def pandas() -> Any:
    """The library, which is imported only where there are tables."""
    return __import__("pandas")


def holding_of_tables(obj: Any, carried: Part) -> Held:
    """A table, a column, labels, or a moment."""
    match type(obj).__name__:
        case "DataFrame":
            columns = [_column(obj.iloc[:, at], carried) for at in range(obj.shape[1])]
            return "frame", _labels(obj.columns, carried), _labels(obj.index, carried), columns
        case "Series":
            column = _column(obj, carried)
            return "series", carried(obj.name), _labels(obj.index, carried), column
        case "Timestamp" | "Timedelta" if getattr(obj, "tzinfo", None) is None:
            return type(obj).__name__, obj.isoformat()
        case "NaTType":
            return "Timestamp", "NaT"
    return ("labels", *_labels(obj, carried)) if hasattr(obj, "names") else None


def _labels(obj: Any, carried: Part) -> list[Any]:
    """The labels of rows or columns, how often they follow each other, and their names."""
    names = carried([*obj.names])
    match type(obj).__name__:
        case "RangeIndex":
            return ["range", [obj.start, obj.stop, obj.step], None, names]
        case "MultiIndex":
            return ["tuples", carried(obj.tolist()), None, names]
    return [*_column(obj, carried), getattr(obj, "freqstr", None), names]


def _column(obj: Any, carried: Part) -> list[Any]:
    """The type and the items of what has one type for all of them; of categories and the like
    as objects."""
    dtype = str(getattr(obj.dtype, "str", ""))
    if dtype in _MOMENTS:
        return [dtype, obj.astype("int64").tolist()]
    if DTYPE.fullmatch(dtype):
        return [dtype, obj.tolist()]
    return [_OBJECTS, carried(obj.astype(object).tolist())]


def _make_frame(columns: Any, index: Any, items: Sequence[Any]) -> Any:
    parts = {at: _make_column(*column) for at, column in enumerate(items)}
    rows = _make_labels(*index)
    frame = pandas().DataFrame(parts, index=None if parts else rows)
    frame.columns, frame.index = _make_labels(*columns), rows
    return frame


def _make_series(name: Any, index: Any, column: Any) -> Any:
    made = _make_column(*column)
    made.index, made.name = _make_labels(*index), name
    return made


def _make_column(dtype: str, items: Sequence[Any]) -> Any:
    if dtype in _MOMENTS:
        return pandas().Series(items, dtype="int64").astype(dtype)
    if dtype != _OBJECTS and not DTYPE.fullmatch(dtype):
        raise ValueError("a column of another type")
    return pandas().Series(items, dtype=dtype)


def _make_labels(kind: str, items: Sequence[Any], step: str | None, names: Sequence[Any]) -> Any:
    if kind == "range":
        return pandas().RangeIndex(*items, name=names[0])
    if kind == "tuples":
        return pandas().MultiIndex.from_tuples(items, names=names)
    labels = pandas().Index(_make_column(kind, items), name=names[0])
    return pandas().DatetimeIndex(labels, freq=step) if step and kind in _MOMENTS else labels


def _make_timestamp(text: str) -> Any:
    return pandas().Timestamp(text)


def _make_timedelta(text: str) -> Any:
    return pandas().Timedelta(text)


makers.update(
    {
        "frame": _make_frame,
        "series": _make_series,
        "labels": _make_labels,
        "Timestamp": _make_timestamp,
        "Timedelta": _make_timedelta,
    }
)
