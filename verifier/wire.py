"""What comes of a task as JSON, as it travels between our own processes: never pickle."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from sandbox import Status
from verifier.model import Outcome, Ran, Result, Verdict

_ELSEWHERE = frozenset({"outcome", "strain", "holds_for_equal", "lasts"})
DETAILS = tuple(each.name for each in dataclasses.fields(Verdict) if each.name not in _ELSEWHERE)
"""The one list of what a verdict says beyond its outcome."""
_RAN = tuple(each.name for each in dataclasses.fields(Ran))


def encode_result(index: int, result: Result, *, for_equal: bool = False) -> bytes:
    """What came of the task at `index` of its batch; `for_equal`, with whether that holds for equal
    tasks too, now or at any time, where the receiver asks that."""
    if isinstance(result, Verdict):
        plain = {"index": index, "outcome": result.outcome, **present(result, DETAILS)}
        if for_equal and result.holds_for_equal:
            plain |= {"holds_for_equal": True, "lasts": result.lasts}
    else:
        plain = {"index": index, **present(result, _RAN)}
    return json.dumps(plain).encode("ascii")


def decode_result(content: dict[str, Any]) -> tuple[int, Result]:
    """The reverse of `encode_result`, from its parsed JSON. Raises KeyError, TypeError or
    ValueError for what it cannot have made."""
    if "outcome" in content:
        return decode_verdict(content)
    told = {name: content[name] for name in _RAN if name in content}
    return content["index"], Ran(**{**told, "status": Status(content["status"])})


def decode_verdict(content: dict[str, Any]) -> tuple[int, Verdict]:
    """The same of a rollout, of which there is nothing else."""
    details = {name: content[name] for name in DETAILS if name in content}
    holds = content.get("holds_for_equal", False)
    lasts = content.get("lasts", False)
    outcome = Outcome(content["outcome"])
    verdict = Verdict(outcome=outcome, holds_for_equal=holds, lasts=lasts, **details)
    return content["index"], verdict


def present(value: object, names: Sequence[str]) -> dict[str, Any]:
    """Those of its fields that are not None."""
    return {name: found for name in names if (found := getattr(value, name)) is not None}
