"""Dispatch over Redis keeps every promise of the seam, as the embedded dispatcher does."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rq import Queue, SimpleWorker

from tests.verifier.dispatch.batches import (
    judge,
    judge_until_late,
    judged_before,
    mixed,
    programs,
    rollouts,
    until,
)
from tests.verifier.dispatch.servers import (
    FAKE_WORKER,
    ROOT,
    RedisServer,
    Worker,
    Workers,
    dispatching,
)
from verifier.dispatch import KindReadiness, QueueFull, Unavailable
from verifier.dispatch.redis_backend import names, payload
from verifier.dispatch.redis_backend.ledger.batches import BatchLedger
from verifier.dispatch.redis_backend.lua.rq_records import ENDED_TTL_S
from verifier.dispatch.redis_backend.names import batch_key
from verifier.dispatch.redis_backend.payload import PAYLOAD_ROLLOUTS
from verifier.dispatch.working import UNABLE
from verifier.model import Kind, LimitsOverride, Outcome, Rollout

pytestmark = pytest.mark.redis


async def test_every_rollout_gets_its_own_verdict_in_a_large_batch(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    batch = rollouts(*(f"say {number}" for number in range(1000)))
    async with dispatching(server) as running:
        verdicts = await judge(running, batch)
    assert [verdict.answer for verdict in verdicts] == [str(number) for number in range(1000)]


async def test_an_empty_batch_ends_at_once(server: RedisServer, workers: Workers) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        assert await judge(running, []) == []


async def test_a_batch_is_shared_by_all_workers(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(2)
    ended = tmp_path / "ended"
    # Whoever has the first one is at it until the other has come to the last one.
    orders = [f"await {tmp_path / 'begun'} {ended}", *["sleep 0"] * 198, f"sleep 0 {ended}"]
    async with dispatching(server) as running:
        verdicts = await judge(running, rollouts(*orders))
    assert {verdict.answer for verdict in verdicts} == {str(worker.pid) for worker in workers.all}


async def test_a_rollout_arrives_as_it_was_sent(server: RedisServer, workers: Workers) -> None:
    workers.start(1)
    truths = [{"n": [10**30, 1.5, None, True], "b": 1, "a": 2}, "42", object(), ["x" * 10_000]]
    batch = [Rollout(completion="truth", ground_truth=truth) for truth in truths]
    batch += rollouts("say \ud800 \U0001f600 é")
    async with dispatching(server) as running:
        *verdicts, surrogate = await judge(running, batch)
    expected = [repr(truth) for truth in truths]
    expected[2] = "None"  # what JSON cannot say is a ground truth that no reader accepts
    assert [verdict.answer for verdict in verdicts] == expected
    assert surrogate.answer == "\ud800 \U0001f600 é"


async def test_a_large_ground_truth_is_stored_once_for_all_rollouts_and_batches(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    truth = ["x" * 100_000]
    batch = [
        Rollout(completion="say x", ground_truth=list(truth), limits=LimitsOverride(cpu_s=1))
        for _ in range(300)
    ]
    async with dispatching(server) as running:
        for _ in range(2):
            async with running.submit(batch, 800) as verdicts:
                stored = server.client().keys(f"{names.TRUTH}*")
                assert [verdict async for verdict in verdicts]
    assert len(stored) == 1
    assert server.client().ttl(stored[0]) > 0


async def test_an_owner_has_the_latest_of_too_many_names(
    server: RedisServer, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "MAX_OWNED", 3)
    workers.start(1)
    async with dispatching(server) as running:
        for name, owner in [("theirs", "b"), *((f"{n}", "a") for n in range(6))]:
            async with running.submit(rollouts("say x"), 60, name, "{}", owner) as verdicts:
                assert [verdict async for verdict in verdicts]
        found = {name: await running.named.recall(name) for name in ("theirs", *map(str, range(6)))}
    assert [name for name, batch in found.items() if batch] == ["theirs", "3", "4", "5"]


async def test_giving_up_what_never_was_leaves_nothing_behind(server: RedisServer) -> None:
    async with dispatching(server) as running:
        client, reapers = server.client(), {names.REAPER.encode(), names.WINDOW.encode()}
        await running.named.cancel("x")
        before = {*client.keys()} - reapers
        for number in range(20):
            assert not await running.named.cancel(f"{number}")
        assert {*client.keys()} - reapers == before


async def test_a_batch_in_front_does_not_hold_up_the_next(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        flood = rollouts(*["sleep 0"] * 3000)
        before = await judged_before(running, flood, folder=tmp_path)
    assert before < 13 * PAYLOAD_ROLLOUTS  # what waited in the queue, was begun, and the next one


async def test_training_goes_before_evaluation(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    async with (
        dispatching(server, queue="evaluation") as evaluation,
        dispatching(server, queue="training") as training,
    ):
        flood = rollouts(*["sleep 0"] * 400)
        before = await judged_before(evaluation, flood, folder=tmp_path, through=training)
    assert before < 3 * PAYLOAD_ROLLOUTS  # what the worker had begun, and the next one


async def test_a_slow_rollout_gives_the_rest_of_its_chunk_to_others(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(2)
    batch = rollouts(f"hang {tmp_path / 'hung'}", *["say x"] * 255)
    async with dispatching(server) as running:
        count = 0
        async with running.submit(batch, 800) as verdicts:
            async for _ in verdicts:
                count += 1
                if count == 255:
                    break
        assert count == 255


async def test_at_the_deadline_the_judged_keep_their_verdicts_and_the_rest_is_null(
    server: RedisServer, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        batch = rollouts("wrong", f"hang {tmp_path / 'hung'}", f"hang {tmp_path / 'hung'}")
        verdicts = await judge_until_late(running, batch, judged=1, monkeypatch=monkeypatch)
        assert [verdict.outcome for verdict in verdicts] == [
            Outcome.WRONG_ANSWER,
            Outcome.DEADLINE_EXCEEDED,
            Outcome.DEADLINE_EXCEEDED,
        ]
        await until(lambda: not server.client().hlen(names.UNJUDGED))


async def test_what_is_late_is_dropped_unrun(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    began, go_on = tmp_path / "began", tmp_path / "go-on"
    async with dispatching(server) as running:
        async with running.submit(rollouts(f"await {began} {go_on}"), 800):
            await until(began.exists)
            late = rollouts(f"hang {tmp_path / 'late'}")
            (verdict,) = await judge(running, late, deadline_s=0.2)
            # Its deadline in Redis counts from when it came there.
            await until(lambda: server.client().hlen(names.UNJUDGED) == 1)
            go_on.touch()
        assert verdict.outcome is Outcome.DEADLINE_EXCEEDED
        await judge(running, rollouts("say x"))
    assert not (tmp_path / "late").exists()


async def test_a_worker_stuck_at_a_rollout_nobody_waits_for_ends(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        async with running.submit(rollouts(f"hang {tmp_path / 'hung'}", "wrong"), 800):
            await until((tmp_path / "hung").exists)
        await until(lambda: workers.all[0].process.poll() is not None)


async def test_what_is_given_up_leaves_nothing_in_redis(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    client = server.client()
    async with dispatching(server) as running:
        async with running.submit(rollouts(*["sleep 0.01"] * 5000), 800) as verdicts:
            await anext(verdicts)
        await until(lambda: not leftovers(client))


def leftovers(client: Any) -> list[bytes]:
    """Keys of batches and jobs that have not ended yet, and any without an end of its own. How a
    job ended is there for half a minute, which is not waited for each time."""
    patterns = (f"{names.OURS}batch:*", f"{names.TURNS}*", "rq:job:*", "rq:queue:*")
    kept = [key for pattern in patterns for key in client.keys(pattern)]
    counts = client.zcard(names.LEASES) + client.zcard(names.SENT) + client.hlen(names.UNJUDGED)
    return [key for key in kept if not _goes_by_itself(client, key)] + [b"count"] * counts


def _goes_by_itself(client: Any, key: bytes) -> bool:
    """Whether it is the record of a job that ended, and Redis has been told to forget it."""
    if not key.startswith(b"rq:job:") or client.hget(key, "status") not in {b"finished", b"failed"}:
        return False
    return bool(0 <= client.ttl(key) <= ENDED_TTL_S)


@pytest.mark.slow  # it waits: of all that look for leftovers one sees the last of them go
async def test_a_judged_batch_leaves_nothing_in_redis(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    client = server.client()
    async with dispatching(server) as running:
        await judge(running, rollouts(*["say x"] * 500))
        await until(lambda: not leftovers(client))
        await until(lambda: not client.keys("rq:job:*"))


async def test_a_batch_cancelled_while_it_is_enqueued_is_taken_back(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        for delay_s in (0, 0.001, 0.003, 0.01):
            task = asyncio.create_task(judge(running, rollouts(*["sleep 0.1"] * 500)))
            await asyncio.sleep(delay_s)
            task.cancel()
            await asyncio.wait({task})
        await until(lambda: not server.client().hlen(names.UNJUDGED))


async def test_more_rollouts_than_the_bound_are_refused_whichever_process_they_come_to(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    go_on = tmp_path / "go-on"
    batch = rollouts(f"await {tmp_path / 'begun'} {go_on}", *["say x"] * 9)
    async with (
        dispatching(server, max_queued=10) as one,
        dispatching(server, max_queued=10) as other,
    ):
        async with one.submit(batch, 800) as verdicts:
            with pytest.raises(QueueFull, match="limit of 10") as refusal:
                await judge(other, rollouts(*["say y"] * 10))
            assert refusal.value.retry_after_s >= 1
            go_on.touch()
            assert len([verdict async for verdict in verdicts]) == 10
        assert await judge(other, rollouts("say y"))


@pytest.mark.usefixtures("patience")
async def test_the_same_batch_under_the_same_name_is_judged_once(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(2)
    batch = rollouts(*(f"once {tmp_path / str(number)}" for number in range(100)))
    async with dispatching(server) as one, dispatching(server) as other:
        first, second = await asyncio.gather(
            judge(one, batch, name="step 1"), judge(other, batch, name="step 1")
        )
        third = await judge(other, batch, name="step 1")
    assert first == second == third
    assert {verdict.outcome for verdict in first} == {Outcome.CORRECT}


async def test_other_rollouts_or_another_name_are_another_batch(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        for number, name in enumerate(["a", "a", "b"]):
            (verdict,) = await judge(running, rollouts(f"say {number}"), name=name)
            assert verdict.answer == str(number)


@pytest.mark.usefixtures("patience")
async def test_a_name_left_early_is_resumed_not_begun_anew(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    batch = rollouts(*(f"once {tmp_path / str(number)}" for number in range(200)))
    async with dispatching(server) as running:
        async with running.submit(batch, 800, "step 1") as verdicts:
            await anext(verdicts)
        verdicts_after = await judge(running, batch, name="step 1")
    outcomes = [verdict.outcome for verdict in verdicts_after]
    # The rollout at hand when it was left was judged; nobody heard of it only if its worker died.
    assert outcomes.count(Outcome.CORRECT) == 200


async def test_a_name_resumed_while_the_chunk_left_is_still_at_work(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    began = tmp_path / "began"
    batch = rollouts(f"sleep 3 {began}", *["say x"] * 23)
    async with dispatching(server) as running:
        async with running.submit(batch, 800, "step 1"):
            await until(began.exists)
        # Long enough for the worker to hear that nobody waits.
        await until(lambda: not server.client().hlen(names.UNJUDGED))
        await asyncio.sleep(2 * names.HEARTBEAT_S)
        verdicts = await judge(running, batch, name="step 1")
    assert {verdict.outcome for verdict in verdicts} == {Outcome.CORRECT}


async def test_a_failure_of_ours_is_not_kept(server: RedisServer, workers: Workers) -> None:
    workers.start(1)
    batch = rollouts("fail", "say x")
    async with dispatching(server) as running:
        await judge(running, batch, name="step 1")
        await until(lambda: not leftovers(server.client()))


async def test_what_was_left_early_is_recalled_as_far_as_it_came(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    async with dispatching(server) as one, dispatching(server) as other:
        batch = rollouts("say 1", f"hang {tmp_path / 'hung'}", "say 3")
        async with one.submit(batch, 60, "step 1", "a note") as verdicts:
            await anext(verdicts)
        await until(lambda: not server.client().hlen(names.UNJUDGED))
        recalled = await other.named.recall("step 1")
        assert recalled
        assert recalled.note == "a note"
        async with recalled.verdicts as verdicts:
            found = {index: verdict.outcome async for index, verdict in verdicts}
        assert found[0] is Outcome.CORRECT
        assert found[1] is Outcome.VERIFIER_ERROR
        assert await other.named.recall("step 2") is None


async def test_who_recalled_a_batch_and_stops_does_not_keep_it_going(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    batch = rollouts(f"hang {tmp_path / 'hung'}", *["sleep 1"] * 100)
    async with dispatching(server) as one, one.submit(batch, 60, "step 1", "a note"):
        async with dispatching(server) as other:
            recalled = await other.named.recall("step 1")
            assert recalled
            stream = await recalled.verdicts.__aenter__()
        assert (await anext(stream))[1].outcome is Outcome.VERIFIER_ERROR
        await recalled.verdicts.__aexit__(None, None, None)
        assert len(server.client().smembers(*server.client().keys("*:watchers"))) == 1


async def test_without_any_worker_a_batch_is_refused_with_what_to_do(server: RedisServer) -> None:
    async with dispatching(server) as running:
        assert not (await running.readiness()).ready
        with pytest.raises(Unavailable, match="start `verifier worker"):
            await judge(running, rollouts("say x"))


async def test_a_worker_that_cannot_judge_says_why(server: RedisServer) -> None:
    broken = Worker(server.url, FAKE_WORKER, "--sandbox", "broken")
    assert broken.process.wait() == UNABLE
    async with dispatching(server) as running:
        with pytest.raises(Unavailable, match="no jail works on this machine"):
            await judge(running, rollouts("say x"))


def test_a_supervisor_ends_where_no_worker_can_ever_judge(server: RedisServer) -> None:
    program = (
        "import sys\n"
        "from tests.verifier.dispatch.servers import FAKE_WORKER\n"
        "from verifier.dispatch.redis_backend.worker_side.supervisor import Supervisor\n"
        f"supervisor = Supervisor({server.url!r}, processes=2, sandbox='broken',\n"
        "    worker_command=FAKE_WORKER)\n"
        "sys.exit(supervisor.run())\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 2


async def test_stopping_gives_waiting_rollouts_a_verdict(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        waiting = asyncio.create_task(judge(running, rollouts(f"hang {tmp_path / 'hung'}")))
        await until((tmp_path / "hung").exists)
    assert (await waiting)[0].outcome is Outcome.VERIFIER_ERROR


async def test_stopping_gives_what_is_on_its_way_into_redis_a_verdict(
    server: RedisServer, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine may have a worker at work on it before this process knows that it is in."""
    workers.start(1)
    stored, stopped = threading.Event(), threading.Event()
    accept = BatchLedger.accept

    def accept_slowly(*arguments: Any) -> None:
        accept(*arguments)
        stored.set()
        stopped.wait()

    monkeypatch.setattr(BatchLedger, "accept", accept_slowly)
    async with dispatching(server) as running:
        waiting = asyncio.create_task(judge(running, rollouts(*["say x"] * 300)))
        await until(stored.is_set)
    stopped.set()
    assert {verdict.outcome for verdict in await waiting} == {Outcome.VERIFIER_ERROR}


