"""The trainers' reward functions, called as the trainers do, against a real service.

`tests/trainers` has the trainers themselves call them.
"""

import asyncio
import enum
import importlib
import math
import pickle
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

import verifier_client.areal
import verifier_client.ms_swift
import verifier_client.nemo_gym
import verifier_client.slime
import verifier_client.trainer
import verifier_client.trl
import verifier_client.verl
from tests.client.conftest import ScriptedService, lines, problem
from verifier_client import Refused, Unjudged, Unusable, unjudged
from verifier_client.completions import after_prompt, text_of

RIGHT, WRONG = "It is \\boxed{4}.", "It is \\boxed{5}."
UNUSABLE = {"kind": "stdin", "cases": "none"}
TEXTS, TRUTHS = [RIGHT, WRONG, RIGHT], ["4", "4", UNUSABLE]

SlimeStatus = enum.Enum("SlimeStatus", {"COMPLETED": "completed", "TRUNCATED": "truncated"})

pytestmark = pytest.mark.usefixtures("_trainers")


def test_trl_gets_none_for_what_was_not_judged_and_its_share_as_a_metric() -> None:
    logged: dict[str, float] = {}
    rewards = verifier_client.trl.verifier_reward(
        prompts=["p"] * 3,
        completions=TEXTS,
        ground_truth=TRUTHS,
        completion_ids=[[1], [2], [3]],
        log_metric=logged.__setitem__,
    )
    assert rewards == [1.0, 0.0, None]
    assert logged == {
        "mean_reward": 0.5,
        "solve_none": 0.0,
        "solve_all": 0.0,
        "degenerate": 0.0,
        "unjudged": pytest.approx(1 / 3),
    }


async def test_trl_awaits_the_same() -> None:
    rewards = await verifier_client.trl.verifier_reward_async(["p"] * 3, TEXTS, TRUTHS)
    assert rewards == [1.0, 0.0, None]


def test_trl_takes_the_answers_where_its_own_reward_does() -> None:
    reward = verifier_client.trl.verifier_reward
    answers = ["5", "5", "6"]
    said = ["It is \\boxed{5}.", "It is \\boxed{4}.", "So 6"]
    completions = ["\\boxed{5}", "\\boxed{5}", "\\boxed{6}"]
    assert reward(["p"] * 3, completions, answer=answers, level=[1, 2, 3]) == [1.0] * 3
    assert reward(["p"] * 2, completions[:2], solution=said[:2]) == [1.0, 0.0]
    for program in ("def f(x):\n    return x", "```python\nprint(1)\n```", "import sys\nprint(1)"):
        with pytest.raises(Unusable, match="needs a column `ground_truth`"):
            reward(["p"], ["x"], solution=[program])
    with pytest.raises(Unusable, match="needs a column `ground_truth`"):
        reward(["p"], ["x"])


def test_a_trl_that_makes_a_0_of_none_is_given_what_the_setting_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier_client.trl._leaves_none_out.cache_clear()
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.5.2")
    try:
        assert verifier_client.trl.verifier_reward(["p"] * 3, TEXTS, TRUTHS) == [1.0, 0.0, 0.0]
        with pytest.raises(Unjudged):
            verifier_client.trl.verifier_reward(["p"] * 3, TEXTS, TRUTHS, unjudged="raise")
        monkeypatch.setenv("VERIFIER_UNJUDGED", "raise")
        with pytest.raises(Unjudged):
            verifier_client.trl.verifier_reward(["p"] * 3, TEXTS, TRUTHS)
    finally:
        verifier_client.trl._leaves_none_out.cache_clear()


def test_a_data_set_without_the_column_is_told_so() -> None:
    with pytest.raises(Unusable, match="ground_truth"):
        verifier_client.trl.verifier_reward(["p"], [RIGHT])
    with pytest.raises(Unusable, match="ground_truth"):
        verifier_client.ms_swift.VerifierReward()([RIGHT])
    with pytest.raises(Unusable, match="ground_truth"):
        verifier_client.areal.verifier_reward("p", RIGHT, [1], [2])


