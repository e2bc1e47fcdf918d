"""Counts of all workers of one supervisor, which they write to one pipe."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from itertools import islice

from verifier.dispatch.figures import add_counts

TOGETHER = 32
"""Counts of one line: as a whole it is shorter than what a pipe takes at once (PIPE_BUF)."""


class Collected:
    """The supervisor's end."""

    def __init__(self) -> None:
        read_end, self.write_end = os.pipe()
        os.set_blocking(self.write_end, False)  # who writes would rather lose a line than wait
        self._counts: dict[str, float] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._read, args=[read_end], name="counts", daemon=True).start()

    def counts(self) -> Mapping[str, float]:
        """All so far."""
        with self._lock:
            return dict(self._counts)

    def _read(self, read_end: int) -> None:
        with open(read_end, "rb") as lines:
            for line in lines:
                with self._lock:
                    add_counts(self._counts, json.loads(line))


def tell(write_end: int, counts: Mapping[str, float]) -> None:
    """A worker's end."""
    with contextlib.suppress(BlockingIOError):
        for line in in_lines(counts):
            os.write(write_end, line.encode("ascii") + b"\n")


def in_lines(counts: Mapping[str, float]) -> Iterator[str]:
    """JSON of a few counts each."""
    items = iter(counts.items())
    while some := dict(islice(items, TOGETHER)):
        yield json.dumps(some, separators=(",", ":"))
