"""The format of a batch in Redis: payloads of a few dozen tasks, large truths apart.

A payload is `{"truth_texts": [...], "shared": {place: sha256}, "tasks": [{"index", "truth",
"text", ...}]}`: each ground truth is a string of its JSON, since it is parsed only where it is
judged. One
under `shared` lies in a key of its own, named by the digest of that text, for every batch and
worker that needs it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import isqrt
from typing import Any

from verifier.dispatch.chunk import MAX_CHARS, MIN_ROLLOUTS, SLACK, with_whole_groups
from verifier.dispatch.costs import CHUNK_COST_S, Costs
from verifier.dispatch.figures import LABEL_CHARS, problem_label
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.kept_truths import Gone, KeptTruths
from verifier.dispatch.redis_backend.records import Plan
from verifier.dispatch.tasks import (
    RUN_LABEL,
    kind_of_task,
    plain_task,
    problems_of,
    task_of,
    text_of_task,
)
from verifier.ground_truth import truth_text
from verifier.model import Kind, Rollout, Run, Task, TruthText

PAYLOAD_ROLLOUTS = 64
MIN_MATH = 8
"""Of one chunk: a chunk costs as much as judging so many answers, so fewer would gain no time."""
CODE_DIVISOR = 6
"""Of a large batch, a chunk of code holds at least its size's root divided by this: for so many
workers that each could have a rollout of its own, Redis would still be handing them out while the
first are long done (docs/scaling.md)."""
SHARED_CHARS = 4096
"""A ground truth longer than this travels alone."""


def plan_batch(
    tasks: Sequence[Task],
    *,
    name: str | None,
    anonymous: str,
    owner: str,
    queue: str,
    workers: int,
    about: str = "{}",
    costs: Costs | None = None,
) -> Plan:
    """Cut a batch for so many workers; what `costs` expect to take long in short chunks, first.

    Of a `name`, the same tasks make the same batch again, wherever and for however many workers;
    without one it is called `anonymous`."""
    order, code_from = _by_kind(tasks)
    placed = [tasks[index] for index in order]
    even = min(PAYLOAD_ROLLOUTS, len(placed) // (4 * max(1, workers)))
    fewest = {Kind.MATH: MIN_MATH, Kind.CODE: max(1, isqrt(len(placed)) // CODE_DIVISOR)}
    payloads: dict[int, bytes] = {}
    truths = _Truths()
    expected_s = list(map((costs or Costs()).expected, placed))
    problems = problems_of(placed)
    chunks: list[tuple[float, ChunkId]] = []
    for kind, start, stop in _stretches(placed, code_from):
        step = max(fewest[kind], even)
        payloads[start] = truths.payload(placed[start:stop], start)
        first = start
        while first < stop:
            following = problems[first : min(stop, first + step + SLACK + 1)]
            is_plenty = stop - first > step + MIN_ROLLOUTS * workers
            last = first + with_whole_groups(following, step, is_plenty=is_plenty)
            end, cost_s = first + 1, expected_s[first]
            while end < min(last, stop) and cost_s + expected_s[end] <= CHUNK_COST_S:
                cost_s += expected_s[end]
                end += 1
            chunks.append((cost_s, ChunkId(kind, start, first, end)))
            first = end
    chunks.sort(key=lambda chunk: -chunk[0])
    batch = anonymous if name is None else _digest(name, payloads)
    return Plan(
        batch,
        len(placed),
        payloads,
        truths.shared,
        [chunk for _, chunk in chunks],
        order,
        code_from,
        queue,
        owner,
        about,
        is_new=name is None,
    )


def _by_kind(tasks: Sequence[Task]) -> tuple[Sequence[int], int]:
    """The positions in the order of the kinds, and where those begin that need a sandbox."""
    math: list[int] = []
    code: list[int] = []
    known: dict[int, list[int]] = {}
    """By the ground truth's id: the rollouts of a group, or of a problem, share one object."""
    for index, task in enumerate(tasks):
        known_as = id(task.ground_truth if isinstance(task, Rollout) else task)
        place = known.get(known_as)
        if place is None:
            place = known[known_as] = math if kind_of_task(task) is Kind.MATH else code
        place.append(index)
    return (math + code if math and code else range(len(tasks))), len(math)


