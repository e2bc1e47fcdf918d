"""The client against a real service."""

from collections.abc import Iterator

import pytest

from verifier_client import AsyncClient, Client, Refused

UNUSABLE = {"kind": "stdin", "cases": "none"}
RIGHT, WRONG = "It is \\boxed{4}.", "It is \\boxed{5}."


@pytest.fixture
def client(service_url: str) -> Iterator[Client]:
    with Client(service_url, patience_s=10) as client:
        yield client


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
    assert scores.results[0].how == "string"
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


def test_a_program_comes_back_with_its_tests_and_its_cpu_time(client: Client) -> None:
    truth = {"kind": "stdin", "cases": [{"input": "21", "output": "42"}]}
    completion = "<think>```</think>```python\nprint(2 * int(input()))\n```<|im_end|>"
    (result,) = client.score([{"completion": completion, "ground_truth": truth}]).results
    assert (result.reward, result.passed, result.total) == (1.0, 1, 1)
    assert result.cpu_s is not None
    assert 0 < result.cpu_s < 10


def test_an_unknown_problem_is_refused(client: Client) -> None:
    with pytest.raises(Refused, match="not registered"):
        client.score([{"completion": RIGHT, "problem": "nobody knows"}])


async def test_a_stream_tells_each_verdict_once(service_url: str) -> None:
    rollouts = [{"completion": RIGHT, "ground_truth": "4"} for _ in range(20)]
    async with AsyncClient(service_url) as client:
        found = {result.index: result.reward async for result in client.stream(rollouts)}
    assert found == dict.fromkeys(range(20), 1.0)
