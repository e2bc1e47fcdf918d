"""Qwen2.5-Math's `math_eval.py`, and what evaluates with it: a line a problem, with all samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.files.records import Record
from api.cli.files.source import Source
from api.cli.readers.reader import Reader, Row, numbered
from api.cli.readers.texts import prompt_of, texts_of

_SAMPLES = "code"
"""What the model wrote, be it code or not."""


def _recognises(_: Source, head: Mapping[str, Any]) -> bool:
    return {"gt", _SAMPLES, "pred", "report"} <= head.keys()


def _rows(record: Record, _: Source) -> Iterator[Row]:
    content = record.content
    texts = texts_of(content.get(_SAMPLES))
    scores = content.get("score")
    told = scores if isinstance(scores, list) and len(scores) == len(texts) else [None] * len(texts)
    group = str(content.get("idx", record.number))
    question = content.get("question")
    base = {
        "group": group,
        "prompt": prompt_of(question) if question else None,
        "ground_truth": content.get("gt"),
    }
    answers = (
        {"completion": text, "reported": None if score is None else {"score": score}}
        for text, score in zip(texts, told, strict=True)
    )
    return numbered(base, list(answers), name=group)


QWEN_MATH = Reader(
    name="qwen-math",
    recognises=_recognises,
    rows=_rows,
    on="group",
    lacks="has no ground truth in `gt`; --truths FILE --on group=FIELD brings it.",
)
