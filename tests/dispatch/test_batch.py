"""How much of a batch a worker gets at once, and what becomes of what it gives back."""

from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import CHUNK_S, MAX_ROLLOUTS, MIN_ROLLOUTS
from verifier.model import Rollout


def batch_of(count: int) -> Batch:
    return Batch([Rollout(completion="x", ground_truth="1")] * count, 60)


def positions(batch: Batch, workers: int = 1) -> list[int]:
    return [index for index, _ in batch.take(workers)]


async def test_quick_chunks_make_the_next_ones_larger_up_to_a_bound() -> None:
    batch = batch_of(10_000)
    sizes = []
    for _ in range(4):
        sizes.append(len(positions(batch)))
        batch.chunk_ended(0, [])
    assert sizes[0] == MIN_ROLLOUTS
    assert sizes == sorted(sizes)
    assert sizes[-1] == MAX_ROLLOUTS


async def test_what_a_worker_gives_back_is_next_and_chunks_are_small_again() -> None:
    batch = batch_of(10_000)
    positions(batch)
    batch.chunk_ended(0, [])
    taken = positions(batch)
    batch.chunk_ended(2 * CHUNK_S, taken[20:])
    assert positions(batch) == taken[20 : 20 + MIN_ROLLOUTS]


async def test_many_workers_share_even_quick_rollouts() -> None:
    batch = batch_of(1000)
    positions(batch, 16)
    batch.chunk_ended(0, [])
    batch.chunk_ended(0, [])
    assert len(positions(batch, 16)) == MAX_ROLLOUTS // MIN_ROLLOUTS
