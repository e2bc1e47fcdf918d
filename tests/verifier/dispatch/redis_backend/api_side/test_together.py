"""Small batches enqueued together keep their own verdicts, refusals and ends."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.verifier.dispatch.batches import rollouts
from verifier.dispatch import QueueFull
from verifier.dispatch.dispatcher import ResultStream, verdicts_of
from verifier.dispatch.redis_backend.api_side.together import Drop, Together
from verifier.dispatch.tasks import text_of_task
from verifier.model import Outcome, Result, Task, Verdict


class Queue:
    """Takes what is enqueued when it is told to, and judges it when it is told to."""

    def __init__(self) -> None:
        self.together = Together(self.enqueue)
        self.enqueued: list[list[str]] = []
        self.owners: list[str] = []
        self.open = asyncio.Event()
        self.judging = asyncio.Event()
        self.dropped: list[int] = []
        self.ended = 0
        self.refusal: Exception | None = None

    @asynccontextmanager
    async def enqueue(
        self, batch: Sequence[Task], deadline_s: float, owner: str
    ) -> AsyncIterator[tuple[ResultStream, Drop]]:
        self.enqueued.append([text_of_task(task) for task in batch])
        self.owners.append(owner)
        await self.open.wait()
        if self.refusal:
            raise self.refusal

        async def drop(indices: Sequence[int]) -> None:
            self.dropped += indices

        async def verdicts() -> AsyncIterator[tuple[int, Result]]:
            for index in reversed(range(len(batch))):
                await self.judging.wait()
                yield index, Verdict(outcome=Outcome.CORRECT, answer=text_of_task(batch[index]))

        try:
            yield verdicts(), drop
        finally:
            self.ended += 1

    async def judged(self, *names: str, owner: str = "", deadline_s: float = 60) -> list[str]:
        async with self.together.submit(rollouts(*names), deadline_s, owner) as results:
            judged = verdicts_of(results)
            found = {index: verdict.answer or "" async for index, verdict in judged}
        return [found[index] for index in range(len(names))]


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_comes_while_one_is_enqueued_goes_together_and_gets_its_own_verdicts() -> None:
    queue = Queue()
    queue.judging.set()
    asked = [asyncio.create_task(queue.judged(f"a{n}", f"b{n}")) for n in range(5)]
    await settled()
    assert queue.enqueued == [["a0", "b0"]]
    queue.open.set()
    assert await asyncio.gather(*asked) == [[f"a{n}", f"b{n}"] for n in range(5)]
    assert queue.enqueued[1:] == [[name for n in range(1, 5) for name in (f"a{n}", f"b{n}")]]


async def test_owners_and_deadlines_are_never_put_together() -> None:
    queue = Queue()
    queue.open.set()
    queue.judging.set()
    calls = [("x", 60), ("y", 60), ("x", 60), ("y", 60), ("x", 5), ("x", 5)]
    await asyncio.gather(
        *(
            queue.judged(f"{owner}{deadline_s}", owner=owner, deadline_s=deadline_s)
            for owner, deadline_s in calls
        )
    )
    assert all(len(set(names)) == 1 for names in queue.enqueued)
    assert [names[0][0] for names in queue.enqueued] == queue.owners


async def test_a_slow_batch_holds_no_later_one_up() -> None:
    queue = Queue()
    queue.open.set()
    slow = asyncio.create_task(queue.judged("slow"))
    await settled()
    later = asyncio.create_task(queue.judged("later"))
    await settled()
    assert queue.enqueued == [["slow"], ["later"]]
    queue.judging.set()
    assert [*await asyncio.gather(slow, later)] == [["slow"], ["later"]]


async def test_who_leaves_has_its_own_dropped_and_nothing_else() -> None:
    queue = Queue()
    first = asyncio.create_task(queue.judged("first"))
    await settled()
    asked = [asyncio.create_task(queue.judged(f"a{n}", f"b{n}")) for n in range(3)]
    await settled()
    queue.open.set()
    await settled()
    asked[1].cancel()
    await settled()
    assert queue.dropped == [2, 3]
    queue.judging.set()
    assert [*await asyncio.gather(first, asked[0], asked[2])] == [
        ["first"],
        ["a0", "b0"],
        ["a2", "b2"],
    ]


async def test_who_leaves_before_it_is_enqueued_never_is() -> None:
    queue = Queue()
    queue.judging.set()
    asked = [asyncio.create_task(queue.judged(name)) for name in ("first", "second", "third")]
    await settled()
    asked[1].cancel()
    await settled()
    queue.open.set()
    await asyncio.gather(asked[0], asked[2])
    assert queue.enqueued == [["first"], ["third"]]


async def test_when_the_last_one_has_left_the_whole_is_given_up() -> None:
    queue = Queue()
    queue.open.set()
    asked = [asyncio.create_task(queue.judged(name)) for name in ("one", "two", "three")]
    await settled()
    for task in asked:
        task.cancel()
    await settled()
    assert queue.ended == len(queue.enqueued) == 2


async def test_a_refusal_is_everybodys_and_the_next_ones_are_enqueued() -> None:
    queue = Queue()
    queue.refusal = QueueFull("Too many.", 1)
    asked = [asyncio.create_task(queue.judged(name)) for name in ("one", "two")]
    await settled()
    queue.open.set()
    for task in asked:
        with pytest.raises(QueueFull):
            await task
    queue.refusal = None
    queue.judging.set()
    assert await queue.judged("three") == ["three"]


async def test_a_service_that_stops_leaves_nobody_waiting() -> None:
    queue = Queue()
    queue.open.set()
    async with AsyncExitStack() as stack:
        results = await stack.enter_async_context(queue.together.submit(rollouts("a"), 60, ""))
        await queue.together.stop()
        assert [verdict.outcome async for _, verdict in verdicts_of(results)] == [
            Outcome.VERIFIER_ERROR
        ]
