"""TRL: `completions/completions_STEP.parquet`, which GRPO with `log_completions` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.files.records import Record
from api.cli.files.source import Source
from api.cli.readers.plain import usual_truth
from api.cli.readers.reader import Reader, Row, name_of, numbered, scalars
from api.cli.readers.texts import prompt_of, text_of

_READ = ("step", "prompt", "completion")


def _recognises(_: Source, head: Mapping[str, Any]) -> bool:
    return {"step", "prompt", "completion", "advantage"} <= head.keys()


def _rows(record: Record, _: Source) -> Iterator[Row]:
    content = record.content
    prompt = prompt_of(content.get("prompt"))
    others = {key: value for key, value in content.items() if key not in _READ}
    base = {
        "group": f"{content.get('step')}.{name_of(prompt)}",
        "step": content.get("step"),
        "prompt": prompt,
        **usual_truth(others),
        "reported": scalars(others),
    }
    return numbered(base, [{"completion": text_of(content.get("completion"))}])


TRL = Reader(
    name="trl",
    recognises=_recognises,
    rows=_rows,
    on="prompt",
    lacks="has no ground truth: TRL logs prompts alone. --truths FILE --on prompt=FIELD brings it, "
    "or a reward function logs it with `log_extra('ground_truth', ...)`.",
)
