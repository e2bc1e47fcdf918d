"""What a chunk's worker reports: all of it, once, also where Redis is away for a while."""

import time
from collections.abc import Sequence
from typing import Any, cast

import pytest
import redis

from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.records import Taken
from verifier.dispatch.redis_backend.worker_side.pulse import Pulse
from verifier.dispatch.redis_backend.worker_side.work import Work
from verifier.model import Kind, Outcome, Verdict

RIGHT = Verdict(outcome=Outcome.CORRECT)


class _Ledger:
    """Takes the places of verdicts, when it is there."""

    def __init__(self) -> None:
        self.is_away = False
        self.got: list[int] = []
        self.done: list[ChunkId | None] = []

    def deliver(self, batch: str, verdicts: Sequence[tuple[int, bytes]]) -> None:
        if self.is_away:
            raise redis.ConnectionError
        self.got += [place for place, _ in verdicts]

    def turn(
        self,
        batch: str,
        verdicts: Sequence[tuple[int, bytes]],
        done: ChunkId | None,
        *_: object,
    ) -> None:
        self.deliver(batch, verdicts)
        self.done.append(done)


class _Pulse:
    def has(self, *_: Any) -> None: ...

    def is_at(self, _: Any) -> None: ...


def begun(ledger: _Ledger, tries: int = 0) -> Work:
    chunk = ChunkId(Kind.MATH, payload=0, first=0, stop=8, tries=tries)
    taken = Taken("b" * 32, chunk, b"", b"", 60.0, 0.0, "training", "{}", "", False)
    return Work(cast(ChunkLedger, ledger), cast(Pulse, _Pulse()), taken)


def judge(at: Work, *places: int) -> None:
    for place in places:
        assert at.begin(place)
        at.end(place, RIGHT)


def test_what_redis_did_not_take_is_reported_with_what_comes_after_it() -> None:
    ledger = _Ledger()
    at = begun(ledger)
    judge(at, 0, 1)
    ledger.is_away = True
    with pytest.raises(redis.ConnectionError):
        at.report()
    judge(at, 2)
    with pytest.raises(redis.ConnectionError):
        at.finish(complete=True, worker="w", lanes=[])
    ledger.is_away = False
    at.finish(complete=True, worker="w", lanes=[])
    assert (ledger.got, ledger.done) == ([0, 1, 2], [at.chunk])
    at.report()
    assert ledger.got == [0, 1, 2]


def test_a_report_is_asked_for_once_each_time_and_at_once_where_a_worker_was_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick, careful = begun(_Ledger()), begun(_Ledger(), tries=1)
    assert not careful.report_is_due()
    judge(quick, 0)
    judge(careful, 0)
    assert careful.report_is_due()
    monotonic = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: monotonic() + 60)
    assert quick.report_is_due()
    assert not quick.report_is_due()
