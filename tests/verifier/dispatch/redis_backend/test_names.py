"""Names of keys and queues: one for each batch, part and lane."""

from verifier.dispatch.redis_backend.chunk_id import ChunkId
from verifier.dispatch.redis_backend.jobs import parse_job
from verifier.dispatch.redis_backend.names import (
    LANES,
    batch_key,
    lane,
    rq_key,
    rq_queue,
)
from verifier.model import Kind

BATCH = "0123456789abcdef" * 2


def test_a_part_of_a_batch_has_a_key_below_the_batchs() -> None:
    assert batch_key(BATCH, "results") == f"{batch_key(BATCH)}:results"


def test_lanes_and_their_queues_are_all_different() -> None:
    assert len({rq_queue(each) for each in LANES}) == len(LANES)
    assert lane(Kind.MATH, "training") != lane(Kind.CODE, "training")
    assert rq_key(LANES[0]).endswith(rq_queue(LANES[0]))


def test_a_jobs_name_is_read_as_it_was_made() -> None:
    chunk = ChunkId(Kind.MATH, payload=0, first=0, stop=8)
    assert parse_job(f"{BATCH}_{chunk}".encode()) == (BATCH, chunk)
