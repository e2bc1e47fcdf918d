"""Batches with an id: judged once, fetched later, cancelled, and kept within bounds."""

import asyncio
import gc
import json
from typing import Any

import httpx2
import pytest

from api.batches.registry import SUBMISSION_ROLLOUTS
from api.batches.submission import Submission
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher, leave_when_submitted
from tests.api.routes.test_score import AS_LINES, refusal, rollout
from verifier.dispatch import QueueFull

ASYNC = {"Prefer": "respond-async"}


def batch(*completions: str, **more: Any) -> dict[str, Any]:
    return {"batch_id": "step-17", "rollouts": [rollout(text) for text in completions], **more}


async def test_the_same_batch_again_is_answered_without_judging_again(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("correct", "wrong_answer")
    first = await client.post("/v1/score", json=body)
    second = await client.post("/v1/score", json=body)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert len(dispatcher.submitted) == 1
    lines = await client.post("/v1/score", json=body, headers=AS_LINES)
    assert [json.loads(line)["reward"] for line in lines.text.splitlines()] == [1.0, 0.0]
    assert len(dispatcher.submitted) == 1


async def test_the_same_batch_sent_while_it_is_judged_is_judged_once(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("wait correct")
    sent = [asyncio.create_task(client.post("/v1/score", json=body)) for _ in range(3)]
    await asyncio.sleep(0)
    dispatcher.gate.set()
    assert {(await answer).json()["rewards"][0] for answer in sent} == {1.0}
    assert len(dispatcher.submitted) == 1


async def test_another_body_under_the_same_id_is_refused(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/v1/score", json=batch("correct"))).status_code == 200
    problem = await refusal(client.post("/v1/score", json=batch("wrong_answer")), 409)
    assert "batch_id" in problem["detail"]
    assert (await client.delete("/v1/batches/step-17")).status_code == 204
    assert (await client.post("/v1/score", json=batch("wrong_answer"))).status_code == 200


async def test_of_different_bodies_sent_at_once_under_one_id_one_is_judged(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    bodies = [batch("correct", deadline_s=seconds) for seconds in range(1, 21)]
    answers = await asyncio.gather(*(client.post("/v1/score", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    assert len(dispatcher.submitted) == 1


async def test_sent_again_only_what_was_left_unjudged_is_judged(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("correct", "verifier_error", "deadline_exceeded", "invalid_ground_truth")
    first = (await client.post("/v1/score", json=body)).json()
    again = (await client.post("/v1/score", json=body)).json()
    assert first == again
    assert dispatcher.submitted[1:] == [["verifier_error", "deadline_exceeded"]]


async def test_an_asynchronous_batch_is_fetched_when_it_is_done(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("correct", "wait wrong_answer", batch_id="run é/17")
    accepted = await client.post("/v1/score", json=body, headers=ASYNC)
    assert accepted.status_code == 202
    place = accepted.headers["location"]
    assert place == "/v1/batches/run%20%C3%A9%2F17"
    unfinished = await client.get(place, params={"wait": 0.05})
    while unfinished.json()["judged"] == 0:
        unfinished = await client.get(place, params={"wait": 0.05})
    assert unfinished.status_code == 202
    assert unfinished.json() == {"batch_id": "run é/17", "judged": 1, "total": 2}
    waiting = asyncio.create_task(client.get(place, params={"wait": 60}))
    await asyncio.sleep(0)
    dispatcher.gate.set()
    finished = await waiting
    assert finished.status_code == 200
    assert finished.json()["rewards"] == [1.0, 0.0]
    assert (await client.get(place)).content == finished.content
    assert (await client.post("/v1/score", json=body)).content == finished.content


async def test_an_asynchronous_batch_without_an_id_is_given_one(client: httpx2.AsyncClient) -> None:
    body = {"rollouts": [rollout()]}
    places = set()
    for _ in range(2):
        accepted = await client.post("/v1/score", json=body, headers=ASYNC)
        places.add(accepted.headers["location"])
        answer = await client.get(f"{accepted.headers['location']}?wait=60")
        assert answer.json()["batch_id"] == accepted.json()["batch_id"]
    assert len(places) == 2


async def test_an_asynchronous_batch_can_be_followed_line_by_line(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("wait correct", "wrong_answer")
    place = (await served.post("/v1/score", json=body, headers=ASYNC)).headers["location"]
    async with served.stream("GET", place, headers=AS_LINES) as response:
        lines = response.aiter_lines()
        assert json.loads(await anext(lines))["index"] == 1
        dispatcher.gate.set()
        assert json.loads(await anext(lines))["index"] == 0


async def test_a_cancelled_batch_is_gone_and_whoever_waits_gets_nulls(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("correct", "wait correct")
    waiting = asyncio.create_task(client.post("/v1/score", json=body))
    while not dispatcher.submitted:  # noqa: ASYNC110 - it sets no event
        await asyncio.sleep(0)
    assert (await client.delete("/v1/batches/step-17")).status_code == 204
    answer = (await waiting).json()
    assert answer["rewards"][1] is None
    assert answer["results"][1]["outcome"] == "verifier_error"
    await dispatcher.left.wait()
    await refusal(client.get("/v1/batches/step-17"), 404)
    await refusal(client.delete("/v1/batches/step-17"), 404)


async def test_a_refused_batch_leaves_its_id_free(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    dispatcher.refusal = QueueFull("Too many wait.", retry_after_s=1)
    await refusal(client.post("/v1/score", json=batch("correct"), headers=ASYNC), 429)
    await refusal(client.get("/v1/batches/step-17"), 404)
    dispatcher.refusal = None
    assert (await client.post("/v1/score", json=batch("wrong_answer"))).status_code == 200


async def test_what_was_judged_survives_a_refused_second_try(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("correct", "verifier_error")
    await client.post("/v1/score", json=body)
    dispatcher.refusal = QueueFull("Too many wait.", retry_after_s=1)
    await refusal(client.post("/v1/score", json=body), 429)
    await asyncio.sleep(0)
    assert (await client.get("/v1/batches/step-17")).json()["rewards"] == [1.0, None]


async def test_a_named_batch_waits_for_its_client_to_come_back(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    body = batch("correct", "wait correct")
    await leave_when_submitted(served.post("/v1/score", json=body), dispatcher.submitted)
    dispatcher.gate.set()
    assert (await served.post("/v1/score", json=body)).json()["rewards"] == [1.0, 1.0]
    assert len(dispatcher.submitted) == 1


async def test_a_named_batch_whose_client_stays_away_is_given_up(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batches.submission.GRACE_S", 0.1)
    sending = served.post("/v1/score", json=batch("correct", "wait correct"))
    await leave_when_submitted(sending, dispatcher.submitted)
    await dispatcher.left.wait()


async def test_a_client_says_that_its_batch_ends_with_it(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batches.submission.GRACE_S", 1e9)
    body, headers = batch("correct", "wait correct"), {"Prefer": "end-with-client"}
    sending = served.post("/v1/score", json=body, headers=headers)
    await leave_when_submitted(sending, dispatcher.submitted)
    await dispatcher.left.wait()


async def test_a_client_says_that_its_batch_outlives_it(
    served: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batches.submission.GRACE_S", 0.01)
    body, headers = batch("correct", "wait correct"), {"Prefer": "outlive-client"}
    sending = served.post("/v1/score", json=body, headers=headers)
    await leave_when_submitted(sending, dispatcher.submitted)
    await asyncio.sleep(0.1)  # a batch that does not go on would be given up meanwhile
    dispatcher.gate.set()
    found = await served.get("/v1/batches/step-17?wait=60")
    assert found.json()["rewards"] == [1.0, 1.0]
    assert not dispatcher.left.is_set()


async def test_an_asynchronous_batch_goes_on_without_anyone(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batches.submission.GRACE_S", 0.01)
    await client.post("/v1/score", json=batch("wait correct"), headers=ASYNC)
    await client.get("/v1/batches/step-17?wait=0.05")
    dispatcher.gate.set()
    assert (await client.get("/v1/batches/step-17?wait=60")).json()["rewards"] == [1.0]


async def test_the_oldest_results_go_first_where_too_many_are_kept(connect: Connect) -> None:
    async with connect(max_rollouts=2, max_kept_rollouts=2 * SUBMISSION_ROLLOUTS - 1) as client:
        for name in ("a", "b"):
            body = batch("correct", "correct", batch_id=name)
            assert (await client.post("/v1/score", json=body)).status_code == 200
            await client.get(f"/v1/batches/{name}?wait=60")
        while (await client.get("/v1/batches/a")).status_code == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert (await client.get("/v1/batches/b")).status_code == 200


async def test_empty_batches_take_room_too_and_that_of_their_owner(connect: Connect) -> None:
    one, two = ({"Authorization": f"Bearer {key}"} for key in ("one", "two"))
    limits = {"max_rollouts": 2, "max_kept_rollouts": 5 * SUBMISSION_ROLLOUTS}
    async with connect(api_keys="one,two", **limits) as client:
        await client.post("/v1/score", json=batch("correct"), headers=one)
        for number in range(20):
            body = {"batch_id": str(number), "rollouts": []}
            assert (await client.post("/v1/score", json=body, headers=two)).status_code == 200
        while (await client.get("/v1/batches/15", headers=two)).status_code == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert (await client.get("/v1/batches/19", headers=two)).status_code == 200
        assert (await client.get("/v1/batches/step-17", headers=one)).status_code == 200


async def test_results_are_kept_for_their_time_only(connect: Connect) -> None:
    async with connect(keep_results_s=0.05) as client:
        await client.post("/v1/score", json=batch("correct"))
        while (await client.get("/v1/batches/step-17")).status_code == 200:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_one_key_neither_sees_nor_meets_the_batches_of_another(connect: Connect) -> None:
    async with connect(api_keys="one,two") as client:
        one, two = ({"Authorization": f"Bearer {key}"} for key in ("one", "two"))
        await client.post("/v1/score", json=batch("correct"), headers=one)
        assert (await client.get("/v1/batches/step-17", headers=one)).status_code == 200
        await refusal(client.get("/v1/batches/step-17", headers=two), 404)
        other = await client.post("/v1/score", json=batch("wrong_answer"), headers=two)
        assert other.json()["rewards"] == [0.0]


@pytest.mark.parametrize("wait", ["-1", "301", "nan", "x"])
async def test_a_wait_out_of_bounds_is_refused(client: httpx2.AsyncClient, wait: str) -> None:
    problem = await refusal(client.get(f"/v1/batches/x?wait={wait}"), 422)
    assert "wait" in problem["detail"]


@pytest.mark.parametrize("has_id", [False, True])
@pytest.mark.parametrize("headers", [{}, AS_LINES])
async def test_an_answered_batch_leaves_memory_without_waiting_for_the_garbage_collector(
    client: httpx2.AsyncClient,
    headers: dict[str, str],
    has_id: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor for the time after which one under way would be given up, when it is forgotten."""
    monkeypatch.setattr("api.batches.submission.GRACE_S", 3600.0)
    gc.collect()
    gc.disable()
    try:
        body = batch("correct") if has_id else {"rollouts": [rollout()]}
        assert (await client.post("/v1/score", json=body, headers=headers)).status_code == 200
        if has_id:
            assert (await client.delete("/v1/batches/step-17")).status_code == 204
        while any(isinstance(found, Submission) for found in gc.get_objects()):  # noqa: ASYNC110
            await asyncio.sleep(0)
    finally:
        gc.enable()
