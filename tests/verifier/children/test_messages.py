"""Messages arrive whole and in order, and a closed connection is told from an empty message."""

import socket

import pytest

from verifier.children.messages import HungUp, frame, receive, send


def test_messages_arrive_as_they_were_sent_however_they_are_cut() -> None:
    one, other = socket.socketpair()
    with one, other:
        send(one, b"first")
        send(one, b"")
        for byte in frame(b"byte by byte"):
            one.send(bytes([byte]))
        assert [receive(other) for _ in range(3)] == [b"first", b"", b"byte by byte"]


def test_an_end_in_the_middle_of_a_message_is_told() -> None:
    one, other = socket.socketpair()
    with other:
        one.sendall(frame(b"whole")[:-1])
        one.close()
        with pytest.raises(HungUp):
            receive(other)
        with pytest.raises(HungUp):
            send(other, b"nobody reads it")
