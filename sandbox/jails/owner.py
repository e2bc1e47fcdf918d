"""Names the process that a jail belongs to, so that another one can tell whether it is gone."""

from __future__ import annotations

import functools
import os
from pathlib import Path


@functools.cache
def _here() -> str:
    """This boot of this machine, and the pid namespace in which process ids mean something."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"


def name(process: int | None = None) -> str:
    """Of a process that sees the same process ids, or the calling one's. Raises OSError where there
    is none."""
    number = process or os.getpid()
    return f"{_here()}/{number}/{_started(number)}"


def is_gone(owner: str) -> bool:
    """Whether that process has ended. False where this cannot be known from here."""
    here, _, process = owner.rpartition("/")[0].rpartition("/")
    if here != _here() or not process.isdigit():
        return False
    try:
        return _started(int(process)) != int(owner.rpartition("/")[2])
    except OSError:
        return True


def _started(process: int) -> int:
    """In clock ticks since the boot: two processes of one id differ in it."""
    stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    return int(stat.rpartition(")")[2].split()[19])
