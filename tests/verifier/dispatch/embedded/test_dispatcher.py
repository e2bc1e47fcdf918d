"""The embedded dispatcher loses no rollout and counts none twice, whatever its workers do."""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.verifier.dispatch.batches import (
    judge,
    judge_until_late,
    judged_before,
    rewards,
    rollouts,
    until,
)
from verifier.dispatch import QueueFull, Unavailable
from verifier.dispatch.chunk import MAX_ROLLOUTS
from verifier.dispatch.embedded.dispatcher import EmbeddedDispatcher
from verifier.model import Outcome, Rollout

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))


@asynccontextmanager
async def dispatcher(
    workers: int = 2, *, sandbox: str = "auto", max_queued: int = 10_000
) -> AsyncIterator[EmbeddedDispatcher]:
    running = EmbeddedDispatcher(
        workers=workers, sandbox=sandbox, max_queued=max_queued, worker_command=FAKE_WORKER
    )
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def all_ready(running: EmbeddedDispatcher, workers: int) -> list[int]:
    await until(lambda: len(running.pids) == workers)
    return running.pids


async def test_no_batch_is_known_beyond_those_who_wait_for_it() -> None:
    async with (
        dispatcher(1) as running,
        running.submit(rollouts("say x"), 800, "step 1", "a note"),
    ):
        assert running.named is None


async def test_every_rollout_gets_its_own_verdict_in_a_large_batch() -> None:
    batch = rollouts(*(f"say {number}" for number in range(1000)))
    async with dispatcher() as running:
        verdicts = await judge(running, batch)
    assert [verdict.answer for verdict in verdicts] == [str(number) for number in range(1000)]


async def test_who_may_open_too_few_files_is_told_and_goes_on_once_it_may() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    in_use = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (in_use, before[1]))
    try:
        async with dispatcher(1) as running:
            while "`ulimit -n`" not in ((await running.readiness()).detail or ""):  # noqa: ASYNC110 - see until
                await asyncio.sleep(0)
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
            await all_ready(running, 1)
            assert rewards(await judge(running, rollouts("say x"))) == [1.0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_an_empty_batch_ends_at_once() -> None:
    async with dispatcher(1) as running:
        assert await judge(running, []) == []


async def test_a_batch_is_shared_by_all_workers() -> None:
    async with dispatcher(2) as running:
        pids = await all_ready(running, 2)
        verdicts = await judge(running, rollouts(*["pid"] * 400))
    assert {verdict.answer for verdict in verdicts} == {str(pid) for pid in pids}


async def test_a_small_batch_does_not_wait_for_a_large_one_before_it() -> None:
    large_batch = rollouts(*["say x"] * 3000)
    async with dispatcher(1) as running, running.submit(large_batch, 800) as large:
        await anext(large)
        await judge(running, rollouts("say y"))
        assert (await running.readiness()).queued_rollouts > 1000


async def test_a_lone_surrogate_survives_the_way_there_and_back() -> None:
    async with dispatcher(1) as running:
        (verdict,) = await judge(running, rollouts("say \ud800 \U0001f600 é"))
    assert verdict.answer == "\ud800 \U0001f600 é"


async def test_ground_truths_reach_the_judge_as_they_are() -> None:
    truths = [{"kind": "x", "n": [10**30, 1.5, None, True]}, "42", ["a", "b"], "42", {"kind": "y"}]
    batch = [Rollout(completion="truth", ground_truth=truth) for truth in truths]
    async with dispatcher(1) as running:
        verdicts = await judge(running, batch)
    assert [verdict.answer for verdict in verdicts] == [repr(truth) for truth in truths]


async def test_a_ground_truth_that_is_no_json_spoils_only_its_own_rollout() -> None:
    batch = [Rollout(completion="truth", ground_truth=truth) for truth in ("1", object(), "2")]
    async with dispatcher(1) as running:
        verdicts = await judge(running, batch)
    assert [verdict.answer for verdict in verdicts] == ["'1'", "None", "'2'"]


async def test_a_rollout_that_kills_two_workers_is_a_verifier_error_and_the_rest_is_judged() -> (
    None
):
    completions = ["say x"] * 30
    completions[7] = "die"
    async with dispatcher(1) as running:
        verdicts = await judge(running, rollouts(*completions))
    assert verdicts.pop(7).outcome is Outcome.VERIFIER_ERROR
    assert {verdict.outcome for verdict in verdicts} == {Outcome.CORRECT}


async def test_a_rollout_that_lost_its_worker_once_is_judged_by_the_next(tmp_path: Path) -> None:
    async with dispatcher(1) as running:
        verdicts = await judge(running, rollouts("say x", f"die_once {tmp_path / 'died'}", "say y"))
    assert {verdict.outcome for verdict in verdicts} == {Outcome.CORRECT}


async def test_killed_workers_are_replaced_and_nothing_is_lost() -> None:
    async with dispatcher(2) as running:
        first = await all_ready(running, 2)
        async with running.submit(rollouts(*["pid"] * 2000), 800) as verdicts:
            count = 0
            async for _ in verdicts:
                count += 1
                if count == 100:
                    for pid in first:
                        os.kill(pid, signal.SIGKILL)
        assert count == 2000
        await until(lambda: len(running.pids) == 2 and not set(running.pids) & set(first))


async def test_a_worker_killed_while_idle_is_replaced() -> None:
    async with dispatcher(1) as running:
        (first,) = await all_ready(running, 1)
        os.kill(first, signal.SIGKILL)
        await until(lambda: bool(running.pids) and running.pids != [first])
        assert (await judge(running, rollouts("wrong")))[0].outcome is Outcome.WRONG_ANSWER


async def test_at_the_deadline_the_judged_keep_their_verdicts_and_the_rest_is_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dispatcher(1) as running:
        await all_ready(running, 1)
        batch = rollouts("wrong", f"hang {tmp_path / 'hung'}", "wrong")
        verdicts = await judge_until_late(running, batch, judged=1, monkeypatch=monkeypatch)
    assert [verdict.outcome for verdict in verdicts] == [
        Outcome.WRONG_ANSWER,
        Outcome.DEADLINE_EXCEEDED,
        Outcome.DEADLINE_EXCEEDED,
    ]


async def test_a_deadline_before_any_worker_is_ready_is_kept() -> None:
    async with dispatcher(1) as running:
        verdicts = await judge(running, rollouts("wrong", "wrong"), deadline_s=0.001)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.DEADLINE_EXCEEDED}


