"""EvalPlus and HumanEval: samples, which name a task and hold code, and EvalPlus' results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.files.records import Record, Refuse, read_records
from api.cli.files.source import Form, Source, pieces
from api.cli.readers.reader import BadRow, Reader, Row, numbered, scalars
from api.cli.readers.texts import as_program
from api.cli.terminal import Unusable
from api.http.strict_json import NotJson, members

_TRUTHS = frozenset({"ground_truth", "test", "test_list", "reference", "answer"})
_REPORTED = ("passed", "result", "base_status", "plus_status")


def _recognises(source: Source, head: Mapping[str, Any]) -> bool:
    if source.form is Form.DOCUMENT:
        return {"hash", "eval"} <= head.keys()
    has_code = "solution" in head or "completion" in head
    return "task_id" in head and has_code and not _TRUTHS & head.keys()


def _records(source: Source, refuse: Refuse) -> Iterator[Record]:
    if source.form is not Form.DOCUMENT:
        yield from read_records(source, refuse)
        return
    number = 0
    with source.open() as file:
        try:
            for name, task in members(pieces(file), ("eval",)):
                for sample in _samples(task) if name == "eval" else ():
                    number += 1
                    yield Record(number, sample)
        except NotJson as error:
            raise Unusable(f"{source.name} has no results of EvalPlus: {error}") from None


def _samples(task: Any) -> Iterator[dict[str, Any]]:
    """Of an object of one task and the list of its samples."""
    for name, samples in task.items() if isinstance(task, dict) else ():
        for sample in samples if isinstance(samples, list) else ():
            if isinstance(sample, dict):
                yield {"task_id": name, **sample}


def _rows(record: Record, _: Source) -> Iterator[Row]:
    content = record.content
    # A solution is a program; a completion goes on from the prompt, which its problem has.
    answer = content.get("completion")
    if answer is None:
        answer = as_program(content.get("solution"))
    if not isinstance(answer, str) or content.get("task_id") is None:
        raise BadRow("has no `task_id` with a `solution` or a `completion` in it.")
    base = {
        "group": str(content["task_id"]),
        "task_id": content["task_id"],
        "reported": scalars({name: content.get(name) for name in _REPORTED}),
    }
    return numbered(base, [{"completion": answer}])


EVALPLUS = Reader(
    name="evalplus",
    recognises=_recognises,
    records=_records,
    rows=_rows,
    on="task_id",
    lacks="has no ground truth: samples name a task alone. --truths HumanEvalPlus.jsonl.gz, or "
    "whatever file has the tasks, brings them.",
)
