"""What compilers made and is kept: in this process, and in a folder that a machine's workers share.

Only the side that judges writes there: jails see no folder of their machine's, and one that others
could have written to is not used. What is in it may go at any time, and is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from sandbox.model import MIB

MAX_KEPT_BYTES = 64 * MIB
"""By a process."""
MAX_SHARED_BYTES = 256 * MIB
"""By all of a machine together."""
_DIGEST_BYTES = hashlib.sha256().digest_size


class Products:
    """By digest of what the compiler was given, and of the compiler. Thread-safe."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: see `shared_folder`; None: what is kept ends with the process."""
        self._folder = folder
        self._made: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: bytes) -> bytes | None:
        """The product, if it is kept."""
        with self._lock:
            if digest in self._made:
                self._made.move_to_end(digest)
                return self._made[digest]
        made = None
        if self._folder is not None:
            with contextlib.suppress(OSError):
                made = _read(self._folder / digest.hex())
        if made is not None:
            self._keep_here(digest, made)
        return made

    def keep(self, digest: bytes, made: bytes) -> None:
        """Keep this one, and the latest used beside it."""
        self._keep_here(digest, made)
        if self._folder is not None:
            with contextlib.suppress(OSError):
                _write(self._folder, digest.hex(), made)
                _remove_oldest(self._folder)

    def _keep_here(self, digest: bytes, made: bytes) -> None:
        with self._lock:
            self._made[digest] = made
            while len(self._made) > 1 and sum(map(len, self._made.values())) > MAX_KEPT_BYTES:
                self._made.popitem(last=False)


def shared_folder(parent: Path | None = None) -> Path | None:
    """The folder of this user's on this machine; None where there can be none that is nobody
    else's."""
    folder = (parent or Path(tempfile.gettempdir())) / f"verifier-products-{os.geteuid()}"
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
    except OSError:
        return None
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return folder if is_own and not found.st_mode & 0o077 else None


def _read(path: Path) -> bytes | None:
    """What is in there, if it is whole."""
    content = path.read_bytes()
    digest, made = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(made).digest() != digest:
        return None
    os.utime(path)
    return made


def _write(folder: Path, name: str, made: bytes) -> None:
    """So that nobody finds half of it."""
    unfinished = folder / f".{secrets.token_hex(8)}"
    try:
        unfinished.write_bytes(hashlib.sha256(made).digest() + made)
        unfinished.replace(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)


def _remove_oldest(folder: Path) -> None:
    kept = []
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            status = entry.stat(follow_symlinks=False)
            kept.append((status.st_mtime_ns, status.st_size, entry.path))
    size = sum(each[1] for each in kept)
    for _, bytes_, path in sorted(kept)[:-1]:
        if size <= MAX_SHARED_BYTES:
            break
        size -= bytes_
        Path(path).unlink(missing_ok=True)
