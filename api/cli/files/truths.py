"""The problems of another file, joined to rows by a key; kept on disk, however many they are."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from api.cli.files.records import read_objects
from api.cli.files.source import open_source
from api.cli.readers.plain import usual_truth
from api.cli.readers.reader import BadRow
from api.cli.readers.texts import at_path, is_conversation, prompt_of
from api.cli.terminal import Unusable

WRITTEN_CHARS = 16 * 1024
"""Of a ground truth that is written into each of its rows; a suite of tests may be megabytes, and
a row that lacks it is joined to it again."""


class Truths:
    """Ground truths by their key."""

    def __init__(self, index: sqlite3.Connection, name: str, field: str) -> None:
        """`field` is where the key stands in a row."""
        self._index = index
        self._name = name
        self._field = field
        self._last_key: str | None = None
        self._last: Any = None
        self.last_is_large = False
        """Whether the ground truth joined last is no part of what is written of its row."""

    def joined(self, row: dict[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
        """The row with its ground truth. Raises BadRow where there is none."""
        key = _text(at_path(row, self._field))
        key = _text(at_path(record, self._field)) if key is None else key
        if key is None:
            raise BadRow(f"has no field `{self._field}` to join by; --on names another.")
        if key != self._last_key:  # answers to one problem come together
            found = self._index.execute("SELECT truth FROM truths WHERE key = ?", [key]).fetchone()
            if found is None:
                shown = repr(key[:80])
                raise BadRow(f"has {shown} as its `{self._field}`, which {self._name} has not.")
            self._last_key, self._last = key, json.loads(found[0])
            self.last_is_large = len(found[0]) > WRITTEN_CHARS
        others = {name: value for name, value in row.items() if name != "problem"}
        return {**others, "ground_truth": self._last}


@contextmanager
def open_truths(path: Path, on: str, field: str | None) -> Iterator[Truths]:
    """The ground truths in the rows of a file, of any form that `open_source` takes.

    `on` names the key: a field that both files have, or `ROW=PROBLEM`, the field in a row and the
    one in a problem. `field` says where a problem has its ground truth. Raises Unusable."""
    in_row, _, in_problem = on.partition("=")
    with (
        open_source(path) as source,
        tempfile.NamedTemporaryFile(prefix="verifier-", suffix=".sqlite") as file,
        closing(sqlite3.connect(file.name, isolation_level=None)) as index,
    ):
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-16000"):
            index.execute(f"PRAGMA {setting}")
        index.execute("CREATE TABLE truths (key TEXT PRIMARY KEY, truth TEXT) WITHOUT ROWID")
        index.execute("BEGIN")
        for number, problem in read_objects(source):
            _add(index, source.place(number), problem, in_problem or in_row, field)
        index.execute("COMMIT")
        yield Truths(index, source.name, in_row)


def _add(
    index: sqlite3.Connection, place: str, problem: dict[str, Any], on: str, field: str | None
) -> None:
    key = _text(at_path(problem, on))
    if key is None:
        raise Unusable(f"{place} has no field `{on}` to join by; --on names another.")
    found = usual_truth(problem) if field is None else {"ground_truth": at_path(problem, field)}
    if found.get("ground_truth") is None:
        wanted = "a ground truth" if field is None else f"`{field}`"
        raise Unusable(f"{place} has no {wanted.removeprefix('a ')}; --ground-truth names a field.")
    truth = json.dumps(found["ground_truth"])
    before = index.execute("SELECT truth FROM truths WHERE key = ?", [key]).fetchone()
    if before is None:
        index.execute("INSERT INTO truths VALUES (?, ?)", [key, truth])
    elif before[0] != truth:
        raise Unusable(f"{place} is another problem of the name {key[:80]!r}.")


def _text(key: Any) -> str | None:
    """Numbers and texts that look alike are one key: tables turn one into the other. A prompt that
    is a conversation is known by its last message."""
    if isinstance(key, list) and is_conversation(key):
        key = prompt_of(key)
    if key is None or isinstance(key, bool | list | dict):
        return None
    return str(key).encode("utf-8", "backslashreplace").decode()
