"""How much of a batch a worker gets at once, and what becomes of what it gives back."""

from dataclasses import fields, replace
from functools import partial
from itertools import chain
from typing import Any

import pytest

from verifier.dispatch.batch import Batch
from verifier.dispatch.chunk import CHUNK_S, MAX_ROLLOUTS, MIN_ROLLOUTS
from verifier.dispatch.costs import CHUNK_COST_S, Costs
from verifier.dispatch.memory import Memory
from verifier.dispatch.redis_backend.payload import plan_batch
from verifier.dispatch.tasks import asked_of, places_of_equal
from verifier.model import AnswerRules, LimitsOverride, Outcome, Rollout, TruthText, Verdict
from verifier.remembered import Remembered


def batch_of(count: int) -> Batch:
    return Batch([Rollout(completion="x", ground_truth="1")] * count, 60)


def positions(batch: Batch, workers: int = 1) -> list[int]:
    return [index for index, _ in batch.take(workers)]


async def test_chunks_hold_what_takes_a_known_time_within_bounds() -> None:
    batch = batch_of(10_000)
    sizes = [len(positions(batch))]
    for seconds_each in (CHUNK_S / 50, CHUNK_S / 100_000, 10 * CHUNK_S):
        batch.chunk_ended(sizes[-1], seconds_each * sizes[-1])
        sizes.append(len(positions(batch)))
    assert sizes == [MIN_ROLLOUTS, 50, MAX_ROLLOUTS, MIN_ROLLOUTS]


async def test_what_a_worker_gives_back_is_next_and_chunks_are_small_again() -> None:
    batch = batch_of(10_000)
    batch.chunk_ended(len(positions(batch)), 0)
    taken = positions(batch)
    batch.chunk_ended(20, 2 * CHUNK_S)
    batch.take_back(taken[20:])
    assert positions(batch) == taken[20 : 20 + MIN_ROLLOUTS]


async def test_many_workers_share_even_quick_rollouts() -> None:
    batch = batch_of(1000)
    positions(batch, 16)
    batch.chunk_ended(16, 16 * CHUNK_S / 400)
    assert len(positions(batch, 16)) == 25


async def test_chunks_end_where_groups_do_as_long_as_there_is_plenty_to_do() -> None:
    tasks = [
        Rollout(completion=f"{number}", ground_truth=TruthText(f'"{number // 12}"'))
        for number in range(8 * 12)
    ]
    batch = Batch(tasks, 60)
    taken = [positions(batch, 2) for _ in range(5)]
    assert [len(chunk) for chunk in taken] == [12] * 5
    last = [len(positions(batch, 2)) for _ in range(4)]
    assert max(last) < 12, "all workers shall end together"
    chunks = plan_batch(
        tasks, name=None, anonymous="0" * 32, owner="", queue="training", workers=2
    ).chunks
    assert [chunk.first % 12 for chunk in chunks][:4] == [0] * 4


async def test_slow_rollouts_end_together() -> None:
    batch = batch_of(8)
    batch.chunk_ended(1, CHUNK_S)
    assert positions(batch) == [0, 1]
    assert positions(batch) == [2]


async def test_equal_rollouts_wait_for_the_first_and_have_its_verdict_unless_chance_is_in_it() -> (
    None
):
    sure = Rollout(completion="a", ground_truth=TruthText('"1"'), id="x")
    lucky = replace(sure, completion="b")
    other = replace(sure, limits=LimitsOverride(cpu_s=1))
    elsewhere = replace(sure, ground_truth=TruthText('"2"'))
    batch = Batch(
        [sure, lucky, other, replace(sure, id="y"), lucky, elsewhere, sure], 60, shares=True
    )
    assert [*chain.from_iterable(iter(lambda: positions(batch), []))] == [0, 1, 2, 5]
    right = Verdict(outcome=Outcome.CORRECT, holds_for_equal=True)
    slow = Verdict(outcome=Outcome.TIME_LIMIT_EXCEEDED)
    batch.deliver(0, right)
    assert batch.missing == [1, 2, 4, 5]
    assert not batch.has_work
    batch.deliver(1, slow)
    assert positions(batch) == [4], "it has a chance of its own"
    for index in (2, 4, 5):
        batch.deliver(index, slow)
    assert batch.closed
    found = dict([result async for result in batch.results()])
    assert [index for index in range(7) if found[index] == right] == [0, 3, 6]


