"""Finds answers that a completion marks for programs to read: between tags, and in JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from verifier.math.boxes import MAX_BOXES

MAX_JSON_CHARS = 100_000
_JSON = re.compile(r"(?:```(?:json)?\s*+)?(\{.*\})\s*(?:```)?", re.DOTALL)
_KEYS = frozenset(("answer", "final_answer", "final answer"))


@dataclass(frozen=True, slots=True)
class _Tags:
    opening: str
    closing: str
    may_stay_open: bool = True
    """Generation is often told to stop at the closing tag, or that is dropped as its last token."""


_TAGS = (
    _Tags("<answer>", "</answer>"),
    _Tags("<final_answer>", "</final_answer>"),
    _Tags("<|begin_of_box|>", "<|end_of_box|>"),
    _Tags("[ANSWER]", "[/ANSWER]", may_stay_open=False),
)


def elements_in(text: str, *, truncated: bool) -> list[str]:
    """What stands between tags, for each kind of them in its order. The last one of a kind need not
    be closed, unless the completion was cut off."""
    return [element for tags in _TAGS for element in _between(text, tags, truncated)]


def end_of_elements(text: str) -> int:
    """Where the last closing tag stands, negative where there is none."""
    return max(text.rfind(tags.closing) for tags in _TAGS)


def _between(text: str, tags: _Tags, truncated: bool) -> list[str]:
    found: list[str] = []
    at = 0
    while (start := text.find(tags.opening, at)) >= 0:
        end = text.find(tags.closing, start)
        if end < 0:
            if tags.may_stay_open and not truncated:
                found.append(text[text.rfind(tags.opening) :])
            break
        found.append(text[text.rfind(tags.opening, start, end) : end])
        at = end
    return [element.removeprefix(tags.opening) for element in found[-MAX_BOXES:]]


def answers_in_json(text: str) -> list[str]:
    """Texts and numbers under `answer` or `final_answer` of the one object that the text is."""
    if len(text) > MAX_JSON_CHARS or not (found := _JSON.fullmatch(text.strip())):
        return []
    try:
        members = json.loads(
            found[1], object_pairs_hook=tuple, parse_int=str, parse_float=str, strict=False
        )
    except (ValueError, RecursionError):
        return []
    return [
        value.strip()
        for key, value in members
        if key.lower() in _KEYS and isinstance(value, str) and value.strip()
    ]
