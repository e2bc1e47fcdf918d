"""The environment that has the trainers, which `make trainers` makes: apart from the tree and from
everything else, as it takes minutes and 2 GB."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class Lacking(Exception):
    """The trainers cannot be installed here; the text says why."""


def python() -> Path | None:
    """The interpreter that has the trainers, None where it has not been made."""
    return _python() if _made().exists() else None


def make() -> Path:
    """The same, made where it has not been. Raises Lacking."""
    with _alone():  # two processes of one test run make it once
        if not _made().exists():
            pip = [str(_python()), "-m", "pip", "install", "--quiet", "--timeout", "15"]
            commands: list[list[str | Path]] = [
                [sys.executable, "-m", "venv", "--clear", _python().parents[1]],
                [*pip, "--no-deps", "--requirement", REQUIREMENTS],
                [_python(), "-c", "import torch, transformers"],
            ]
            for command in commands:
                done = subprocess.run(command, check=False, capture_output=True, text=True)
                if done.returncode:
                    raise Lacking(done.stderr.strip()[-400:])
            _made().touch()
    return _python()


def _folder() -> Path:
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "verifier-tests" / f"trainers-{digest}"


def _python() -> Path:
    return _folder() / "environment/bin/python"


def _made() -> Path:
    return _folder() / "made"


@contextmanager
def _alone() -> Iterator[None]:
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        print(f"The trainers are in {make()}.")
    except Lacking as reason:
        sys.exit(f"The trainers cannot be installed: {reason}")
