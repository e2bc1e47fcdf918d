"""The two pipes of a process that is asked and answers in frames: a length, then so many bytes.

Nothing here waits. Every byte that is read was written by candidate code.
"""

from __future__ import annotations

import os
import select
from collections.abc import Collection, Sequence

from sandbox.errors import SandboxError

MAX_FRAME_BYTES = 16 * 1024 * 1024
MAX_ANSWERS_BYTES = 8 * MAX_FRAME_BYTES
"""Of one process, together: decoding them is this side's work, up to a second for every ten
megabytes, and a candidate can write a large answer in no time. Right answers to a LeetCode suite
come to 0.2 MB at most."""
_HEADER_BYTES = 4
_READ_BYTES = 1 << 16


class FrameTooLarge(SandboxError):
    """An answer is longer than it may be; the text says so of the returned values."""


class FramePipes:
    """The worker's ends."""

    def __init__(self, requests: int, answers: int, poll: select.poll, output_bytes: int) -> None:
        """`requests` and `answers` are non-blocking descriptors that stay the caller's; `poll` has
        those of them that there is something to wait for. An answer has `output_bytes` at most."""
        self._requests = requests
        self._answers = answers
        self._poll = poll
        self._frame_limit = min(output_bytes, MAX_FRAME_BYTES)
        self._answers_bytes_left = MAX_ANSWERS_BYTES
        self._received = bytearray()
        self._unsent = memoryview(b"")
        self._answers_open = True
        poll.register(answers, select.POLLIN)

    @property
    def has_unsent(self) -> bool:
        """Whether the process has not taken all of the request yet."""
        return bool(self._unsent)

    @property
    def has_frame(self) -> bool:
        """Whether all of the next frame is there."""
        size = int.from_bytes(self._received[:_HEADER_BYTES], "big")
        return len(self._received) >= _HEADER_BYTES + size

    def send(self, requests: Sequence[bytes]) -> None:
        """Send what fits of a frame of these, each a frame itself, and the rest as it is read."""
        framed = b"".join(part for text in requests for part in (_header(len(text)), text))
        self._unsent = memoryview(_header(len(framed)) + framed)
        self._write_some()
        if self._unsent:
            self._poll.register(self._requests, select.POLLOUT)

    def move(self, ready: Collection[int]) -> bool:
        """Read and write where `ready` says so; whether anything moved."""
        moved = self._answers in ready and self.read_some()
        if self._requests in ready:
            moved = self._write_some() or moved
            if not self._unsent:
                self._poll.unregister(self._requests)
        return moved

    def read_some(self) -> bool:
        """Take what is there; False at the end, or when there is nothing (left) to take."""
        try:
            data = os.read(self._answers, _READ_BYTES)
        except BlockingIOError:
            return False
        self._received += data
        if not data and self._answers_open:
            self._answers_open = False
            self._poll.unregister(self._answers)
        return bool(data)

    def take(self) -> bytes | None:
        """The next frame, None where not all of it is there yet. Raises FrameTooLarge."""
        received = self._received
        if len(received) < _HEADER_BYTES:
            return None
        end = _HEADER_BYTES + int.from_bytes(received[:_HEADER_BYTES], "big")
        if end > min(self._frame_limit, self._answers_bytes_left) + _HEADER_BYTES:
            which = "value is" if end > self._frame_limit + _HEADER_BYTES else "values are"
            raise FrameTooLarge(f"the returned {which} too large")
        if len(received) < end:
            return None
        self._answers_bytes_left -= end - _HEADER_BYTES
        frame = bytes(received[_HEADER_BYTES:end])
        del received[:end]
        return frame

    def _write_some(self) -> bool:
        """Send what fits of the request; False where nothing does."""
        try:
            sent = os.write(self._requests, self._unsent)
        except BlockingIOError:
            return False
        except BrokenPipeError:
            sent = len(self._unsent)  # its end is reported on the agent's socket
        self._unsent = self._unsent[sent:]
        return sent > 0


def _header(size: int) -> bytes:
    return size.to_bytes(_HEADER_BYTES, "big")