async def test_rq_itself_lists_workers_and_queues(server: RedisServer, workers: Workers) -> None:
    workers.start(2)
    async with dispatching(server) as running:
        await judge(running, rollouts("say x") + programs("say y"))
        client = server.client()
        assert len(SimpleWorker.all(connection=client)) == 2
        assert {queue.name for queue in Queue.all(connection=client)} == {
            names.rq_queue("math-training"),
            names.rq_queue("code-training"),
        }


async def test_many_batches_of_one_owner_hold_the_next_owner_up_for_one_turn_each(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    flood = rollouts(*["sleep 0"] * 256)
    async with dispatching(server) as running:
        before = await judged_before(
            running, flood, batches=30, of="flooding", then="patient", folder=tmp_path
        )
    # What the queue held already, and nothing of what waits for its turn.
    assert before < 12 * PAYLOAD_ROLLOUTS  # ten, what was begun, and the next one


async def test_slow_rollouts_of_one_owner_do_not_hold_the_next_owner_up_for_whole_chunks(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    slow = rollouts(*["sleep 2"] * 4 * PAYLOAD_ROLLOUTS)
    async with dispatching(server) as running:
        before = await judged_before(
            running, slow, batches=1, of="slow", then="patient", folder=tmp_path
        )
    assert before < 10


async def test_batches_of_one_owner_take_turns(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    flood = rollouts(*["sleep 0"] * 2048)
    async with dispatching(server) as running:
        before = await judged_before(
            running, flood, batches=2, of="one", then="one", folder=tmp_path
        )
    assert before < 13 * PAYLOAD_ROLLOUTS  # what waited in the queue, was begun, and the next one


async def test_workers_judge_the_kinds_that_they_serve(
    server: RedisServer, workers: Workers
) -> None:
    for kind in Kind:
        workers.start(1, "--kinds", kind)
    batch = mixed(["sleep 0"] * 200)
    async with dispatching(server) as running:
        verdicts = await judge(running, batch)
    pids = [str(worker.pid) for worker in workers.all]
    assert [verdict.answer for verdict in verdicts] == pids * 100


async def test_a_worker_of_mathematics_opens_no_sandbox(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1, "--sandbox", "broken", "--kinds", "math")
    async with dispatching(server) as running:
        assert [verdict.reward for verdict in await judge(running, rollouts("say x"))] == [1.0]


@pytest.mark.usefixtures("patience")
async def test_what_was_taken_for_mathematics_and_is_not_goes_to_a_sandbox_once(
    server: RedisServer, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "kind_of_task", lambda _: Kind.MATH)
    for kind in Kind:
        workers.start(1, "--kinds", kind)
    batch = mixed([f"once {tmp_path / str(number)}" for number in range(200)])
    async with dispatching(server) as running:
        verdicts = await judge(running, batch)
        assert {verdict.outcome for verdict in verdicts} == {Outcome.CORRECT}
        verdicts = await judge(running, mixed(["sleep 0"] * 200))
        await until(lambda: not leftovers(server.client()))
    pids = [str(worker.pid) for worker in workers.all]
    assert [verdict.answer for verdict in verdicts] == pids * 100


@pytest.mark.parametrize(("flood", "other"), [(rollouts, programs), (programs, rollouts)])
async def test_a_flood_of_one_kind_does_not_hold_up_the_other_at_workers_of_both(
    server: RedisServer,
    workers: Workers,
    tmp_path: Path,
    flood: Callable[..., list[Rollout]],
    other: Callable[..., list[Rollout]],
) -> None:
    workers.start(1)
    async with dispatching(server) as running:
        orders, (last,) = flood(*["sleep 0"] * 2048), other("count")
        before = await judged_before(running, orders, folder=tmp_path, last=last)
    assert before < 4 * PAYLOAD_ROLLOUTS  # what was begun, the next one, and a turn of that kind


async def test_a_batch_of_a_kind_that_no_worker_serves_is_refused_with_what_to_do(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1, "--kinds", "math")
    async with dispatching(server) as running:
        readiness = await running.readiness()
        assert readiness.ready
        assert "start `verifier worker --redis URL --kinds code`" in readiness.detail
        with pytest.raises(Unavailable, match="No worker that serves code is connected"):
            await judge(running, mixed(["say x", "say y"]))
        assert await judge(running, rollouts("say x"))


async def test_a_kind_whose_workers_left_waits_until_its_deadline(
    server: RedisServer, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in Kind:
        workers.start(1, "--kinds", kind)
    mathematics, code = workers.all
    hung = tmp_path / "hung"
    batch = [*programs(f"hang {hung}"), *rollouts(*["sleep 0"] * 100), *programs("say x")]
    async with dispatching(server) as running:

        async def leave() -> None:
            await until(hung.exists)
            code.kill()

        verdicts = await judge_until_late(
            running, batch, judged=100, monkeypatch=monkeypatch, disturb=leave
        )
    assert {verdict.answer for verdict in verdicts[1:-1]} == {str(mathematics.pid)}
    assert verdicts[0].outcome is verdicts[-1].outcome is Outcome.DEADLINE_EXCEEDED


async def test_waiting_rollouts_are_counted_by_kind(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1, "--kinds", "math")
    workers.start(1, "--kinds", "math", "code")
    hung = tmp_path / "hung"
    batch = rollouts(*["say x"] * 3) + programs(f"hang {hung}", "say y")
    async with dispatching(server) as running, running.submit(batch, 800) as verdicts:
        for _ in range(3):
            await anext(verdicts)
        readiness = await running.readiness()
        assert readiness.kinds[Kind.MATH] == KindReadiness(workers=2, queued_rollouts=0)
        assert readiness.kinds[Kind.CODE] == KindReadiness(workers=1, queued_rollouts=2)


async def test_what_was_taken_for_mathematics_and_is_not_waits_as_a_program(
    server: RedisServer, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "kind_of_task", lambda _: Kind.MATH)
    for kind in Kind:
        workers.start(1, "--kinds", kind)
    hung = tmp_path / "hung"
    batch = programs(*["say x"] * 5, f"hang {hung}", *["say x"] * 10) + rollouts(*["say y"] * 20)
    client = server.client()
    async with dispatching(server) as running:
        async with running.submit(batch, 800) as verdicts:
            for _ in range(24):
                await anext(verdicts)
            await until(hung.exists)
            await until(lambda: client.hvals(names.UNJUDGED) == client.hvals(names.UNJUDGED_CODE))
            waiting = (await running.readiness()).kinds
            assert waiting[Kind.MATH].queued_rollouts == 0
            # How many were judged before the one that hangs is the order of their handing over.
            assert 1 <= waiting[Kind.CODE].queued_rollouts <= len(batch) - 24
        await until(lambda: not client.exists(names.UNJUDGED, names.UNJUDGED_CODE))
        assert not client.keys(batch_key("*", "handed-over"))


async def test_a_worker_of_a_single_queue_leaves_nothing_in_redis(
    server: RedisServer, workers: Workers
) -> None:
    """From one queue RQ would move each job into a list that only its own registries clear."""
    workers.start(1, "--kinds", "math", "--queues", "training")
    client = server.client()
    async with dispatching(server) as running:
        await judge(running, rollouts(*["say x"] * 500))
        await until(lambda: not leftovers(client))


async def test_who_leaves_a_batch_that_went_with_others_takes_only_its_own_rollouts_along(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    hung = tmp_path / "hung"
    # While the first is enqueued, the others wait and then go together.
    orders = ["say first", f"hang {hung}", "say x", "say y"]
    async with dispatching(server) as running:
        asked = [asyncio.create_task(judge(running, rollouts(order))) for order in orders]
        await until(hung.exists)
        asked[1].cancel()
        # Its worker is at what nobody waits for now, and ends.
        await until(lambda: workers.all[0].process.poll() is not None)
        workers.replace_dead()
        answers = [await asked[place] for place in (0, 2, 3)]
        assert [verdict.answer for (verdict,) in answers] == ["first", "x", "y"]
        assert (await running.readiness()).queued_rollouts == 0


async def test_many_single_rollouts_get_their_own_verdicts_while_others_leave(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    async with dispatching(server) as running:
        asked = [
            asyncio.create_task(
                judge(running, rollouts(f"say {number}"), owner=f"owner {number % 7}")
            )
            for number in range(300)
        ]
        await asked[0]
        leaving = asked[5::10]
        for task in leaving:
            task.cancel()
        staying = {n: task for n, task in enumerate(asked) if task not in leaving}
        found = {number: (await task)[0].answer for number, task in staying.items()}
        while (await running.readiness()).queued_rollouts:  # noqa: ASYNC110 - Redis sets no event
            await asyncio.sleep(0.05)
    assert found == {number: str(number) for number in staying}
