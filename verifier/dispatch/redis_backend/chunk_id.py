"""The id of a chunk: which rollouts of which payload, and how often they were tried."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from verifier.model import Kind

MAX_TRIES = 3
"""A rollout that lost its worker this often is given up."""
_NUMBER = r"-(\d{1,9})"
_FORM = re.compile(rf"({'|'.join(Kind)}){_NUMBER}{_NUMBER}{_NUMBER}-(\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ChunkId:
    """Rollouts at the places `first` to `stop` (exclusive) of the batch, in its payload `payload`.

    A batch in Redis is in the order of its kinds, so that each chunk holds one kind: that of the
    workers which may have it. `tries` counts the workers that were lost with the first of its
    rollouts. From the first loss on, its worker reports each verdict before it begins the next
    rollout, so that the next loss has a culprit.
    """

    kind: Kind
    payload: int
    first: int
    stop: int
    tries: int = 0

    def __str__(self) -> str:
        return f"{self.kind}-{self.payload}-{self.first}-{self.stop}-{self.tries}"

    @classmethod
    def parse(cls, text: str) -> ChunkId:
        """Raises ValueError."""
        match = _FORM.fullmatch(text)
        if not match:
            raise ValueError("not the name of a chunk")
        kind, *numbers = match.groups()
        return cls(Kind(kind), *map(int, numbers))

    def after_loss(self, culprit: int) -> list[ChunkId]:
        """The chunks to run instead, now that a worker was lost with this one.

        `culprit` is its first rollout without a verdict. After a first loss that may be wrong, and
        everything from there goes out once more; after a second it goes alone; after a third it is
        not among what is returned."""
        tries = self.tries + 1
        if tries == 1:
            return [replace(self, first=culprit, tries=tries)]
        alone = replace(self, first=culprit, stop=culprit + 1, tries=tries)
        others = replace(self, first=culprit + 1, tries=1)
        return ([alone] if tries < MAX_TRIES else []) + (
            [others] if others.first < self.stop else []
        )
