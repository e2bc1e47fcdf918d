"""Rows with what a command added: written one by one, continued where an earlier run stopped."""

from __future__ import annotations

import fcntl
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from api.cli.files.source import STANDARD
from api.cli.rows import Row
from api.cli.scored import is_scored, without_added
from api.cli.terminal import Unusable
from api.http.strict_json import NotJson, loads

_OTHER_FORMS = (".csv", ".tsv", ".parquet", ".arrow", ".gz", ".zst", ".zstd", ".zip", ".eval")


class Output:
    """The rows, in the input's order. A context manager; nobody else may write meanwhile."""

    def __init__(
        self,
        path: Path,
        is_done: Callable[[Mapping[str, Any]], bool] = is_scored,
        without: Callable[[Mapping[str, Any]], dict[str, Any]] = without_added,
    ) -> None:
        """`is_done`: whether a row is one that the command wrote; `without`: it, as it was before.

        Raises Unusable."""
        self.path = path
        self._is_done = is_done
        self._without = without
        self.is_stream = path == STANDARD
        """Standard output, which keeps nothing for a later run."""
        self._file = _standard_output() if self.is_stream else _opened(path)

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        if not self.is_stream:
            self._file.close()

    def skip_written(self, rows: Iterator[Row]) -> Iterator[tuple[Row, dict[str, Any]]]:
        """What an earlier run has written, each after the row that it is, taken from `rows`.

        A line that this run tore is removed. Raises Unusable where the two files do not match."""
        if self.is_stream:
            return
        self._file.seek(0)
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                break
            written = _object(line)
            row = next(rows, None)
            if row is None or not self._is_done(written) or self._without(written) != row.content:
                raise Unusable(
                    f"{self.path}, line {number} does not belong to this input. To begin anew, "
                    "remove that file or choose another -o."
                )
            whole += len(line)
            yield row, written
        self._file.seek(whole)
        self._file.truncate()

    def write(self, row: Row, added: dict[str, Any]) -> None:
        """Append one row; it is in the file when this returns. Raises Unusable."""
        line = row.kept or json.dumps({**row.content, **added}).encode("ascii") + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            raise Unusable(
                f"{self.path} cannot be written: {error.strerror}. What is in it is kept; run the "
                "same command again to continue."
            ) from None


class Nowhere(Output):
    """For a run whose rows nobody wants."""

    def __init__(self) -> None:
        self.is_stream = True

    def __exit__(self, *_: object) -> None: ...

    def write(self, row: Row, added: dict[str, Any]) -> None:
        """Nothing."""


def _object(line: bytes) -> dict[str, Any]:
    """What a line holds; nothing where it is no row."""
    try:
        content = loads(line, a_row=True)
    except NotJson:
        return {}
    return content if isinstance(content, dict) else {}


def _standard_output() -> BinaryIO:
    return sys.stdout.buffer


def _opened(path: Path) -> BinaryIO:
    if path.suffix.lower() in _OTHER_FORMS:
        raise Unusable(f"{path} would hold JSON lines; give -o a name like {path.stem}.jsonl.")
    try:
        file = open(path, "a+b")  # noqa: SIM115 - closed by Output.__exit__
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unusable(f"{path} is being written by another run.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror}.") from None
    return file
