"""What request bodies may hold of memory together: while they arrive, and while they are judged."""

from __future__ import annotations

from verifier.dispatch import QueueFull

RETRY_AFTER_S = 5


class BodyBudget:
    """Counts bytes of bodies; belongs to the event loop."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.held_bytes = 0

    def take(self, count: int) -> None:
        """Have so many bytes more, until they are given back. Raises QueueFull."""
        self.check(count)
        self.held_bytes += count

    def give_back(self, count: int) -> None:
        self.held_bytes -= count

    def check(self, count: int) -> None:
        """Whether so many could be had now. Raises QueueFull where not."""
        if self.held_bytes + count > self._most_bytes:
            raise QueueFull(
                f"Other requests hold {self.held_bytes} of the {self._most_bytes} bytes that all "
                "bodies may hold together (VERIFIER_MAX_HELD_BYTES), and this one does not fit "
                "beside them; send it again later, or less at a time.",
                retry_after_s=RETRY_AFTER_S,
            )
