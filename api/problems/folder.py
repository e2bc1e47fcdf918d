"""Registered ground truths as files, one each, so that they outlast the service.

A file is two lines of JSON, name and ground truth, and is called by the digest of the name: a name
chooses no path.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.http.strict_json import loads
from verifier.model import TruthText

_NAME_BYTES = 16 * 1024
"""More than a file has beside its ground truth."""

logger = logging.getLogger(__name__)


class ProblemFolder:
    """Name -> ground truth, in one folder of one service. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the folder cannot be made or written to."""
        self._path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "it cannot be written to", str(path))

    def save(self, name: str, truth: TruthText) -> None:
        """On disk as a whole, or not at all. Raises OSError."""
        target = self._file(name)
        fresh = target.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(f"{json.dumps(name)}\n{truth.text}".encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def load(self, max_bytes: int) -> Iterator[tuple[str, Any]]:
        """All that can be used, in the order of their files; of the others the log tells."""
        for path in sorted(self._path.glob("*.json")):
            try:
                yield self._read(path, max_bytes)
            except (OSError, ValueError) as error:
                logger.warning("the problem in %s is left out: %s", path, error)

    def _read(self, path: Path, max_bytes: int) -> tuple[str, Any]:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > max_bytes + _NAME_BYTES:
            raise ValueError("it is no file of at most VERIFIER_MAX_PROBLEMS_BYTES")
        first, _, second = path.read_bytes().partition(b"\n")
        name, ground_truth = loads(first), loads(second)
        if not isinstance(name, str) or self._file(name) != path:
            raise ValueError("it is not called by the digest of its problem's name")
        return name, ground_truth

    def _file(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self._path / f"{digest}.json"
