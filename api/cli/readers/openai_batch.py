"""Outputs of OpenAI's Batch API, and of all that speak it, like vLLM's `run-batch`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.files.records import Record
from api.cli.files.source import Source
from api.cli.readers.reader import BadRow, Reader, Row, numbered, unanswered
from api.cli.readers.texts import at_path, text_of


def _recognises(_: Source, head: Mapping[str, Any]) -> bool:
    return "custom_id" in head and ("response" in head or "error" in head)


def _rows(record: Record, _: Source) -> Iterator[Row]:
    name = record.content.get("custom_id")
    base = {
        "group": str(name),
        "custom_id": name,
        "model": at_path(record.content, "response.body.model"),
    }
    return numbered(base, _answers(record.content), str(name))


def _answers(content: Mapping[str, Any]) -> list[Row]:
    """The choices of chat and of completions, or the one output of responses."""
    body = at_path(content, "response.body")
    status = at_path(content, "response.status_code")
    error = content.get("error") or at_path(body, "error")
    if error or status not in {None, 200}:
        said = at_path(error, "message") or error or f"status {status}"
        return [unanswered(f"The request was not answered: {said}")]
    if isinstance(choices := at_path(body, "choices"), list):
        return [_choice(choice) for choice in choices]
    if isinstance(output := at_path(body, "output"), list):
        said = [text_of(item) for item in output if at_path(item, "type") == "message"]
        cut_off = at_path(body, "incomplete_details.reason") == "max_output_tokens"
        return [{"completion": "".join(said), "truncated": True if cut_off else None}]
    raise BadRow("has neither `choices` nor `output` in the body of its response.")


def _choice(choice: Any) -> Row:
    message = at_path(choice, "message")
    said = at_path(choice, "text") if message is None else message
    refusal = at_path(message, "refusal")
    if refusal is not None and at_path(message, "content") is None:
        said = refusal
    cut_off = at_path(choice, "finish_reason") == "length"
    return {"completion": text_of(said), "truncated": True if cut_off else None}


OPENAI_BATCH = Reader(
    name="openai-batch",
    recognises=_recognises,
    rows=_rows,
    on="custom_id",
    lacks="has no ground truth: a batch's output has none. --truths FILE --on custom_id=FIELD "
    "brings it.",
)
