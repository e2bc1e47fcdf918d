"""Adapters that trainers load as classes of their own, within stand-ins for what they import.

docs/trainers.md says which of them were driven by the trainer's own code, and when.
"""

import importlib
import math
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, cast

import pytest

import verifier_client.torchforge
import verifier_client.verifiers
from verifier_client import Unjudged, Unusable
from verifier_client.groups import statistics

RIGHT, WRONG = "It is \\boxed{4}.", "It is \\boxed{5}."
UNUSABLE = {"kind": "stdin", "cases": "none"}

pytestmark = pytest.mark.usefixtures("_trainers")
StandIn = Callable[..., None]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Have modules be there: `stand_in(**{"a.b": {"Name": value}})`."""
    ours = set(sys.modules)

    def make(**modules: dict[str, Any]) -> None:
        for name, contents in modules.items():
            steps = name.split(".")
            for count in range(1, len(steps) + 1):
                whole = ".".join(steps[:count])
                if whole not in sys.modules:
                    monkeypatch.setitem(sys.modules, whole, types.ModuleType(whole))
            for key, value in contents.items():
                setattr(sys.modules[name], key, value)

    yield make
    for name in set(sys.modules) - ours:  # what was imported beside stand-ins is none either
        if name.startswith("verifier_client."):
            del sys.modules[name]


class Base:
    """Of whatever an adapter extends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.given = (args, kwargs)


class Tensor(list[Any]):
    """As much of a tensor as the adapters touch."""

    def tolist(self) -> list[Any]:
        return list(self)

    def clone(self) -> "Tensor":
        return Tensor(self)

    def __mul__(self, other: Any) -> "Tensor":
        return Tensor(one * two for one, two in zip(self, other, strict=True))


TORCH = {
    "tensor": lambda values, **_: Tensor(values),
    "ones_like": lambda values: Tensor([1.0] * len(values)),
    "zeros_like": lambda values, **_: Tensor([0.0] * len(values)),
    "float16": "float16",
}


def test_torchforge_calls_it_for_each_response() -> None:
    reward = verifier_client.torchforge.VerifierReward()
    assert [reward("p", text, "4") for text in (RIGHT, WRONG)] == [1.0, 0.0]
    assert reward("p", RIGHT, UNUSABLE) == 0.0
    with pytest.raises(Unjudged):
        verifier_client.torchforge.VerifierReward("raise")("p", RIGHT, UNUSABLE)


def test_rllm_gets_its_own_output(stand_in: StandIn) -> None:
    stand_in(**{"rllm.rewards.reward_types": {"RewardOutput": types.SimpleNamespace}})
    rllm = importlib.import_module("verifier_client.rllm")
    found = rllm.verifier_reward({"ground_truth": "4"}, RIGHT)
    assert (found.reward, found.is_correct) == (1.0, True)
    found = rllm.verifier_reward({"answer": "4"}, types.SimpleNamespace(action=WRONG))
    assert (found.reward, found.is_correct) == (0.0, False)
    found = rllm.verifier_reward({"ground_truth": UNUSABLE}, RIGHT)
    assert (found.reward, found.is_correct, found.metadata["judged"]) == (0.0, None, False)
    assert rllm.verifier_reward({"ground_truth": None}, RIGHT).metadata["judged"] is False
    with pytest.raises(Unusable, match="ground_truth"):
        rllm.verifier_reward({}, RIGHT)


def test_skyrl_gym_steps_once(stand_in: StandIn) -> None:
    names = {"BaseTextEnv": Base, "BaseTextEnvStepOutput": dict}
    stand_in(**{"skyrl_gym.envs.base_text_env": names})
    gym = importlib.import_module("verifier_client.skyrl_gym")
    for text, truth, reward, judged in (
        (RIGHT, "4", 1.0, 1.0),
        (WRONG, "4", 0.0, 1.0),
        (RIGHT, UNUSABLE, 0.0, 0.0),
    ):
        env = gym.VerifierEnv({}, extras={"reward_spec": {"ground_truth": truth}, "max_turns": 1})
        assert env.get_metrics() == {}
        found = env.step(text)
        assert (found["reward"], found["done"], found["observations"]) == (reward, True, [])
        assert env.get_metrics() == {"judged": judged}
    with pytest.raises(Unusable, match="reward_spec"):
        gym.VerifierEnv({}, extras={})


async def test_open_instruct_finds_a_verifier(stand_in: StandIn) -> None:
    class Function(Base):
        def __init__(self, name: str, weight: float, verifier_config: Any) -> None:
            self.name = name

    names = {
        "VerifierFunction": Function,
        "VerificationResult": types.SimpleNamespace,
        "VerifierConfig": object,
    }
    stand_in(**{"open_instruct.ground_truth_utils": names})
    importlib.import_module("verifier_client.open_instruct")
    (made,) = Function.__subclasses__()
    verifier = cast("Callable[[Any], Any]", made)(None)  # as open-instruct makes them
    assert verifier.name == "verifier"
    assert (await verifier.async_call([1], RIGHT, "4")).score == 1.0
    assert (await verifier.async_call([1], WRONG, "4", query="q")).score == 0.0
    found = verifier([1], RIGHT, UNUSABLE, None, {})
    assert (found.score, found.reasoning) == (0.0, "invalid_ground_truth")


