"""The value types that the ledger takes and returns; nothing here connects to Redis."""

from __future__ import annotations

import enum
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.model import Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """A batch as it is put into Redis."""

    batch: str
    size: int
    payloads: Mapping[int, bytes]
    truths: Mapping[str, bytes]
    """Large ground truths by the digest that the payloads have in their place."""
    chunks: Sequence[ChunkId]
    order: Sequence[int]
    """Which rollout is at each place: those of one kind lie together."""
    code_from: int
    """The first place of a rollout that needs a sandbox."""
    queue: str
    owner: str
    """Whose turn it takes."""
    about: str
    """JSON of what lines of the log are about where it is judged."""
    is_new: bool
    """Nobody else submits the same."""

    @property
    def bytes(self) -> int:
        """About how much it takes in Redis; less where large ground truths are there already."""
        return sum(map(len, self.payloads.values())) + sum(map(len, self.truths.values()))


@dataclass(frozen=True, slots=True)
class Name:
    """By which any process finds a batch."""

    digest: str
    note: bytes
    members: bytes
    """JSON, written and read by the dispatcher."""


@dataclass(frozen=True, slots=True)
class Left:
    """A batch that nobody here waits for any more."""

    batch: str
    watcher: str
    keep: bool
    """Its verdicts, for someone who sends the same batch again."""


@dataclass(frozen=True, slots=True)
class Found:
    """How far a batch is."""

    verdicts: Sequence[bytes]
    """Those that were asked for."""
    groups: int
    """In which they lie in Redis, as they were reported together."""
    judged: int
    """Positions that have one."""
    closed: bool
    """There will be no more."""
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A chunk that a worker has for itself now."""

    batch: str
    chunk: ChunkId
    payload: bytes | None
    """None where it is too large to have come along."""
    judged: bytes
    """Bitmap over the batch: which positions have their verdict."""
    left_s: float
    """Until the batch's deadline."""
    waited_s: float
    """Since the batch was submitted."""
    queue: str
    """One of QUEUES."""
    about: str
    """As the plan has it, as is the next."""
    owner: str
    others_wait: bool
    """Whether there is enough in its queue for this worker to take one ahead."""
    at: float = field(default_factory=time.monotonic)
    """When it was taken."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker counted since it told last."""

    number: int
    """Of the telling: who gets no answer tells the same again."""
    json: str
    """By `sandbox.counting`'s names; empty where there is nothing new."""


NOTHING = Told(0, "")


@dataclass(frozen=True, slots=True)
class Has:
    """A chunk of a worker, if any."""

    batch: str = ""
    chunk: ChunkId | None = None


NO_CHUNK = Has()


class Standing(enum.IntEnum):
    """How far a worker is with the chunk that it has."""

    LOST = 0
    """It is another's, or nobody waits for any of it."""
    WANTED = 1
    REST_WANTED = 2
    """Nobody waits for the rollout at hand: whoever did has left, or has its verdict."""


@dataclass(frozen=True, slots=True)
class Beaten:
    """What a worker learns when it says that it lives."""

    standing: Standing
    is_drained: bool
    """It is to take no more chunks."""
    has_ahead: bool
    """It has the chunk still that it took while it was at another."""


@dataclass(frozen=True, slots=True)
class WorkerNow:
    """A worker, and what it is at."""

    name: str
    host: str
    pid: str
    state: str
    """As RQ's tools have it: idle, busy."""
    jails: str
    release: str
    lanes: Sequence[str]
    chunks: str
    """Done so far."""
    job: str
    """Batch and chunk that it has; empty where it has none."""
    for_s: float
    """For how long."""


@dataclass(frozen=True, slots=True)
class Census:
    """Workers and queue at one moment, as Redis knows them."""

    workers: int
    serving: Mapping[str, int]
    """Those among them that serve a lane."""
    queued: Mapping[Kind, int]
    """Rollouts without a verdict."""
    fault: str
    """Why a worker could not start or judge lately; empty where none said so."""
    other_formats: Sequence[int] = ()
    """Those of workers here whose release is not ours."""
    used_bytes: int = 0
    """What Redis holds."""
    allowed_bytes: int = 0
    """What it may hold, by its `maxmemory` or, without one, by its machine."""
    evicts: bool = False
    """Whether it removes keys of its own accord when its memory is full."""

    @property
    def queued_rollouts(self) -> int:
        return sum(self.queued.values())


def has_verdict(judged: bytes, position: int) -> bool:
    """Whether that bit of a bitmap, as Redis keeps them, is set."""
    byte, bit = divmod(position, 8)
    return byte < len(judged) and bool(judged[byte] >> (7 - bit) & 1)
