"""The keys of a service: whose they are, what each may take, read again when their file changes.

A line of the file is a key, or its digest (`sha256:...`), and what is said of it: `name=TEAM`,
`rollouts_per_s=N`, `queued_rollouts=N`, `traffic=training` (or `evaluation`). Keys of one name are
one owner, so that a key can follow another. Only digests are kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Owner = bytes
"""Whose batches and problems these are: the digest of the key that was sent, or of its name; b""
where the service has no keys. What one owner has, no other ever meets."""
LOOK_S = 1.0
_SHA256 = "sha256:"
_SAID = re.compile(
    r"name=(?P<name>[\w.-]{1,64})"
    r"|rollouts_per_s=(?P<rollouts_per_s>\d{1,9}(\.\d{1,3})?)"
    r"|queued_rollouts=(?P<queued_rollouts>\d{1,9})"
    r"|traffic=(?P<traffic>training|evaluation)",
    re.ASCII,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """One that opens the service."""

    digest: bytes
    """SHA-256."""
    name: str = ""
    rollouts_per_s: float | None = None
    """Rollouts that its owner may send a second, over a minute; None: as many as there is room."""
    queued_rollouts: int | None = None
    """Rollouts of its owner without a verdict, at one API process."""
    traffic: str | None = None
    """The only one it may send; None: whatever the service takes."""

    @property
    def owner(self) -> Owner:
        return hashlib.sha256(f"name:{self.name}".encode()).digest() if self.name else self.digest

    @property
    def label(self) -> str:
        """What metrics call its owner."""
        return self.name or self.digest.hex()[:8]


def digest_of(key: str) -> str:
    """A key, or its digest, as `sha256:<hex>`. Raises ValueError for a digest that is none."""
    if not key.startswith(_SHA256):
        return key and _SHA256 + hashlib.sha256(key.encode()).hexdigest()
    if not re.fullmatch(r"[0-9a-f]{64}", key.removeprefix(_SHA256)):
        raise ValueError("a key's digest should be sha256: and 64 lower-case hexadecimal digits")
    return key


def read_keys(lines: Iterable[str]) -> list[Key]:
    """What a file of keys says. Raises ValueError."""
    keys = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        said: dict[str, str] = {}
        for word in words[1:]:
            match = _SAID.fullmatch(word)
            if not match:
                # Without the word: it may be a key.
                raise ValueError(
                    f"line {number} of the keys says something that is neither name=, "
                    "rollouts_per_s=, queued_rollouts= nor traffic="
                )
            said |= {name: value for name, value in match.groupdict().items() if value}
        rate, queued = said.get("rollouts_per_s"), said.get("queued_rollouts")
        keys.append(
            Key(
                bytes.fromhex(digest_of(words[0]).removeprefix(_SHA256)),
                said.get("name", ""),
                None if rate is None else float(rate),
                None if queued is None else int(queued),
                said.get("traffic"),
            )
        )
    return keys


class KeyRing:
    """The keys as they are now. Where there were none at the start, everyone may ask."""

    def __init__(self, given: Iterable[str], file: Path | None) -> None:
        """`given` beside those of the file. Raises OSError, ValueError."""
        self._given = read_keys(given)
        self._file = file
        self._signature = self._look()
        self._keys: Mapping[bytes, Key] = {}
        self._owners: Mapping[Owner, Key] = {}
        self.read()
        self.needed = bool(self._keys)

    def read(self) -> None:
        """Take those of the file anew. Raises OSError, ValueError, and keeps what was then."""
        found = [*self._given]
        if self._file:
            found += read_keys(self._file.read_text(encoding="utf-8").splitlines())
        self._keys = {key.digest: key for key in found}
        self._owners = {key.owner: key for key in found}

    def owner(self, key: bytes) -> Owner | None:
        """Whose key this is; None where it is none of ours, b"" where none is needed."""
        given = hashlib.sha256(key).digest()
        # Every key is compared, so that time says nothing about which one came close.
        matches = [known for known in self._keys if secrets.compare_digest(given, known)]
        if matches:
            return self._keys[matches[0]].owner
        return None if self.needed else b""

    def key_of(self, owner: Owner) -> Key | None:
        """One of the owner's keys, for what is said of it."""
        return self._owners.get(owner)

    async def watch(self) -> None:
        """Read the file again whenever it has changed; what cannot be used changes nothing."""
        while self._file:
            await asyncio.sleep(LOOK_S)
            signature = await asyncio.to_thread(self._look)
            if signature in (None, self._signature):
                continue
            self._signature = signature
            self.read_again()

    def read_again(self) -> None:
        """`read`, and say in the log how it went."""
        try:
            self.read()
        except (OSError, ValueError) as error:
            logger.error("the keys stay as they were: %s", error)  # noqa: TRY400 - no bug of ours
        else:
            logger.info("the keys were read again: %d", len(self._keys))

    def _look(self) -> tuple[int, int, int] | None:
        """Changes when the file, or what it is a link to, does."""
        try:
            found = os.stat(self._file or "")
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size
