"""What an answer needs of a batch beside the verdicts: it outlives the batch's texts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from api.batches.ingest import Batch
from verifier.dispatch import Recalled
from verifier.model import Member


@dataclass(frozen=True, slots=True)
class Envelope:
    """Of one batch, for as long as someone may ask for its verdicts."""

    batch_id: str | None
    members: Sequence[Member]
    explain: bool
    digest: str | None
    """See `Batch`."""
    verifier: Mapping[str, str] | None
    """Likewise."""
    rewards_only: bool = False
    """Likewise."""

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Takes a millisecond for thousands of rollouts."""
        members = [Member(rollout.id, rollout.group) for rollout in batch.rollouts]
        said = batch.explain, batch.digest, batch.verifier, batch.rewards_only
        return cls(batch.batch_id, members, *said)

    @classmethod
    def of_recalled(cls, recalled: Recalled, batch_id: str) -> Self:
        """Of a batch that another process took."""
        note = json.loads(recalled.note)
        found = note["explain"], note["digest"], note.get("verifier")
        return cls(batch_id, recalled.members, *found, note.get("rewards_only", False))

    @property
    def note(self) -> str:
        """What another process has to know to answer for it; `of_recalled` reads it."""
        note = {
            "explain": self.explain,
            "digest": self.digest,
            "verifier": self.verifier,
            "rewards_only": self.rewards_only,
        }
        return json.dumps(note)
