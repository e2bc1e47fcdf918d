"""Whatever dies, stops or vanishes in the middle of a batch: same rewards, each exactly once."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.dispatch.batches import judge, mixed, rewards, rollouts
from tests.verifier.dispatch.servers import RedisServer, Workers, wait_until
from verifier.dispatch import Unavailable
from verifier.dispatch.redis_backend import names, payload
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES, ChunkId
from verifier.dispatch.redis_backend.connection import connect
from verifier.dispatch.redis_backend.ledger.losses import LossLedger
from verifier.model import Kind, Outcome, Rollout

pytestmark = [pytest.mark.redis, pytest.mark.slow]

BATCH = mixed(["say x", "wrong", "sleep 0.005", "say y", "sleep 0.02", "wrong"] * 40)
UNDISTURBED = [1.0, 0.0, 1.0, 1.0, 1.0, 0.0] * 40


@pytest.fixture(params=["every kind", "one kind each"])
def fleet(request: pytest.FixtureRequest, workers: Workers) -> Workers:
    """Two workers for each kind."""
    if request.param == "every kind":
        workers.start(2)
    else:
        for kind in Kind:
            workers.start(2, "--kinds", kind)
    return workers


@asynccontextmanager
async def dispatcher(server: RedisServer) -> AsyncIterator[RedisDispatcher]:
    running = RedisDispatcher(server.url)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def until(condition: Callable[[], bool], what: str) -> None:
    await asyncio.to_thread(wait_until, condition, what)


async def test_the_batch_undisturbed(server: RedisServer, fleet: Workers) -> None:
    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH)) == UNDISTURBED


async def test_a_worker_killed_in_mid_chunk(server: RedisServer, fleet: Workers) -> None:

    async def kill() -> None:
        fleet.all[0].kill()

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, kill)) == UNDISTURBED


async def test_every_worker_killed_and_replaced(server: RedisServer, fleet: Workers) -> None:

    async def kill() -> None:
        for worker in fleet.all:
            worker.kill()
        fleet.replace_dead()

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, kill)) == UNDISTURBED


async def test_a_worker_stopped_past_its_lease_comes_back_with_late_results(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    client = server.client()
    asleep = workers.all[0]

    async def stop() -> None:
        asleep.send(signal.SIGSTOP)
        await until(lambda: client.zcard(names.WORKERS) == 1, "it is missed")

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, stop)) == UNDISTURBED
        asleep.send(signal.SIGCONT)
        assert rewards(await judge(running, BATCH)) == UNDISTURBED
        await until(lambda: server.workers() == 2, "it is back")
    assert asleep.process.poll() is None


async def test_a_worker_that_wakes_up_while_others_do_its_chunk(
    server: RedisServer, fleet: Workers
) -> None:
    asleep = fleet.all[0]
    # Slow enough to be still under way when it wakes up.
    batch = mixed(["sleep 0.03"] * 400)

    async def stop() -> None:
        asleep.send(signal.SIGSTOP)
        await asyncio.sleep(names.LEASE_S + 1)
        asleep.send(signal.SIGCONT)

    async with dispatcher(server) as running:
        assert rewards(await judge(running, batch, stop)) == [1.0] * 400


async def test_every_job_delivered_twice(server: RedisServer, fleet: Workers) -> None:
    client = server.client()

    async def duplicate() -> None:
        for _ in range(20):
            jobs: list[Any] = [key[len("rq:job:") :] for key in client.keys("rq:job:*")]
            jobs += client.zrange(names.LEASES, 0, -1)
            for job in jobs:
                lane = names.lane(ChunkId.parse(job.decode().split("_")[1]).kind, "training")
                client.rpush(f"rq:queue:{names.rq_queue(lane)}", job, job)
            await asyncio.sleep(0.02)

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, duplicate)) == UNDISTURBED
        await until(lambda: not client.hlen(names.UNJUDGED), "nothing counts as unjudged")


async def test_jobs_lost_between_queue_and_lease(server: RedisServer, fleet: Workers) -> None:
    client = server.client()

    async def lose() -> None:
        lost = False
        while not lost:
            for lane in names.LANES:
                lost |= bool(client.lpop(f"rq:queue:{names.rq_queue(lane)}"))

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, lose)) == UNDISTURBED


async def test_jobs_whose_record_was_lost(server: RedisServer, fleet: Workers) -> None:
    """As it happens to a batch that is left and sent again at the same moment."""
    client = server.client()

    async def lose() -> None:
        for key in client.keys("rq:job:*"):
            client.delete(key)

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, lose)) == UNDISTURBED


async def test_a_poison_rollout_is_tried_three_times_and_its_mates_are_judged(
    server: RedisServer, fleet: Workers, tmp_path: Path
) -> None:
    poison = Rollout(completion=f"die_and_tell {tmp_path / 'deaths'}", ground_truth="1")
    batch = [*BATCH[:100], poison, *BATCH[100:]]

    async def keep_replacing() -> None:
        while True:
            fleet.replace_dead()
            await asyncio.sleep(0.05)

    async with dispatcher(server) as running:
        replacing = asyncio.create_task(keep_replacing())
        verdicts = await judge(running, batch)
        replacing.cancel()
    assert verdicts.pop(100).outcome is Outcome.VERIFIER_ERROR
    assert rewards(verdicts) == UNDISTURBED
    assert (tmp_path / "deaths").read_text() == "x" * 3


async def test_a_rollout_that_keeps_the_interpreter_for_itself_costs_no_worker(
    server: RedisServer, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for the process that gives the signs to get its turn, whatever else runs here.
    lease_s, forgotten_s = 6, 15
    monkeypatch.setenv("LEASE_S", str(lease_s))
    monkeypatch.setattr(names, "WORKER_FORGOTTEN_S", forgotten_s)
    workers.start(2)
    client = server.client()
    begun = tmp_path / "begun"
    missed = 0
    # For twice as long as a lease lasts, and longer than a worker without a sign is remembered.
    batch = rollouts(f"keep_lock {forgotten_s + 3} {begun}", *["wrong"] * 7)
    async with dispatcher(server) as running, running.submit(batch, 800) as verdicts:
        others = [await anext(verdicts) for _ in range(7)]
        left = asyncio.ensure_future(anext(verdicts))
        while not left.done():
            missed += client.zcard(names.WORKERS) != 2
            await asyncio.sleep(0.05)
        index, verdict = await left
    assert {found.outcome for _, found in others} == {Outcome.WRONG_ANSWER}
    assert (index, verdict.outcome) == (0, Outcome.CORRECT)
    assert begun.read_text() == "x", "nobody took its chunk for lost"
    assert missed == 0, "nor it for dead"


async def test_a_rollout_that_works_for_ever_ends_its_workers_and_nothing_else(
    server: RedisServer, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_CPU_S", "0.5")
    workers.start(2)
    begun = tmp_path / "begun"
    batch = rollouts("say x", f"work_for_ever {begun}", *["say x"] * 6)

    async def replace_dead() -> None:
        while True:
            workers.replace_dead()
            await asyncio.sleep(0.1)

    async with dispatcher(server) as running:
        replacing = asyncio.create_task(replace_dead())
        verdicts = await judge(running, batch)
        replacing.cancel()
    assert verdicts.pop(1).outcome is Outcome.VERIFIER_ERROR
    assert {verdict.outcome for verdict in verdicts} == {Outcome.CORRECT}
    assert begun.read_text() == "x" * MAX_TRIES


@pytest.mark.usefixtures("patience")
async def test_a_worker_told_to_end_drains_and_others_do_the_rest(
    server: RedisServer, fleet: Workers, tmp_path: Path
) -> None:
    batch = mixed([f"once {tmp_path / str(number)} 0.01" for number in range(400)])
    leaving = fleet.all[0]

    async def terminate() -> None:
        leaving.send(signal.SIGTERM)

    async with dispatcher(server) as running:
        verdicts = await judge(running, batch, terminate)
    # Nothing was even judged twice.
    assert rewards(verdicts) == [1.0] * 400
    assert await asyncio.to_thread(leaving.process.wait) == 0


async def test_programs_taken_for_mathematics_while_every_worker_is_killed_and_replaced(
    server: RedisServer, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "kind_of_task", lambda _: Kind.MATH)
    for kind in Kind:
        workers.start(2, "--kinds", kind)

    async def kill() -> None:
        for worker in workers.all:
            worker.kill()
        workers.replace_dead()

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, kill)) == UNDISTURBED


async def test_redis_killed_and_started_again(server: RedisServer, fleet: Workers) -> None:

    async def restart() -> None:
        server.kill()
        server.start()

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, restart)) == UNDISTURBED
        assert rewards(await judge(running, BATCH)) == UNDISTURBED


@pytest.mark.parametrize("away_s", [5, 30])
async def test_redis_away_for_a_while(server: RedisServer, workers: Workers, away_s: float) -> None:
    workers.start(2)

    async def go_away() -> None:
        server.kill()
        with pytest.raises(Unavailable, match="send it again"):
            await judge(running, BATCH)
        assert not (await running.readiness()).ready
        await asyncio.sleep(away_s)
        server.start()

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, go_away)) == UNDISTURBED
        await until(lambda: server.workers() == 2, "the workers are back")
        assert (await running.readiness()).ready
        assert rewards(await judge(running, BATCH)) == UNDISTURBED
    assert [worker.process.poll() for worker in workers.all] == [None, None]


async def test_redis_that_hangs_and_comes_back(server: RedisServer, fleet: Workers) -> None:

    async def hang() -> None:
        server.send(signal.SIGSTOP)
        await asyncio.sleep(8)
        server.send(signal.SIGCONT)

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, hang)) == UNDISTURBED


@pytest.mark.usefixtures("patience")
async def test_redis_that_lost_everything_is_told_again(
    server: RedisServer, fleet: Workers
) -> None:

    async def flush() -> None:
        server.client().flushall()

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, flush)) == UNDISTURBED


@pytest.mark.parametrize("lost", [f"{names.OURS}batch:*:payloads", f"{names.TRUTH}*"])
async def test_what_redis_lost_of_a_batch_is_handed_in_again(
    server: RedisServer, workers: Workers, tmp_path: Path, lost: str
) -> None:
    """As where it is flushed between a worker's look at a chunk and its look at a ground truth."""
    workers.start(1)
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    batch = rollouts(f"await {begun} {go_on}", *["say x"] * (payload.PAYLOAD_ROLLOUTS - 1))
    large = "1" * (payload.SHARED_CHARS + 1)
    batch += [Rollout(completion="say x", ground_truth=large) for _ in range(9)]
    client = server.client()
    async with dispatcher(server) as running:
        judging = asyncio.create_task(judge(running, batch))
        await until(begun.exists, "the worker has the first chunk")
        assert client.delete(*client.keys(lost)) == 1
        go_on.touch()
        assert rewards(await judging) == [1.0] * len(batch)


