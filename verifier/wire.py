"""A verdict as JSON, as it travels between our own processes: never pickle, one list of fields."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from verifier.model import Outcome, Verdict

_ELSEWHERE = frozenset({"outcome", "strain"})
DETAILS = tuple(each.name for each in dataclasses.fields(Verdict) if each.name not in _ELSEWHERE)
"""The one list of what a verdict says beyond its outcome."""


def encode_verdict(index: int, verdict: Verdict) -> bytes:
    """The verdict on the rollout at `index` of its batch."""
    plain = {"index": index, "outcome": verdict.outcome, **present(verdict, DETAILS)}
    return json.dumps(plain).encode("ascii")


def decode_verdict(content: dict[str, Any]) -> tuple[int, Verdict]:
    """The reverse of `encode_verdict`, from its parsed JSON."""
    details = {name: content[name] for name in DETAILS if name in content}
    return content["index"], Verdict(outcome=Outcome(content["outcome"]), **details)


def present(value: object, names: Sequence[str]) -> dict[str, Any]:
    """Those of its fields that are not None."""
    return {name: found for name in names if (found := getattr(value, name)) is not None}
