"""Named ground truths in Redis, for every API process at it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import redis

from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.kept_truths import Gone, KeptTruths
from verifier.errors import VerifierError
from verifier.model import Kind, TruthText

_PUT = f"""
-- name, what is known of it, its text, its size, most problems, most bytes
-- -> 'new', 'replaced', or 'full' where nothing was changed
local problems, bytes = '{names.PROBLEMS}', '{names.PROBLEMS_BYTES}'
local old = redis.call('HGET', problems, ARGV[1])
local grown = tonumber(ARGV[4]) - (old and cjson.decode(old).bytes or 0)
local total = tonumber(redis.call('GET', bytes) or 0) + grown
local count = redis.call('HLEN', problems) + (old and 0 or 1)
if count > tonumber(ARGV[5]) or total > tonumber(ARGV[6]) then return 'full' end
redis.call('HSET', problems, ARGV[1], ARGV[2])
redis.call('SET', '{names.PROBLEM}' .. ARGV[1], ARGV[3])
redis.call('SET', bytes, total)
return old and 'replaced' or 'new'
"""


class ProblemsFull(VerifierError):
    """One more problem would exceed the bound on their number or size."""


class ProblemStore:
    """Name -> ground truth and what is known of it. Thread-safe; may raise redis.RedisError."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._put = client.register_script(_PUT)
        self._kept = KeptTruths()

    def put(
        self,
        name: str,
        truth: TruthText,
        known: Mapping[str, Any],
        *,
        max_problems: int,
        max_bytes: int,
    ) -> bool:
        """Whether the name is new. `known["bytes"]` is what counts. Raises ProblemsFull."""
        text = truth.text.encode("ascii")
        entry = json.dumps({**known, "text": hashlib.sha256(text).hexdigest(), "kind": truth.kind})
        field = json.dumps(name)
        done = self._put(args=[field, entry, text, known["bytes"], max_problems, max_bytes])
        if done == b"full":
            raise ProblemsFull
        return bool(done == b"new")

    def get(self, name: str) -> tuple[TruthText, dict[str, Any]] | None:
        """(ground truth, what is known of it)."""
        field = json.dumps(name)
        found: Any = self._client.hget(names.PROBLEMS, field)
        if found is None:
            return None
        known = json.loads(found)
        try:
            truth = self._kept.get(known["text"], partial(self._truth, field, known.get("kind")))
        except Gone:
            return None
        return truth, known

    def _truth(self, field: str, kind: str | None) -> TruthText | None:
        found: Any = self._client.get(names.PROBLEM + field)
        return found and TruthText(found.decode("ascii"), Kind(kind) if kind else None)
