"""GET /v1/overview: each owner's latest batches in numbers, and nobody else's."""

import asyncio
from typing import Any

import httpx2
import pytest

from api.batches.recent import MAX_BATCHES
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import refusal
from verifier.dispatch import Figures, Unavailable
from verifier.dispatch.figures import WorkerAt


def batch(*completions: str, **fields: Any) -> dict[str, Any]:
    rollouts = [{"completion": text, "ground_truth": "1"} for text in completions]
    return {"rollouts": rollouts, **fields}


async def overview(client: httpx2.AsyncClient) -> Any:
    answer = await client.get("/v1/overview")
    assert answer.status_code == 200
    return answer.json()


async def ended(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    """The batches, once none is under way: an answer is sent before all is put away."""
    while True:
        found: list[dict[str, Any]] = (await overview(client))["batches"]
        if all(entry["took_s"] is not None for entry in found):
            return found
        await asyncio.sleep(0)  # without a network between, nothing else would get its turn


async def test_a_batch_is_told_in_numbers_with_why_it_has_nulls(
    client: httpx2.AsyncClient,
) -> None:
    completions = ["correct"] * 7 + ["wrong_answer", "verifier_error", "verifier_error"]
    await client.post("/v1/score", json=batch(*completions, batch_id="step-1"))
    await client.post("/v1/score", json=batch("correct", batch_id="step-2"))
    found = await ended(client)
    assert [entry["batch_id"] for entry in found] == ["step-2", "step-1"]
    assert found[1]["outcomes"] == {"correct": 7, "wrong_answer": 1, "verifier_error": 2}
    assert found[1]["rollouts"] == 10
    assert sum(found[1]["nulls"].values()) == 2
    assert found[1]["took_s"] >= 0


async def test_what_is_under_way_and_what_was_refused_is_told(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    waiting = batch("correct", "wait correct", batch_id="slow")
    await client.post("/v1/score", json=waiting, headers={"Prefer": "respond-async"})
    (entry,) = (await overview(client))["batches"]
    assert (entry["took_s"], entry["rollouts"], entry["outcomes"]) == (None, 2, {"correct": 1})
    dispatcher.gate.set()
    await ended(client)
    dispatcher.refusal = Unavailable("No worker is there.")
    await client.post("/v1/score", json=batch("correct", batch_id="none"))
    assert (await overview(client))["batches"][0]["refusal"] == "No worker is there."


async def test_small_batches_without_an_id_are_one_entry_and_old_ones_go(
    client: httpx2.AsyncClient,
) -> None:
    for _ in range(3):
        await client.post("/v1/score", json=batch("correct", "no_answer"))
    for number in range(MAX_BATCHES + 1):
        await client.post("/v1/score", json=batch("correct", batch_id=str(number)))
    *named, small = (await overview(client))["batches"]
    assert len(named) == MAX_BATCHES
    assert named[-1]["batch_id"] == "1"
    assert (small["batches"], small["rollouts"]) == (3, 6)
    assert small["outcomes"] == {"correct": 3, "no_answer": 3}


async def test_a_key_sees_its_own_batches_and_none_of_others(connect: Connect) -> None:
    async with connect(api_keys="mine,theirs") as client:
        await refusal(client.get("/v1/overview"), 401)
        client.headers["Authorization"] = "Bearer mine"
        await client.post("/v1/score", json=batch("correct", batch_id="secret"))
        assert [entry["batch_id"] for entry in (await overview(client))["batches"]] == ["secret"]
        client.headers["Authorization"] = "Bearer theirs"
        assert (await overview(client))["batches"] == []


async def test_nothing_of_completions_is_told(client: httpx2.AsyncClient) -> None:
    rollout = {"completion": "correct", "ground_truth": "a very secret answer"}
    await client.post("/v1/score", json={"rollouts": [rollout] * 9, "batch_id": "x"})
    text = (await client.get("/v1/overview")).text
    assert "secret" not in text


@pytest.mark.parametrize("is_busy", [True, False])
async def test_workers_are_told_with_what_they_are_at(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, is_busy: bool
) -> None:
    worker = WorkerAt("process 7", ("math-training",), is_busy=is_busy, for_s=1.5)
    dispatcher.known = Figures(workers=[worker])
    assert (await overview(client))["workers"] == [
        {
            "name": "process 7",
            "lanes": ["math-training"],
            "is_busy": is_busy,
            "for_s": 1.5,
            "rollouts": None,
        }
    ]
