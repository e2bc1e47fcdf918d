"""Starts Python as the user who is nobody, with a copy of the code that everybody may read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.jails.host_files import packages
from sandbox.languages import PYTHON

ROOT = Path(__file__).parents[1]
NOBODY = 65534


class NobodyUnavailable(Exception):
    """This machine lets nobody run nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that everybody may read: an environment with an interpreter, and code."""

    folder: Path

    def start(
        self, arguments: Sequence[str], environment: dict[str, str], **options: Any
    ) -> subprocess.Popen[str]:
        """Start its interpreter as nobody. `options` are those of `subprocess.Popen`."""
        return subprocess.Popen(
            [str(self.folder / "bin/python"), *arguments],
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            cwd=self.folder,
            env={"PYTHONPATH": str(self.folder), "PATH": "/usr/bin:/bin", **environment},
            text=True,
            **options,
        )


@contextmanager
def home_with(*parts: str) -> Iterator[Home]:
    """One with these folders and files of the project. Raises NobodyUnavailable."""
    if os.geteuid() != 0:
        raise NobodyUnavailable("only root can become nobody")
    interpreter = _interpreter()
    folder = Path(tempfile.mkdtemp())
    ignored = shutil.ignore_patterns("__pycache__", "tests")
    try:
        subprocess.check_call([interpreter, "-m", "venv", "--without-pip", folder])
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        for name, source in packages(PYTHON).items():
            copied = folder / "lib" / version / "site-packages" / name
            shutil.copytree(source, copied, ignore=ignored)
        for part in parts:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, folder / part, ignore=ignored)
            else:
                shutil.copy(ROOT / part, folder / part)
        for place, _, files in os.walk(folder):
            os.chmod(place, 0o755)
            for file in files:
                if not os.path.islink(f"{place}/{file}"):
                    os.chmod(f"{place}/{file}", 0o644)
        yield Home(folder)
    finally:
        shutil.rmtree(folder)


def _interpreter() -> str:
    """One that nobody may start: Debian's own, where the environment's is in somebody's home."""
    version = repr(sys.version_info[:2])
    for path in (sys.executable, "/usr/bin/python3"):
        command = [path, "-c", f"import sys; sys.exit(sys.version_info[:2] != {version})"]
        try:
            if subprocess.call(command, user=NOBODY, group=NOBODY, cwd="/") == 0:
                return path
        except OSError:
            continue
    raise NobodyUnavailable(f"no Python {version} that everybody may start")
