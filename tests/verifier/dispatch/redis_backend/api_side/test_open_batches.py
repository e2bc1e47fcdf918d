"""Redis is told at once that an unfinished batch was left, and of finished ones together."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from tests.verifier.dispatch.batches import until
from verifier.dispatch.batch import Batch
from verifier.dispatch.redis_backend.api_side import open_batches
from verifier.dispatch.redis_backend.api_side.calls import Calls
from verifier.dispatch.redis_backend.api_side.gathering import Opened
from verifier.dispatch.redis_backend.api_side.open_batches import OpenBatches
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.records import Left
from verifier.model import Outcome, Rollout, Verdict


class _Ledger:
    def __init__(self) -> None:
        self.told: list[list[str]] = []

    def leave(self, left: Sequence[Left]) -> None:
        self.told.append([each.batch for each in left])


async def visit(batches: OpenBatches, name: str, *, is_finished: bool) -> None:
    batch = Batch([Rollout(completion="", ground_truth="1")], 60)
    opened = Opened(batch, name, 1, False, [0], lambda _: None, is_new=True)
    async with batches.results(opened, f"watcher of {name}") as results:
        if is_finished:
            batch.deliver(0, Verdict(outcome=Outcome.CORRECT))
            assert [place async for place, _ in results] == [0]


@pytest.mark.parametrize(("later_s", "last"), [(3600.0, "unfinished"), (0.0, None)])
async def test_what_is_finished_is_told_of_together_and_what_is_not_at_once(
    later_s: float, last: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_batches, "LATER_S", later_s)
    ledger, calls = _Ledger(), Calls()
    batches = OpenBatches(cast(BatchLedger, ledger), calls)
    names = [f"finished-{number}" for number in range(3)]
    for name in names:
        await visit(batches, name, is_finished=True)
    if last:
        await visit(batches, last, is_finished=False)
        names.append(last)
    async with asyncio.timeout(60):
        await until(lambda: [name for told in ledger.told for name in told] == names)
    assert len(ledger.told) == 1 or not last
    calls.close()
