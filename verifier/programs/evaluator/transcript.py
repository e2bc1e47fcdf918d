"""Calls and answers of a program found right: one that answers the same is right too.

The rollouts of a group differ as programs and hardly in what they return. A verdict follows from
the ground truth and the answers alone, so that byte for byte the same answers need not be read
again. Nothing is asked before it was asked of the right one: what is asked next may tell what the
answer before it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sandbox.jail import Calls
from sandbox.model import Exchange

MAX_BYTES = 1 << 20
"""Of requests and answers. Those of a LeetCode suite come to a tenth of that."""


class Transcript:
    """Of one program; what is in it can be asked of others."""

    def __init__(self) -> None:
        self._batches: list[tuple[Sequence[bytes], Sequence[bytes]]] = []
        """Requests that were made at once, and their answers."""
        self._unanswered: Sequence[bytes] = ()
        self._bytes = 0

    @property
    def is_whole(self) -> bool:
        """Whether it was short enough to be kept."""
        return self._bytes <= MAX_BYTES

    def add(self, requests: Sequence[bytes], exchanged: Exchange) -> None:
        """What came of these requests or, where there are none, of those before."""
        asked, count = requests or self._unanswered, len(exchanged.answers)
        self._unanswered = asked[count:] if exchanged.awaited else ()
        self._bytes += sum(map(len, (*asked[:count], *exchanged.answers)))
        if not self.is_whole:
            self._batches.clear()
        elif count:
            self._batches.append((asked[:count], exchanged.answers))

    def ask(self, calls: Calls) -> Exchange | None:
        """Ask another program the same. None where it gave the same answers to all of it; else what
        came of what it was asked, up to answers that are not the same.

        Raises JailFault."""
        given: list[bytes] = []
        for requests, answers in self._batches:
            got, exchanged = 0, Exchange([])
            while got < len(answers):
                exchanged = calls.exchange([] if exchanged.awaited else requests[got:])
                expected = answers[got : got + len(exchanged.answers)]
                given += exchanged.answers
                got += len(exchanged.answers)
                if exchanged.over is not None or list(expected) != list(exchanged.answers):
                    return replace(exchanged, answers=given)
        return None


class Recorded:
    """Calls of a process, with what has come of them."""

    def __init__(self, calls: Calls, ahead: Exchange | None = None) -> None:
        """`ahead`: what came of the first requests, which were made before they are made here."""
        self._calls = calls
        self._ahead = ahead
        self._taken = 0
        """Answers of those ahead."""
        self.transcript = Transcript()
        self.answers = 0

    def exchange(self, requests: Sequence[bytes]) -> Exchange:
        """See `sandbox.jail.Calls.exchange`."""
        exchanged = self._calls.exchange(requests) if self._ahead is None else self._next(requests)
        self.transcript.add(requests, exchanged)
        self.answers += len(exchanged.answers)
        return exchanged

    def _next(self, requests: Sequence[bytes]) -> Exchange:
        assert self._ahead is not None
        begin, self._taken = self._taken, self._taken + len(requests)
        answers = self._ahead.answers[begin : self._taken]
        if self._taken < len(self._ahead.answers):
            return Exchange(answers, quick=True)
        last, self._ahead = self._ahead, None
        return replace(last, answers=answers)
