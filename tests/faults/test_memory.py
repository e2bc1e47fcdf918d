"""Redis without room: what is new is refused and leaves nothing, and then it goes on."""

import pytest

from tests.verifier.dispatch.batches import judge, rewards
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching
from verifier.dispatch import QueueFull
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.connection import connect
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.model import Rollout

pytestmark = pytest.mark.redis

MIB = 1024 * 1024
LARGE = [
    Rollout(completion="say " + "x" * 200_000, ground_truth=["y" * 20_000, number])
    for number in range(50)
]


async def test_an_upload_that_redis_refuses_is_told_and_leaves_nothing(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    client = server.client()
    async with dispatching(server, max_bytes=1 << 40) as running:
        client.config_set("maxmemory", client.info("memory")["used_memory"] + 4 * MIB)
        for _ in range(3):
            with pytest.raises(QueueFull, match="no memory"):
                await judge(running, LARGE)
        assert not client.keys(f"{names.OURS}batch:*")
        assert all(0 < client.ttl(key) <= names.UPLOAD_S for key in client.keys(f"{names.TRUTH}*"))
        client.config_set("maxmemory", 0)
        assert rewards(await judge(running, LARGE)) == [1.0] * len(LARGE)


def test_what_is_uploaded_expires_from_its_first_byte_on(server: RedisServer) -> None:
    """An API process may be killed at any time before the batch is accepted."""
    client = server.client()
    plan = plan_batch(LARGE, name=None, anonymous="a" * 32, owner="", queue="training", workers=1)
    known = [plan.batch, "watcher", plan.size, 60, plan.size, plan.queue, "", plan.code_from, "{}"]
    more_payloads_than_came = len(plan.payloads) + 1
    answer = BatchLedger(connect(server.url))._store(plan, [*known, more_payloads_than_came, 0, 0])
    assert answer == [b"store"]
    stored = client.keys(f"{names.OURS}*")
    assert len(stored) == 1 + len(plan.truths)
    assert all(0 < client.ttl(key) <= names.UPLOAD_S for key in stored)


async def test_more_bytes_than_the_bound_are_refused_before_they_travel(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    bound = server.client().info("memory")["used_memory"] + 4 * MIB
    async with dispatching(server, max_bytes=bound) as running:
        with pytest.raises(QueueFull, match=f"limit of {bound}"):
            await judge(running, LARGE)
        assert rewards(await judge(running, LARGE[:5])) == [1.0] * 5


async def test_the_bound_follows_the_limit_that_redis_has(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    client = server.client()
    client.config_set("maxmemory", client.info("memory")["used_memory"] + 12 * MIB)
    async with dispatching(server) as running:
        with pytest.raises(QueueFull, match="would exceed the limit"):
            await judge(running, LARGE)
        assert rewards(await judge(running, LARGE[:5])) == [1.0] * 5
