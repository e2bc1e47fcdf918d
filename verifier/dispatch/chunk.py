"""How work travels to a worker and back: JSON, never pickle, the same for every queue backend.

A chunk is `{"deadlines": [unix seconds, ...], "since": [...], "about": [{}, ...], "owners": [...],
"truths": [bytes of each], "rollouts": [{"index", "truth", "bytes", ...}]}`, a line of JSON, and
after it the ground truths and the completions as they are: escaping them and back would take as
long as judging them, and a ground truth is parsed only where it is judged. `truth` points into
`truths`, so that the one of a group travels once. JSON is ASCII: a lone surrogate is a legal JSON
string and has no UTF-8 form.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verifier.ground_truth import truth_text
from verifier.model import (
    NO_LIMITS,
    NO_RULES,
    AnswerRules,
    BareRun,
    LimitsOverride,
    Rollout,
    TruthText,
)
from verifier.wire import present

MIN_ROLLOUTS, MAX_ROLLOUTS = 16, 256
"""Of one chunk: the most while nothing is known of how long they take, and where they are quick."""
CHUNK_S = 0.05
"""A worker that was at a chunk for longer gives back what is beyond the first MIN_ROLLOUTS."""
SHARE_S = 1.0
"""A worker that is at one rollout for longer leaves the rest of its chunk to others."""
JUDGE_CPU_S = 60.0
"""What judging one rollout may take of the worker's own CPU time, beside what is run in jails and
children of it. Everything that judges has limits of its own, far below; this is for what slips
through them."""
MAX_CHARS = 256 * 1024
"""Completions of one chunk, together; a longer one travels alone."""
_TEXT = ("utf-8", "surrogatepass")
_LIMITS = tuple(field.name for field in dataclasses.fields(LimitsOverride))
_RULES = tuple(field.name for field in dataclasses.fields(AnswerRules))
_RUN = tuple(field.name for field in dataclasses.fields(BareRun))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A few rollouts for one worker, of one batch or of several, each with its number in here."""

    rollouts: Sequence[tuple[int, Rollout]]
    deadlines: Sequence[float]
    """Of each: Unix time in seconds after which nobody waits for it."""
    since: Sequence[float]
    """Of each: Unix time in seconds since when it waits."""
    about: Sequence[Mapping[str, str]]
    """Of each: what lines of the log are about while it is judged."""
    owners: Sequence[str]
    """Of each: whose it is."""


def encode_chunk(chunk: Chunk) -> bytes:
    """The chunk in bytes."""
    places: dict[str, int] = {}
    known: dict[int, int] = {}
    rollouts, texts = [], []
    for index, rollout in chunk.rollouts:
        place = known.get(id(rollout.ground_truth))
        if place is None:
            place = places.setdefault(truth_text(rollout.ground_truth).text, len(places))
            known[id(rollout.ground_truth)] = place
        row = plain_rollout(index, place, rollout)
        text = row.pop("completion").encode(*_TEXT)
        texts.append(text)
        rollouts.append({**row, "bytes": len(text)})
    truths = [text.encode("ascii") for text in places]
    header = (
        f'{{"deadlines":{json.dumps([*chunk.deadlines])},'
        f'"since":{json.dumps([*chunk.since])},"about":{json.dumps([*chunk.about])},'
        f'"owners":{json.dumps([*chunk.owners])},'
        f'"truths":{json.dumps([*map(len, truths)])},'
        f'"rollouts":{json.dumps(rollouts)}}}\n'
    ).encode("ascii")
    return b"".join([header, *truths, *texts])


def decode_chunk(data: bytes) -> Chunk:
    """Rollouts of one group share one ground truth object, as they did before."""
    begin = data.index(b"\n") + 1
    content = json.loads(data[:begin])
    truths, rollouts = [], []
    for size in content["truths"]:
        end = begin + size
        truths.append(TruthText(data[begin:end].decode("ascii")))
        begin = end
    for row, owner in zip(content["rollouts"], content["owners"], strict=True):
        end = begin + row["bytes"]
        row["completion"] = data[begin:end].decode(*_TEXT)
        rollouts.append(rollout_of(row, truths, owner))
        begin = end
    return Chunk(rollouts, *(content[name] for name in ("deadlines", "since", "about", "owners")))


def plain_rollout(index: int, truth: int, rollout: Rollout) -> dict[str, Any]:
    """The rollout as JSON-ready data; `truth` says where its ground truth is."""
    limits = {} if rollout.limits is NO_LIMITS else present(rollout.limits, _LIMITS)
    return {
        "index": index,
        "truth": truth,
        "completion": rollout.completion,
        **present(rollout, ("id", "group", "unusable")),
        **({"truncated": True} if rollout.truncated else {}),
        **({"limits": limits} if limits else {}),
        **({} if rollout.rules is NO_RULES else {"rules": present(rollout.rules, _RULES)}),
        **({"run": present(rollout.run, _RUN)} if rollout.run else {}),
    }


def rollout_of(
    row: Mapping[str, Any], truths: Sequence[TruthText], owner: str
) -> tuple[int, Rollout]:
    """The reverse of `plain_rollout`: (position in the batch, rollout)."""
    limits = row.get("limits")
    return row["index"], Rollout(
        completion=row["completion"],
        ground_truth=truths[row["truth"]],
        id=row.get("id"),
        group=row.get("group"),
        truncated=row.get("truncated", False),
        limits=LimitsOverride(**limits) if limits else NO_LIMITS,
        rules=AnswerRules(**row["rules"]) if "rules" in row else NO_RULES,
        run=BareRun(**row["run"]) if "run" in row else None,
        unusable=row.get("unusable"),
        owner=owner,
    )
