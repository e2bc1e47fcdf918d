"""Environments of tools that some tests run: apart from the tree and from everything else, as one
takes minutes and gigabytes. Each is made of a file of pinned requirements, once."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class Lacking(Exception):
    """The tools cannot be installed here; the text says why."""


@dataclass(frozen=True)
class Environment:
    """One of them."""

    name: str
    requirements: Path
    """All that is installed; nothing else comes along."""
    imports: str
    """Modules that show that it is whole."""

    def python(self) -> Path | None:
        """The interpreter that has the tools, None where it has not been made."""
        return self._python if self._made.exists() else None

    def make(self) -> Path:
        """The same, made where it has not been. Raises Lacking."""
        with self._alone():  # two processes of one test run make it once
            if not self._made.exists():
                pip = [str(self._python), "-m", "pip", "install", "--quiet", "--timeout", "15"]
                commands: list[list[str | Path]] = [
                    [sys.executable, "-m", "venv", "--clear", self._python.parents[1]],
                    [*pip, "--no-deps", "--requirement", self.requirements],
                    [self._python, "-c", f"import {self.imports}"],
                ]
                for command in commands:
                    done = subprocess.run(command, check=False, capture_output=True, text=True)
                    if done.returncode:
                        raise Lacking(done.stderr.strip()[-400:])
                self._made.touch()
        return self._python

    @property
    def _folder(self) -> Path:
        content = self.requirements.read_bytes() + sys.version.encode()
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        digest = hashlib.sha256(content).hexdigest()[:12]
        return cache / "verifier-tests" / f"{self.name}-{digest}"

    @property
    def _python(self) -> Path:
        return self._folder / "environment/bin/python"

    @property
    def _made(self) -> Path:
        return self._folder / "made"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
