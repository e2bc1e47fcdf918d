"""A program loaded in one process, called with one input after the other."""

from __future__ import annotations

import select
import time
from collections.abc import Sequence

from sandbox.agent.values import BATCH_S
from sandbox.exchange import ExchangedCalls, exception_of, open_frame, status_of_exception
from sandbox.model import CallResult, Exchange, Limits, Status
from sandbox.runs import codec
from sandbox.runs.agent_link import AgentLink
from sandbox.runs.ending import Ending, message_for
from sandbox.runs.frame_pipes import FramePipes, FrameTooLarge

MARK_INTERVAL_S = 0.02
"""A call's limits count from the last mark before it: up to this much of earlier calls may count
to it. Against limits of seconds that is nothing, and fast calls cost no message."""
WAKE_S = 0.0001
"""What is to come within that is waited for as it comes."""
MAX_EXCUSED_SLEEPS = 3
"""How often in one exchange a sleep may have been a wait for us: who hands out an answer byte by
byte must not sleep for ever."""
_MAX_REPORT_BYTES = 1 << 16
"""Of how loading went, which is read in this process."""
_STOPPED = b'["stopped",null]'


class CallProcess(ExchangedCalls):
    """The worker's end of the process. Implements `sandbox.jail.Calls`.

    Every byte that it reads here was written by candidate code."""

    def __init__(self, link: AgentLink, requests: int, answers: int, limits: Limits) -> None:
        """`requests` and `answers` are non-blocking descriptors that stay the caller's."""
        self._link = link
        self._poll = select.poll()
        self._poll.register(link.fileno(), select.POLLIN)
        self._pipes = FramePipes(requests, answers, self._poll, limits.output_bytes)
        self._excused = 0
        self._is_over_time = False
        self._late: bytes | None = None
        self._asked = 0.0
        self._awaited = 0
        self._may_stop = False
        self._ending: Ending | None = None
        self._marks = 0
        self._marked_at = time.monotonic()
        self._polled_s = 0.0
        """Since the last mark, in wait for the process or the agent."""
        self._starved_s = _starved_s()
        self._loaded = False

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the process; known once it has ended, 0 before."""
        return self._ending.cpu_s if self._ending else 0.0

    @property
    def peak_memory_bytes(self) -> int:
        """Likewise."""
        return self._ending.peak_memory_bytes if self._ending else 0

    def exchange(self, requests: Sequence[bytes]) -> Exchange:
        """See `sandbox.exchange.ExchangedCalls.exchange`."""
        if not self._loaded:
            self._over = self._over or self._load()
            self._loaded = True
        if self._over is not None:
            return Exchange([], over=self._over)
        if requests:
            self._mark_now_and_then()
            self._pipes.send(requests)
            self._asked, self._awaited = time.monotonic(), len(requests)
            self._may_stop = False
        answers: list[bytes] = []
        while self._awaited:
            # What is there need not wait for the rest, which may take long.
            frame = self._await_frame(BATCH_S if answers else None)
            if frame is None and not self._is_over():
                break
            if frame is None:
                self._over, self._awaited = self._broken(), 0
                return Exchange(answers, over=self._over, late=self._late)
            if frame == _STOPPED and self._may_stop:
                self._awaited = 0  # the rest of the batch is sent back
            else:
                answers.append(frame)
                self._awaited -= 1
                self._may_stop = True
                if self._awaited and not (self._pipes.has_frame or self._pipes.has_unsent):
                    self._let_gather(len(answers))
        return Exchange(answers, self._awaited, quick=time.monotonic() - self._asked < BATCH_S)

    def _let_gather(self, answered: int) -> None:
        """Sleep for half of what the other answers will take at this pace, and no longer than it
        took so far: to be woken for each costs more than to make most of them."""
        now = time.monotonic()
        took_s = now - self._asked
        pause_s = min(took_s, took_s / answered * self._awaited / 2, BATCH_S / 2)
        if pause_s > WAKE_S:
            time.sleep(pause_s)
            self._polled_s += time.monotonic() - now

    def _is_over(self) -> bool:
        return self._over is not None or self._ending is not None

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
        if len(frame) > _MAX_REPORT_BYTES:
            return CallResult(Status.NONZERO_EXIT, message="a report that is too long")
        try:
            kind, content = open_frame(frame)
            if kind == "loaded":
                return None
            name, text = exception_of(content)
        except codec.Malformed as error:
            return CallResult(Status.NONZERO_EXIT, message=str(error))
        status = Status.COMPILE_ERROR if kind == "compile_error" else status_of_exception(name)
        return CallResult(status, message=text)

    def _await_frame(self, patience_s: float | None = None) -> bytes | None:
        """The next frame. None where the process ended without a whole one, or had to be ended; or
        where nothing came for so long."""
        self._excused = 0
        while (frame := self._take_frame()) is None and self._over is None:
            if self._ending is not None:
                return None
            ready = self._wait(patience_s)
            if not ready:
                return None
            moved = self._pipes.move(ready)
            if self._link.fileno() in ready:
                self._hear_the_agent(moved)
        if self._pipes.has_unsent and self._ending is None and self._over is None:
            # The rest would pass for the next request's beginning.
            self._over = CallResult(Status.NONZERO_EXIT, message="answered before it was asked")
        if frame is not None and self._is_over_time:
            self._late = frame
            self._over = CallResult(Status.TIME_LIMIT, message=message_for(Status.TIME_LIMIT))
        return None if self._over is not None else frame

    def _wait(self, patience_s: float | None) -> set[int]:
        """The descriptors that have something to say; none where none had for so long."""
        began = time.monotonic()
        patience_ms = None if patience_s is None else patience_s * 1000
        ready = {descriptor for descriptor, _ in self._poll.poll(patience_ms)}
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
                while self._pipes.read_some():
                    pass
            elif message["event"] == "over":
                self._is_over_time = True
            else:
                slept = slept or message["marks"] == self._marks
        if slept and self._ending is None:
            self._excused += 1
            waited_for_us = self._pipes.read_some() or moved
            if not waited_for_us or self._excused > MAX_EXCUSED_SLEEPS:
                self._over = CallResult(Status.TIME_LIMIT, message=message_for(Status.TIME_LIMIT))

    def _take_frame(self) -> bytes | None:
        try:
            return self._pipes.take()
        except FrameTooLarge as error:
            self._over = CallResult(Status.OUTPUT_LIMIT, message=str(error))
            return None

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
