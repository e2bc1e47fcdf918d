"""From verdicts to response bytes; what a result shows and what it keeps to itself.

Text beyond ASCII is escaped: a lone surrogate in an id or an answer has no other form.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.batches.envelope import Envelope
from verifier.groups import summarize_groups
from verifier.model import Member, Outcome, Verdict
from verifier.wire import DETAILS

_AT_ONCE = 64
_ONLY_EXPLAINED = frozenset({"input", "expected"})
_OF_ONE_CASE = frozenset(
    {
        Outcome.RUNTIME_ERROR,
        Outcome.TIME_LIMIT_EXCEEDED,
        Outcome.MEMORY_LIMIT_EXCEEDED,
        Outcome.OUTPUT_LIMIT_EXCEEDED,
    }
)
"""How a case was failed: which of these it is may depend on the order of the cases."""


def result(envelope: Envelope, member: Member, verdict: Verdict) -> dict[str, Any]:
    """One entry of `results`; details that mean nothing for this verdict are absent."""
    by = {} if envelope.verifier is None else {"verifier": envelope.verifier}
    if envelope.rewards_only and verdict.reward is not None:
        failed = verdict.outcome in _OF_ONE_CASE
        return {
            "id": member.id,
            "group": member.group,
            "reward": verdict.reward,
            "outcome": (Outcome.WRONG_ANSWER if failed else verdict.outcome).value,
            **by,
        }
    return {
        "id": member.id,
        "group": member.group,
        "reward": verdict.reward,
        "outcome": verdict.outcome.value,
        **details(verdict, explain=envelope.explain),
        **by,
    }


def details(verdict: Verdict, *, explain: bool) -> dict[str, Any]:
    """What there is to say beyond the outcome; expected outputs only where asked for."""
    found = {name: value for name in DETAILS if (value := getattr(verdict, name)) is not None}
    if "first_failure" in found and not explain:
        found["first_failure"] = _unexplained(found["first_failure"])
    return found


def _unexplained(failure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in failure.items() if name not in _ONLY_EXPLAINED}


def response_body(envelope: Envelope, verdicts: Sequence[Verdict]) -> bytes:
    """The whole answer as JSON. Takes as long as the batch is large: call it in a thread."""
    results = [
        result(envelope, member, verdict)
        for member, verdict in zip(envelope.members, verdicts, strict=True)
    ]
    # One at a time is slow; all at once would hold the interpreter lock for as long as it takes.
    pieces = (results[start : start + _AT_ONCE] for start in range(0, len(results), _AT_ONCE))
    shown = ", ".join(json.dumps(piece)[1:-1] for piece in pieces)
    rewards = json.dumps([verdict.reward for verdict in verdicts])
    groups = json.dumps(
        [dataclasses.asdict(group) for group in summarize_groups(envelope.members, verdicts)]
    )
    return (
        f'{{"batch_id": {json.dumps(envelope.batch_id)}, "rewards": {rewards}, '
        f'"results": [{shown}], "groups": {groups}}}'
    ).encode("ascii")


def line(envelope: Envelope, index: int, verdict: Verdict) -> bytes:
    """One result as a line of its own."""
    content = {"index": index, **result(envelope, envelope.members[index], verdict)}
    return json.dumps(content).encode("ascii") + b"\n"
