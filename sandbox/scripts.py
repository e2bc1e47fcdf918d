"""A program that reads standard input and writes standard output, run once per input."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

from sandbox.ending import Ending, message_for
from sandbox.model import Limits, RunResult, Status
from sandbox.sealed import new_memory, seal, sealed

if TYPE_CHECKING:
    from sandbox.agent_link import AgentLink

STDERR_BYTES = 8192
_READ_BYTES = 1 << 16
_MEMORY_SIGNS = (b"MemoryError", b"std::bad_alloc", b"OutOfMemoryError")


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
            if self._compiled:
                self._link.start("compiled", self._limits, [self._code, given])
            else:
                self._link.start("script", self._limits, [self._source, self._code, given])
        stdout, stderr = self._link.expect_started()
        try:
            ending, out, err, flooded = self._collect(stdout, stderr)
        finally:
            os.close(stdout)
            os.close(stderr)
        if not self._compiled:
            # Written by the compiler before any line of the program ran, closed before it too.
            self._compiled = os.fstat(self._code).st_size > 0
            if self._compiled:
                seal(self._code)
        status = Status.OUTPUT_LIMIT if flooded else self._status(ending.status, err)
        return RunResult(
            status=status,
            stdout=out,
            stderr=err,
            cpu_s=ending.cpu_s,
            peak_memory_bytes=ending.peak_memory_bytes,
            exit_code=ending.exit_code,
            signal=ending.signal,
            message=message_for(status, err),
        )

    def _status(self, status: Status, err: bytes) -> Status:
        if not self._compiled and status in (Status.NONZERO_EXIT, Status.SIGNALLED):
            return Status.COMPILE_ERROR
        if status is Status.NONZERO_EXIT and any(sign in err[-400:] for sign in _MEMORY_SIGNS):
            return Status.MEMORY_LIMIT
        return status

    def _collect(self, stdout: int, stderr: int) -> tuple[Ending, bytes, bytes, bool]:
        """Read both outputs until the run has ended, and no more of them than the limit."""
        os.set_blocking(stdout, False)
        os.set_blocking(stderr, False)
        limit = self._limits.output_bytes
        captured = {stdout: _Capture(limit, limit), stderr: _Capture(limit, STDERR_BYTES)}
        agent = self._link.fileno()
        poll = select.poll()
        for descriptor in (stdout, stderr, agent):
            poll.register(descriptor, select.POLLIN)
        ending: Ending | None = None
        flooded = False
        while ending is None:
            for descriptor, _ in poll.poll():
                if descriptor == agent:
                    ending = self._link.receive_ending()
                elif not captured[descriptor].read(descriptor):
                    poll.unregister(descriptor)
            if not flooded and any(capture.flooded for capture in captured.values()):
                flooded = True
                self._link.send({"op": "kill"})
        for descriptor, capture in captured.items():
            while capture.read(descriptor):
                pass
        flooded = flooded or any(capture.flooded for capture in captured.values())
        return ending, captured[stdout].bytes(), captured[stderr].bytes(), flooded


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
