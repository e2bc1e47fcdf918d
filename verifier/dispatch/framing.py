"""What a worker and its parent say to each other: both ends of a socket and of a pipe.

On the socket, messages: four bytes of length, then JSON. In the pipe, verdicts: JSON, one a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">I")
MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""The most a worker may say at once; verdicts are a few kilobytes."""
_PIPE_BYTES = 64 * 1024


class HungUp(Exception):
    """The other end is gone, or no longer makes sense."""


def frame(message: bytes) -> bytes:
    """The message with its length before it."""
    return _LENGTH.pack(len(message)) + message


def send(connection: socket.socket, message: bytes) -> None:
    """Raises HungUp."""
    try:
        connection.sendall(frame(message))
    except OSError as error:
        raise HungUp(str(error)) from error


def send_line(pipe: BinaryIO, message: bytes) -> None:
    """A message without line breaks. Raises HungUp."""
    try:
        pipe.write(message + b"\n")
        pipe.flush()
    except OSError as error:
        raise HungUp(str(error)) from error


def receive(connection: socket.socket) -> bytes:
    """The next message, however long it takes. Raises HungUp."""
    (length,) = _LENGTH.unpack(_receive_exactly(connection, _LENGTH.size))
    return _receive_exactly(connection, length)


def _receive_exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray(count)
    view, filled = memoryview(data), 0
    while filled < count:
        try:
            got = connection.recv_into(view[filled:])
        except OSError as error:
            raise HungUp(str(error)) from error
        if not got:
            raise HungUp("the connection was closed")
        filled += got
    return bytes(data)


async def receive_object(reader: asyncio.StreamReader) -> dict[str, Any]:
    """The next message, a JSON object. Raises HungUp."""
    with contextlib.suppress(asyncio.IncompleteReadError, OSError, ValueError):
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length <= MAX_ANSWER_BYTES:
            content = json.loads(await reader.readexactly(length))
            if isinstance(content, dict):
                return content
    raise HungUp("the worker hung up")


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

    async def arrive(self) -> None:
        """Returns when there is something to collect, or the worker has ended."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        loop.add_reader(self._descriptor, arrived.set)
        try:
            await arrived.wait()
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
        try:
            found: list[Any] = json.loads(b"[%b]" % b",".join(lines))
        except ValueError as error:
            raise HungUp("a line that is no JSON") from error
        if not all(isinstance(content, dict) for content in found):
            raise HungUp("a line that is no object")
        return found

    def close(self) -> None:
        """Forget what is in it."""
        os.close(self._descriptor)
