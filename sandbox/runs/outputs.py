"""What runs write to standard output and error: read up to a limit, with how each run ended."""

from __future__ import annotations

import itertools
import os
import select
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.model import Limits, RunResult, Status
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.ending import Ending, message_for

STDERR_BYTES = 8192
_READ_BYTES = 1 << 16
_MEMORY_SIGNS = (b"MemoryError", b"std::bad_alloc", b"OutOfMemoryError", b"heap out of memory")
_LAST_WORDS_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Output:
    """How a run with standard streams ended, and what it wrote."""

    ending: Ending
    stdout: bytes
    stderr: bytes
    flooded: bool
    """It wrote more than its output limit."""

    @property
    def status(self) -> Status:
        """The status of the run, told by how it ended and not by what it wrote."""
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
            slept_s=self.ending.slept_s,
            message=message_for(status, self.stderr) if message is None else message,
        )


def read_outputs(link: AgentLink, limits: Limits) -> list[Output]:
    """Read what the runs that were just asked for write, up to its limit each, until they have
    ended: as many of them as the agent did in one go, in order, and at least one.

    Raises JailFault."""
    outputs, endings = link.receive_outputs()
    try:
        captures = [
            (
                Capture(stdout, limits.output_bytes, limits.output_bytes),
                Capture(stderr, limits.output_bytes, STDERR_BYTES),
            )
            for stdout, stderr in outputs
        ]
        if len(endings) < len(outputs):
            endings.append(_listen(link, captures[-1]))
        return [
            _read_to_the_end(ending, *of_one)
            for ending, of_one in zip(endings, captures, strict=True)
        ]
    finally:
        for descriptor in itertools.chain.from_iterable(outputs):
            os.close(descriptor)


def _read_to_the_end(ending: Ending, stdout: Capture, stderr: Capture) -> Output:
    for capture in (stdout, stderr):
        while capture.read():
            pass
    return Output(ending, stdout.bytes(), stderr.bytes(), stdout.flooded or stderr.flooded)


def _listen(link: AgentLink, captures: Sequence[Capture]) -> Ending:
    """Read what comes until the run has ended; have it end where that is too much."""
    by_descriptor = {capture.descriptor: capture for capture in captures}
    agent = link.fileno()
    poll = select.poll()
    for descriptor in (*by_descriptor, agent):
        poll.register(descriptor, select.POLLIN)
    ending: Ending | None = None
    flooded = False
    while ending is None:
        for descriptor, _ in poll.poll():
            if descriptor == agent:
                ending = link.receive_ending()
            elif not by_descriptor[descriptor].read():
                poll.unregister(descriptor)
        if not flooded and any(capture.flooded for capture in captures):
            flooded = True
            link.send({"op": "kill"})
    return ending


class Capture:
    """What came out of one pipe: all up to `limit`, of which the ends are kept."""

    def __init__(self, descriptor: int, limit: int, keep: int) -> None:
        """`descriptor` stays the caller's."""
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self._limit = limit
        self._keep = keep
        self._seen = 0
        self._parts: list[bytes] = []
        self._last = b""
        self.latest = b""
        """What the last look found."""
        self.ended = False
        """Whether nothing can come any more."""

    @property
    def flooded(self) -> bool:
        return self._seen > self._limit

    def read(self) -> bool:
        """Take what is there; False at the end or when there is nothing (left) to take."""
        self.latest = b""
        if self.ended:
            return False
        try:
            data = os.read(self.descriptor, _READ_BYTES)
        except BlockingIOError:
            return False
        self.latest = data
        self.ended = not data
        room = self._keep - self._seen
        self._seen += len(data)
        if room > 0:
            self._parts.append(data[:room])
        if len(data) > room:
            self._last = (self._last + data[max(room, 0) :])[-STDERR_BYTES:]
        return bool(data) and not self.flooded

    def bytes(self) -> bytes:
        return b"".join(self._parts) + self._last