async def test_a_worker_stuck_at_a_rollout_nobody_waits_for_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.dispatch.embedded.assignment.GRACE_S", 0.05)
    hung = tmp_path / "hung"
    async with dispatcher(1) as running:
        async with running.submit(rollouts(f"hang {hung}", "wrong"), 800):
            await until(hung.exists)
        assert (await judge(running, rollouts("wrong")))[0].outcome is Outcome.WRONG_ANSWER


async def test_what_is_given_up_leaves_the_queue() -> None:
    async with dispatcher(1) as running:
        async with running.submit(rollouts(*["say x"] * 5000), 800) as verdicts:
            await anext(verdicts)
        assert (await running.readiness()).queued_rollouts == 0


async def test_more_rollouts_than_the_bound_are_refused_with_a_time_to_come_back() -> None:
    async with dispatcher(1, max_queued=10) as running:
        async with running.submit(rollouts(*["say x"] * 10), 800) as verdicts:
            with pytest.raises(QueueFull, match="limit of 10") as refusal:
                await judge(running, rollouts("say y"))
            assert refusal.value.retry_after_s >= 1
            assert len([verdict async for verdict in verdicts]) == 10
        assert await judge(running, rollouts("say y"))


async def test_a_worker_that_takes_too_long_to_start_gets_more_time_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("verifier.dispatch.embedded.process.START_LIMIT_S", 0.001)
    monkeypatch.setattr("verifier.dispatch.embedded.dispatcher.FIRST_PAUSE_S", 0.001)
    async with dispatcher(1) as running:
        await all_ready(running, 1)
        assert (await judge(running, rollouts("wrong")))[0].outcome is Outcome.WRONG_ANSWER


async def test_workers_that_cannot_start_say_why_and_refuse_new_batches() -> None:
    async with dispatcher(2, sandbox="broken") as running:
        waiting = asyncio.create_task(judge(running, rollouts("wrong")))
        (verdict,) = await waiting
        assert verdict.outcome is Outcome.VERIFIER_ERROR
        assert "no jail works on this machine" in (verdict.message or "")
        readiness = await running.readiness()
        assert not readiness.ready
        assert "no jail works on this machine" in readiness.detail
        with pytest.raises(Unavailable, match="no jail works on this machine"):
            await judge(running, rollouts("wrong"))


async def test_stopping_leaves_no_worker_and_gives_waiting_rollouts_a_verdict(
    tmp_path: Path,
) -> None:
    hung = tmp_path / "hung"
    async with dispatcher(1) as running:
        waiting = asyncio.create_task(judge(running, rollouts(f"hang {hung}")))
        await until(hung.exists)
        (pid,) = running.pids
    assert (await waiting)[0].outcome is Outcome.VERIFIER_ERROR
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_many_batches_of_one_owner_hold_the_next_owner_up_for_one_turn(
    tmp_path: Path,
) -> None:
    flood = rollouts(*["sleep 0"] * 256)
    async with dispatcher(1) as running:
        await all_ready(running, 1)
        before = await judged_before(
            running, flood, batches=30, of="flooding", then="patient", folder=tmp_path
        )
    assert before < 3 * MAX_ROLLOUTS


async def test_a_rollout_that_does_not_end_holds_up_no_other(tmp_path: Path) -> None:
    async with dispatcher(2) as running:
        await all_ready(running, 2)
        batch = rollouts(f"hang {tmp_path / 'hung'}", *["say x"] * 40)
        async with running.submit(batch, 100) as verdicts:
            others = [await anext(verdicts) for _ in range(40)]
    assert {verdict.answer for _, verdict in others} == {"x"}


async def test_many_single_rollouts_of_many_owners_get_their_own_verdicts() -> None:
    async with dispatcher(2) as running:
        asked = [
            judge(running, rollouts(f"say {number}"), owner=f"owner {number % 7}")
            for number in range(300)
        ]
        found = [verdict.answer for (verdict,) in await asyncio.gather(*asked)]
    assert found == [str(number) for number in range(300)]
