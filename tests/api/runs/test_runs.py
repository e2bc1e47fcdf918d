"""A run holds memory and a place of its owner's as long as it is under way, and no longer."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from api.access.accounts import Accounts
from api.access.keys import Owner
from api.http.budget import BodyBudget
from api.http.errors import Refusal
from api.metrics.service import Metrics
from api.runs.runs import Runs, size_of
from api.settings import Settings
from sandbox import Status
from tests.api.obedient import ObedientDispatcher
from verifier.dispatch import QueueFull
from verifier.model import Outcome, Ran, Result, Run, Verdict

RAN = Ran(status=Status.OK, stdout="1\n", stderr="", cpu_s=0.5)
HELD_UP = Run(source="wait ", language="python", stdin="x" * 1000)


class Running(ObedientDispatcher):
    def _result(self, run: Run) -> Result:
        return RAN


class Room:
    def __init__(self, max_bytes: int = 10_000) -> None:
        keys = Settings().key_ring()
        self.owner: Owner = b""
        self.dispatcher = Running()
        self.budget = BodyBudget(max_bytes)
        accounts = Accounts(keys, CollectorRegistry())
        self.runs = Runs(self.dispatcher, self.budget, accounts, Metrics(keys))

    async def run(self, run: Run = HELD_UP, deadline_s: float = 600) -> Result:
        return await self.runs.run(run, deadline_s, self.owner)


def test_the_size_of_a_run_is_that_of_all_its_texts() -> None:
    small = Run(source="", language="python")
    with_files = Run(source="", language="python", files={"a": "x" * 1000})
    assert size_of(HELD_UP) - size_of(small) >= 1000
    assert size_of(with_files) - size_of(small) >= 1000


async def test_memory_is_held_until_what_happened_is_known() -> None:
    room = Room()
    running = asyncio.create_task(room.run())
    while not room.dispatcher.submitted:  # noqa: ASYNC110 - it sets no event
        await asyncio.sleep(0)
    assert room.budget.held_bytes >= size_of(HELD_UP)
    room.dispatcher.gate.set()
    assert await running == RAN
    assert room.budget.held_bytes == 0


async def test_who_leaves_gives_everything_back() -> None:
    room = Room()
    running = asyncio.create_task(room.run())
    while not room.dispatcher.submitted:  # noqa: ASYNC110 - it sets no event
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await room.dispatcher.left.wait()
    assert (room.budget.held_bytes, room.runs.waiting) == (0, 0)


async def test_what_would_take_too_much_memory_is_refused() -> None:
    with pytest.raises(Refusal):
        await Room(max_bytes=1000).run()


async def test_no_time_left_is_a_verdict_and_a_full_queue_an_error() -> None:
    room = Room()
    late = await room.run(deadline_s=0.01)
    assert isinstance(late, Verdict)
    assert late.outcome is Outcome.DEADLINE_EXCEEDED
    room.dispatcher.refusal = QueueFull("Full.", retry_after_s=1)
    with pytest.raises(QueueFull):
        await room.run(deadline_s=0.01)