def test_roll_gets_the_tensors_of_a_batch(stand_in: StandIn) -> None:
    class Tokenizer:
        def batch_decode(self, rows: Any, skip_special_tokens: bool) -> list[str]:
            return list(rows)

    class Data:
        @staticmethod
        def from_dict(tensors: dict[str, Any]) -> dict[str, Any]:
            return tensors

    made = {"default_tokenizer_provider": lambda model_args: Tokenizer()}
    dispatch = types.SimpleNamespace(ONE_TO_ALL=0, DP_MP_COMPUTE=1)
    stand_in(
        **{
            "torch": TORCH,
            "roll.configs.worker_config": {"WorkerConfig": object},
            "roll.distributed.executor.worker": {"Worker": Base},
            "roll.distributed.scheduler.decorator": {
                "Dispatch": dispatch,
                "register": lambda **_: lambda function: function,
            },
            "roll.distributed.scheduler.protocol": {"DataProto": Data},
            "roll.models.model_providers": made,
        }
    )
    roll = importlib.import_module("verifier_client.roll")
    worker = roll.VerifierRewardWorker(types.SimpleNamespace(model_args=None))
    data = types.SimpleNamespace(
        batch={"responses": [RIGHT, WRONG, RIGHT], "prompts": Tensor([[1], [1], [1]])},
        non_tensor_batch={"ground_truth": ["4", "4", UNUSABLE]},
    )
    found = worker.compute_rewards(data)
    assert found["response_level_rewards"] == found["scores"] == [1.0, 0.0, 0.0]
    assert found["token_level_rewards"] == [0.0] * 3


class Return(NamedTuple):
    """NeMo-RL's."""

    observations: Any
    metadata: Any
    next_stop_strings: Any
    rewards: Any
    terminateds: Any
    answers: Any


def test_nemo_rl_steps_a_batch_and_sums_it_up(stand_in: StandIn) -> None:
    stand_in(
        **{
            "torch": TORCH,
            "ray": {"remote": lambda **_: lambda actor: actor},
            "nemo_rl.environments.interfaces": {
                "EnvironmentInterface": Base,
                "EnvironmentReturn": Return,
            },
        }
    )
    nemo_rl = importlib.import_module("verifier_client.nemo_rl")
    env = nemo_rl.VerifierEnvironment({"num_workers": 1})
    logs = [
        [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": text}]
        for text in (RIGHT, WRONG, RIGHT)
    ]
    truths = [{"ground_truth": truth} for truth in ("4", "4", UNUSABLE)]
    found = env.step(logs, truths, return_extracted_answer=True)
    assert found.rewards == [1.0, 0.0, 0.0]
    assert found.terminateds == [1.0] * 3
    assert [row["judged"] for row in found.metadata] == [True, True, False]
    assert found.answers[:2] == ["4", "5"]
    batch = {"rewards": found.rewards, "is_end": Tensor([1.0, 1.0, 0.0]), "text": ["p"] * 3}
    _, metrics = env.global_post_process_and_metrics(batch)
    assert metrics["truncated"] == pytest.approx(1 / 3)
    _, metrics = env.global_post_process_and_metrics({**batch, "extra_env_info": found.metadata})
    assert metrics["accuracy"] == 0.5
    assert metrics["unjudged"] == pytest.approx(1 / 3)


async def test_verifiers_calls_functions_of_a_rubric() -> None:
    ours = verifier_client.verifiers
    for completion, answer, info, reward, judged in (
        ([{"role": "assistant", "content": RIGHT}], "4", {}, 1.0, 1.0),
        (WRONG, "4", None, 0.0, 1.0),
        (RIGHT, "5", {"ground_truth": "4"}, 1.0, 1.0),
        (RIGHT, UNUSABLE, {}, 0.0, 0.0),
    ):
        state: dict[str, Any] = {"completion": completion}
        assert await ours.verifier_reward(completion, answer, info, state) == reward
        assert await ours.judged(state, completion, answer, info) == judged


async def test_verifiers_of_v1_leaves_out_what_raises() -> None:
    """Of a trace with an agent that the root agent asked, what the latter said is judged."""
    asked = {"role": "assistant", "content": WRONG}
    trace = types.SimpleNamespace(messages=[asked], last_reply=RIGHT, is_truncated=False)
    assert await verifier_client.verifiers.reward_of(trace, "4") == 1.0
    with pytest.raises(Unjudged):
        await verifier_client.verifiers.reward_of(trace, UNUSABLE)


def test_the_statistics_of_groups() -> None:
    rewards = [1.0, 0.0, 0.0, 0.0, 1.0, None, math.nan, math.nan]
    prompts = ["a", "a", ["b"], ["b"], Tensor([1, 2]), Tensor([1, 2]), {"c": 1}, {"c": 1}]
    assert statistics(rewards, prompts, [True] + [False] * 7) == {
        "mean_reward": pytest.approx(0.4),
        "solve_none": 0.25,
        "solve_all": 0.25,
        "degenerate": 0.75,
        "unjudged": pytest.approx(3 / 8),
        "truncated": 0.125,
    }
    assert set(statistics([], []).values()) == {0.0}
