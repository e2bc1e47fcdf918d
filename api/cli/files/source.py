"""What rows are read from: a file or a pipe, plain or compressed, in one of a few forms."""

from __future__ import annotations

import enum
import gzip
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from backports import zstd

from api.cli.terminal import Unusable

STANDARD = Path("-")
"""Standard input, or standard output."""
MAX_LINE_BYTES = 256 * 1024 * 1024
_HEAD_BYTES = 1024 * 1024
_COMPRESSIONS: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"\x28\xb5\x2f\xfd": zstd.ZstdFile,
}
_SUFFIXES_OF_COMPRESSION = (".gz", ".zst", ".zstd")


class Form(enum.StrEnum):
    """What a file of rows is."""

    LINES = "jsonl"
    """One JSON object a line."""
    LIST = "json"
    """One JSON list of objects."""
    DOCUMENT = "document"
    """One JSON object, with rows somewhere in it."""
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"
    """Arrow's IPC, its file or its stream."""
    ARCHIVE = "zip"

    @property
    def unit(self) -> str:
        """What messages call one row's place."""
        return {Form.LINES: "line", Form.ARCHIVE: "sample"}.get(self, "row")


_MAGIC = {
    b"PAR1": Form.PARQUET,
    b"ARROW1": Form.ARROW,
    b"\xff\xff\xff\xff": Form.ARROW,
    b"PK\x03\x04": Form.ARCHIVE,
}


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that can be read more than once."""

    path: Path
    name: str
    """What messages call it."""
    form: Form

    @property
    def is_file(self) -> bool:
        """It lies where the command line says, and is no copy of a pipe."""
        return str(self.path) == self.name

    def place(self, number: int) -> str:
        """Where a row stands, in words."""
        return f"{self.name}, {self.form.unit} {number}"

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes, decompressed. Raises Unusable."""
        try:
            with open(self.path, "rb") as file:
                yield _decompressed(file)
        except (OSError, EOFError, zstd.ZstdError) as error:
            unreadable(self.name, error)


@contextmanager
def open_source(path: Path, form: Form | None = None) -> Iterator[Source]:
    """What has to be read: a file where it lies, of anything else, a pipe say, a copy.

    A pipe gives what it holds once, and rows are read twice: to check them, and to judge them.
    Raises Unusable."""
    if path != STANDARD and path.is_file():
        yield _source(path, str(path), form)
        return
    name = "standard input" if path == STANDARD else str(path)
    with tempfile.NamedTemporaryFile(prefix="verifier-") as copy:
        try:
            with open(0 if path == STANDARD else path, "rb", closefd=path != STANDARD) as given:
                shutil.copyfileobj(given, copy)
            copy.flush()
        except OSError as error:
            unreadable(name, error)
        source = _source(Path(copy.name), name, form)
        with source.open() as content:
            if not any(piece.strip() for piece in pieces(content)):
                raise Unusable(f"{name} held no rows.")
        yield source


def is_same_file(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and os.path.samefile(one, other)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """All of it, a piece at a time."""
    return iter(lambda: file.read(_HEAD_BYTES), b"")


def unreadable(name: str, error: Exception) -> NoReturn:
    """Raises Unusable."""
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    raise Unusable(f"{name} cannot be read: {reason}.") from None


def _source(path: Path, name: str, form: Form | None) -> Source:
    source = Source(path, name, form or Form.LINES)
    if form is not None:
        return source
    with source.open() as file:
        head = file.read(_HEAD_BYTES)
    return Source(path, name, _form(head, _suffix(name)))


def _suffix(name: str) -> str:
    """`.csv` of `rows.csv.gz`."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    while suffixes and suffixes[-1] in _SUFFIXES_OF_COMPRESSION:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _form(head: bytes, suffix: str) -> Form:
    for magic, form in _MAGIC.items():
        if head.startswith(magic):
            return form
    if suffix in {".csv", ".tsv"}:
        return Form.CSV
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in {".jsonl", ".ndjson"}:
        return Form.LINES
    if text.startswith(b"["):
        return Form.LIST
    return Form.DOCUMENT if text.startswith(b"{") and _is_document(text, suffix) else Form.LINES


def _is_document(text: bytes, suffix: str) -> bool:
    """Whether the first line is not all of an object, or is and nothing follows in a `.json`."""
    first, _, rest = text.partition(b"\n")
    try:
        json.loads(first)
    except ValueError:
        # It breaks off inside an object: laid out over lines, or a very long one.
        return first.rstrip().endswith((b"{", b",", b"[")) or suffix == ".json"
    return suffix == ".json" and not rest.strip()


def _decompressed(file: BinaryIO) -> BinaryIO:
    head = file.read(4)
    file.seek(0)
    for magic, opener in _COMPRESSIONS.items():
        if head.startswith(magic):
            return io.BufferedReader(opener(file))
    return file
