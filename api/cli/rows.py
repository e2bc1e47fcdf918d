"""JSONL of rollouts: read row by row, written row by row, continued where a run stopped."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from pydantic import ValidationError

from api.cli.terminal import Unusable
from api.http.schemas import RolloutIn
from api.http.strict_json import NotJson, loads
from api.http.wording import describe_errors, in_words
from api.settings import Settings
from verifier.model import Outcome

OUTCOMES = tuple(Outcome)
ADDED = ("reward", "outcome", "details")
"""What scoring adds to a row. A row that has them already is scored anew and loses the old ones."""


STANDARD = Path("-")
"""Standard input, or standard output."""


@dataclass(frozen=True, slots=True)
class Source:
    """Lines that can be read more than once."""

    path: Path
    name: str
    """What messages call it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the input."""

    number: int
    content: dict[str, Any]
    """As it was read, without what scoring adds."""
    rollout: RolloutIn


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """What has to be read: a file where it lies, of anything else, a pipe say, a copy.

    A pipe gives what it holds once, and rows are read twice: to check them, and to judge them.
    Raises Unusable."""
    if path != STANDARD and path.is_file():
        yield Source(path, str(path))
        return
    name = "standard input" if path == STANDARD else str(path)
    with tempfile.NamedTemporaryFile(prefix="verifier-", suffix=".jsonl") as copy:
        try:
            with open(0 if path == STANDARD else path, "rb", closefd=path != STANDARD) as given:
                shutil.copyfileobj(given, copy)
            copy.flush()
        except OSError as error:
            raise _unreadable(name, error) from None
        source = Source(Path(copy.name), name)
        if next(read_objects(source), None) is None:
            raise Unusable(f"{name} held no rows.")
        yield source


def read_objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of every line that is not blank. Raises Unusable."""
    with _open(source) as file:
        for number, line in enumerate(file, start=1):
            if not line.isspace():
                yield number, _object(source.name, number, line)


def read_rows(source: Source, settings: Settings) -> Iterator[Row]:
    """Rows in the form of /v1/score's rollouts. Raises Unusable, which names the line."""
    for number, content in read_objects(source):
        try:
            rollout = RolloutIn.model_validate(content, context=settings)
        except ValidationError as error:
            reason = in_words(describe_errors(error.errors(include_url=False))[0])
            raise Unusable(
                f"{source.name}, line {number}: {reason.removeprefix('the body: ')}. A row is a "
                "rollout as POST /v1/score takes it."
            ) from None
        yield Row(number, _without_added(content), rollout)


class Output:
    """The scored rows, in the input's order. A context manager; nobody else may write meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raises Unusable."""
        self._path = path
        try:
            self._file = open(path, "a+b")  # noqa: SIM115 - closed by __exit__
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"{path} is being written by another run.") from None
        except OSError as error:
            raise Unusable(f"{path} cannot be written: {error.strerror}.") from None

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._file.close()

    def skip_written(self, rows: Iterator[Row]) -> Iterator[dict[str, Any]]:
        """The rows that an earlier run has written; their like is taken from `rows`.

        A line that this run tore is removed. Raises Unusable where the two files do not match."""
        self._file.seek(0)
        whole = 0
        for number, line in enumerate(self._file, start=1):
            if not line.endswith(b"\n"):
                break
            written = _object(str(self._path), number, line)
            row = next(rows, None)
            if row is None or _without_added(written) != row.content or not is_scored(written):
                raise Unusable(
                    f"{self._path}, line {number} does not belong to this input. To begin anew, "
                    "remove that file or choose another -o."
                )
            whole += len(line)
            yield written
        self._file.seek(whole)
        self._file.truncate()

    def write(self, row: Row, added: dict[str, Any]) -> None:
        """Append one row; it is in the file when this returns. Raises Unusable."""
        try:
            self._file.write(json.dumps({**row.content, **added}).encode("ascii") + b"\n")
            self._file.flush()
        except OSError as error:
            raise Unusable(
                f"{self._path} cannot be written: {error.strerror}. What is in it is kept; run the "
                "same command again to continue."
            ) from None


def is_same_file(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and os.path.samefile(one, other)


def windows(rows: Iterator[Row], most_rows: int, most_chars: int) -> Iterator[list[Row]]:
    """The rows in lists of limited length and size."""
    for first in rows:
        window, chars = [first], len(first.rollout.completion)
        for row in itertools.islice(rows, most_rows - 1):
            window.append(row)
            chars += len(row.rollout.completion)
            if chars >= most_chars:
                break
        yield window


def _open(source: Source) -> BinaryIO:
    try:
        return open(source.path, "rb")
    except OSError as error:
        raise _unreadable(source.name, error) from None


def _unreadable(name: str, error: OSError) -> Unusable:
    return Unusable(f"{name} cannot be read: {error.strerror}.")


def _object(name: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        content = loads(line)
    except NotJson as error:
        raise Unusable(f"{name}, line {number} is not JSON that can be used. {error}") from None
    if not isinstance(content, dict):
        raise Unusable(f"{name}, line {number} is not a JSON object.")
    return content


def is_scored(content: dict[str, Any]) -> bool:
    """Whether the row is one that scoring wrote."""
    return content.get("outcome") in OUTCOMES and content.get("reward", "") in (0, 1, None)


def _without_added(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in ADDED}