def test_verl_gets_a_score_an_acc_and_whether_it_was_judged() -> None:
    verl = verifier_client.verl
    found = [
        verl.compute_score(
            data_source="math", solution_str=text, ground_truth=truth, extra_info=None, more=1
        )
        for text, truth in zip(TEXTS, TRUTHS, strict=True)
    ]
    assert found == [
        {"score": 1.0, "acc": 1.0, "judged": 1.0},
        {"score": 0.0, "acc": 0.0, "judged": 1.0},
        {"score": 0.0, "acc": 0.0, "judged": 0.0},
    ]
    assert verl.compute_score_batch(["m"] * 3, TEXTS, TRUTHS, [{}] * 3) == found


def test_what_verls_prime_manager_takes_of_a_score_is_the_score() -> None:
    score: Any = verifier_client.verl.compute_score("math", RIGHT, "4", None)
    assert float(pickle.loads(pickle.dumps(score))[0]) == 1.0
    with pytest.raises(KeyError):
        score[1]


async def test_a_thousand_rollouts_that_verl_asks_for_at_once_are_judged_each() -> None:
    asked = (
        verifier_client.verl.compute_score_async("m", f"It is \\boxed{{{n}}}.", str(n - n % 2))
        for n in range(1000)
    )
    found = await asyncio.gather(*asked)
    assert [score["score"] for score in found] == [1.0 - n % 2 for n in range(1000)]


def test_openrlhf_gets_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = types.ModuleType("torch")
    monkeypatch.setattr(torch, "tensor", list, raising=False)
    monkeypatch.setitem(sys.modules, "torch", torch)
    openrlhf = importlib.import_module("verifier_client.openrlhf")
    answer = openrlhf.reward_func([f"2 + 2? {text}" for text in TEXTS], ["2 + 2? "] * 3, TRUTHS)
    assert answer["rewards"] == [1.0, 0.0, 0.0]
    assert answer["scores"][:2] == [1.0, 0.0]
    assert math.isnan(answer["scores"][2])
    assert answer["extra_logs"] == {"judged": [1.0, 1.0, 0.0]}


def test_areal_is_told_by_an_exception_what_to_leave_out(monkeypatch: pytest.MonkeyPatch) -> None:
    reward = verifier_client.areal.verifier_reward
    assert reward("p", RIGHT, [1], [2], answer="4", source="gsm8k") == 1.0
    assert reward("p", WRONG, [1], [2], ground_truth="4", answer="5") == 0.0
    with pytest.raises(Unjudged, match="invalid_ground_truth"):
        reward("p", RIGHT, [1], [2], ground_truth=UNUSABLE)
    monkeypatch.setenv("VERIFIER_UNJUDGED", "zero")
    assert reward("p", RIGHT, [1], [2], ground_truth=UNUSABLE) == 0.0


async def test_slime_removes_what_was_not_judged_and_keeps_the_groups_mean() -> None:
    samples = [
        types.SimpleNamespace(response=text, label=truth, remove_sample=False)
        for text, truth in zip(TEXTS, TRUTHS, strict=True)
    ]
    assert await verifier_client.slime.verifier_reward(None, samples) == [1.0, 0.0, 0.5]
    assert [sample.remove_sample for sample in samples] == [False, False, True]
    assert await verifier_client.slime.verifier_reward(None, samples[0]) == 1.0
    assert await verifier_client.slime.verifier_reward(None, samples[2]) == 0.0


async def test_slime_says_which_samples_were_cut_off() -> None:
    statuses = (SlimeStatus.COMPLETED, SlimeStatus.TRUNCATED)
    samples = [
        types.SimpleNamespace(response="The answer is 4", label="4", status=status)
        for status in statuses
    ]
    assert await verifier_client.slime.verifier_reward(None, samples) == [1.0, 0.0]


def test_ms_swift_calls_it_with_completions_first() -> None:
    reward = verifier_client.ms_swift.VerifierReward(args=None)
    assert reward(TEXTS, solution=TRUTHS, trainer_state=None) == [1.0, 0.0, 0.0]
    assert reward([RIGHT], ground_truth=["4"], solution=["5"]) == [1.0]
    with pytest.raises(Unjudged):
        verifier_client.ms_swift.VerifierReward(unjudged="raise")(TEXTS, solution=TRUTHS)


