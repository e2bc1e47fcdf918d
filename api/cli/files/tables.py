"""Rows of CSV, Parquet and Arrow files, a few hundred at a time."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from api.cli.files.source import Source, unreadable
from api.cli.terminal import Unusable

ROWS_AT_ONCE = 256


def read_csv(source: Source, file: BinaryIO) -> Iterator[dict[str, Any]]:
    """A row for each line; the first names the columns. An empty cell is an absent field.

    Raises Unusable."""
    csv.field_size_limit(sys.maxsize)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        head = text.readline()
        reader = csv.DictReader(
            itertools.chain([head], text), delimiter=_delimiter(head), strict=True
        )
        for number, row in enumerate(reader, start=1):
            if None in row:
                raise Unusable(f"{source.place(number)} has more cells than the head has names.")
            yield {name: cell for name, cell in row.items() if cell}
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"{source.name} is no CSV in UTF-8: {error}.") from None
    finally:
        text.detach()  # whoever opened the file closes it


def read_parquet(source: Source) -> Iterator[dict[str, Any]]:
    """Raises Unusable."""
    pyarrow = _pyarrow(source)
    try:
        with pyarrow.parquet.ParquetFile(source.path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                yield from _rows(batch)
    except (OSError, pyarrow.ArrowException) as error:
        unreadable(source.name, error)


def read_arrow(source: Source) -> Iterator[dict[str, Any]]:
    """Of Arrow's file format, or of its stream, as `datasets` writes it. Raises Unusable."""
    pyarrow = _pyarrow(source)
    try:
        with pyarrow.memory_map(str(source.path)) as file:
            try:
                found = pyarrow.ipc.open_file(file)
                batches = (found.get_batch(i) for i in range(found.num_record_batches))
            except pyarrow.ArrowInvalid:
                file.seek(0)
                batches = iter(pyarrow.ipc.open_stream(file))
            for batch in batches:
                for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                    yield from _rows(batch.slice(start, ROWS_AT_ONCE))
    except (OSError, pyarrow.ArrowException) as error:
        unreadable(source.name, error)


def _delimiter(head: str) -> str:
    """What parts most names of the first line."""
    return max(",\t;", key=head.count)


def _rows(batch: Any) -> Iterator[dict[str, Any]]:
    """Of a record batch, as JSON has them: what a run writes is what the next one reads."""
    for row in batch.to_pylist():
        yield json.loads(json.dumps(row, default=_in_json))


def _in_json(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _pyarrow(source: Source) -> Any:
    try:
        import pyarrow  # noqa: PLC0415 - 100 MB that most have no use for
        import pyarrow.ipc  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise Unusable(
            f"{source.name} is a {source.form} file, which takes pyarrow to read: "
            "pip install 'grpo-verifier[files]', or pip install pyarrow."
        ) from None
    return pyarrow