async def test_what_cannot_be_read_is_null_and_not_handed_in_for_ever(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    """As where the code on the disk is no longer that of the API process."""
    workers.start(1)
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    batch = rollouts(f"await {begun} {go_on}", *["say x"] * payload.PAYLOAD_ROLLOUTS)
    client = server.client()
    async with dispatcher(server) as running:
        judging = asyncio.create_task(judge(running, batch))
        await until(begun.exists, "the worker has the first chunk")
        (payloads,) = client.keys(f"{names.OURS}batch:*:payloads")
        client.hset(payloads, mapping=dict.fromkeys(client.hkeys(payloads), b"{}"))
        go_on.touch()
        assert (await judging)[-1].outcome is Outcome.VERIFIER_ERROR


def test_a_last_loss_is_believed_later_than_the_others(server: RedisServer) -> None:
    """Of a machine too busy for heartbeats no rollout is given up."""
    losses, client = LossLedger(connect(server.url)), server.client()
    now = float(client.time()[0])
    chunks = [ChunkId(Kind.MATH, 0, 0, 1, tries) for tries in range(MAX_TRIES)]
    for silent_s, ended in [(1, chunks[:-1]), (names.LAST_LEASE_S, chunks)]:
        for chunk in chunks:
            client.zadd(names.LEASES, {f"{'0' * 32}_{chunk}": now - silent_s})
        assert sorted(chunk.tries for _, chunk in losses.reap()) == [one.tries for one in ended]


async def test_redis_that_lost_its_last_moments(server: RedisServer, workers: Workers) -> None:
    """Under load a killed Redis may lose what it acknowledged up to two seconds before: then lists
    are shorter than they were, and grow again."""
    workers.start(2)
    client = server.client()

    async def shorten() -> None:
        (results,) = client.keys(f"{names.OURS}batch:*:results")
        client.lpop(results, 5)

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, shorten)) == UNDISTURBED


async def test_a_deadline_is_kept_while_redis_is_away(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)

    async def go_away() -> None:
        server.kill()

    async with dispatcher(server) as running:
        verdicts = await judge(running, BATCH, go_away, deadline_s=3)
    assert {verdict.outcome for verdict in verdicts} >= {Outcome.DEADLINE_EXCEEDED}
    assert all(
        verdict.reward in {None, reward}
        for verdict, reward in zip(verdicts, UNDISTURBED, strict=True)
    )


async def test_the_reaper_killed_together_with_a_worker(
    server: RedisServer, workers: Workers
) -> None:
    """The dispatcher's own reaper never gets into office: the killed worker held it."""
    workers.start(2)
    client = server.client()
    elected = client.get(names.REAPER)

    async def kill() -> None:
        workers.all[0].kill()
        client.set(names.REAPER, elected or b"dead", px=1000)

    async with dispatcher(server) as running:
        assert rewards(await judge(running, BATCH, kill)) == UNDISTURBED
