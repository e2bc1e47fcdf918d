"""Bounds the connections of a server: their number, and their idle or unread bytes.

Nobody here is known yet: a connection costs memory and a descriptor before any key is asked for.
Where there is no more room, whoever has kept the service waiting longest has to go, so that many
half-sent requests or unread answers shut nobody else out.
"""

from __future__ import annotations

import logging
import resource
from dataclasses import dataclass
from typing import Protocol

logger = logging.getLogger("verifier")

SPARE_FILES = 256
"""Descriptors for everything but connections: workers, Redis, files, the log."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What connections may take; the settings of the same names."""

    max_connections: int = 16_384
    head_timeout_s: float = 10.0
    answer_timeout_s: float = 120.0
    max_unread_bytes: int = 256 * 1024 * 1024
    max_heads_bytes: int = 64 * 1024 * 1024
    """Heads that are not complete, of all connections together."""


class Connection(Protocol):
    """What is asked of a connection here."""

    def unread_bytes(self) -> int:
        """Of answers that the other end has not taken yet."""

    def drop(self) -> None:
        """End it at once."""


class Connections:
    """All connections of one server; belongs to the event loop."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._all: set[Connection] = set()
        # In the order in which the waiting began.
        self._without_head: dict[Connection, int] = {}
        """Bytes of the head so far of those that have no request under way."""
        self._head_bytes = 0
        self._without_reader: dict[Connection, None] = {}

    def admit(self, newcomer: Connection) -> bool:
        """Whether there is room for it. One that only keeps the service waiting makes room."""
        if len(self._all) >= self.bounds.max_connections:
            oldest = next(iter(self._without_head or self._without_reader), None)
            if oldest is None:
                return False
            self._drop(oldest)
        self._all.add(newcomer)
        return True

    def remove(self, connection: Connection) -> None:
        """It has ended. Nothing happens where it was not there."""
        self._all.discard(connection)
        self.has_head(connection)
        self.has_reader(connection)

    def lacks_head(self, connection: Connection, so_far_bytes: int) -> None:
        """No request is under way there; of the next one no more than this has come."""
        self._head_bytes += so_far_bytes - self._without_head.get(connection, 0)
        self._without_head[connection] = so_far_bytes
        while self._head_bytes > self.bounds.max_heads_bytes:
            self._drop(next(iter(self._without_head)))

    def has_head(self, connection: Connection) -> None:
        """A request is under way."""
        self._head_bytes -= self._without_head.pop(connection, 0)

    def lacks_reader(self, connection: Connection) -> None:
        """More lies there for the other end than it takes at once."""
        self._without_reader[connection] = None
        while len(self._without_reader) > 1 and self._unread() > self.bounds.max_unread_bytes:
            self._drop(next(iter(self._without_reader)))

    def has_reader(self, connection: Connection) -> None:
        """The other end has caught up."""
        self._without_reader.pop(connection, None)

    def _unread(self) -> int:
        return sum(connection.unread_bytes() for connection in self._without_reader)

    def _drop(self, connection: Connection) -> None:
        self.remove(connection)
        connection.drop()


def raise_file_limit(max_connections: int) -> int:
    """Have as many descriptors as so many connections need, as far as this process may; how many
    connections there is room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max_connections + SPARE_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    room = max(1, wanted - SPARE_FILES)
    if room < max_connections:
        logger.warning(
            "this process may have %d files open (`ulimit -n`), which is room for %d connections "
            "and not for %d (VERIFIER_MAX_CONNECTIONS)",
            wanted,
            room,
            max_connections,
        )
    return room
