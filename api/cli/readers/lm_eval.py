"""lm-evaluation-harness: `samples_TASK_DATE.jsonl`, which `--log_samples` writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.cli.files.records import Record, Refuse, read_records
from api.cli.files.source import Source
from api.cli.readers.reader import BadRow, Reader, Row, numbered, scalars, truth_among
from api.cli.readers.texts import at_path

_NAME = re.compile(r"samples_(?P<task>.+?)(?:_\d{4}-\d\d-\d\dT[\d:.-]+)?\.jsonl")


def _recognises(_: Source, head: Mapping[str, Any]) -> bool:
    return {"doc_id", "doc", "resps"} <= head.keys()


def _records(source: Source, refuse: Refuse) -> Iterator[Record]:
    """Those of one filter: every document stands there once for each, with the same answers."""
    kept: Any = None
    for number, record in enumerate(read_records(source, refuse)):
        name = record.content.get("filter")
        if number == 0:
            kept = name
        if name == kept:
            yield record


def _rows(record: Record, source: Source) -> Iterator[Row]:
    content = record.content
    document = content.get("doc")
    document = document if isinstance(document, Mapping) else {}
    given = content.get("metrics")
    metrics = [name for name in given if isinstance(name, str)] if isinstance(given, list) else []
    base = {
        "group": str(content.get("doc_id")),
        "source": _task(source),
        "prompt": at_path(content, "arguments.gen_args_0.arg_0"),
        "ground_truth": truth_among(document, content.get("target")),
        "metadata": scalars(document),
        "reported": scalars({name: content.get(name) for name in metrics}),
    }
    return numbered(base, _answers(content.get("resps")))


def _task(source: Source) -> str | None:
    found = _NAME.match(Path(source.name).name)
    return found["task"] if found else None


def _answers(responses: Any) -> list[Row]:
    """A list for each request, of which a document has one; in it an answer for each repeat."""
    found = []
    for answers in responses if isinstance(responses, list) else [None]:
        for answer in answers if isinstance(answers, list) else [answers]:
            if not isinstance(answer, str):
                raise BadRow("has no generated text: of tasks, `generate_until` can be judged.")
            found.append({"completion": answer})
    return found


LM_EVAL = Reader(name="lm-eval", recognises=_recognises, records=_records, rows=_rows)
