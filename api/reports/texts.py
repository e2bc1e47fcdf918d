"""The texts of a rollout that a page shows, cut to what it can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from verifier.errors import GroundTruthError
from verifier.excerpts import text_excerpt, value_excerpt
from verifier.ground_truth import read_ground_truth
from verifier.judge import program_of
from verifier.model import AssertTruth, CallTruth, GroundTruth, MathTruth, StdinCase, StdinTruth
from verifier_client.final_part import final_part

MAX_COMPLETION_CHARS = 256 * 1024
MAX_PROMPT_CHARS = 32 * 1024
MAX_REFERENCE_CHARS = 8 * 1024
_PROMPTS = ("prompt", "question", "messages", "input")

Text = dict[str, Any]
"""`prompt`, `thinking` and what follows it of the `completion`, `reference`, `program`, `details`;
None where there is none."""


class Texts:
    """Reads rows of one problem after another: a ground truth is read once for all of its
    rollouts."""

    def __init__(self) -> None:
        self._latest: tuple[Any, GroundTruth | None] = (object(), None)

    def of(self, row: Mapping[str, Any]) -> Text:
        """See `Text`."""
        truth = self._truth(row.get("ground_truth"))
        given = row.get("completion")
        completion = given if isinstance(given, str) else None
        final = None if completion is None else final_part(completion)
        thinking, completion = _parts(completion, final)
        return {
            "prompt": _shortened(_prompt(row), MAX_PROMPT_CHARS),
            "thinking": _cut(thinking),
            "completion": _cut(completion),
            "reference": _shortened(_reference(row, truth), MAX_REFERENCE_CHARS),
            "program": _program(final, truth, truncated=row.get("truncated") is True),
            "details": _explained(row.get("details"), truth),
        }

    def _truth(self, raw: Any) -> GroundTruth | None:
        if self._latest[0] != raw:
            self._latest = (raw, _read(raw))
        return self._latest[1]


def _read(raw: Any) -> GroundTruth | None:
    try:
        return read_ground_truth(raw, lambda _: None)
    except GroundTruthError:
        return None


def _parts(completion: str | None, final: str | None) -> tuple[str | None, str | None]:
    """The thinking, and what comes after it."""
    if completion is None:
        return None, None
    if final is None:
        return completion, ""
    thought, end, rest = completion.rpartition("</think>")
    return (thought + end, rest) if end else (None, completion)


def _cut(text: str | None) -> str | None:
    """The text without its middle where it is too long."""
    if text is None or len(text) <= MAX_COMPLETION_CHARS:
        return text
    half = MAX_COMPLETION_CHARS // 2
    left_out = f"\n[... {len(text) - 2 * half} characters are left out here ...]\n"
    return text[:half] + left_out + text[-half:]


def _prompt(row: Mapping[str, Any]) -> str | None:
    """A text, or a conversation's messages."""
    found = next((row[name] for name in _PROMPTS if row.get(name)), None)
    if found is None or isinstance(found, str):
        return found
    if isinstance(found, Sequence) and all(isinstance(part, Mapping) for part in found):
        return "\n\n".join(f"{part.get('role', '')}: {part.get('content', '')}" for part in found)
    return _as_json(found)


def _reference(row: Mapping[str, Any], truth: GroundTruth | None) -> str | None:
    if isinstance(truth, MathTruth):
        return "\n".join(truth.answers)
    if isinstance(truth, AssertTruth):
        return truth.test
    found = row.get("ground_truth")
    if found is None:
        return None if row.get("problem") is None else f"registered problem {row['problem']}"
    return found if isinstance(found, str) else _as_json(found)


def _program(final: str | None, truth: GroundTruth | None, *, truncated: bool) -> str | None:
    if final is None or truth is None or isinstance(truth, MathTruth):
        return None
    entry_point = None if isinstance(truth, StdinTruth) else truth.entry_point
    _, found = program_of(final, truth.language, entry_point, truncated=truncated)
    return found.source if found else None


def _explained(details: Any, truth: GroundTruth | None) -> Any:
    """With the failed test's input and what was expected of it, which a service leaves out."""
    failure = details.get("first_failure") if isinstance(details, Mapping) else None
    if not isinstance(failure, Mapping) or "expected" in failure:
        return details
    test = _test(truth, failure.get("case"))
    return {**details, "first_failure": {**failure, **test}}


def _test(truth: GroundTruth | None, case: Any) -> dict[str, str]:
    """Input and expected output of a case, nothing where they cannot be told."""
    if not isinstance(truth, StdinTruth | CallTruth) or not isinstance(case, int):
        return {}
    if not 0 <= case < len(truth.cases):
        return {}
    found = truth.cases[case]
    if isinstance(found, StdinCase):
        return {"input": text_excerpt(found.input), "expected": text_excerpt(found.output)}
    named = [f"{name}={value_excerpt(value)}" for name, value in found.kwargs.items()]
    arguments = ", ".join([*map(value_excerpt, found.args), *named])
    return {"input": text_excerpt(arguments), "expected": value_excerpt(found.expected)}


def _shortened(text: str | None, most: int) -> str | None:
    if text is None or len(text) <= most:
        return text
    return f"{text[:most]}\n[... {len(text) - most} characters more ...]"


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
