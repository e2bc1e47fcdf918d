"""What goes into a run: memory that can be read through a descriptor and changed by nobody."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL


def new_memory() -> int:
    """A descriptor of empty memory, to be written to and then sealed."""
    return os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)


def seal(descriptor: int) -> None:
    """From here on nobody can change this memory."""
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)


@contextmanager
def sealed(content: bytes) -> Iterator[int]:
    """A descriptor of memory that holds `content`, read from its beginning."""
    descriptor = new_memory()
    try:
        written = os.pwrite(descriptor, content, 0)
        while written < len(content):
            written += os.pwrite(descriptor, memoryview(content)[written:], written)
        seal(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)
