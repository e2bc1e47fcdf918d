"""What a reader of one tool's files is, and the words that all of them use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.cli.files.records import Record, Refuse, read_records
from api.cli.files.source import Source
from verifier.ground_truth import kind_of
from verifier.model import Kind

_SHORT_CHARS = 200
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
    rows: Callable[[Record, Source], Iterable[Row]]
    """The rollouts of one record, as many as it has answers. Raises BadRow."""
    records: Callable[[Source, Refuse], Iterator[Record]] = read_records
    on: str | None = None
    """The field by which `--truths` joins unless `--on` names another."""
    lacks: str = "has no ground truth; --truths FILE brings it."
    """What is said where a row has none, which is the rule for some tools."""


def unanswered(why: str) -> Row:
    """What stands in a row in place of a completion where its tool got none."""
    return {"completion": None, "error": why}


def is_unanswered(row: Mapping[str, Any]) -> bool:
    """Whether that is so, in a row of a reader's or in one that was written."""
    return "completion" in row and row["completion"] is None and bool(row.get("error"))


def name_of(text: str) -> str:
    """A short name for a prompt, the same for the same prompt."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def truth_among(fields: Mapping[str, Any], target: Any) -> Any:
    """The ground truth of a tool that has a row of a data set and a target made of it: the row
    where programs are judged by it, else the target."""
    if kind_of(fields) is Kind.CODE:
        return dict(fields)
    return None if target in ("", []) else target


def scalars(fields: Mapping[str, Any]) -> Row | None:
    """What of it is short: enough to sort by, and no copy of a suite. None where nothing is."""
    found = {name: value for name, value in fields.items() if _is_short(value)}
    return found or None


def _is_short(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (
        isinstance(value, str) and len(value) <= _SHORT_CHARS
    )


def numbered(base: Row, answers: Sequence[Row], name: str | None = None) -> Iterator[Row]:
    """A row for each answer, without what is not known. Answers are told apart by number where
    there are several; `name` is what a single one is called."""
    for sample, answer in enumerate(answers):
        several = {"id": f"{name or base['group']}.{sample}", "sample": sample}
        names = several if len(answers) > 1 else {"id": name}
        row = {**names, **base, **answer}
        kept = {key: value for key, value in row.items() if value is not None}
        # Nothing at all in place of a completion is something to tell.
        yield {**kept, "completion": row["completion"]}
