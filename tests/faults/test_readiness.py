"""Ready is what can judge: a Redis that hangs or takes nothing, and workers of another queue."""

import signal

import pytest
from prometheus_client import CollectorRegistry

from api.access.keys import KeyRing
from api.metrics.service import Metrics
from tests.verifier.dispatch.batches import judge, rewards, rollouts
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching
from verifier.dispatch import Figures, Readiness, Unavailable
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher

pytestmark = pytest.mark.redis


def value(readiness: Readiness, of: str) -> float | None:
    metrics = Metrics(KeyRing([], None))
    metrics.page(readiness, Figures(), 0)
    registry: CollectorRegistry = metrics.registry
    return registry.get_sample_value(of)


async def test_workers_of_another_queue_judge_nothing_of_this_one(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1, "--queues", "training")
    async with dispatching(server, queue="evaluation") as running:
        readiness = await running.readiness()
        assert not readiness.ready
        assert {state.workers for state in readiness.kinds.values()} == {0}
        with pytest.raises(Unavailable, match="--kinds math --queue evaluation"):
            await judge(running, rollouts("say x"))
    async with dispatching(server) as running:
        assert (await running.readiness()).ready
        assert rewards(await judge(running, rollouts("say x"))) == [1.0]


async def test_a_redis_that_hangs_is_noticed_soon_and_the_numbers_stay(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    async with dispatching(server) as running:
        before = await running.readiness()
        assert (before.ready, value(before, "verifier_redis_up")) == (True, 1)
        server.send(signal.SIGSTOP)
        readiness = await running.readiness()
        assert not readiness.ready
        assert readiness.detail == "Redis has not answered for 1 s."
        assert value(readiness, "verifier_redis_up") == 0
        assert value(readiness, "verifier_workers") == 2
        server.send(signal.SIGCONT)
        while not (await running.readiness()).ready:
            pass


async def refused(running: RedisDispatcher) -> str:
    readiness = await running.readiness()
    assert not readiness.ready
    return readiness.detail


async def test_a_redis_that_takes_nothing_is_not_ready(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    client = server.client()
    async with dispatching(server) as running:
        client.config_set("maxmemory", 1)
        assert "maxmemory" in await refused(running)
        client.config_set("maxmemory", 0)
        assert (await running.readiness()).ready
        client.replicaof("127.0.0.1", 1)
        assert "read only replica" in await refused(running)
        client.replicaof("NO", "ONE")
        while not (await running.readiness()).ready:
            pass
        assert rewards(await judge(running, rollouts("say x"))) == [1.0]
