"""LiveCodeBench: what its runner writes, and `_eval_all.json` with its own grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.files.records import Record
from api.cli.files.source import Source
from api.cli.readers.reader import BadRow, Reader, Row, numbered
from api.cli.readers.texts import as_program, text_of

_KEPT = ("question_id", "question_title", "platform", "contest_id", "contest_date", "difficulty")


def _recognises(_: Source, head: Mapping[str, Any]) -> bool:
    return "question_id" in head and ("output_list" in head or "code_list" in head)


def _rows(record: Record, _: Source) -> Iterator[Row]:
    content = record.content
    grades = content.get("graded_list")
    base = {
        "group": str(content.get("question_id")),
        **{name: content.get(name) for name in _KEPT},
        "prompt": content.get("question_content"),
    }
    answers = _answers(content)
    if isinstance(grades, list) and len(grades) == len(answers):
        for answer, grade in zip(answers, grades, strict=True):
            answer["reported"] = {"passed": grade}
    return numbered(base, answers)


def _answers(content: Mapping[str, Any]) -> list[Row]:
    """What the model said, or, where that was not kept, the code that was found in it."""
    if isinstance(said := content.get("output_list"), list):
        return [{"completion": text_of(answer)} for answer in said]
    if isinstance(found := content.get("code_list"), list):
        return [{"completion": as_program(code)} for code in found]
    raise BadRow("has neither `output_list` nor `code_list`.")


LIVECODEBENCH = Reader(
    name="livecodebench",
    recognises=_recognises,
    rows=_rows,
    on="question_id",
    lacks="has no ground truth: outputs name a question alone. --truths test.jsonl, the data of "
    "LiveCodeBench, brings the tests.",
)
