"""A program loaded in one process, called with one input after the other."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sandbox import codec
from sandbox.ending import Ending, message_for
from sandbox.model import CallResult, Limits, Status

if TYPE_CHECKING:
    from sandbox.agent_link import AgentLink

MARK_INTERVAL_S = 0.02
"""A call's limits count from the last mark before it: up to this much of earlier calls may count
to it. Against limits of seconds that is nothing, and fast calls cost no message."""
MAX_FRAME_BYTES = 16 * 1024 * 1024
MAX_EXCUSED_SLEEPS = 3
"""How often in one exchange a sleep may have been a wait for us: who hands out an answer byte by
byte must not sleep for ever."""
_HEADER_BYTES = 4
_READ_BYTES = 1 << 16


class CallProcess:
    """The worker's end of the process. Implements `sandbox.jail.Calls`.

    Every byte that it reads here was written by candidate code."""

    def __init__(self, link: AgentLink, requests: int, answers: int, limits: Limits) -> None:
        """`requests` and `answers` are non-blocking descriptors that stay the caller's."""
        self._link = link
        self._requests = requests
        self._answers = answers
        self._frame_limit = min(limits.output_bytes, MAX_FRAME_BYTES)
        self._received = bytearray()
        self._unsent = memoryview(b"")
        self._excused = 0
        self._over: CallResult | None = None
        self._ending: Ending | None = None
        self._marks = 0
        self._marked_at = time.monotonic()
        self._loaded = False
        self._answers_open = True
        self._poll = select.poll()
        self._poll.register(answers, select.POLLIN)
        self._poll.register(link.fileno(), select.POLLIN)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the process; known once it has ended, 0 before."""
        return self._ending.cpu_s if self._ending else 0.0

    @property
    def peak_memory_bytes(self) -> int:
        """Likewise."""
        return self._ending.peak_memory_bytes if self._ending else 0

    def call(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], *, consume: bool = False
    ) -> CallResult:
        """See `sandbox.jail.Calls.call`."""
        if not self._loaded:
            self._over = self._over or self._load()
            self._loaded = True
        if self._over is not None:
            return self._over
        request = codec.encode([list(args), dict(kwargs), consume])
        now = time.monotonic()
        if now - self._marked_at > MARK_INTERVAL_S:
            self._link.send({"op": "mark"})
            self._marks += 1
            self._marked_at = now
        frame = self._exchange(len(request).to_bytes(_HEADER_BYTES, "big") + request)
        result = self._broken() if frame is None else _read_answer(frame)
        if result.status is not Status.OK and result.raised is None:
            self._over = result
        return result

    def end(self) -> None:
        """Kill what is left of the process; the jail is free for the next run then."""
        if self._ending is None and self._link.reusable:
            self._link.send({"op": "kill"})
            while self._ending is None:
                self._ending = self._link.receive_ending()

    def _load(self) -> CallResult | None:
        """Wait until the program has been loaded; what went wrong, or None."""
        frame = self._exchange(b"")
        if frame is None:
            return self._broken()
        try:
            kind, content = _open_frame(frame)
            if kind == "loaded":
                return None
            name, text = _exception(content)
        except codec.MalformedError as error:
            return CallResult(Status.NONZERO_EXIT, message=str(error))
        status = Status.COMPILE_ERROR if kind == "compile_error" else _status_of_exception(name)
        return CallResult(status, message=text)

    def _exchange(self, request: bytes) -> bytes | None:
        """Send a request, await one frame. None where the process ended without a whole one, or had
        to be ended."""
        self._unsent = memoryview(request)
        self._excused = 0
        self._write_some()
        if self._unsent:
            self._poll.register(self._requests, select.POLLOUT)
        while (frame := self._take_frame()) is None and self._ending is None:
            ready = {descriptor for descriptor, _ in self._poll.poll()}
            moved = self._answers in ready and self._read_some()
            if self._requests in ready:
                moved = self._write_some() or moved
                if not self._unsent:
                    self._poll.unregister(self._requests)
            if self._link.fileno() in ready:
                self._hear_the_agent(moved)
            if self._is_flooded() and self._ending is None:
                self._over = CallResult(
                    Status.OUTPUT_LIMIT, message="the returned value is too large"
                )
            if self._over is not None:
                return None
        if self._unsent and self._ending is None:
            # Answered before it was asked: the rest would pass for the next request's beginning.
            self._over = CallResult(Status.NONZERO_EXIT, message="answered before it was asked")
            return None
        return frame

    def _hear_the_agent(self, moved: bool) -> None:
        """The run has ended, or sleeps: its wait for us does not count, one of its own does.

        `moved`: bytes of this exchange had been waiting for us. On a busy machine we may come late,
        to several reports of one wait, so all that are there are heard before any is believed."""
        slept = False
        while self._ending is None and select.select([self._link], [], [], 0)[0]:
            message = self._link.receive()
            if message["event"] == "ended":
                self._ending = self._link.read_ending(message)
                while self._read_some():
                    pass
            else:
                slept = slept or message["marks"] == self._marks
        if slept and self._ending is None:
            self._excused += 1
            waited_for_us = self._read_some() or moved
            if not waited_for_us or self._excused > MAX_EXCUSED_SLEEPS:
                self._over = CallResult(Status.TIME_LIMIT, message=message_for(Status.TIME_LIMIT))

    def _write_some(self) -> bool:
        """Send what fits of the request; False where nothing does."""
        try:
            sent = os.write(self._requests, self._unsent) if self._unsent else 0
        except BlockingIOError:
            return False
        except BrokenPipeError:
            sent = len(self._unsent)  # its end is reported on the agent's socket
        self._unsent = self._unsent[sent:]
        return sent > 0

    def _read_some(self) -> bool:
        """Take what is there; False at the end, or when there is nothing (left) to take."""
        try:
            data = os.read(self._answers, _READ_BYTES)
        except BlockingIOError:
            return False
        self._received += data
        if not data and self._answers_open:
            self._answers_open = False
            self._poll.unregister(self._answers)
        return bool(data) and not self._is_flooded()

    def _is_flooded(self) -> bool:
        return len(self._received) > self._frame_limit + _HEADER_BYTES

    def _take_frame(self) -> bytes | None:
        received = self._received
        if len(received) < _HEADER_BYTES:
            return None
        end = _HEADER_BYTES + int.from_bytes(received[:_HEADER_BYTES], "big")
        if len(received) < end:
            return None
        frame = bytes(received[_HEADER_BYTES:end])
        del received[:end]
        return frame

    def _broken(self) -> CallResult:
        if self._over is not None:
            return self._over
        assert self._ending is not None
        status = self._ending.status
        if status is Status.OK:
            status = Status.NONZERO_EXIT
        return CallResult(
            status, message=message_for(status) or "the program ended before it answered"
        )


def _read_answer(frame: bytes) -> CallResult:
    try:
        kind, content = _open_frame(frame)
        if kind == "value":
            return CallResult(Status.OK, value=content)
        name, text = _exception(content)
    except codec.MalformedError as error:
        return CallResult(Status.NONZERO_EXIT, message=str(error), raised="MalformedAnswer")
    status = _status_of_exception(name)
    if status is Status.NONZERO_EXIT:
        return CallResult(status, message=text, raised=name)
    return CallResult(status, message=message_for(status))


def _open_frame(frame: bytes) -> tuple[str, Any]:
    """The kind and content of a frame from a candidate's process. Raises codec.MalformedError."""
    message = codec.decode(frame)
    if type(message) is not list or len(message) != 2 or type(message[0]) is not str:
        raise codec.MalformedError("not a frame")
    return message[0], message[1]


def _exception(content: Any) -> tuple[str, str]:
    if type(content) is not list or [type(part) for part in content] != [str, str]:
        raise codec.MalformedError("not an exception")
    return content[0], content[1]


def _status_of_exception(name: str) -> Status:
    if name == "MemoryError":
        return Status.MEMORY_LIMIT
    return Status.OUTPUT_LIMIT if name == "TooLargeError" else Status.NONZERO_EXIT