@pytest.mark.parametrize(
    ("text", "truth", "reward", "masked"),
    [(RIGHT, "4", 1.0, False), (WRONG, "4", 0.0, False), (RIGHT, UNUSABLE, 0.0, True)],
)
async def test_nemo_gym_is_told_what_to_mask(
    text: str, truth: Any, reward: float, masked: bool
) -> None:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    output = [
        {"type": "reasoning", "summary": []},
        {"type": "message", "role": "assistant", "content": content},
        {"type": "function_call", "name": "f", "arguments": RIGHT},
    ]
    for row in (
        {"ground_truth": truth},
        {"expected_answer": truth},
        {"verifier_metadata": {"ground_truth": truth}},
    ):
        body = {"responses_create_params": {}, "response": {"output": output}, **row}
        answer = await verifier_client.nemo_gym.verified(body)
        config = {"instance_config": {"mask_sample": True}} if masked else {}
        assert answer == {**body, "reward": reward, "mask_sample": masked, **config}
    with pytest.raises(Unusable, match="ground_truth"):
        await verifier_client.nemo_gym.verified({"response": {"output": output}})


async def test_nemo_gym_says_which_responses_were_cut_off() -> None:
    content = [{"type": "output_text", "text": "The answer is 4", "annotations": []}]
    response = {"output": [{"type": "message", "role": "assistant", "content": content}]}
    cut_off = {**response, "incomplete_details": {"reason": "max_output_tokens"}}
    for given, reward in ((response, 1.0), (cut_off, 0.0)):
        body = {"response": given, "expected_answer": "4"}
        assert (await verifier_client.nemo_gym.verified(body))["reward"] == reward


ODD: list[tuple[Any, float | None]] = [
    (RIGHT, 1.0),
    ("\ud800 " + RIGHT, 1.0),
    ("", 0.0),
    (None, 0.0),
    ([], 0.0),
    ([{"role": "assistant", "content": RIGHT}], 1.0),
    ([{"role": "assistant", "content": [{"type": "text", "text": RIGHT}]}], 1.0),
    ([{"role": "assistant", "content": None, "tool_calls": [{"name": "f"}]}], 0.0),
    ([{"role": "assistant", "content": WRONG}, {"role": "tool", "content": RIGHT}], 0.0),
    ([{"role": "tool", "content": RIGHT}], 0.0),
    ({"role": "assistant", "content": RIGHT}, 1.0),
    (["It is ", "\\boxed{4}."], 1.0),
    (7, None),
    ([7], None),
    ({"content": 7}, None),
    (RIGHT.encode(), None),
    (types.SimpleNamespace(tolist=lambda: 1 / 0), None),  # a tensor without data, say
]


def test_whatever_a_trainer_hands_on_gets_a_verdict_or_none_and_costs_no_other_its_own() -> None:
    texts = [completion for completion, _ in ODD]
    truths = ["4"] * len(ODD)
    rewards = verifier_client.trl.verifier_reward(["p"] * len(ODD), texts, truths)
    assert rewards == [reward for _, reward in ODD]


ODD_TRUTHS: list[Any] = [
    *(None, float("nan"), object(), {"a": {1, 2}}, "", [], {}, {1: "a", "b": 2}, {(1, 2): "a"}),
    types.SimpleNamespace(tolist=lambda: 1 / 0),
]


@pytest.mark.parametrize("truth", ODD_TRUTHS)
def test_whatever_stands_in_a_ground_truths_place_costs_no_other_its_verdict(truth: Any) -> None:
    rewards = verifier_client.trl.verifier_reward(["p"] * 2, [RIGHT, RIGHT], [truth, "4"])
    assert rewards == [None, 1.0]
    # ms-swift's groups are those of one ground truth.
    assert verifier_client.ms_swift.VerifierReward()([RIGHT, RIGHT], [truth, "4"]) == [0.0, 1.0]


