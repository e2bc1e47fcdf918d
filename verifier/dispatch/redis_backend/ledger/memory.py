"""Verdicts that last, in Redis for all workers; it may lose any of them at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import redis

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.lua import memory


class MemoryLedger:
    """Finds and keeps them by their keys, as bytes that are the caller's affair."""

    def __init__(self, client: redis.Redis, most: int) -> None:
        """At most so many verdicts are kept, and those of one chunk."""
        self._client = client
        self._most = most
        self._keep = client.register_script(memory.KEEP)

    def find(self, keys: Sequence[bytes]) -> tuple[list[bytes | None], list[bytes | None]]:
        """For each key what is kept; and apart what is, if it was not asked for of late."""
        with self._client.pipeline(transaction=False) as pipe:
            for name in (names.REMEMBERED, names.REMEMBERED_BEFORE):
                pipe.hmget(name, keys)
            late, before = pipe.execute()
        return late, before

    def keep(self, verdicts: Mapping[bytes, bytes]) -> None:
        """Have them found from now on, in place of those asked for least where there are many."""
        pairs: list[Any] = [word for pair in verdicts.items() for word in pair]
        self._keep(args=[self._most, *pairs])