async def test_what_lasts_is_remembered_for_its_owner_and_asked_of_no_worker_again() -> None:
    memory = Memory(Remembered(9))
    sure = Rollout(completion="a", ground_truth=TruthText('"1"'), id="x")
    slow = replace(sure, completion="b")
    lasting = Verdict(outcome=Outcome.CORRECT, holds_for_equal=True, lasts=True)
    limited = Verdict(outcome=Outcome.TIME_LIMIT_EXCEEDED, holds_for_equal=True)
    first = Batch([sure, slow], 60, "me", shares=True, memory=memory)
    first.deliver(0, lasting)
    first.deliver(1, limited)
    again = Batch([replace(sure, id="y"), slow, sure], 60, "me", shares=True, memory=memory)
    assert again.missing == [1]
    assert positions(again) == [1], "it was at a limit"
    again.deliver(1, limited)
    found = dict([result async for result in again.results()])
    assert [found[index] for index in range(3)] == [lasting, limited, lasting]
    assert Batch([sure], 60, "me", memory=memory).closed
    assert not Batch([sure], 60, "another", memory=memory).closed
    off = Memory(Remembered(0))
    Batch([sure], 60, memory=off).deliver(0, lasting)
    assert not Batch([sure], 60, memory=off).closed


@pytest.mark.parametrize(
    "change",
    [
        {"completion": "b"},
        {"ground_truth": TruthText('"2"')},
        {"truncated": True},
        {"limits": LimitsOverride(cpu_s=1)},
        {"rules": AnswerRules(tolerance=0.1)},
        {"unusable": "It is no text."},
        {"any_order": True},
    ],
)
async def test_what_a_verdict_follows_from_tells_rollouts_apart(change: dict[str, Any]) -> None:
    memory = Memory(Remembered(9))
    asked = Rollout(completion="a", ground_truth=TruthText('"1"'), id="x", group="g", owner="me")
    lasting = Verdict(outcome=Outcome.CORRECT, holds_for_equal=True, lasts=True)
    Batch([asked], 60, "me", memory=memory).deliver(0, lasting)
    changed = replace(asked, **change)
    assert not Batch([changed], 60, "me", memory=memory).closed
    assert places_of_equal([asked, changed]) == {}
    others = {each.name for each in fields(Rollout)} - {"id", "group", "owner"}
    assert change.keys() <= others
    assert len(asked_of(asked)) == len(others) - 1, "a field that is forgotten here is a lie there"


async def test_where_others_hand_tasks_out_each_has_its_own_result_in_any_order() -> None:
    batch = batch_of(3)
    right = Verdict(outcome=Outcome.CORRECT, holds_for_equal=True)
    for index in (1, 0, 2):
        batch.deliver(index, right)
        assert index not in batch.missing
    assert batch.closed
    assert [index async for index, _ in batch.results()] == [1, 0, 2]


async def test_what_took_long_before_goes_first_and_in_short_chunks() -> None:
    rollouts = [Rollout(completion="x", ground_truth=f"{number % 4}") for number in range(64)]
    costs = Costs()
    first = Batch(rollouts, 60, costs=costs)
    assert positions(first) == [*range(MIN_ROLLOUTS)], "nothing is known yet"
    for index in range(64):
        cpu_s = {2: CHUNK_COST_S / 3, 3: 2 * CHUNK_COST_S}.get(index % 4)
        first.deliver(index, Verdict(outcome=Outcome.CORRECT, cpu_s=cpu_s))
    again = Batch(rollouts, 60, costs=costs)
    assert [positions(again) for _ in range(16)] == [[index] for index in range(3, 64, 4)]
    assert positions(again) == [2, 6, 10]


async def test_over_redis_the_same_payloads_are_cut_by_what_they_took() -> None:
    rollouts = [Rollout(completion="x", ground_truth=code(number // 8)) for number in range(64)]
    costs = Costs()
    planned = partial(
        plan_batch, rollouts, name="n", anonymous="", owner="", queue="training", workers=1
    )
    before = planned(costs=costs)
    costs.learn(rollouts[40], Verdict(outcome=Outcome.CORRECT, cpu_s=CHUNK_COST_S / 2))
    after = planned(costs=costs)
    assert (after.batch, after.payloads) == (before.batch, before.payloads)
    assert [(chunk.first, chunk.stop) for chunk in after.chunks[:4]] == [
        (32, 42),
        (42, 44),
        (44, 46),
        (46, 56),
    ], "two of those to a chunk, and the end of a group where it is near"
    covered = sorted(place for each in after.chunks for place in range(each.first, each.stop))
    assert covered == [*range(64)]


async def test_for_very_many_workers_a_batch_is_not_cut_into_single_rollouts() -> None:
    def chunks(rollouts: int) -> int:
        batch = [Rollout(completion="x", ground_truth=truth)] * rollouts
        plan = plan_batch(batch, name=None, anonymous="", owner="", queue="training", workers=1000)
        return len(plan.chunks)

    truth = code(1)
    assert [chunks(size) for size in (1, 30, 512, 4096)] == [1, 30, 176, 448]


def code(number: int) -> dict[str, Any]:
    return {"kind": "stdin", "cases": [{"input": "", "output": str(number)}]}
