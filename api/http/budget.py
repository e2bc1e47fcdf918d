"""What requests may hold of memory together: while they arrive and are read, and until they are
judged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.http.errors import Refusal
from verifier.dispatch import QueueFull

RETRY_AFTER_S = 5


class BodyBudget:
    """Counts bytes; thread-safe, for large bodies are read in threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self.held_bytes = 0

    def share(self) -> Share:
        """Of one request, with nothing in it yet."""
        return Share(self)

    def take(self, count: int, beside: int = 0) -> None:
        """Have so many bytes more, until they are given back; `beside` is what whoever asks has.

        Raises QueueFull; Refusal 413 where they would not fit if nobody else held anything."""
        with self._lock:
            self.check(count, beside)
            self.held_bytes += count

    def give_back(self, count: int) -> None:
        with self._lock:
            self.held_bytes -= count

    def check(self, count: int, beside: int = 0) -> None:
        """Whether so many could be had now; raises what `take` raises where not."""
        if beside + count > self._most_bytes:
            raise Refusal(
                413,
                f"Parsed, the body takes more than the {self._most_bytes} bytes of memory that all "
                "bodies may hold together (VERIFIER_MAX_HELD_BYTES): a value of a few characters "
                "may take a hundred bytes. Send it in several requests.",
            )
        if self.held_bytes + count > self._most_bytes:
            raise QueueFull(
                f"Other requests hold {self.held_bytes - beside} of the {self._most_bytes} bytes "
                "that all bodies may hold together (VERIFIER_MAX_HELD_BYTES), and this one does "
                "not fit beside them; send it again later, or less at a time.",
                retry_after_s=RETRY_AFTER_S,
            )


class Share:
    """What one request holds of a budget. A context manager that gives all of it back."""

    def __init__(self, budget: BodyBudget) -> None:
        self._budget = budget
        self.held_bytes = 0

    def __enter__(self) -> Share:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back(self.held_bytes)

    def take(self, count: int) -> None:
        """See `BodyBudget`."""
        self._budget.take(count, self.held_bytes)
        self.held_bytes += count

    def give_back(self, count: int) -> None:
        self._budget.give_back(count)
        self.held_bytes -= count

    @contextmanager
    def part(self) -> Iterator[Share]:
        """This share; what is taken meanwhile is given back at the end."""
        before = self.held_bytes
        try:
            yield self
        finally:
            self.give_back(self.held_bytes - before)


@dataclass(frozen=True, slots=True)
class Body:
    """A whole body, and what it holds of the budget; reading it may take more there."""

    data: bytes | bytearray
    share: Share
