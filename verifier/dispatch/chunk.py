"""How work travels to a worker and back: JSON, never pickle, the same for every queue backend.

A chunk is `{"deadlines": [unix seconds, ...], "since": [...], "about": [{}, ...], "owners": [...],
"truths": [bytes of each], "tasks": [{"index", "truth", "bytes", ...}]}`, a line of JSON, and after
it the ground truths and the completions or sources as they are: escaping them and back would take
as long as judging them, and a ground truth is parsed only where it is judged. `truth` points into
`truths`, so that the one of a group travels once. JSON is ASCII: a lone surrogate is a legal JSON
string and has no UTF-8 form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verifier.dispatch.tasks import plain_task, task_of, text_of_task
from verifier.ground_truth import truth_text
from verifier.model import Rollout, Task, TruthText

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
SLACK = MIN_ROLLOUTS // 2
"""By how many a chunk may be longer or shorter to end where a group does."""
_TEXT = ("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A few tasks for one worker, of one batch or of several, each with its number in here."""

    tasks: Sequence[tuple[int, Task]]
    deadlines: Sequence[float]
    """Of each: Unix time in seconds after which nobody waits for it."""
    since: Sequence[float]
    """Of each: Unix time in seconds since when it waits."""
    about: Sequence[Mapping[str, str]]
    """Of each: what lines of the log are about while it is judged."""
    owners: Sequence[str]
    """Of each: whose it is."""


def with_whole_groups(problems: Sequence[int], most: int, *, is_plenty: bool) -> int:
    """How many of the next tasks, about `most`, to have in a chunk, so that it ends where a group
    does: whoever had the rest of one would have to read its ground truth again.

    `problems` are those of the next tasks (see `tasks.problems_of`), at least `most + SLACK + 1`
    where there are so many. It is more than `most` only where there `is_plenty` for others to do.
    """
    longest = min(len(problems) - 1, most + (SLACK if is_plenty else 0))
    ends = [
        end
        for end in range(max(2, most - min(SLACK, most // 2)), longest + 1)
        if problems[end - 2] == problems[end - 1] != problems[end]
    ]
    return min(ends, key=lambda end: abs(end - most), default=most)


def encode_chunk(chunk: Chunk) -> bytes:
    """The chunk in bytes."""
    places: dict[str, int] = {}
    known: dict[int, int] = {}
    rows, texts = [], []
    for index, task in chunk.tasks:
        place = None
        if isinstance(task, Rollout):
            place = known.get(id(task.ground_truth))
            if place is None:
                place = places.setdefault(truth_text(task.ground_truth).text, len(places))
                known[id(task.ground_truth)] = place
        text = text_of_task(task).encode(*_TEXT)
        texts.append(text)
        rows.append({**plain_task(index, place, task), "bytes": len(text)})
    truths = [text.encode("ascii") for text in places]
    header = (
        f'{{"deadlines":{json.dumps([*chunk.deadlines])},'
        f'"since":{json.dumps([*chunk.since])},"about":{json.dumps([*chunk.about])},'
        f'"owners":{json.dumps([*chunk.owners])},'
        f'"truths":{json.dumps([*map(len, truths)])},'
        f'"tasks":{json.dumps(rows)}}}\n'
    ).encode("ascii")
    return b"".join([header, *truths, *texts])


def decode_chunk(data: bytes) -> Chunk:
    """The reverse of `encode_chunk`. Rollouts of one group share one ground truth object, as they
    did before."""
    begin = data.index(b"\n") + 1
    content = json.loads(data[:begin])
    truths: list[TruthText] = []
    tasks = []
    for size in content["truths"]:
        end = begin + size
        truths.append(TruthText(data[begin:end].decode("ascii")))
        begin = end
    for row, owner in zip(content["tasks"], content["owners"], strict=True):
        end = begin + row["bytes"]
        tasks.append((row["index"], task_of(row, data[begin:end].decode(*_TEXT), truths, owner)))
        begin = end
    return Chunk(tasks, *(content[name] for name in ("deadlines", "since", "about", "owners")))
