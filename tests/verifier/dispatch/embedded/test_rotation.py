"""Owners take turns, whatever each of them has, and small batches share a chunk."""

from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import MAX_CHARS
from verifier.dispatch.embedded.rotation import Rotation
from verifier.model import Rollout


def batch(owner: str, count: int, chars: int = 1) -> Batch:
    rollouts = [Rollout(completion="x" * chars, ground_truth="1") for _ in range(count)]
    return Batch(rollouts, 60, owner)


async def owners_of(rotation: Rotation, chunks: int) -> list[str]:
    return [(await rotation.take(workers=1))[0].batch.owner for _ in range(chunks)]


async def test_a_flood_of_one_owner_leaves_every_second_chunk_to_the_other() -> None:
    rotation = Rotation()
    for _ in range(3):
        rotation.add(batch("flood", 500))
    rotation.add(batch("other", 500))
    assert await owners_of(rotation, 6) == ["flood", "other"] * 3


async def test_small_batches_that_wait_share_a_chunk() -> None:
    rotation = Rotation()
    small = [batch("", 1) for _ in range(4)]
    for each in small:
        rotation.add(each)
    found = [piece.batch for piece in await rotation.take(workers=1)]
    assert found == small[: len(found)]
    assert len(found) > 1


async def test_what_is_long_goes_alone() -> None:
    rotation = Rotation()
    rotation.add(batch("", 1, chars=MAX_CHARS))
    rotation.add(batch("", 1))
    assert len(await rotation.take(workers=1)) == 1
