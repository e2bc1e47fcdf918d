"""Calls of a candidate on top of exchanges of bytes: requests go, answers come back as they are.

The process that reads the answers need not be the one that moves them: the bytes are hostile, and a
candidate chooses how much work parsing them is, so it is done in a process that can be killed.
"""

from __future__ import annotations

import contextlib
import itertools
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.jail import Arguments
from sandbox.model import CallResult, Exchange, Status
from sandbox.runs import codec
from sandbox.runs.ending import message_for

FIRST_BATCH, MAX_BATCH = 4, 32
"""How many calls a process may be asked for at once: waking each other up for every call costs more
than a quick call itself. What it does not come to soon it sends back."""
MAX_BATCH_BYTES = 1 << 15


class ExchangedCalls(ABC):
    """Implements the calls of `sandbox.jail.Calls`, wherever the bytes go."""

    _over: CallResult | None = None
    """What all further calls come to, once the process is over."""

    @abstractmethod
    def exchange(self, requests: Sequence[bytes]) -> Exchange:
        """See `sandbox.jail.Calls.exchange`."""

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
        waiting = deque(cases)
        batch = FIRST_BATCH
        while waiting:
            if self._over is not None:
                waiting.popleft()
                yield self._over
                continue
            requests = _encoded(itertools.islice(waiting, batch), consume)
            exchanged = self.exchange(requests)
            for result in self._results(exchanged):
                waiting.popleft()
                yield result
            soon = len(exchanged.answers)
            while exchanged.awaited and self._over is None:
                exchanged = self.exchange([])
                for result in self._results(exchanged):
                    waiting.popleft()
                    yield result
            batch = min(2 * len(requests), MAX_BATCH) if exchanged.quick else max(1, soon // 2)

    def _results(self, exchanged: Exchange) -> Iterator[CallResult]:
        for answer in exchanged.answers:
            result = _read_answer(answer)
            if result.status is not Status.OK and result.raised is None:
                self._over = result
            yield result
            if self._over is not None:
                return
        self._over = exchanged.over
        if exchanged.late is not None:
            self._over = _read_late_answer(exchanged.late)


def _encoded(cases: Iterable[Arguments], consume: bool) -> list[bytes]:
    """Requests for these calls, or for the first of them."""
    requests: list[bytes] = []
    size = 0
    for args, kwargs in cases:
        try:
            requests.append(codec.encode([list(args), dict(kwargs), consume]))
        except (TypeError, RecursionError):
            if not requests:
                raise
            break  # not before those in front of it have had their answers
        size += len(requests[-1])
        if size > MAX_BATCH_BYTES:
            break
    return requests


def open_frame(frame: bytes) -> tuple[str, Any]:
    """The kind and content of a frame from a candidate's process. Raises codec.Malformed."""
    message = codec.decode(frame)
    if type(message) is not list or len(message) != 2 or type(message[0]) is not str:
        raise codec.Malformed("not a frame")
    return message[0], message[1]


def exception_of(content: Any) -> tuple[str, str]:
    """The name and the text of an exception. Raises codec.Malformed."""
    if type(content) is not list or [type(part) for part in content] != [str, str]:
        raise codec.Malformed("not an exception")
    return content[0], content[1]


def status_of_exception(name: str) -> Status:
    """The status of a call that raised an exception of this name."""
    if name == "MemoryError":
        return Status.MEMORY_LIMIT
    return Status.OUTPUT_LIMIT if name == "TooLargeError" else Status.NONZERO_EXIT


def _read_late_answer(frame: bytes) -> CallResult:
    """Of a call that was over its CPU time and went on only because it was filling its memory: the
    limit that it failed for."""
    status = Status.TIME_LIMIT
    with contextlib.suppress(codec.Malformed):
        kind, content = open_frame(frame)
        if kind != "value" and status_of_exception(exception_of(content)[0]) is Status.MEMORY_LIMIT:
            status = Status.MEMORY_LIMIT
    return CallResult(status, message=message_for(status))


def _read_answer(frame: bytes) -> CallResult:
    try:
        kind, content = open_frame(frame)
        if kind == "value":
            return CallResult(Status.OK, value=content)
        name, text = exception_of(content)
    except codec.Malformed as error:
        return CallResult(Status.NONZERO_EXIT, message=str(error), raised="MalformedAnswer")
    status = status_of_exception(name)
    if status is Status.NONZERO_EXIT:
        return CallResult(status, message=text, raised=name)
    return CallResult(status, message=message_for(status))
