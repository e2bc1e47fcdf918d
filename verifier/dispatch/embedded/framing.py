"""How a worker and its parent exchange messages and verdicts: a socket and a pipe.

On the socket, messages: four bytes of length, then JSON. In the pipe, verdicts: JSON, one a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from verifier.children.messages import LENGTH, HungUp

MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""The most a worker may say at once; verdicts are a few kilobytes."""
_PIPE_BYTES = 64 * 1024


def send_line(pipe: BinaryIO, message: bytes) -> None:
    """A message without line breaks. Raises HungUp."""
    try:
        pipe.write(message + b"\n")
        pipe.flush()
    except OSError as error:
        raise HungUp(str(error)) from error


class Talk(asyncio.Protocol):
    """The parent's end of the socket: the messages of a worker, JSON objects, as they come."""

    def __init__(self, news: asyncio.Event) -> None:
        """`news` is set when there is something to look at."""
        self._news = news
        self._received = bytearray()
        self._hung_up = False

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio has it
        self._hung_up = True
        self._news.set()

    def next_object(self) -> dict[str, Any] | None:
        """The next message, None where there is none yet. Raises HungUp."""
        begin = LENGTH.size
        if len(self._received) >= begin:
            (length,) = LENGTH.unpack_from(self._received)
            if length > MAX_ANSWER_BYTES:
                raise HungUp("a message without an end")
            if len(self._received) >= begin + length:
                content = _object(self._received[begin : begin + length])
                del self._received[: begin + length]
                return content
        if self._hung_up:
            raise HungUp("the worker hung up")
        return None


class Lines:
    """The end of a pipe from which a worker's verdicts are collected, many at a time.

    To be woken by each would cost more than the verdict itself. What lies in the pipe outlives the
    worker that wrote it."""

    def __init__(self, descriptor: int) -> None:
        """Owns the descriptor."""
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._begun = b""
        """A line of which the end is still to come."""

    @contextlib.contextmanager
    def watched(self, when_there: Callable[[], None]) -> Iterator[None]:
        """Have it called, once, when there is something to collect or the worker has ended."""
        loop = asyncio.get_running_loop()

        def there() -> None:
            loop.remove_reader(self._descriptor)
            when_there()

        loop.add_reader(self._descriptor, there)
        try:
            yield
        finally:
            loop.remove_reader(self._descriptor)

    def collect(self) -> list[dict[str, Any]]:
        """What there is. Raises HungUp where it makes no sense."""
        pieces = [self._begun]
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self._descriptor, _PIPE_BYTES):
                pieces.append(piece)
        *lines, self._begun = b"".join(pieces).split(b"\n")
        if len(self._begun) > MAX_ANSWER_BYTES:
            raise HungUp("a line without an end")
        return [_object(line) for line in lines]

    def close(self) -> None:
        """Forget what is in it."""
        os.close(self._descriptor)


def _object(text: bytes | bytearray) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise HungUp("a word that is no JSON") from error
    if not isinstance(content, dict):
        raise HungUp("a word that is no object")
    return content
