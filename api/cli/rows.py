"""From records to rollouts: read by their tool's reader, joined with their problems, checked."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from api.cli.files.records import Record, Refuse, read_records
from api.cli.files.source import Source
from api.cli.files.truths import Truths
from api.cli.readers import BadRow, Reader, plain
from api.cli.readers.plain import NO_FIELDS, Fields
from api.cli.readers.reader import is_unanswered
from api.cli.scored import added_to, is_judged, without_added
from api.http.schemas.score import RolloutIn
from api.http.wording import describe_errors, in_words
from api.settings import Settings

_ASKED = ("completion", "ground_truth", "problem", "limits")


@dataclass(frozen=True, slots=True)
class Row:
    """One rollout of the input."""

    number: int
    """Of the record that it was read from."""
    content: dict[str, Any]
    """As it is written, without what scoring adds."""
    asked: dict[str, Any]
    """What the judge is told of it, and no more: names are the file's own affair."""
    rollout: RolloutIn | None
    """The same, checked; None where there is nothing to judge"""
    lack: str = ""
    """for this reason."""
    before: dict[str, Any] = field(default_factory=dict)
    """What an earlier scoring had added."""
    kept: bytes = b""
    """The line to be written as it stands, where nothing is to be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A source with all that was said of how its rollouts are to be read."""

    source: Source
    settings: Settings
    refuse: Refuse
    reader: Reader | None = None
    """None: rows of no tool."""
    fields: Fields = NO_FIELDS
    truths: Truths | None = None
    only_null: bool = False
    """Rows that have a reward keep it."""
    again: bool = False
    """Every row has a verdict, which is found anew."""
    knows_problems: bool = False
    """A service judges, where problems are registered by name."""

    def __iter__(self) -> Iterator[Row]:
        """Raises Unusable, and whatever `refuse` does."""
        records = self.reader.records if self.reader else read_records
        for record in records(self.source, self.refuse):
            if self.only_null and is_judged(record.content):
                yield _kept(record)
                continue
            try:
                yield from [self._row(record, content) for content in self._rows(record)]
            except BadRow as reason:
                self.refuse(record.number, str(reason))
            except ValidationError as error:
                found = in_words(describe_errors(error.errors(include_url=False))[0])
                self.refuse(record.number, f"cannot be judged: {found.removeprefix('the body: ')}.")

    def _rows(self, record: Record) -> Iterable[dict[str, Any]]:
        """With their ground truths, as far as these are known."""
        if self.reader is None:
            found = plain.rows(record, self.fields)
        else:
            placed = plain.placed(record.content, self.fields)
            found = ({**row, **placed} for row in self.reader.rows(record, self.source))
        if self.truths is None:
            return found
        return (self.truths.joined(row, record.content) for row in found)

    def _row(self, record: Record, row: dict[str, Any]) -> Row:
        """Decides what is asked for a record. Raises BadRow where nothing can be asked."""
        content = without_added(row)
        before = added_to(row)
        if self.again and not before:
            raise BadRow("has no verdict to compare with; score it first, without --again.")
        asked = {name: content[name] for name in _ASKED if content.get(name) is not None}
        if "ground_truth" in asked:
            asked.pop("problem", None)  # the text of a question
        if _is_true(content.get("truncated")):
            asked["truncated"] = True
        if is_unanswered(content):
            return Row(record.number, content, asked, None, str(content["error"]), before)
        if not asked.keys() & {"ground_truth", "problem"}:
            raise BadRow(self.reader.lacks if self.reader else plain.lacks_truth(content))
        if "problem" in asked and not self.knows_problems:
            raise BadRow(
                "names a registered problem, which only a service knows: score with --url, or put "
                "the ground truth into the row."
            )
        rollout = RolloutIn.model_validate(asked, context=self.settings)
        if self.truths is not None and self.truths.last_is_large:
            del content["ground_truth"]
        return Row(record.number, content, asked, rollout, "", before)


def _kept(record: Record) -> Row:
    line = record.raw or json.dumps(record.content).encode("ascii")
    return Row(
        number=record.number,
        content=without_added(record.content),
        asked={},
        rollout=None,
        before=added_to(record.content),
        kept=line if line.endswith(b"\n") else line + b"\n",
    )


def windows(rows: Iterator[Row], most_rows: int, most_chars: int) -> Iterator[list[Row]]:
    """The rows in lists of limited length and size."""
    for first in rows:
        window, chars = [first], _chars(first)
        for row in itertools.islice(rows, most_rows - 1):
            window.append(row)
            chars += _chars(row)
            if chars >= most_chars:
                break
        yield window


def _chars(row: Row) -> int:
    return len(row.asked.get("completion") or "")


def _is_true(value: Any) -> bool:
    """Of a flag, which is text in a CSV."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1"})
