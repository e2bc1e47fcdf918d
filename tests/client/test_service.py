"""The client and the trainers' reward functions against a real service."""

import importlib
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

import verifier_client.trainer
import verifier_client.trl
import verifier_client.verl
from verifier_client import AsyncClient, Client, Refused

UNUSABLE = {"kind": "stdin", "cases": "none"}
RIGHT, WRONG = "It is \\boxed{4}.", "It is \\boxed{5}."


@pytest.fixture
def client(service_url: str) -> Iterator[Client]:
    with Client(service_url, patience_s=10) as client:
        yield client


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch, service_url: str) -> Iterator[None]:
    monkeypatch.setenv("VERIFIER_URL", service_url)
    verifier_client.trainer.client.cache_clear()
    yield
    verifier_client.trainer.client().close()


def test_rollouts_come_back_in_order_and_unjudged_ones_as_none(client: Client) -> None:
    scores = client.score(
        [
            {"id": "a", "group": "g", "completion": RIGHT, "ground_truth": "4"},
            {"id": "b", "group": "g", "completion": RIGHT, "ground_truth": UNUSABLE},
            {"id": "c", "group": "h", "completion": WRONG, "ground_truth": "4"},
        ]
    )
    assert scores.rewards == [1.0, None, 0.0]
    assert [result.id for result in scores.results] == ["a", "b", "c"]
    assert scores.results[0].answer == "4"
    assert scores.results[1].outcome == "invalid_ground_truth"
    assert [(group.id, group.n, group.judged) for group in scores.groups] == [
        ("g", 2, 1),
        ("h", 1, 1),
    ]


def test_groups_name_a_registered_problem(client: Client) -> None:
    client.register("two plus/two", "4")
    groups = [{"id": "g", "problem": "two plus/two", "completions": [RIGHT, WRONG]}]
    scores = client.score(groups=groups, batch_id="named", deadline_s=30, explain=True)
    assert scores.rewards == [1.0, 0.0]
    assert scores.batch_id == "named"
    assert scores.groups[0].mean_reward == 0.5


def test_an_unknown_problem_is_refused(client: Client) -> None:
    with pytest.raises(Refused, match="not registered"):
        client.score([{"completion": RIGHT, "problem": "nobody knows"}])


async def test_a_stream_tells_each_verdict_once(service_url: str) -> None:
    rollouts = [{"completion": RIGHT, "ground_truth": "4"} for _ in range(20)]
    async with AsyncClient(service_url) as client:
        found = {result.index: result.reward async for result in client.stream(rollouts)}
    assert found == dict.fromkeys(range(20), 1.0)


def test_trl_gets_rewards_in_order_and_no_lie_for_what_was_not_judged() -> None:
    rewards = verifier_client.trl.verifier_reward(
        prompts=["p", "q", "p", "r"],
        completions=[RIGHT, [{"role": "assistant", "content": WRONG}], WRONG, RIGHT],
        ground_truth=["4", "4", "4", UNUSABLE],
        completion_ids=[[1], [2], [3], [4]],
    )
    assert rewards == [1.0, 0.0, 0.0, None]


def test_trl_gets_the_prompt_as_messages_too() -> None:
    prompt = [{"role": "user", "content": "2 + 2?"}]
    assert verifier_client.trl.verifier_reward([prompt], [RIGHT], ["4"]) == [1.0]


def test_a_rollout_that_was_not_judged_gets_its_groups_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def with_a_null(**request: Any) -> Any:
        group = types.SimpleNamespace(mean_reward=0.5)
        return types.SimpleNamespace(rewards=[1.0, None, 0.0], groups=[group])

    monkeypatch.setattr(verifier_client.trainer.client(), "score", with_a_null)
    assert verifier_client.trainer.score_groups(["p"] * 3, ["", "", ""], ["4"] * 3) == [
        (1.0, True),
        (0.5, False),
        (0.0, True),
    ]


def test_verl_gets_a_score_for_one_rollout_and_for_a_batch() -> None:
    verl = verifier_client.verl
    assert verl.compute_score(
        data_source="math", solution_str=RIGHT, ground_truth="4", extra_info=None, more=1
    ) == {"score": 1.0, "judged": 1.0}
    assert verl.compute_score_batch(
        data_sources=["math", "math"],
        solution_strs=[RIGHT, RIGHT],
        ground_truths=["5", UNUSABLE],
        extra_infos=[{"index": 0}, {"index": 1}],
    ) == [{"score": 0.0, "judged": 1.0}, {"score": 0.0, "judged": 0.0}]


def test_openrlhf_gets_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = types.ModuleType("torch")
    monkeypatch.setattr(torch, "tensor", list, raising=False)
    monkeypatch.setitem(sys.modules, "torch", torch)
    openrlhf = importlib.import_module("verifier_client.openrlhf")
    answer = openrlhf.reward_func(
        ["2 + 2? " + RIGHT, "2? " + WRONG], ["2 + 2? ", "2? "], ["4", "4"]
    )
    assert answer == {
        "rewards": [1.0, 0.0],
        "scores": [1.0, 0.0],
        "extra_logs": {"judged": [1.0, 1.0]},
    }
