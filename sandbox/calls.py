"""A program loaded in one process, called with one input after the other."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox import codec
from sandbox.agent.values import BATCH_S
from sandbox.agent_link import AgentLink
from sandbox.ending import Ending, message_for
from sandbox.jail import Arguments
from sandbox.model import CallResult, Limits, Status

MARK_INTERVAL_S = 0.02
"""A call's limits count from the last mark before it: up to this much of earlier calls may count
to it. Against limits of seconds that is nothing, and fast calls cost no message."""
MAX_FRAME_BYTES = 16 * 1024 * 1024
MAX_ANSWERS_BYTES = 8 * MAX_FRAME_BYTES
"""Of one process, together: decoding them is this side's work, up to a second for every ten
megabytes, and a candidate can write a large answer in no time. Right answers to a LeetCode suite
come to 0.2 MB at most."""
MAX_EXCUSED_SLEEPS = 3
"""How often in one exchange a sleep may have been a wait for us: who hands out an answer byte by
byte must not sleep for ever."""
MAX_BATCH = 16
"""How many calls a process may be asked for at once: waking each other up for every call costs more
than a quick call itself."""
MAX_BATCH_BYTES = 1 << 15
_HEADER_BYTES = 4
_READ_BYTES = 1 << 16
_STOPPED = b'["stopped",null]'


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
        self._answers_bytes_left = MAX_ANSWERS_BYTES
        self._unsent = memoryview(b"")
        self._excused = 0
        self._is_over_time = False
        self._over: CallResult | None = None
        self._ending: Ending | None = None
        self._marks = 0
        self._marked_at = time.monotonic()
        self._polled_s = 0.0
        """Since the last mark, in wait for the process or the agent."""
        self._starved_s = _starved_s()
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
        (result,) = self.call_each([(args, kwargs)], consume=consume)
        return result

    def call_each(
        self, cases: Iterable[Arguments], *, consume: bool = False
    ) -> Iterator[CallResult]:
        """See `sandbox.jail.Calls.call_each`."""
        if not self._loaded:
            self._over = self._over or self._load()
            self._loaded = True
        waiting = deque(cases)
        batch = 1  # how many to ask for at once
        while waiting:
            if self._over is not None:
                waiting.popleft()
                yield self._over
                continue
            start = time.monotonic()
            asked = self._ask(itertools.islice(waiting, batch), consume)
            for answered in range(asked):
                result = self._answer(may_stop=answered > 0)
                if result is None:
                    break
                waiting.popleft()
                yield result
            quick = time.monotonic() - start < BATCH_S
            batch = min(2 * asked, MAX_BATCH) if quick else 1

    def _ask(self, cases: Iterable[Arguments], consume: bool) -> int:
        """Send these calls, or the first of them; returns how many."""
        batch: list[bytes] = []
        size = 0
        for args, kwargs in cases:
            try:
                request = codec.encode([list(args), dict(kwargs), consume])
            except (TypeError, RecursionError):
                if not batch:
                    raise
                break  # not before those in front of it have had their answers
            batch += (_header(len(request)), request)
            size += _HEADER_BYTES + len(request)
            if size > MAX_BATCH_BYTES:
                break
        self._mark_now_and_then()
        self._send(_header(size) + b"".join(batch))
        return len(batch) // 2

    def _answer(self, *, may_stop: bool) -> CallResult | None:
        """The next answer, or what became of the process instead; None where it sends the rest of
        its batch back, as it may after the first answer when that took long."""
        if self._over is not None:
            return self._over
        frame = self._await_frame()
        if frame == _STOPPED and may_stop:
            return None
        result = self._broken() if frame is None else _read_answer(frame)
        if result.status is not Status.OK and result.raised is None:
            self._over = result
        return result

    def _mark_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._marked_at > MARK_INTERVAL_S:
            starved_s = _starved_s()
            awaited_s = self._polled_s - (starved_s - self._starved_s)
            self._link.send({"op": "mark", "awaited_s": awaited_s})
            self._marks += 1
            self._marked_at = now
            self._polled_s, self._starved_s = 0.0, starved_s

    def end(self) -> None:
        """Kill what is left of the process; the jail is free for the next run then."""
        if self._ending is None and self._link.reusable:
            self._link.send({"op": "kill"})
            while self._ending is None:
                self._ending = self._link.receive_ending()

    def _load(self) -> CallResult | None:
        """Wait until the program has been loaded; what went wrong, or None."""
        frame = self._await_frame()
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

    def _await_frame(self) -> bytes | None:
        """The next frame. None where the process ended without a whole one, or had to be ended."""
        self._excused = 0
        while (frame := self._take_frame()) is None and self._over is None:
            if self._ending is not None:
                return None
            ready = self._wait()
            moved = self._answers in ready and self._read_some()
            if self._requests in ready:
                moved = self._write_some() or moved
                if not self._unsent:
                    self._poll.unregister(self._requests)
            if self._link.fileno() in ready:
                self._hear_the_agent(moved)
        if self._unsent and self._ending is None and self._over is None:
            # The rest would pass for the next request's beginning.
            self._over = CallResult(Status.NONZERO_EXIT, message="answered before it was asked")
        if frame is not None and self._is_over_time:
            self._over = _read_late_answer(frame)
        return None if self._over is not None else frame

    def _wait(self) -> set[int]:
        """The descriptors that have something to say."""
        began = time.monotonic()
        ready = {descriptor for descriptor, _ in self._poll.poll()}
        self._polled_s += time.monotonic() - began
        return ready

    def _hear_the_agent(self, moved: bool) -> None:
        """The run has ended, or sleeps: its wait for us does not count, one of its own does.

        `moved`: bytes of this exchange had been waiting for us. On a busy machine we may come late,
        to several reports of one wait, so all that are there are heard before any is believed."""
        slept = False
        while self._ending is None and select.select([self._link], [], [], 0)[0]:
            message = self._link.receive()
            if message["event"] == "ended":
                (self._ending,) = self._link.read_endings(message)
                while self._read_some():
                    pass
            elif message["event"] == "over":
                self._is_over_time = True
            else:
                slept = slept or message["marks"] == self._marks
        if slept and self._ending is None:
            self._excused += 1
            waited_for_us = self._read_some() or moved
            if not waited_for_us or self._excused > MAX_EXCUSED_SLEEPS:
                self._over = CallResult(Status.TIME_LIMIT, message=message_for(Status.TIME_LIMIT))

    def _send(self, request: bytes) -> None:
        """Send what fits, and the rest as it is read."""
        self._unsent = memoryview(request)
        self._write_some()
        if self._unsent:
            self._poll.register(self._requests, select.POLLOUT)

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
        return bool(data)

    def _take_frame(self) -> bytes | None:
        received = self._received
        if len(received) < _HEADER_BYTES:
            return None
        end = _HEADER_BYTES + int.from_bytes(received[:_HEADER_BYTES], "big")
        if end > min(self._frame_limit, self._answers_bytes_left) + _HEADER_BYTES:
            which = "value is" if end > self._frame_limit + _HEADER_BYTES else "values are"
            message = f"the returned {which} too large"
            self._over = CallResult(Status.OUTPUT_LIMIT, message=message)
            return None
        if len(received) < end:
            return None
        self._answers_bytes_left -= end - _HEADER_BYTES
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


def _starved_s() -> float:
    """Seconds that this thread has been runnable but without a CPU."""
    with open("/proc/thread-self/schedstat", "rb") as schedstat:
        return int(schedstat.read().split()[1]) / 1e9


def _header(size: int) -> bytes:
    return size.to_bytes(_HEADER_BYTES, "big")


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


def _read_late_answer(frame: bytes) -> CallResult:
    """Of a call that was over its CPU time and went on only because it was filling its memory: the
    limit that it failed for."""
    status = Status.TIME_LIMIT
    with contextlib.suppress(codec.MalformedError):
        kind, content = _open_frame(frame)
        if kind != "value" and _status_of_exception(_exception(content)[0]) is Status.MEMORY_LIMIT:
            status = Status.MEMORY_LIMIT
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
