"""The clock of Redis leaps: nothing lasts longer for it, nothing is lost."""

from typing import Any

import pytest
import redis

from tests.verifier.dispatch.batches import judge, mixed, rewards
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching, wait_until
from verifier.dispatch.redis_backend import names

pytestmark = [pytest.mark.redis, pytest.mark.slow]

BATCH = mixed(["say x", "wrong", "sleep 0.01"] * 60)
UNDISTURBED = [1.0, 0.0, 1.0] * 60
TIMED = [names.LEASES, names.DEADLINES, names.WORKERS, names.FORMATS]
TIMED += [names.SERVING + lane for lane in names.LANES]


def leap(client: redis.Redis, seconds: float) -> None:
    """Leave everything as if the clock had been put forward by so much; back, where negative."""
    for key in TIMED:
        members: list[Any] = client.zrange(key, 0, -1)
        for member in members:
            client.zincrby(key, -seconds, member)


async def test_back_by_ten_minutes_just_after_a_worker_and_the_reaper_died(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    client = server.client()

    async def die_and_leap() -> None:
        workers.all[0].kill()
        client.set(names.REAPER, b"dead", px=601_000)
        leap(client, -600)

    async with dispatching(server) as running:
        assert rewards(await judge(running, BATCH, die_and_leap)) == UNDISTURBED
    wait_until(lambda: server.workers() == 1, "the dead one is forgotten")


async def test_forward_by_ten_minutes(server: RedisServer, workers: Workers) -> None:
    workers.start(2)

    async def leap_forward() -> None:
        leap(server.client(), 600)

    async with dispatching(server) as running:
        assert rewards(await judge(running, BATCH, leap_forward)) == UNDISTURBED
