"""The objects in a source, one after the other and never all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from api.cli.files.source import MAX_LINE_BYTES, Form, Source, pieces
from api.cli.files.tables import read_arrow, read_csv, read_parquet
from api.cli.terminal import Unusable
from api.http.strict_json import NotJson, items, loads

Refuse = Callable[[int, str], None]
"""Told the place of a row that cannot be used, and why, as the rest of a sentence that begins with
the place. Raises Unusable, unless such rows are passed over."""


class Record(NamedTuple):
    """One object of a source."""

    number: int
    """From 1: its line, or its place among the rows."""
    content: dict[str, Any]
    raw: bytes = b""
    """The line as it stands, its end included; empty where the source has no lines."""


def refuse_all(source: Source) -> Refuse:
    """For whoever passes no row over."""

    def refuse(number: int, reason: str) -> None:
        raise Unusable(f"{source.place(number)} {reason}")

    return refuse


def read_objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, object) of every row. Raises Unusable."""
    for record in read_records(source, refuse_all(source)):
        yield record.number, record.content


def read_records(source: Source, refuse: Refuse) -> Iterator[Record]:
    """Every object of the source. Raises Unusable, and whatever `refuse` does."""
    if source.form is Form.PARQUET:
        yield from _numbered(read_parquet(source), refuse)
    elif source.form is Form.ARROW:
        yield from _numbered(read_arrow(source), refuse)
    elif source.form is Form.ARCHIVE:
        raise Unusable(f"{source.name} is a zip archive and no log of inspect; unpack it first.")
    else:
        with source.open() as file:
            if source.form is Form.LINES:
                yield from _lines(file, refuse)
            elif source.form is Form.CSV:
                yield from _numbered(read_csv(source, file), refuse)
            else:
                yield from _numbered(_list(source, file), refuse)


def _numbered(rows: Iterator[Any], refuse: Refuse) -> Iterator[Record]:
    for number, content in enumerate(rows, start=1):
        if isinstance(content, dict):
            yield Record(number, content)
        else:
            refuse(number, "is not a JSON object.")


def _lines(file: BinaryIO, refuse: Refuse) -> Iterator[Record]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if line.isspace():
            continue
        if len(line) > MAX_LINE_BYTES:
            refuse(number, f"is longer than {MAX_LINE_BYTES >> 20} MiB.")
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
            continue
        try:
            content = loads(line, a_row=True)
        except NotJson as error:
            refuse(number, f"is not JSON that can be used. {error}")
            continue
        if isinstance(content, dict):
            yield Record(number, content, line)
        else:
            refuse(number, "is not a JSON object.")


def _list(source: Source, file: BinaryIO) -> Iterator[Any]:
    if source.form is Form.DOCUMENT:
        yield _whole(source, file)
        return
    try:
        yield from items(pieces(file))
    except NotJson as error:
        raise Unusable(f"{source.name} is not JSON that can be used. {error}") from None


def _whole(source: Source, file: BinaryIO) -> Any:
    data = file.read(MAX_LINE_BYTES + 1)
    if len(data) > MAX_LINE_BYTES:
        raise Unusable(
            f"{source.name} is one JSON object of more than {MAX_LINE_BYTES >> 20} MiB, and not a "
            "known one (see --from); give the rows one a line."
        )
    try:
        return loads(data, a_row=True)
    except NotJson as error:
        raise Unusable(f"{source.name} is not JSON that can be used. {error}") from None
