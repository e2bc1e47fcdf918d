"""What a reader of one tool's files is, and the words that all of them use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.cli.files.records import Record, Refuse, read_records
from api.cli.files.source import Source

Row = dict[str, Any]
"""A rollout as POST /v1/score takes it, with what else is worth keeping: `source`, `prompt`,
`sample` (which of a problem's answers), `reported` (the tool's own verdict)."""


class BadRow(ValueError):
    """A record that cannot be used; the text goes on from "FILE, line N"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads what one tool writes."""

    name: str
    """What `--from` calls it."""
    recognises: Callable[[Source, Mapping[str, Any]], bool]
    """Told by the first record, or by the source alone where that is no list of records."""
    rows: Callable[[Record], Iterable[Row]]
    """The rollouts of one record, as many as it has answers. Raises BadRow."""
    records: Callable[[Source, Refuse], Iterator[Record]] = read_records
    on: str | None = None
    """The field by which `--truths` joins unless `--on` names another."""
    lacks: str = "has no ground truth; --truths FILE brings it."
    """What is said where a row has none, which is the rule for some tools."""


def unanswered(why: str) -> Row:
    """What stands in a row in place of a completion where its tool got none."""
    return {"completion": None, "error": why}


def name_of(text: str) -> str:
    """A short name for a prompt, the same for the same prompt."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def present(row: Row) -> Row:
    """Without what is not known."""
    return {name: value for name, value in row.items() if value is not None}
