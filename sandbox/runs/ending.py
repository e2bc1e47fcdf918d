"""The agent's report on a run that has ended, and the status that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.model import Status

KILLED = "killed"
_MESSAGES = {
    Status.TIME_LIMIT: "used up its CPU time, or slept past the wall limit",
    Status.MEMORY_LIMIT: "used more memory than its limit",
    Status.OUTPUT_LIMIT: "wrote more than its output limit",
}
_STATUS_OF_LIMIT = {
    "time": Status.TIME_LIMIT,
    "asleep": Status.TIME_LIMIT,
    "memory": Status.MEMORY_LIMIT,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, measured and seen from outside of it."""

    exit_code: int | None
    signal: int | None
    limit: str | None
    """The limit that the agent ended it for, KILLED where the worker asked for it, or None."""
    cpu_s: float
    slept_s: float
    """Seconds asleep, as far as they were seen; of calls, also those spent waiting for the next."""
    peak_memory_bytes: int

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Ending:
        """From the agent's `ended` message."""
        return cls(**{name: message[name] for name in cls.__slots__})

    @property
    def status(self) -> Status:
        """The status of the run, before its output has been looked at."""
        if self.limit in _STATUS_OF_LIMIT:
            return _STATUS_OF_LIMIT[self.limit]
        if self.signal is not None:
            return Status.SIGNALLED
        return Status.OK if self.exit_code == 0 else Status.NONZERO_EXIT


def message_for(status: Status, stderr: bytes = b"") -> str:
    """One line for a person: the limit that was hit, or the program's own last words."""
    if status in (Status.NONZERO_EXIT, Status.COMPILE_ERROR):
        lines = stderr.decode(errors="replace").strip().splitlines()
        return lines[-1][:500] if lines else ""
    return _MESSAGES.get(status, "")
