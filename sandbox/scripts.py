"""A program that reads standard input and writes standard output, run once per input."""

from __future__ import annotations

import os
import select
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.agent_link import AgentLink
from sandbox.ending import Ending, message_for
from sandbox.model import Limits, RunResult, Status
from sandbox.sealed import new_memory, seal, sealed

STDERR_BYTES = 8192
_READ_BYTES = 1 << 16
_MEMORY_SIGNS = (b"MemoryError", b"std::bad_alloc", b"OutOfMemoryError", b"heap out of memory")
_LAST_WORDS_BYTES = 4096


class Script:
    """A program that is compiled in its first run. Implements `sandbox.jail.Runner`."""

    def __init__(self, link: AgentLink, source: int, limits: Limits) -> None:
        """`source` is a descriptor that stays the caller's."""
        self._link = link
        self._source = source
        self._limits = limits
        self._code = new_memory()
        self._compiled = False

    def close(self) -> None:
        """Let go of the compiled program."""
        os.close(self._code)

    def run(self, stdin: bytes) -> RunResult:
        """See `sandbox.jail.Runner.run`."""
        with sealed(stdin) as given:
            mode = "compiled" if self._compiled else "script"
            needed = [self._code] if self._compiled else [self._source, self._code]
            space = self._limits.memory_bytes
            self._link.start(mode, self._limits, [*needed, given], address_space_bytes=space)
        spoken = speak(self._link, self._limits)
        if not self._compiled:
            # Written by the compiler before any line of the program ran, closed before it too.
            self._compiled = os.fstat(self._code).st_size > 0
            if self._compiled:
                seal(self._code)
        return spoken.result(self._status(spoken))

    def _status(self, spoken: Spoken) -> Status:
        failed = spoken.status in (Status.NONZERO_EXIT, Status.SIGNALLED)
        if failed and not self._compiled:
            return Status.COMPILE_ERROR
        if spoken.status is Status.NONZERO_EXIT and spoken.is_out_of_memory:
            return Status.MEMORY_LIMIT
        return spoken.status


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a run with standard streams ended, and what it wrote."""

    ending: Ending
    stdout: bytes
    stderr: bytes
    flooded: bool
    """It wrote more than its output limit."""

    @property
    def status(self) -> Status:
        """What this comes to, whatever the program said."""
        return Status.OUTPUT_LIMIT if self.flooded else self.ending.status

    @property
    def is_out_of_memory(self) -> bool:
        """Whether it says itself that it failed for lack of memory."""
        return any(sign in self.stderr[-_LAST_WORDS_BYTES:] for sign in _MEMORY_SIGNS)

    def result(self, status: Status, message: str | None = None) -> RunResult:
        """The run's result with this status."""
        return RunResult(
            status=status,
            stdout=self.stdout,
            stderr=self.stderr,
            cpu_s=self.ending.cpu_s,
            peak_memory_bytes=self.ending.peak_memory_bytes,
            exit_code=self.ending.exit_code,
            signal=self.ending.signal,
            message=message_for(status, self.stderr) if message is None else message,
        )


def speak(link: AgentLink, limits: Limits) -> Spoken:
    """Read what the run that was just started writes, up to its limit, until it has ended.

    Raises JailFault."""
    (stdout, stderr), ending = link.receive_outputs()
    try:
        outputs = {
            stdout: _Capture(limits.output_bytes, limits.output_bytes),
            stderr: _Capture(limits.output_bytes, STDERR_BYTES),
        }
        for descriptor in outputs:
            os.set_blocking(descriptor, False)
        if ending is None:
            ending = _listen(link, outputs)
        for descriptor, capture in outputs.items():
            while capture.read(descriptor):
                pass
        flooded = any(capture.flooded for capture in outputs.values())
        return Spoken(ending, outputs[stdout].bytes(), outputs[stderr].bytes(), flooded)
    finally:
        os.close(stdout)
        os.close(stderr)


def _listen(link: AgentLink, outputs: Mapping[int, _Capture]) -> Ending:
    """Read what comes until the run has ended; have it end where that is too much."""
    agent = link.fileno()
    poll = select.poll()
    for descriptor in (*outputs, agent):
        poll.register(descriptor, select.POLLIN)
    ending: Ending | None = None
    flooded = False
    while ending is None:
        for descriptor, _ in poll.poll():
            if descriptor == agent:
                ending = link.receive_ending()
            elif not outputs[descriptor].read(descriptor):
                poll.unregister(descriptor)
        if not flooded and any(capture.flooded for capture in outputs.values()):
            flooded = True
            link.send({"op": "kill"})
    return ending


class _Capture:
    """What came out of one pipe: all up to `limit`, of which the ends are kept."""

    def __init__(self, limit: int, keep: int) -> None:
        self._limit = limit
        self._keep = keep
        self._seen = 0
        self._parts: list[bytes] = []
        self._last = b""
        self._ended = False

    @property
    def flooded(self) -> bool:
        return self._seen > self._limit

    def read(self, descriptor: int) -> bool:
        """Take what is there; False at the end or when there is nothing (left) to take."""
        if self._ended:
            return False
        try:
            data = os.read(descriptor, _READ_BYTES)
        except BlockingIOError:
            return False
        self._ended = not data
        room = self._keep - self._seen
        self._seen += len(data)
        if room > 0:
            self._parts.append(data[:room])
        if len(data) > room:
            self._last = (self._last + data[max(room, 0) :])[-STDERR_BYTES:]
        return bool(data) and not self.flooded

    def bytes(self) -> bytes:
        return b"".join(self._parts) + self._last
