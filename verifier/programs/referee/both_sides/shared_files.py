"""Files that a test program and its candidate share: what either writes the other finds.

Sent as text into both jails, beside `crossing`; standard library only. A file crosses as its path
below the folder that both work in, and its bytes; nothing else of it does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

FOLDER = "/tmp"  # noqa: S108 - the jail's own, which each run finds empty
MAX_FILES = 25_000
MAX_BYTES = 8 << 20
"""Of all files together."""
_IS_FOLDER, _IS_GONE = True, False
"""What crosses in the place of bytes."""


class SharedFiles:
    """The files of one side, and what the other knows of them."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._brought: set[str] = set()
        """The paths of what the other side has written."""

    def are_too_many(self) -> bool:
        """Whether what this side has written by itself is more than may cross."""
        places = [place for path, place in _paths() if path not in self._brought]
        sizes = [os.path.getsize(place) for place in places if os.path.isfile(place)]
        return sum(sizes) > MAX_BYTES or len(places) > MAX_FILES

    def changed(self) -> dict[str, Any]:
        """What is other than the other side knows: the content of files by their path, or that one
        is a folder or is gone. Raises OSError for more than may cross."""
        now = _files()
        changes = {path: held for path, held in now.items() if self._known.get(path) != held}
        changes |= dict.fromkeys(self._known.keys() - now.keys(), _IS_GONE)
        self._known = now
        return changes

    def change(self, changes: Mapping[Any, Any]) -> None:
        """Have here what the other side tells of. Raises OSError or ValueError for paths that
        lead anywhere else, and for more than may cross."""
        if sum(len(held) for held in changes.values() if type(held) is bytes) > MAX_BYTES:
            raise OSError("files of too many bytes")
        self._brought.update(changes)
        for path in sorted(changes):
            self._change_one(_place(path), changes[path])
        self._known = _files()

    def _change_one(self, place: str, held: object) -> None:
        if type(held) is bytes:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(held)
        elif held is _IS_FOLDER:
            os.makedirs(place, exist_ok=True)
        elif os.path.isdir(place):
            shutil.rmtree(place)
        elif os.path.exists(place):
            os.remove(place)


def _place(path: str) -> str:
    """Where a path of the other side's is here. Raises ValueError where it leads out of the
    folder."""
    place = os.path.join(FOLDER, path)
    if os.path.realpath(place) != place or not place.startswith(f"{FOLDER}/"):
        raise ValueError("a path that leads elsewhere")
    return place


def _paths() -> Iterator[tuple[str, str]]:
    """The path below `FOLDER`, and the place, of all files and folders there but for links."""
    for folder, folders, files in os.walk(FOLDER):
        for name in (*folders, *files):
            place = os.path.join(folder, name)
            if not os.path.islink(place):
                yield os.path.relpath(place, FOLDER), place


def _files() -> dict[str, Any]:
    """The regular files and the folders below `FOLDER`, by their path there."""
    found: dict[str, Any] = {}
    left = MAX_BYTES
    for path, place in _paths():
        if os.path.isdir(place):
            found[path] = _IS_FOLDER
        elif os.path.isfile(place):
            with open(place, "rb") as file:
                found[path] = file.read(left + 1)
            left -= len(found[path])
        if left < 0 or len(found) > MAX_FILES:
            raise OSError("more files than may be shared with a test program")
    return found
