"""The registry of ground truths that rollouts name instead of carrying.

Every owner has names of their own: nobody judges against, replaces or hears of another's. That
holds for a name that is a digest too, since whoever knows a digest need not know what it is of.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
from dataclasses import dataclass
from typing import Any, Protocol

from api.access.keys import Owner
from api.http.errors import Refusal
from api.http.schemas.fields import MAX_NAME_CHARS
from api.problems.folder import ProblemFolder
from verifier.ground_truth import truth_text
from verifier.model import TruthText

logger = logging.getLogger(__name__)

_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


def canonical_json(value: Any) -> bytes:
    """The bytes that a `sha256:` name is the digest of.

    Keys sorted, no white space, everything beyond ASCII escaped: what Python's
    `json.dumps(value, sort_keys=True, separators=(",", ":"))` gives."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


@dataclass(frozen=True, slots=True)
class Registered:
    """One ground truth under its name."""

    name: str
    sha256: str
    size_bytes: int
    """Of its canonical JSON."""
    ground_truth: TruthText

    def public(self) -> dict[str, Any]:
        """What its owner is shown of it: not the ground truth itself."""
        return {"name": self.name, "sha256": self.sha256, "bytes": self.size_bytes}


class Problems(Protocol):
    """Named ground truths. Thread-safe; bounded in number and size, over all owners."""

    def put(self, owner: Owner, name: str, ground_truth: Any) -> tuple[Registered, bool]:
        """What is registered now, and whether the name is new to its owner.

        Raises Refusal 422 for a name that does not fit, 507 where the registry is full."""

    def get(self, owner: Owner, name: str) -> Registered | None:
        """What this owner registered under this name."""


def stored_name(owner: Owner, name: str) -> str:
    """What a store calls it: no other pair is called the same, for a name has no line break."""
    return f"{owner.hex()}\n{name}" if owner else name


def describe(name: str, ground_truth: Any) -> Registered:
    """The entry that a ground truth makes under this name. Raises Refusal 422."""
    canonical = canonical_json(ground_truth)
    digest = hashlib.sha256(canonical).hexdigest()
    _check_name(name, digest)
    return Registered(name, digest, len(canonical), truth_text(ground_truth))


def registry_full(max_problems: int, max_bytes: int) -> Refusal:
    """What to do when no more can be registered."""
    return Refusal(
        507,
        f"The registry is full ({max_problems} problems, {max_bytes} bytes); raise "
        "VERIFIER_MAX_PROBLEMS or VERIFIER_MAX_PROBLEMS_BYTES, or send the ground truth with its "
        "rollouts.",
    )


class ProblemRegistry:
    """`Problems` in memory; with a folder, those of earlier services there as well."""

    def __init__(
        self, max_problems: int, max_bytes: int, folder: ProblemFolder | None = None
    ) -> None:
        self._max_problems = max_problems
        self._max_bytes = max_bytes
        self._problems: dict[str, Registered] = {}
        self._bytes = 0
        self._folder: ProblemFolder | None = None
        self._lock = threading.Lock()
        for stored, ground_truth in folder.load(max_bytes) if folder else ():
            owner, _, name = stored.rpartition("\n")
            try:
                self.put(bytes.fromhex(owner), name, ground_truth)
            except (Refusal, ValueError) as error:
                logger.warning("the problem %r is left out: %s", name, error)
        self._folder = folder

    def put(self, owner: Owner, name: str, ground_truth: Any) -> tuple[Registered, bool]:
        """See `Problems`. Raises Refusal 507 as well where it cannot be written to the folder."""
        entry = describe(name, ground_truth)
        stored = stored_name(owner, name)
        with self._lock:
            old = self._problems.get(stored)
            total = self._bytes + entry.size_bytes - (old.size_bytes if old else 0)
            if len(self._problems) + (old is None) > self._max_problems or total > self._max_bytes:
                raise registry_full(self._max_problems, self._max_bytes)
            if self._folder:
                _save(self._folder, stored, entry.ground_truth)
            self._problems[stored] = entry
            self._bytes = total
        return entry, old is None

    def get(self, owner: Owner, name: str) -> Registered | None:
        """See `Problems`."""
        return self._problems.get(stored_name(owner, name))


def _save(folder: ProblemFolder, stored: str, truth: TruthText) -> None:
    try:
        folder.save(stored, truth)
    except OSError as error:
        logger.exception("a problem cannot be stored")
        raise Refusal(
            507,
            f"The problem cannot be stored ({error.strerror}) and is not registered; see to "
            "VERIFIER_PROBLEMS_DIR, or send the ground truth with its rollouts.",
        ) from None


def _check_name(name: str, digest: str) -> None:
    if not 0 < len(name) <= MAX_NAME_CHARS or not name.isprintable():
        raise Refusal(
            422, f"A problem's name has 1 to {MAX_NAME_CHARS} printable characters; choose another."
        )
    if name.startswith("sha256:") and name != f"sha256:{digest}":
        wrong = "is not 64 lower-case hexadecimal digits"
        if _SHA256.fullmatch(name):
            wrong = f"is not that of the body, which is {digest}"
        raise Refusal(
            422,
            f"The digest in the name {wrong}. It is taken over the canonical JSON: keys sorted, no "
            "white space, everything beyond ASCII escaped.",
        )
