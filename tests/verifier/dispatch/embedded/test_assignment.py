"""What becomes of the rollouts of a chunk, whatever its worker and those who wait for them do."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.verifier.dispatch.batches import rollouts, until
from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import MIN_ROLLOUTS, Chunk
from verifier.dispatch.embedded import assignment
from verifier.dispatch.embedded.assignment import Assignment
from verifier.dispatch.embedded.process import WorkerLost
from verifier.dispatch.embedded.rotation import Piece, Rotation
from verifier.dispatch.tasks import text_of_task
from verifier.model import Outcome, Verdict

RIGHT = Verdict(outcome=Outcome.CORRECT)


class ScriptedWorker:
    """Gives the verdicts that it is told to, and says what was asked of it."""

    def __init__(self) -> None:
        self.to_give: asyncio.Queue[list[tuple[int, Verdict]] | None] = asyncio.Queue()
        self.cancelled = self.killed = False
        self.cpu_s = 0.0

    async def work(self, chunk: Chunk) -> AsyncIterator[list[tuple[int, Verdict]]]:
        self.chunk = chunk
        while (found := await self.to_give.get()) is not None:
            yield found
        if self.killed:
            raise WorkerLost("It was killed.")

    def cancel(self) -> None:
        self.cancelled = True

    def kill(self) -> None:
        self.killed = True
        self.to_give.put_nowait(None)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_S", "SHARE_S", "GRACE_S"):
        monkeypatch.setattr(assignment, name, 0.01)


def batch_of(count: int, owner: str = "") -> Batch:
    return Batch(rollouts(*(f"{owner}{number}" for number in range(count))), 60, owner)


def lined_up(*batches: Batch) -> Rotation:
    rotation = Rotation()
    for batch in batches:
        rotation.add(batch)
    return rotation


async def names(rotation: Rotation, workers: int = 1) -> list[str]:
    """Of what there is to do; nobody adds to it who could be waited for."""
    taking = asyncio.ensure_future(rotation.take(workers))
    await asyncio.sleep(0)
    assert taking.done(), "nothing is left to be judged"
    return [text_of_task(piece.task) for piece in taking.result()]


def at_work(worker: Any, pieces: list[Piece], rotation: Rotation) -> asyncio.Task[None]:
    return asyncio.create_task(Assignment(worker, pieces, rotation).carry_out())


async def test_small_batches_share_a_chunk_in_turns_of_their_owners() -> None:
    batches = [batch_of(1, owner) for owner in "abcabcaaaa"]
    assert "".join(await names(lined_up(*batches))) == "a0b0c0a0b0c0"


async def test_so_few_share_a_chunk_that_every_worker_gets_some() -> None:
    rotation = lined_up(*(batch_of(1, owner) for owner in "abcdefgh"))
    assert [len(await names(rotation, workers=4)) for _ in range(4)] == [2, 1, 1, 1]


async def test_a_large_batch_shares_no_chunk() -> None:
    rotation = lined_up(batch_of(1, "a"), batch_of(100, "b"), batch_of(1, "c"))
    sizes = [len(await names(rotation)) for _ in range(3)]
    assert sizes == [1, MIN_ROLLOUTS, 1]


async def test_a_rollout_that_lost_its_worker_shares_no_chunk() -> None:
    suspected = batch_of(1, "b")
    suspected.take(1)
    suspected.suspect(0)
    rotation = lined_up(*(batch_of(1, owner) for owner in "aacc"), suspected)
    chunks = [await names(rotation) for _ in range(3)]
    assert ["b0"] in chunks
    assert sum(map(len, chunks)) == 5


async def test_a_slow_rollout_leaves_the_rest_of_its_chunk_to_others_in_their_order() -> None:
    first, second = batch_of(3, "a"), batch_of(1, "b")
    rotation, worker = Rotation(), ScriptedWorker()
    pieces = [Piece(first, *taken) for _ in range(3) for taken in first.take(1)]
    pieces += [Piece(second, *taken) for taken in second.take(1)]
    work = at_work(worker, pieces, rotation)
    await until(lambda: worker.cancelled)
    again = [name for _ in range(3) for name in await names(rotation)]
    assert sorted(again) == ["a1", "a2", "b0"]
    assert again.index("a1") < again.index("a2")
    worker.to_give.put_nowait([(0, RIGHT), (1, RIGHT)])  # it had begun with the second as well
    worker.to_give.put_nowait(None)
    await work
    assert (first.unjudged, second.unjudged) == (1, 1)
    first.deliver(1, Verdict(outcome=Outcome.WRONG_ANSWER))
    verdicts = first.results()
    assert [await anext(verdicts) for _ in range(2)] == [(0, RIGHT), (1, RIGHT)]


async def test_what_was_judged_by_who_had_left_it_to_others_is_not_judged_again() -> None:
    batch = batch_of(2)
    taken = [index for _ in range(2) for index, _ in batch.take(1)]
    batch.take_back(taken)
    batch.deliver(0, RIGHT)
    assert [index for index, _ in batch.take(1)] == [1]


async def test_who_leaves_takes_no_rollout_of_another_batch_along() -> None:
    leaving, staying = batch_of(1, "a"), batch_of(1, "b")
    rotation, worker = Rotation(), ScriptedWorker()
    pieces = [Piece(batch, *taken) for batch in (leaving, staying) for taken in batch.take(1)]
    work = at_work(worker, pieces, rotation)
    await asyncio.sleep(0)
    leaving.give_up(RIGHT)
    assert await names(rotation) == ["b0"]
    with pytest.raises(WorkerLost):
        await work  # it stayed at what nobody waits for
    assert staying.unjudged == 1
    assert not staying.has_work, "it is with another worker, and under no suspicion"


async def test_of_a_lost_worker_only_the_rollout_at_hand_is_suspected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assignment, "LOOK_S", 60)
    batches = [batch_of(1, owner) for owner in "abc"]
    worker, rotation = ScriptedWorker(), Rotation()
    work = at_work(worker, [Piece(b, *taken) for b in batches for taken in b.take(1)], rotation)
    worker.to_give.put_nowait([(0, RIGHT)])
    worker.kill()
    with pytest.raises(WorkerLost):
        await work
    assert batches[0].closed
    chunks = [await names(rotation), await names(rotation)]
    assert sorted(chunks) == [["b0"], ["c0"]]


async def test_judging_that_takes_the_worker_for_itself_ends_with_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assignment, "JUDGE_CPU_S", 5.0)
    batch, worker = batch_of(1), ScriptedWorker()
    work = at_work(worker, [Piece(batch, *taken) for taken in batch.take(1)], Rotation())
    await asyncio.sleep(0.05)
    assert not worker.killed, "what runs in a jail is no work of the worker's"
    until_seen = asyncio.create_task(until(lambda: worker.killed))
    while not until_seen.done():
        worker.cpu_s += 1.0
        await asyncio.sleep(0.01)
    with pytest.raises(WorkerLost):
        await work
    assert batch.has_work, "it is tried once more"
