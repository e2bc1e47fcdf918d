"""A new batch's verdicts are fetched when Redis tells of them, and not asked for before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from verifier.dispatch.batch import Batch
from verifier.dispatch.redis_backend.gathering import EARLY_NEWS, Gatherer, Opened
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.records import Found
from verifier.model import Outcome, Rollout, Verdict
from verifier.wire import encode_result

RIGHT = Verdict(outcome=Outcome.CORRECT)
BATCH = "a batch"


class _Ledger:
    """Has the one verdict of every batch."""

    def __init__(self) -> None:
        self.asked = 0

    def results(self, batch: str, seen: int) -> Found:
        self.asked += 1
        return Found([encode_result(0, RIGHT)][seen:], 1, closed=False, cancelled=False)


async def _call(function: Callable[..., Any], *arguments: object) -> Any:
    await asyncio.sleep(0)
    return function(*arguments)


@pytest.mark.parametrize("early", [True, False])
async def test_a_new_batch_is_looked_for_once_however_soon_its_news_come(early: bool) -> None:
    ledger = _Ledger()
    gatherer = Gatherer(cast(BatchLedger, ledger), _call)
    rollout = Rollout(completion="", ground_truth="1")
    opened = Opened(Batch([rollout], 60), BATCH, 1, False, [0], lambda _: None, is_new=True)
    if early:
        for number in range(EARLY_NEWS - 1):
            gatherer.hear(f"another process's {number}")
        gatherer.hear(BATCH)
    gathering = asyncio.create_task(gatherer.gather(opened))
    if not early:
        await opened.looked.wait()
        assert ledger.asked == 0
        gatherer.hear(BATCH)
    async with asyncio.timeout(60):
        found = [result async for result in opened.batch.results()]
        await gathering
    assert (found, ledger.asked) == ([(0, RIGHT)], 1)
