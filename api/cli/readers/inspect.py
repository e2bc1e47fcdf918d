"""inspect_ai: its logs, `.eval` (a zip archive with a member for each sample) and `.json`."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from backports.zstd import ZstdError, zipfile

from api.cli.files.records import Record, Refuse
from api.cli.files.source import MAX_LINE_BYTES, Form, Source, pieces
from api.cli.readers.reader import BadRow, Reader, Row, numbered, scalars, truth_among, unanswered
from api.cli.readers.texts import at_path, prompt_of, text_of
from api.cli.terminal import Unusable
from api.http.strict_json import NotJson, loads, members

_ATTACHED = "attachment://"
_CUT_OFF = frozenset({"max_tokens", "model_length"})


def _recognises(source: Source, head: Mapping[str, Any]) -> bool:
    return source.form is Form.ARCHIVE or (
        source.form is Form.DOCUMENT and {"version", "status", "eval"} <= head.keys()
    )


def _records(source: Source, refuse: Refuse) -> Iterator[Record]:
    """A sample each, with what the log says of its evaluation."""
    if source.form is Form.ARCHIVE:
        return _of_archive(source, refuse)
    return _of_document(source)


def _of_archive(source: Source, refuse: Refuse) -> Iterator[Record]:
    with source.open() as file:
        try:
            archive = zipfile.ZipFile(file)
            names = [info.filename for info in archive.infolist()]
            # A log of an evaluation that still runs, or was killed, has no header yet.
            head = "header.json" if "header.json" in names else "_journal/start.json"
            evaluation = _member(archive, head).get("eval")
        except (KeyError, *_UNREADABLE) as error:
            raise Unusable(
                f"{source.name} is no log of inspect that can be read: {error}"
            ) from None
        samples = [name for name in names if name.startswith("samples/")]
        for number, name in enumerate(samples, start=1):
            try:
                sample = _member(archive, name)
            except _UNREADABLE as error:
                refuse(number, f"({name}) cannot be read: {error}")
            else:
                yield Record(number, {"eval": evaluation, "sample": sample})


_UNREADABLE = (
    zipfile.BadZipFile,
    NotJson,
    ValueError,
    ZstdError,
    zlib.error,
    EOFError,
    RuntimeError,
)


def _member(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    with archive.open(name) as file:
        data = file.read(MAX_LINE_BYTES + 1)
    if len(data) > MAX_LINE_BYTES:
        raise ValueError(f"it is longer than {MAX_LINE_BYTES >> 20} MiB.")
    content = loads(data, a_row=True)
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object.")  # noqa: TRY004 - what its caller waits for
    return content


def _of_document(source: Source) -> Iterator[Record]:
    evaluation: Any = None
    number = 0
    with source.open() as file:
        try:
            for name, value in members(pieces(file), ("samples",)):
                if name == "eval":
                    evaluation = value
                elif name == "samples":
                    number += 1
                    yield Record(number, {"eval": evaluation, "sample": value})
        except NotJson as error:
            raise Unusable(f"{source.name} is no log of inspect: {error}") from None


def _rows(record: Record, _: Source) -> Iterator[Row]:
    sample = record.content["sample"]
    if not isinstance(sample, Mapping):
        raise BadRow("is no sample.")
    metadata = sample.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    given = sample.get("scores")
    scores = given if isinstance(given, Mapping) else {}
    base = {
        "group": str(sample.get("id")),
        "source": at_path(record.content, "eval.task"),
        "model": at_path(record.content, "eval.model"),
        "epoch": sample.get("epoch"),
        "prompt": _prompt(sample),
        "ground_truth": truth_among(metadata, sample.get("target")),
        "metadata": scalars(metadata),
        "reported": scalars({name: at_path(score, "value") for name, score in scores.items()}),
    }
    return numbered(base, _answers(sample), f"{base['group']}.{base['epoch']}")


def _prompt(sample: Mapping[str, Any]) -> str | None:
    try:
        return _whole(sample, prompt_of(sample.get("input")))
    except BadRow:
        return None


def _answers(sample: Mapping[str, Any]) -> list[Row]:
    """One for each choice; where the model said nothing, why."""
    choices = at_path(sample, "output.choices") or []
    found = [_answer(sample, choice) for choice in choices]
    error = at_path(sample, "error.message") or at_path(sample, "output.error")
    if error and not any(answer.get("completion") for answer in found):
        return [unanswered(f"The sample ended in an error before the model answered: {error}")]
    if not found:
        return [unanswered("The sample has no answer of the model's.")]
    return found


def _answer(sample: Mapping[str, Any], choice: Any) -> Row:
    said = text_of(at_path(choice, "message"))
    cut_off = at_path(choice, "stop_reason") in _CUT_OFF
    return {"completion": _whole(sample, said), "truncated": True if cut_off else None}


def _whole(sample: Mapping[str, Any], text: str) -> str:
    """The text itself where the log has put it elsewhere."""
    if not text.startswith(_ATTACHED):
        return text
    found = at_path(sample.get("attachments"), text.removeprefix(_ATTACHED))
    if not isinstance(found, str):
        raise BadRow("has a text that is not among its attachments.")
    return found


INSPECT = Reader(name="inspect", recognises=_recognises, records=_records, rows=_rows)
