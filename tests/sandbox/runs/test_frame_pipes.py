"""Frames over two pipes, of whatever the other side writes and however it reads."""

import os
import select
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sandbox.runs import frame_pipes
from sandbox.runs.frame_pipes import FramePipes, FrameTooLarge

OUTPUT_BYTES = 1000


@dataclass
class Ends:
    """The pipes, and the descriptors of the process at their other ends."""

    ours: FramePipes
    poll: select.poll
    reads: int
    writes: int

    def move(self) -> bool:
        """What can be done now."""
        return self.ours.move({descriptor for descriptor, _ in self.poll.poll(0)})


@pytest.fixture
def ends() -> Iterator[Ends]:
    reads, requests = os.pipe()
    answers, writes = os.pipe()
    for descriptor in (requests, answers, reads):
        os.set_blocking(descriptor, False)
    poll = select.poll()
    yield Ends(FramePipes(requests, answers, poll, OUTPUT_BYTES), poll, reads, writes)
    for descriptor in (reads, requests, answers):
        os.close(descriptor)


def framed(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def test_a_frame_is_whole_or_not_there(ends: Ends) -> None:
    is_there = []
    for byte in framed(b"one"):
        is_there.append(ends.ours.has_frame)
        assert ends.ours.take() is None
        os.write(ends.writes, bytes([byte]))
        assert ends.move()
    assert [*is_there, ends.ours.has_frame] == [False] * 7 + [True]
    assert ends.ours.take() == b"one"
    os.write(ends.writes, framed(b"") + framed(b"three") + b"\0\0")
    ends.move()
    assert [ends.ours.take() for _ in range(3)] == [b"", b"three", None]
    os.close(ends.writes)
    assert not ends.move()
    assert not ends.poll.poll(0)  # a pipe that has ended wakes nobody up


def test_requests_that_do_not_fit_are_sent_as_they_are_read(ends: Ends) -> None:
    texts = [b"a" * 100_000, b"b" * 100_000]
    ends.ours.send(texts)
    unsent = [ends.ours.has_unsent]
    found = b""
    while len(found) < 200_012:
        found += os.read(ends.reads, 1 << 16)
        ends.move()
    assert found == framed(framed(texts[0]) + framed(texts[1]))
    assert [*unsent, ends.ours.has_unsent] == [True, False]
    os.close(ends.writes)


@pytest.mark.parametrize(("claimed", "says"), [(OUTPUT_BYTES + 1, "value is"), (1 << 31, "value")])
def test_a_frame_too_long_is_refused_by_its_header(ends: Ends, claimed: int, says: str) -> None:
    os.write(ends.writes, claimed.to_bytes(4, "big"))
    ends.move()
    with pytest.raises(FrameTooLarge, match=says):
        ends.ours.take()
    os.close(ends.writes)


def test_all_answers_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_pipes, "MAX_ANSWERS_BYTES", 5)
    answers, writes = os.pipe()
    os.set_blocking(answers, False)
    pipes = FramePipes(writes, answers, select.poll(), OUTPUT_BYTES)
    os.write(writes, framed(b"123") * 2)
    pipes.read_some()
    assert pipes.take() == b"123"
    with pytest.raises(FrameTooLarge, match="values are"):
        pipes.take()
    for descriptor in (answers, writes):
        os.close(descriptor)
