"""What the control group around a jail must limit, whoever made it, and whether it does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sandbox.errors import JailUnavailable
from sandbox.model import MIB

MEMORY_VARIABLE = "VERIFIER_JAIL_MEMORY_MB"
"""Names the memory of a jail, of which one run may use 80%."""
MEMORY_MB = 2048
PIDS = 256


def memory_bytes() -> int:
    """Raises JailUnavailable."""
    asked = os.environ.get(MEMORY_VARIABLE, str(MEMORY_MB))
    if not asked.isdecimal() or int(asked) < MEMORY_MB:
        raise JailUnavailable(f"{MEMORY_VARIABLE} must be a number of at least {MEMORY_MB}")
    return int(asked) * MIB


def require_in_force(seen: Mapping[str, int | None], **more: int) -> None:
    """Raises JailUnavailable where the agent sees a limit not to hold for it: those of every jail,
    and `more`."""
    asked = {"memory": memory_bytes(), "pids": PIDS, **more}
    if Path("/proc/swaps").read_text(encoding="ascii").count("\n") > 1:
        asked["memory_and_swap"] = memory_bytes()
    broken = [f"{name} {seen[name]}" for name in asked if (seen[name] or 1 << 62) > asked[name]]
    if broken:
        raise JailUnavailable(f"the jail's limits are not in force: {'; '.join(broken)}")
