"""Messages of a process and its child over a socket: four bytes of length, then the message."""

from __future__ import annotations

import socket
import struct

from verifier.errors import VerifierError

LENGTH = struct.Struct(">I")


class HungUp(VerifierError):
    """The other end is gone, or no longer makes sense."""


def frame(message: bytes) -> bytes:
    """The message with its length before it."""
    return LENGTH.pack(len(message)) + message


def send(connection: socket.socket, message: bytes) -> None:
    """Raises HungUp."""
    try:
        connection.sendall(frame(message))
    except OSError as error:
        raise HungUp(str(error)) from error


def receive(connection: socket.socket) -> bytes:
    """The next message, however long it takes. Raises HungUp."""
    (length,) = LENGTH.unpack(_receive_exactly(connection, LENGTH.size))
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
