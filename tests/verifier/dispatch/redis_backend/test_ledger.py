"""What is delivered to the ledger counts once, in whatever pieces and however often it comes."""

import random

import pytest

from tests.verifier.dispatch.batches import rollouts
from tests.verifier.dispatch.servers import RedisServer
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.totals import Totals
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.redis_backend.records import has_verdict

pytestmark = pytest.mark.redis
SIZE = 300


def test_each_place_has_the_verdict_that_came_first(server: RedisServer) -> None:
    plan = plan_batch(
        rollouts(*["say x"] * SIZE),
        name=None,
        anonymous="c" * 32,
        owner="",
        queue="training",
        workers=1,
    )
    chance = random.Random(7)  # the same pieces each time
    first: dict[int, bytes] = {}
    with server.client() as client:
        batches, chunks, totals = BatchLedger(client), ChunkLedger(client), Totals(client)
        batches.accept(plan, "client", 800, SIZE)
        delivered = 0
        while len(first) < SIZE - 1:
            places = chance.sample(range(SIZE - 1), chance.randint(1, 60))
            verdicts = [(place, b"%d of %d" % (place, delivered)) for place in places]
            delivered += len(verdicts)
            chunks.deliver(plan.batch, verdicts)
            first = {**dict(verdicts), **first}
        found = batches.results(plan.batch, 0)
        assert found
        assert sorted(found.verdicts) == sorted(first.values())
        judged = batches.judged(plan.batch)
        assert [has_verdict(judged, place) for place in range(SIZE)] == [True] * (SIZE - 1) + [
            False
        ]
        assert totals.figures().counts["duplicates"] == delivered - len(first)
        assert (found.judged, found.closed) == (SIZE - 1, False)
        assert totals.census().queued_rollouts == 1
