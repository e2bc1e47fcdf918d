"""OpenRLHF's remote reward protocol."""

from typing import Any

import httpx2
import pytest

from tests.api.obedient import ObedientDispatcher
from tests.api.test_score import refusal

ADDRESS = "/openrlhf/reward"


def sent(*completions: str) -> dict[str, Any]:
    return {
        "query": [f"Question {n}: {text}" for n, text in enumerate(completions)],
        "prompts": [f"Question {n}: " for n in range(len(completions))],
        "labels": ["1"] * len(completions),
    }


async def test_what_stands_behind_the_prompt_is_judged_against_the_label(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    answer = await client.post(ADDRESS, json=sent("correct", "wrong_answer"))
    assert answer.json() == {
        "rewards": [1.0, 0.0],
        "scores": [1.0, 0.0],
        "extra_logs": {"judged": [1.0, 1.0]},
    }
    assert dispatcher.submitted == [["correct", "wrong_answer"]]


async def test_the_unjudged_are_null_unless_a_number_stands_for_it(
    client: httpx2.AsyncClient,
) -> None:
    body = sent("correct", "deadline_exceeded")
    answer = (await client.post(ADDRESS, json=body)).json()
    assert answer["rewards"] == answer["scores"] == [1.0, None]
    assert answer["extra_logs"] == {"judged": [1.0, 0.0]}
    answer = (await client.post(f"{ADDRESS}?unjudged=-0.5", json=body)).json()
    assert answer["rewards"] == [1.0, -0.5]


async def test_without_prompts_the_whole_query_is_judged(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    await client.post(ADDRESS, json={"query": ["is correct"], "labels": ["1"]})
    assert dispatcher.submitted == [["is correct"]]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 400, "not JSON"),
        (b"[]", 422, "valid dictionary"),
        (b'{"query": ["a"]}', 422, "`labels`: it is missing"),
        (b'{"query": ["a"], "labels": []}', 422, "equally many"),
        (b'{"query": ["a"], "labels": ["1"], "prompts": ["a", "b"]}', 422, "equally many"),
        (b'{"query": [1], "labels": ["1"]}', 422, "`query[0]`: it should be a valid string"),
        (b'{"query": [' + b"1," * 8192 + b'1], "labels": []}', 413, "VERIFIER_MAX_ROLLOUTS"),
    ],
)
async def test_what_cannot_be_used_is_refused(
    client: httpx2.AsyncClient, body: bytes, status: int, says: str
) -> None:
    problem = await refusal(client.post(ADDRESS, content=body), status)
    assert says in problem["detail"]
