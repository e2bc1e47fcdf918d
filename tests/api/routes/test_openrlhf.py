"""OpenRLHF's remote reward protocol."""

import math
from typing import Any

import httpx2
import pytest

from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import refusal

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


@pytest.mark.parametrize(
    ("said", "reward", "score"),
    [
        ("", 0.0, math.nan),
        ("?unjudged=zero", 0.0, math.nan),
        ("?unjudged=nan", math.nan, math.nan),
        ("?unjudged=-0.5", -0.5, math.nan),
        ("?unjudged=raise", None, None),
    ],
)
async def test_the_unjudged_have_the_reward_that_is_chosen_and_say_so(
    client: httpx2.AsyncClient, said: str, reward: float | None, score: float | None
) -> None:
    body = sent("correct", "deadline_exceeded")
    answer = (await client.post(f"{ADDRESS}{said}", json=body)).json()
    assert answer["rewards"] == [1.0, pytest.approx(reward, nan_ok=True)]
    assert answer["scores"] == [1.0, pytest.approx(score, nan_ok=True)]
    assert answer["extra_logs"] == {"judged": [1.0, 0.0]}


async def test_another_choice_is_refused(client: httpx2.AsyncClient) -> None:
    await refusal(client.post(f"{ADDRESS}?unjudged=mean", json=sent("correct")), 422)


async def test_what_is_our_fault_is_judged_again_and_nothing_else(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.judging.PAUSES_S", (0.0, 0.0))
    body = sent("correct", "verifier_error", "invalid_ground_truth", "verifier_error")
    answer = (await client.post(ADDRESS, json=body)).json()
    again = ["verifier_error", "verifier_error"]
    assert dispatcher.submitted[1:] == [again, again]
    assert answer["extra_logs"] == {"judged": [1.0, 0.0, 0.0, 0.0]}


async def test_a_prompt_that_was_cut_or_has_a_token_before_it_is_not_judged_either(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    prompt = "For example, \\boxed{1} is correct. " * 20 + "Now: "
    queries = [f"{prompt[300:]}wrong_answer", f"<s>{prompt}no_answer"]
    body = {"query": queries, "prompts": [prompt] * 2, "labels": ["1"] * 2}
    answer = await client.post(ADDRESS, json=body)
    assert answer.json()["rewards"] == [0.0, 0.0]
    assert dispatcher.submitted == [["wrong_answer", "no_answer"]]


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
