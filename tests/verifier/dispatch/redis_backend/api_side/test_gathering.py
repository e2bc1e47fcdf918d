"""A new batch's verdicts are not asked for before Redis tells of them, and not at all where they
come with the notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
import redis

from verifier.dispatch.batch import Batch
from verifier.dispatch.dispatcher import QueueFull
from verifier.dispatch.redis_backend.api_side.gathering import EARLY_NEWS, Gatherer, Opened
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.records import Found
from verifier.model import Outcome, Rollout, Verdict
from verifier.wire import encode_result

RIGHT = Verdict(outcome=Outcome.CORRECT)
BATCH = "a-batch"


class _Ledger:
    """Has the one verdict of every batch, when it does not raise."""

    def __init__(self, *raises: Exception) -> None:
        self.asked = 0
        self._raises = [*raises]

    def results(self, batch: str, seen: int) -> Found:
        self.asked += 1
        if self._raises:
            raise self._raises.pop(0)
        return Found([encode_result(0, RIGHT)][seen:], 1 - seen, 1, closed=False, cancelled=False)


async def _call(function: Callable[..., Any], *arguments: object) -> Any:
    await asyncio.sleep(0)
    return function(*arguments)


def _opened() -> Opened:
    batch = Batch([Rollout(completion="", ground_truth="1")], 60)
    return Opened(batch, BATCH, 1, True, [0], lambda _: None, is_new=True)


NEWS = BATCH.encode() + b" 1"
CARRIED = NEWS + b"\n" + encode_result(0, RIGHT)


@pytest.mark.parametrize(
    ("early", "notices", "asked"),
    [
        (True, [NEWS], 1),
        (False, [NEWS], 1),
        (True, [CARRIED], 0),
        (False, [CARRIED], 0),
        (False, [CARRIED, CARRIED], 0),
        (False, [CARRIED.replace(b" 1", b" 2", 1)], 1),  # the one before it was lost
    ],
)
async def test_a_new_batch_is_looked_for_at_most_once_however_soon_its_news_come(
    early: bool, notices: list[bytes], asked: int
) -> None:
    ledger = _Ledger()
    gatherer = Gatherer(cast(BatchLedger, ledger), _call)
    opened = _opened()
    if early:
        for number in range(EARLY_NEWS - 1):
            gatherer.hear(b"another-process's-%d 1" % number)
        for notice in notices:
            gatherer.hear(notice)
    gathering = asyncio.create_task(gatherer.gather(opened))
    if not early:
        await opened.looked.wait()
        assert ledger.asked == 0
        for notice in notices:
            gatherer.hear(notice)
    async with asyncio.timeout(600):
        found = [result async for result in opened.batch.results()]
        await gathering
    assert (found, ledger.asked) == ([(0, RIGHT)], asked)


@pytest.mark.parametrize(
    ("raised", "outcome", "logged"),
    [
        (redis.ConnectionError("gone"), Outcome.CORRECT, "cannot be fetched at present"),
        (QueueFull("full", retry_after_s=1), Outcome.CORRECT, "cannot be fetched at present"),
        (ValueError("no JSON"), Outcome.VERIFIER_ERROR, "Traceback"),
    ],
)
async def test_only_an_absent_or_full_redis_is_asked_again_any_other_fault_is_loud(
    raised: Exception, outcome: Outcome, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = _Ledger(raised)
    gatherer = Gatherer(cast(BatchLedger, ledger), _call)
    opened = _opened()
    gatherer.hear(NEWS)
    async with asyncio.timeout(600):
        await gatherer.gather(opened)
        [(_, verdict)] = [result async for result in opened.batch.results()]
    assert isinstance(verdict, Verdict)
    assert verdict.outcome is outcome
    assert opened.keep == (outcome is Outcome.CORRECT)
    assert logged in caplog.text
