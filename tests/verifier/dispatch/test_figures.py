"""What was counted arrives once, by kind and traffic, whatever becomes of workers and of Redis."""

import signal
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from sandbox.counting import SEPARATOR
from tests.verifier.dispatch.batches import judge, programs, rollouts, until
from tests.verifier.dispatch.embedded.test_dispatcher import dispatcher
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching, wait_until
from verifier.dispatch.figures import problem_label
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher
from verifier.dispatch.redis_backend.chunk_id import MAX_TRIES
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.ledger.chunks import ChunkLedger
from verifier.dispatch.redis_backend.ledger.totals import Totals
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.redis_backend.reaper import Reaper
from verifier.dispatch.redis_backend.records import Left, Told
from verifier.model import Kind


def total(counts: Mapping[str, float], *name: str, without: str = "sum") -> float:
    """Of every count that begins so: of a time, how many were observed."""
    stem = SEPARATOR.join(name)
    return sum(
        number
        for key, number in counts.items()
        if (key + SEPARATOR).startswith(stem + SEPARATOR) and not key.endswith(without)
    )


async def counted(running: RedisDispatcher, *name: str, at_least: float) -> Mapping[str, float]:
    """The counts, once there are so many of that name: workers tell of them with their beats."""
    while total(counts := (await running.figures()).counts, *name) < at_least:
        pass
    return counts


@pytest.mark.redis
async def test_times_are_counted_by_kind_and_traffic(server: RedisServer, workers: Workers) -> None:
    workers.start(1)
    batch = [*rollouts("say x", "say y"), *programs("say z")]
    async with dispatching(server, queue="evaluation") as running:
        await judge(running, batch)
        counts = await counted(running, "total_seconds", at_least=len(batch))
    for name in ("queue_seconds", "judging_seconds", "total_seconds"):
        assert total(counts, name, Kind.MATH, "evaluation") == 2
        assert total(counts, name, Kind.CODE, "evaluation") == 1
        assert total(counts, name, Kind.MATH, "training") == 0
    assert (
        counts["total_seconds|math|evaluation|sum"] >= counts["queue_seconds|math|evaluation|sum"]
    )


def has(file: Path, chars: int) -> bool:
    return file.exists() and len(file.read_text()) == chars


@pytest.mark.redis
async def test_what_kills_its_workers_is_counted_for_its_problem(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    deaths = tmp_path / "deaths"
    async with dispatching(server) as running:

        async def replace() -> None:
            for lost in range(1, MAX_TRIES + 1):
                wait_until(partial(has, deaths, lost), "it dies")
                workers.all[0].process.wait()
                workers.replace_dead()

        async with running.submit(rollouts(f"die_and_tell {deaths}"), 800) as verdicts:
            await replace()
            assert [verdict.reward async for _, verdict in verdicts] == [None]
        counts = await counted(running, "poison", at_least=1)
    label = problem_label('"1"')
    assert counts[f"poison|{label}"] == 1
    assert counts["leases_lost|math|training"] == MAX_TRIES
    assert counts["retries|math|training"] == MAX_TRIES - 1


@pytest.mark.redis
@pytest.mark.parametrize(("lives", "lost"), [(True, 0), (False, 1)])
def test_who_lives_has_not_lost_what_nobody_waits_for(
    server: RedisServer, lives: bool, lost: int
) -> None:
    """A worker leaves such a chunk, and its lease ends by itself."""
    plan = plan_batch(
        programs("say x"), name=None, anonymous="b" * 32, owner="", queue="training", workers=1
    )
    with server.client() as client:
        batches = BatchLedger(client)
        batches.accept(plan, "client", 800, 100)
        assert ChunkLedger(client).take(plan.batch, plan.chunks[0], "worker")
        batches.leave([Left(plan.batch, "client", keep=False)])
        if lives:
            WorkerLedger(client).beat("worker", names.LANES, {})
        client.zincrby(names.LEASES, -names.LEASE_S, f"{plan.batch}_{plan.chunks[0]}")
        Reaper(client).once()
        assert not client.zcard(names.LEASES)
        assert total(Totals(client).figures().counts, "leases_lost") == lost


@pytest.mark.redis
async def test_while_redis_hangs_the_numbers_stay_and_none_is_lost(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        await judge(running, rollouts("say x"))
        before = await counted(running, "total_seconds", at_least=1)
        server.send(signal.SIGSTOP)
        assert (await running.figures()).counts == before
        server.send(signal.SIGCONT)
        await judge(running, rollouts("say x"))
        after = await counted(running, "total_seconds", at_least=2)
        assert total(after, "total_seconds") == 2


@pytest.mark.redis
def test_what_is_told_twice_counts_once_and_names_are_bounded(server: RedisServer) -> None:
    with server.client() as client:
        workers, totals = WorkerLedger(client), Totals(client)
        for number in (1, 1, 2):
            workers.count("worker", Told(number, '{"nulls|x|host": 2}'))
        assert totals.figures().counts == {"nulls|x|host": 4}
        workers.beat("worker", names.LANES, {"jails": "2"})
        assert totals.figures().jails == 2
        client.hset(names.COUNTS, mapping={f"name{n}": 1 for n in range(names.MAX_COUNTS)})
        workers.count("worker", Told(3, '{"nulls|x|one more": 1, "nulls|x|host": 1}'))
        counts = totals.figures().counts
    assert (counts["nulls|x|other"], counts["nulls|x|host"]) == (1, 5)
    assert "nulls|x|one more" not in counts


@pytest.mark.redis
async def test_the_oldest_that_waits_is_told_by_its_lane(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1, "--kinds", "code")
    workers.start(1, "--kinds", "math")
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    async with dispatching(server) as running:
        assert set((await running.figures()).oldest_s.values()) == {0.0}
        held_up = programs(f"await {begun} {go_on}", *["say x"] * 100)
        async with running.submit(held_up, 800) as verdicts:
            wait_until(begun.exists, "it begins")
            figures = await running.figures()
            while figures.busy_workers < 1 or not any(figures.oldest_s.values()):
                figures = await running.figures()
            assert [lane for lane, age in figures.oldest_s.items() if age] == ["code-training"]
            assert [worker.lanes for worker in figures.workers if worker.is_busy] == [
                ["code-training", "code-evaluation"]
            ]
            go_on.touch()
            assert len([found async for found in verdicts]) == len(held_up)


async def test_embedded_workers_say_what_they_are_at(tmp_path: Path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    async with dispatcher(1) as running:
        await judge(running, rollouts("say x"))
        (worker,) = (await running.figures()).workers
        assert (worker.is_busy, worker.rollouts) == (False, 0)
        held_up = programs(f"await {begun} {go_on}")
        async with running.submit(held_up, 800) as verdicts:
            await until(begun.exists)
            figures = await running.figures()
            assert [(at.is_busy, at.rollouts) for at in figures.workers] == [(True, 1)]
            assert figures.busy_workers == 1
            go_on.touch()
            assert len([found async for found in verdicts]) == 1


async def test_embedded_workers_are_counted_too() -> None:
    async with dispatcher(1) as running:
        await judge(running, [*rollouts("say x", "fail"), *programs("say y")])
        counts = (await running.figures()).counts
    assert total(counts, "judging_seconds", Kind.MATH) == 2
    assert total(counts, "judging_seconds", Kind.CODE) == 1
    assert total(counts, "nulls", "verifier_error") == 1
