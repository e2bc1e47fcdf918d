"""Verdicts on programs that workers share through Redis: what one of them found for good, none runs
again (docs/decisions/010-judging-less.md, point 9).

Workers alone read and write it, and each believes those alone that judge as it does: by the same
code, libraries and images. Of mathematics nothing is kept: to ask takes as long as to judge most.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

import redis

import sandbox
import verifier
import verifier_client.final_part
from sandbox.counting import count
from verifier.dispatch.memory import keys_of
from verifier.dispatch.redis_backend.ledger.memory import MemoryLedger
from verifier.model import Result, Task, Verdict
from verifier.remembered import MAY_LAST, Key, Remembered, most_from_environment
from verifier.wire import decode_verdict, encode_result

MAX_BYTES = 4096
"""Of a verdict's JSON; a longer one, of long outputs, is not shared."""


class Recall:
    """Of one worker. Opens the verdicts of chunk after chunk."""

    def __init__(self, client: redis.Redis, judged_by: str) -> None:
        """`judged_by`: see the function of that name. Raises VerifierError as `Remembered` does."""
        most = most_from_environment(os.environ)
        self._ledger = MemoryLedger(client, most)
        self._keyed = Remembered(most)
        self._judged_by = judged_by

    def of(self, tasks: Iterable[tuple[int, Task]], owner: str) -> Recalled:
        """What is known of these, each with its place; nothing where Redis does not answer."""
        keys = keys_of(tasks, owner, self._keyed, self._judged_by)
        recalled = Recalled(self._ledger, keys)
        if keys:
            with suppress(redis.RedisError):
                recalled.look()
        return recalled


class Recalled:
    """What is known of the rollouts of a chunk, and what is learned of them."""

    def __init__(self, ledger: MemoryLedger, keys: dict[int, Key]) -> None:
        self._ledger = ledger
        self._keys = keys
        self._known: dict[int, Verdict] = {}
        self._learned: dict[bytes, bytes] = {}

    def look(self) -> None:
        """Ask Redis. Raises redis.RedisError."""
        late, before = self._ledger.find([*self._keys.values()])
        for (place, key), line, old in zip(self._keys.items(), late, before, strict=True):
            kept = line or old
            if kept and (verdict := _read(kept)):
                self._known[place] = verdict
                if line is None:
                    self._learned[key] = kept  # or it would go, though it is asked for

    def verdict(self, place: int) -> Verdict | None:
        """The one that is known of the rollout at this place."""
        found = self._known.get(place)
        if found is not None:
            count("remembered", "any", "hit")
        return found

    def learn(self, place: int, result: Result) -> None:
        """Keep what came of it, if that lasts."""
        if isinstance(result, Verdict) and result.lasts and (key := self._keys.get(place)):
            line = encode_result(0, result)
            if len(line) <= MAX_BYTES:
                self._learned[key] = line

    def tell(self) -> None:
        """Have others know what was learned. Raises redis.RedisError."""
        if self._learned:
            self._ledger.keep(self._learned)


def _read(line: bytes) -> Verdict | None:
    """What only a worker can have written, and only of a verdict that lasts."""
    try:
        _, verdict = decode_verdict(json.loads(line))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return verdict if verdict.outcome in MAY_LAST else None


def judged_by(surroundings: str) -> str:
    """A digest of all that verdicts on programs follow from beside the rollout: our code, the
    libraries and Python here, the settings, and what programs run in, its `surroundings`."""
    digest = sha256(repr((surroundings, sys.version, platform.machine())).encode())
    settings = sorted(
        pair
        for pair in os.environ.items()
        if pair[0].startswith("VERIFIER_") and pair[0] != "VERIFIER_REDIS"
    )
    digest.update(repr(settings).encode("utf-8", "surrogateescape"))
    digest.update(repr(sorted((each.name, each.version) for each in distributions())).encode())
    folders = (Path(package.__path__[0]) for package in (verifier, sandbox))
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    for path in (*files, Path(verifier_client.final_part.__file__)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
