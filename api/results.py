"""From verdicts to response bytes; what a result shows and what it keeps to itself.

Text beyond ASCII is escaped: a lone surrogate in an id or an answer has no other form.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.ingest import Batch
from verifier.groups import summarize_groups
from verifier.model import Rollout, Verdict

_DETAILS = ("answer", "how", "passed", "total", "first_failure", "message", "cpu_s")
_ONLY_EXPLAINED = frozenset({"input", "expected"})


def result(rollout: Rollout, verdict: Verdict, *, explain: bool) -> dict[str, Any]:
    """One entry of `results`; details that mean nothing for this verdict are absent."""
    return {
        "id": rollout.id,
        "group": rollout.group,
        "reward": verdict.reward,
        "outcome": verdict.outcome.value,
        **details(verdict, explain=explain),
    }


def details(verdict: Verdict, *, explain: bool) -> dict[str, Any]:
    """What there is to say beyond the outcome; expected outputs only where asked for."""
    found = {name: value for name in _DETAILS if (value := getattr(verdict, name)) is not None}
    if "first_failure" in found and not explain:
        found["first_failure"] = _unexplained(found["first_failure"])
    return found


def _unexplained(failure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in failure.items() if name not in _ONLY_EXPLAINED}


def response_body(batch: Batch, verdicts: Sequence[Verdict]) -> bytes:
    """The whole answer as JSON. Takes as long as the batch is large: call it in a thread."""
    results = ", ".join(
        json.dumps(result(rollout, verdict, explain=batch.explain))
        for rollout, verdict in zip(batch.rollouts, verdicts, strict=True)
    )
    rewards = json.dumps([verdict.reward for verdict in verdicts])
    groups = json.dumps(
        [dataclasses.asdict(group) for group in summarize_groups(batch.rollouts, verdicts)]
    )
    return (
        f'{{"batch_id": {json.dumps(batch.batch_id)}, "rewards": {rewards}, '
        f'"results": [{results}], "groups": {groups}}}'
    ).encode("ascii")


def line(index: int, rollout: Rollout, verdict: Verdict, *, explain: bool) -> bytes:
    """One result as a line of its own."""
    content = {"index": index, **result(rollout, verdict, explain=explain)}
    return json.dumps(content).encode("ascii") + b"\n"
