"""An outage is told once when it begins and once when it ends; addresses are asked in turn."""

import logging
import socket
import ssl

import pytest

from verifier_client.reachability import Reachability

A, B = "http://a", "http://b"


def test_an_outage_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    reachability = Reachability([A], patience_s=60)
    with caplog.at_level(logging.WARNING, "verifier_client"):
        reachability.answered(A)
        for _ in range(3):
            reachability.failed(A, "refused")
        reachability.answered(A)
        reachability.answered(A)
    first, last = caplog.messages
    assert "does not serve (refused); it is asked again for 60 s" in first
    assert "serves again" in last


def test_the_next_address_is_asked_when_the_present_one_is_left() -> None:
    reachability = Reachability([A, B], patience_s=60)
    reachability.leave(B)
    assert reachability.url == A
    reachability.leave(A)
    reachability.leave(A)
    assert reachability.url == B
    reachability.leave(B)
    assert reachability.url == A


def test_only_what_cannot_change_is_not_asked_again() -> None:
    reachability = Reachability([A], patience_s=60)
    no_name = OSError()
    no_name.__cause__ = socket.gaierror(socket.EAI_NONAME, "no such name")
    assert reachability.cannot_work(no_name)
    assert reachability.cannot_work(ssl.SSLError())
    assert not reachability.cannot_work(ConnectionRefusedError())
    reachability.answered(A)
    assert not reachability.cannot_work(no_name)
