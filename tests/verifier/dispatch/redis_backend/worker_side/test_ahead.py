"""The chunk that a worker takes ahead: not in another's stead, not for long, and never lost."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.verifier.dispatch.batches import rewards, rollouts, until
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.losses import LossLedger
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.lua.chunks import INLINE_BYTES
from verifier.dispatch.redis_backend.payload import PAYLOAD_ROLLOUTS, plan_batch
from verifier.dispatch.redis_backend.records import Has, Taken
from verifier.model import Kind, Verdict

pytestmark = pytest.mark.redis
LANE = names.lane(Kind.MATH, "training")
ONE, OTHER = "one", "other"


class Ledgers:
    """A batch of so many chunks, and two workers."""

    def __init__(self, client: redis.Redis, chunks: int, text: str = "say x") -> None:
        self.client = client
        self.chunks = ChunkLedger(client)
        self.workers = WorkerLedger(client)
        self.losses = LossLedger(client)
        for worker in (ONE, OTHER):
            self.beat(worker)
        plan = plan_batch(
            rollouts(*[text] * PAYLOAD_ROLLOUTS * chunks),
            name=None,
            anonymous="c" * 32,
            owner="",
            queue="training",
            workers=1,
        )
        assert len(plan.chunks) == chunks
        BatchLedger(client).accept(plan, "client", 800, 10_000)

    def beat(self, worker: str, ahead: Taken | None = None, *, is_long: bool = False) -> bool:
        """Whether it has that one still."""
        has = Has(ahead.batch, ahead.chunk) if ahead else Has()
        beaten = self.workers.beat(worker, [LANE], {}, ahead=has, ahead_is_long=is_long)
        return beaten.has_ahead

    def take(self, worker: str = ONE) -> Taken:
        taken = self.chunks.turn("0" * 32, [], None, worker, [LANE])
        assert taken
        return taken

    def take_ahead(self, at: Taken, worker: str = ONE) -> Taken | None:
        return self.chunks.turn(at.batch, [], None, worker, [LANE], Has(at.batch, at.chunk))

    @property
    def queued(self) -> list[Any]:
        return self.client.lrange(names.rq_key(LANE), 0, -1)


@pytest.fixture
def client(server: RedisServer) -> Iterator[redis.Redis]:
    with server.client() as client:
        yield client


def test_it_is_taken_only_where_enough_is_there_for_each_other_worker(client: redis.Redis) -> None:
    ledgers = Ledgers(client, chunks=4)
    at = ledgers.take()
    assert at.others_wait
    ahead = ledgers.take_ahead(at)
    assert ahead
    assert ahead.chunk != at.chunk
    assert ledgers.take_ahead(at)  # two were left, one for each
    assert ledgers.take_ahead(at) is None
    last = ledgers.take(OTHER)
    assert not last.others_wait


def test_it_goes_back_to_the_front_where_others_have_none_or_after_long(
    client: redis.Redis,
) -> None:
    ledgers = Ledgers(client, chunks=4)
    at = ledgers.take()
    ahead = ledgers.take_ahead(at)
    assert ahead
    job = f"{ahead.batch}_{ahead.chunk}".encode()
    assert ledgers.beat(ONE, ahead)
    assert job not in ledgers.queued
    assert not ledgers.beat(ONE, ahead, is_long=True)
    assert ledgers.queued[0] == job
    assert not ledgers.beat(ONE, ahead)  # once only
    assert ledgers.queued.count(job) == 1
    again = ledgers.take_ahead(at)
    assert again
    assert again.chunk == ahead.chunk
    while ledgers.queued:
        ledgers.take(OTHER)
    assert not ledgers.beat(ONE, again)
    assert ledgers.queued == [job]


def test_what_has_cost_a_worker_is_not_taken_ahead(client: redis.Redis) -> None:
    ledgers = Ledgers(client, chunks=8)
    at, lost = ledgers.take(), ledgers.take(OTHER)
    client.zincrby(names.LEASES, -names.LEASE_S, f"{lost.batch}_{lost.chunk}")
    assert ledgers.losses.reap() == [(lost.batch, lost.chunk)]
    assert ledgers.chunks.replace(
        lost.batch, lost.chunk, send=lost.chunk.after_loss(lost.chunk.first), lost=True
    )
    assert ledgers.take_ahead(at) is None
    assert ledgers.take(OTHER).chunk.tries == 1


def test_a_payload_that_is_large_does_not_come_along(client: redis.Redis) -> None:
    ledgers = Ledgers(client, chunks=4, text="x" * (INLINE_BYTES // PAYLOAD_ROLLOUTS))
    taken = ledgers.take()
    assert taken.payload is None
    payload = ledgers.chunks.payload(taken.batch, taken.chunk)
    assert len(payload) > INLINE_BYTES
    client.delete(names.batch_key(taken.batch, "payloads"))
    assert ledgers.chunks.payload(taken.batch, taken.chunk) == b""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, None])
async def test_others_judge_what_a_worker_has_ahead_where_that_is_held_up_or_lost(
    server: RedisServer, workers: Workers, tmp_path: Path, number: signal.Signals | None
) -> None:
    """It has one rollout at hand that does not end, and the next chunk."""
    workers.start(1)
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    batch = rollouts(*["say 1"] * 64, f"await {begun} {go_on}", *["say 1"] * 8 * 64)
    found: dict[int, Verdict] = {}
    async with dispatching(server) as running, running.submit(batch, 800) as verdicts:
        await until(begun.exists)
        workers.start(2)
        if number:
            workers.all[0].send(number)
        async for index, verdict in verdicts:
            assert index not in found
            found[index] = verdict
            if len(found) == len(batch) - 1:
                go_on.touch()
    assert set(rewards(list(found.values()))) == {1.0}