async def test_an_empty_ground_truth_is_a_null_of_its_row_alone() -> None:
    with pytest.raises(Unjudged, match="invalid_ground_truth"):
        verifier_client.areal.verifier_reward("p", RIGHT, ground_truth=None)
    assert verifier_client.areal.verifier_reward("p", RIGHT, ground_truth=None, answer="4") == 1.0
    said = {"type": "message", "content": RIGHT}
    body = {"response": {"output": [said]}, "expected_answer": None}
    assert (await verifier_client.nemo_gym.verified(body))["mask_sample"] is True


async def test_whatever_nemo_gyms_models_say_is_judged_or_masked() -> None:
    for content, reward, masked in ((RIGHT, 1.0, False), (None, 0.0, False), (7, 0.0, True)):
        output = ["odd", {"type": "message", "content": content}]
        body = {"response": {"output": output}, "expected_answer": "4"}
        answer = await verifier_client.nemo_gym.verified(body)
        assert (answer["reward"], answer["mask_sample"]) == (reward, masked)


def test_a_rollout_that_the_service_refuses_is_null(
    scripted: Callable[..., ScriptedService], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = scripted(problem(422, "rollout 0: too long"), problem(401, "No such key."))
    monkeypatch.setenv("VERIFIER_URL", service.url)
    assert verifier_client.trl.verifier_reward(["p"], [RIGHT], ["4"]) == [None]
    with pytest.raises(Refused, match="No such key"):
        verifier_client.trl.verifier_reward(["p"], [RIGHT], ["4"])


async def test_trainers_that_learn_from_rewards_alone_say_so(
    scripted: Callable[..., ScriptedService], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = scripted(lines(0))
    monkeypatch.setenv("VERIFIER_URL", service.url)
    verifier_client.trl.verifier_reward(["p"], [RIGHT], ["4"])
    await verifier_client.trainer.judge([RIGHT], ["4"])
    assert [headers.get("prefer") for headers in service.headers] == ["return=minimal", None]


def test_as_many_ground_truths_as_completions() -> None:
    with pytest.raises(ValueError, match="shorter"):
        verifier_client.trl.verifier_reward(["p"] * 2, [RIGHT, RIGHT], ["4"])


@pytest.mark.parametrize(
    ("query", "completion"),
    [
        ("one two three", " three"),
        ("<s>one two three", " three"),
        ("another prompt three", "another prompt three"),
    ],
)
def test_a_completion_is_what_stands_behind_its_prompt(query: str, completion: str) -> None:
    assert after_prompt(query, "one two") == completion
    example = "For example, 2 + 2 gives \\boxed{4}. Now what is 1 + 1? "
    for cut in (1, 9, len(example) - 16):
        assert after_prompt(example[cut:] + query, example) == query
    assert after_prompt("<s>" + 9 * example + query, 9 * example) == query
    assert after_prompt(query, "") == query


def test_text_of_numpys_arrays_is_that_of_their_lists() -> None:
    array = types.SimpleNamespace(tolist=lambda: [{"role": "assistant", "content": RIGHT}])
    assert text_of(array) == RIGHT


def test_unjudged_rollouts_are_counted_and_told_of(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unjudged, "_warned_at", -math.inf)
    before = unjudged.counts()["invalid_ground_truth"]
    for _ in range(3):
        verifier_client.verl.compute_score("m", RIGHT, UNUSABLE)
    assert unjudged.counts()["invalid_ground_truth"] == before + 3
    [record] = caplog.records  # not one for each: thousands would be read by nobody
    assert "1 of 1 rollouts could not be judged (invalid_ground_truth: The ground" in record.message
    assert "get zero for a reward" in record.message


def test_the_setting_says_what_stands_for_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    score = verifier_client.verl.compute_score
    monkeypatch.setenv("VERIFIER_UNJUDGED", "nan")
    assert math.isnan(score("m", RIGHT, UNUSABLE)["score"])
    assert score("m", RIGHT, UNUSABLE, unjudged="zero")["score"] == 0.0
    monkeypatch.setenv("VERIFIER_UNJUDGED", "raise")
    with pytest.raises(Unjudged, match="1 of 1 rollouts could not be judged"):
        score("m", RIGHT, UNUSABLE)
    monkeypatch.setenv("VERIFIER_UNJUDGED", "mean")
    with pytest.raises(Unusable, match="one of raise, zero, nan, not 'mean'"):
        score("m", RIGHT, UNUSABLE)
