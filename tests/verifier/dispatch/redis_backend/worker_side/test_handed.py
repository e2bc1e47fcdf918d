"""A lone rollout goes straight to a worker that has nothing to do, and is not lost with it."""

import signal
from collections.abc import Iterator

import pytest
import redis

from tests.verifier.dispatch.batches import judge, rewards, rollouts
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching, wait_until
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.jobs import ForgedJob
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.model import Kind

pytestmark = pytest.mark.redis
LANE, OTHER_LANE = names.lane(Kind.MATH, "training"), names.lane(Kind.CODE, "training")


class Ledgers:
    """Batches of one rollout, for workers that are idle."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.chunks = ChunkLedger(client)
        self.workers = WorkerLedger(client)
        self._batches = BatchLedger(client)
        self._count = 0

    def idle(self, worker: str, lane: str = LANE) -> None:
        """It looks for a chunk, finds none, and waits."""
        self.workers.beat(worker, [lane], {})
        assert self.chunks.turn("0" * 32, [], None, worker, [lane]) is None

    def submit(self) -> str:
        """The name of the batch."""
        self._count += 1
        plan = plan_batch(
            rollouts("say x"),
            name=None,
            anonymous=f"{self._count:032x}",
            owner="ab",
            queue="training",
            workers=1,
        )
        self._batches.accept(plan, "client", 12.5, 100)
        return plan.batch

    def handed(self, worker: str) -> list[bytes]:
        return self.client.lrange(names.HANDED + worker, 0, -1)  # type: ignore[return-value]

    @property
    def queued(self) -> int:
        return int(self.client.llen(names.rq_key(LANE)))


@pytest.fixture
def ledgers(server: RedisServer) -> Iterator[Ledgers]:
    with server.client() as client:
        yield Ledgers(client)


def test_an_idle_worker_has_it_leased_with_its_submission(ledgers: Ledgers) -> None:
    ledgers.idle("one")
    batch = ledgers.submit()
    (message,) = ledgers.handed("one")
    taken = ledgers.chunks.handed(message)
    assert (taken.batch, taken.owner, taken.queue, taken.left_s) == (batch, "ab", "training", 12.5)
    assert taken.payload == ledgers.chunks.payload(batch, taken.chunk)
    assert ledgers.client.zscore(names.LEASES, f"{batch}_{taken.chunk}") is not None
    assert ledgers.queued == 0
    ledgers.submit()  # it is busy now
    assert len(ledgers.handed("one")) == 1
    assert ledgers.queued == 1


def test_none_is_handed_past_another_nor_to_who_cannot_take_it(ledgers: Ledgers) -> None:
    ledgers.idle("silent")
    ledgers.client.zincrby(names.SERVING + LANE, -3 * names.HEARTBEAT_S, "silent")
    ledgers.idle("of-another-lane", OTHER_LANE)
    ledgers.submit()
    assert ledgers.queued == 1
    ledgers.client.zadd(names.IDLE, {"on-its-way": 0})  # to the one in the queue
    ledgers.workers.beat("on-its-way", [LANE], {})
    ledgers.submit()
    assert ledgers.queued == 2
    assert not any(map(ledgers.handed, ("silent", "of-another-lane", "on-its-way")))


def test_who_ends_before_it_begins_leaves_it_to_others(ledgers: Ledgers) -> None:
    ledgers.idle("one")
    batch = ledgers.submit()
    ledgers.workers.forget("one")
    assert not ledgers.handed("one")
    ledgers.workers.beat("other", [LANE], {})
    taken = ledgers.chunks.turn("0" * 32, [], None, "other", [LANE])
    assert taken
    assert (taken.batch, taken.chunk.tries) == (batch, 0)


@pytest.mark.parametrize("message", [b"", b"{}\n", b'["x",1,"q","{}",""]\n', b"[1,2,3,4,5]\n{}"])
def test_what_names_no_chunk_is_not_run(ledgers: Ledgers, message: bytes) -> None:
    with pytest.raises(ForgedJob):
        ledgers.chunks.handed(message)


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
async def test_it_is_judged_elsewhere_where_its_worker_is_lost(
    server: RedisServer, workers: Workers, number: signal.Signals
) -> None:
    workers.start(2)
    with server.client() as client:
        async with dispatching(server) as dispatcher:
            assert rewards(await judge(dispatcher, rollouts("say 1"))) == [1.0]
            wait_until(lambda: client.zcard(names.IDLE) == 1, "the one that judged it is idle")
            (idle,) = (name.decode() for name in client.zrange(names.IDLE, 0, -1))
            (pid,) = (one.pid for one in WorkerLedger(client).alive() if one.name == idle)
            workers.by_pid(int(pid)).send(number)
            assert rewards(await judge(dispatcher, rollouts("say 1"))) == [1.0]
