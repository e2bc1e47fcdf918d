"""The registry of a service that is several processes: what one registered, all find."""

from __future__ import annotations

from typing import Any, NoReturn

import redis

from api.access.keys import Owner
from api.http.errors import Refusal
from api.problems.registry import Registered, describe, registry_full, stored_name
from verifier.dispatch.redis_backend.api_side.problems import ProblemsFull, ProblemStore
from verifier.dispatch.redis_backend.connection import connect


class SharedProblemRegistry:
    """`Problems` in Redis."""

    def __init__(self, url: str, max_problems: int, max_bytes: int) -> None:
        self._store = ProblemStore(connect(url))
        self._max_problems = max_problems
        self._max_bytes = max_bytes

    def put(self, owner: Owner, name: str, ground_truth: Any) -> tuple[Registered, bool]:
        """See `Problems`. Raises Refusal 503 as well, where Redis does not answer."""
        entry = describe(name, ground_truth)
        try:
            new = self._store.put(
                stored_name(owner, name),
                entry.ground_truth,
                entry.public(),
                max_problems=self._max_problems,
                max_bytes=self._max_bytes,
            )
        except ProblemsFull:
            raise registry_full(self._max_problems, self._max_bytes) from None
        except redis.RedisError:
            _away()
        return entry, new

    def get(self, owner: Owner, name: str) -> Registered | None:
        """See `Problems`. Raises Refusal 503 where Redis does not answer."""
        try:
            found = self._store.get(stored_name(owner, name))
        except redis.RedisError:
            _away()
        if found is None:
            return None
        ground_truth, known = found
        return Registered(name, known["sha256"], known["bytes"], ground_truth)


def _away() -> NoReturn:
    raise Refusal(
        503,
        "The registered problems cannot be reached at present; send the request again.",
        headers={"Retry-After": "5"},
    ) from None
