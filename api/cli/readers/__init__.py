"""Readers of what evaluators and trainers write, one a file; their table, and which one fits."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from api.cli.files.records import read_records
from api.cli.files.source import Form, Source, pieces
from api.cli.readers.evalplus import EVALPLUS
from api.cli.readers.inspect import INSPECT
from api.cli.readers.livecodebench import LIVECODEBENCH
from api.cli.readers.lm_eval import LM_EVAL
from api.cli.readers.openai_batch import OPENAI_BATCH
from api.cli.readers.plain import Fields, usual_names
from api.cli.readers.qwen_math import QWEN_MATH
from api.cli.readers.reader import BadRow, Reader
from api.cli.readers.trl import TRL
from api.cli.readers.verl import VERL
from api.cli.scored import is_scored
from api.cli.terminal import Unusable
from api.http.strict_json import NotJson, members

__all__ = ["NAMES", "READERS", "BadRow", "Reader", "form_of", "named", "read_as", "recognised"]

READERS: Sequence[Reader] = (
    INSPECT,
    LM_EVAL,
    OPENAI_BATCH,
    VERL,
    TRL,
    LIVECODEBENCH,
    EVALPLUS,
    QWEN_MATH,
)
"""In the order in which a file is tried on them."""
FORMS = {form.value: form for form in Form if form not in {Form.DOCUMENT, Form.ARCHIVE}}
"""What `--from` says of rows of no tool."""
NAMES = ", ".join([*(reader.name for reader in READERS), *FORMS])
"""All that `--from` may say."""


def form_of(name: str | None) -> Form | None:
    """The form that `--from` names, None where it names a tool or nothing. Raises Unusable."""
    if name is None or name in FORMS or any(reader.name == name for reader in READERS):
        return FORMS.get(name or "")
    raise Unusable(f"--from cannot be {name}; it is one of {NAMES}.")


def named(name: str) -> Reader | None:
    """The reader of a tool's files; None for rows of no tool."""
    return next((reader for reader in READERS if reader.name == name), None)


def recognised(source: Source) -> Reader | None:
    """The reader of what the source is seen to be; None for rows of no tool."""
    head = _head(source)
    if is_scored(head):  # by us: what a tool would have written is no longer what it looks like
        return None
    return next((reader for reader in READERS if reader.recognises(source, head)), None)


def read_as(source: Source, reader: Reader | None, fields: Fields, *, joined: bool) -> str | None:
    """What the rows are taken for, where that was told from their looks: a sentence to show."""
    if reader is not None:
        return f"{source.name} is read as what {reader.name} writes."
    if (names := usual_names(_head(source), fields)) is None:
        return None
    completion, truth = names
    found = f", the ground truth from {truth}" if truth and not joined else ""
    return f"{source.name}: the completion is read from {completion}{found}."


def _head(source: Source) -> Mapping[str, Any]:
    """What readers tell their files by: the first row, or the first members of a document."""
    if source.form is Form.ARCHIVE:
        return {}
    if source.form is Form.DOCUMENT:
        with source.open() as file:
            try:
                return dict(itertools.islice(members(pieces(file), ("eval", "samples")), 3))
            except NotJson:
                return {}
    first = next(read_records(source, lambda *_: None), None)
    return first.content if first else {}
