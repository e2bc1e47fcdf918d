"""verl: the rollouts of a step, which `trainer.rollout_data_dir` and `validation_data_dir` get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.files.records import Record
from api.cli.files.source import Source
from api.cli.readers.reader import Reader, Row, name_of, numbered, scalars
from api.cli.readers.texts import prompt_of, text_of

_READ = ("input", "output", "gts", "data_source")


def _recognises(_: Source, head: Mapping[str, Any]) -> bool:
    return {"input", "output", "score"} <= head.keys()


def _rows(record: Record, _: Source) -> Iterator[Row]:
    content = record.content
    prompt = prompt_of(content.get("input"))
    base = {
        "group": f"{content.get('step')}.{name_of(prompt)}",
        "source": content.get("data_source"),
        "step": content.get("step"),
        "prompt": prompt,
        "ground_truth": content.get("gts"),
        "reported": scalars({key: value for key, value in content.items() if key not in _READ}),
    }
    return numbered(base, [{"completion": text_of(content.get("output"))}])


VERL = Reader(
    name="verl",
    recognises=_recognises,
    rows=_rows,
    on="prompt",
    lacks="has no ground truth in `gts`, which verl writes from 0.5 on; --truths FILE --on "
    "prompt=FIELD brings it.",
)
