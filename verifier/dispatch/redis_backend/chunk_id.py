"""The name of a chunk says all there is to know of it: which rollouts, and how often tried."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TRIES = 3
"""A rollout that lost its worker this often is given up."""
_FORM = re.compile(r"(\d{1,9})-(\d{1,9})-(\d{1,9})-(\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ChunkId:
    """Rollouts `first` to `stop` (exclusive) of the batch, which lie in the payload `payload`.

    `tries` counts the workers that were lost with the first of them. From the first loss on, its
    worker reports each verdict before it begins the next rollout, so that the next loss has a
    culprit.
    """

    payload: int
    first: int
    stop: int
    tries: int = 0

    def __str__(self) -> str:
        return f"{self.payload}-{self.first}-{self.stop}-{self.tries}"

    @classmethod
    def parse(cls, text: str) -> ChunkId:
        """Raises ValueError."""
        match = _FORM.fullmatch(text)
        if not match:
            raise ValueError("not the name of a chunk")
        return cls(*map(int, match.groups()))

    def after_loss(self, culprit: int) -> list[ChunkId]:
        """The chunks to run instead, now that a worker was lost with this one.

        `culprit` is its first rollout without a verdict. After a first loss that may be wrong, and
        everything from there goes out once more; after a second it goes alone; after a third it is
        not among what is returned."""
        tries = self.tries + 1
        if tries == 1:
            return [ChunkId(self.payload, culprit, self.stop, tries)]
        alone = ChunkId(self.payload, culprit, culprit + 1, tries)
        others = ChunkId(self.payload, culprit + 1, self.stop, 1)
        return ([alone] if tries < MAX_TRIES else []) + (
            [others] if others.first < self.stop else []
        )