def _stretches(tasks: Sequence[Task], code_from: int) -> Iterator[tuple[Kind, int, int]]:
    """What is a payload each: (kind, first place, place after the last)."""
    start = 0
    while start < len(tasks):
        kind, end = (Kind.MATH, code_from) if start < code_from else (Kind.CODE, len(tasks))
        stop, chars = start, 0
        while stop < min(start + PAYLOAD_ROLLOUTS, end):
            chars += len(text_of_task(tasks[stop]))
            if chars > MAX_CHARS and stop > start:
                break
            stop += 1
        yield kind, start, stop
        start = stop


def _digest(name: str, payloads: dict[int, bytes]) -> str:
    # RQ's records of jobs, which have the batch in their name, know no spaces.
    digest = hashlib.sha256((names.SPACE + json.dumps(name)).encode("ascii"))
    for payload in payloads.values():
        digest.update(payload)
    return digest.hexdigest()[:32]


class _Truths:
    """The ground truths of one batch, each turned into JSON once."""

    def __init__(self) -> None:
        self.shared: dict[str, bytes] = {}
        self._known: dict[int, tuple[str, str | None]] = {}
        """By the object's id: its JSON and, where it travels alone, the digest of that."""

    def payload(self, tasks: Sequence[Task], start: int) -> bytes:
        places: dict[str, int] = {}
        texts: list[str] = []
        shared: dict[str, str] = {}
        rows = []
        for index, task in enumerate(tasks, start):
            place = None
            if not isinstance(task, Run):
                text, digest = self._text(task.ground_truth)
                place = places.setdefault(digest or text, len(texts))
                if place == len(texts):
                    texts.append("" if digest else text)
                    if digest:
                        shared[str(place)] = digest
            rows.append({**plain_task(index, place, task), "text": text_of_task(task)})
        return (
            f'{{"truth_texts":{json.dumps(texts)},"shared":{json.dumps(shared)},'
            f'"tasks":{json.dumps(rows)}}}'
        ).encode("ascii")

    def _text(self, raw: Any) -> tuple[str, str | None]:
        known = self._known.get(id(raw))
        if known is None:
            text = truth_text(raw).text
            digest = None
            if len(text) > SHARED_CHARS:
                data = text.encode("ascii")
                digest = hashlib.sha256(data).hexdigest()
                self.shared[digest] = data
            known = self._known[id(raw)] = (text if digest is None else "", digest)
        return known


def truth_label(payload: bytes, place: int) -> str:
    """What metrics call the ground truth of the task at this place; `unknown` without it."""
    content = json.loads(payload)
    for row in content["tasks"]:
        if row["index"] == place:
            if "truth" not in row:
                return RUN_LABEL
            digest = content["shared"].get(str(row["truth"]))
            return (digest or problem_label(content["truth_texts"][row["truth"]]))[:LABEL_CHARS]
    return "unknown"


class PayloadReader:
    """Reads payloads on a worker, which keeps the large ground truths it met lately."""

    def __init__(self, fetch: Callable[[str], bytes | None]) -> None:
        self._fetch = fetch
        self._truths = KeptTruths()

    def tasks(self, payload: bytes, owner: str) -> list[tuple[int, Task]]:
        """(place in the batch, task), of this owner's. Raises Gone where the payload or a ground
        truth is, LookupError or ValueError where the payload is not of the form of this code."""
        if not payload:
            raise Gone("the payload is no longer in Redis")
        content = json.loads(payload)
        truths = [TruthText(text) for text in content["truth_texts"]]
        for place, digest in content["shared"].items():
            truths[int(place)] = self._truths.get(digest, partial(self._shared, digest))
        return [
            (row["index"], task_of(row, row["text"], truths, owner)) for row in content["tasks"]
        ]

    def _shared(self, digest: str) -> TruthText | None:
        text = self._fetch(digest)
        return None if text is None else TruthText(text.decode("ascii"))
