"""The fields that scoring adds to a row, by which a scored row is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.model import Outcome

OUTCOMES = tuple(Outcome)
ADDED = ("reward", "outcome", "details", "verifier", "before")
"""A row that has them already is scored anew and loses the old ones."""


def without_added(content: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it was before it was scored."""
    return {name: value for name, value in content.items() if name not in ADDED}


def added_to(content: Mapping[str, Any]) -> dict[str, Any]:
    """What scoring had added; nothing where the row is not scored."""
    if not is_scored(content):
        return {}
    return {name: content[name] for name in ADDED if name in content}


def is_judged(content: Mapping[str, Any]) -> bool:
    """Whether it is scored, and its reward is not null."""
    return is_scored(content) and content["reward"] is not None


def is_scored(content: Mapping[str, Any]) -> bool:
    """Whether the row is one that scoring wrote."""
    return content.get("outcome") in OUTCOMES and content.get("reward", "") in (0, 1, None)
