"""How much CPU time another process has used."""

from __future__ import annotations

import time


def cpu_s_of(process: int) -> float:
    """Seconds, without those of its children; 0 where it has ended."""
    try:
        return time.clock_gettime((~process << 3) | 2)  # see clock_getcpuclockid(3)
    except OSError:
        return 0.0
