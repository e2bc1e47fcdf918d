"""How much of a batch a worker gets at once, and what becomes of what it gives back."""

from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import CHUNK_S, MAX_ROLLOUTS, MIN_ROLLOUTS
from verifier.model import Rollout


def batch_of(count: int) -> Batch:
    return Batch([Rollout(completion="x", ground_truth="1")] * count, 60)


def positions(batch: Batch, workers: int = 1) -> list[int]:
    return [index for index, _ in batch.take(workers)]


async def test_chunks_hold_what_takes_a_known_time_within_bounds() -> None:
    batch = batch_of(10_000)
    sizes = [len(positions(batch))]
    for seconds_each in (CHUNK_S / 50, CHUNK_S / 100_000, 10 * CHUNK_S):
        batch.chunk_ended(sizes[-1], seconds_each * sizes[-1])
        sizes.append(len(positions(batch)))
    assert sizes == [MIN_ROLLOUTS, 50, MAX_ROLLOUTS, MIN_ROLLOUTS]


async def test_what_a_worker_gives_back_is_next_and_chunks_are_small_again() -> None:
    batch = batch_of(10_000)
    batch.chunk_ended(len(positions(batch)), 0)
    taken = positions(batch)
    batch.chunk_ended(20, 2 * CHUNK_S)
    batch.take_back(taken[20:])
    assert positions(batch) == taken[20 : 20 + MIN_ROLLOUTS]


async def test_many_workers_share_even_quick_rollouts() -> None:
    batch = batch_of(1000)
    positions(batch, 16)
    batch.chunk_ended(16, 16 * CHUNK_S / 400)
    assert len(positions(batch, 16)) == 25


async def test_slow_rollouts_end_together() -> None:
    batch = batch_of(8)
    batch.chunk_ended(1, CHUNK_S)
    assert positions(batch) == [0, 1]
    assert positions(batch) == [2]
