"""verl's reward managers, those of its reward loop and the legacy ones, then its GRPO advantage;
the group filter of its replay buffer; and how its agent loop goes on after an exception.

The tokenizer has a token for each letter, Ray's actors are called in this process, and the transfer
queue is a stand-in that keeps what is put into it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from unittest import mock

import absent  # noqa: F401
import numpy as np
import torch
from omegaconf import OmegaConf
from serving import serve
from tensordict import TensorDict
from verl import DataProto
from verl.experimental.reward_loop.reward_loop import RewardLoopWorker
from verl.experimental.reward_loop.reward_manager import limited, remote
from verl.trainer.ppo.core_algos import compute_grpo_outcome_advantage
from verl.trainer.ppo.reward import get_custom_reward_fn, load_reward_manager
from verl.trainer.ppo.v1 import agent_loop_tq, replay_buffer
from verl.workers.reward_manager import get_reward_manager_cls

import verifier_client.verl

PROMPT = 2
"""Tokens of the prompt."""


class Tokenizer:
    """One token for each letter."""

    eos_token = "\0"

    def decode(self, ids: Any, skip_special_tokens: bool = True) -> str:
        return "".join(map(chr, ids)).replace("\0", "")

    def batch_decode(self, rows: Any, skip_special_tokens: bool = True) -> list[str]:
        return [self.decode(ids) for ids in rows]


def data_of(rows: list[dict[str, Any]]) -> DataProto:
    longest = max(len(row["completion"]) for row in rows) or 1
    responses = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), PROMPT + longest, dtype=torch.long)
    mask[:, :PROMPT] = 1
    for number, row in enumerate(rows):
        text = row["completion"]
        responses[number, : len(text)] = torch.tensor([ord(letter) for letter in text])
        mask[number, PROMPT : PROMPT + max(1, len(text))] = 1
    prompts = torch.ones(len(rows), PROMPT, dtype=torch.long)
    batch = {"prompts": prompts, "responses": responses, "attention_mask": mask}
    columns = {
        "data_source": ["codecontests" for _ in rows],  # has verl ask its sandbox
        "reward_model": [{"ground_truth": row["ground_truth"]} for row in rows],
        "extra_info": [{"index": row["prompt"]} for row in rows],
        "uid": [row["prompt"] for row in rows],
    }
    return DataProto(
        batch=TensorDict(batch, batch_size=len(rows)),
        non_tensor_batch={
            name: np.fromiter(column, dtype=object, count=len(rows))
            for name, column in columns.items()
        },
    )


def config_of(request: dict[str, Any]) -> Any:
    function = {
        "path": verifier_client.verl.__file__ if "function" in request else None,
        "name": request.get("function"),
        "reward_kwargs": request.get("reward_kwargs", {}),
    }
    manager = {"source": "register", "name": request["manager"], "module": None}
    reward = {
        "custom_reward_function": function,
        "reward_manager": manager,
        "reward_model": {"enable": False},
        "sandbox_fusion": {"url": request.get("address"), "max_concurrent": 8},
        "num_workers": 1,
        "max_concurrent": 8,
    }
    return OmegaConf.create({"reward": reward, "trainer": {"experiment_name": "driven"}})


class WorkerHere:
    """In place of `RewardComputeWorker`, an actor of Ray's: the same call, in a thread."""

    @staticmethod
    def options(**_: Any) -> Any:
        def made(function: Any) -> Any:
            async def call(**given: Any) -> Any:
                return await asyncio.to_thread(function, **given)

            return SimpleNamespace(compute_score=SimpleNamespace(remote=call))

        return SimpleNamespace(remote=made)


remote.RewardComputeWorker = WorkerHere
remote.ray = mock.MagicMock()


def worker_of(request: dict[str, Any]) -> RewardLoopWorker:
    """To be made in a running event loop, as Ray does."""
    limited.RateLimitedRewardManager._class_initialized = False  # for this loop, as in a process
    worker = RewardLoopWorker.__new__(RewardLoopWorker)  # but for its tokenizer from a file
    worker.config = config_of(request)
    worker.reward_manager = load_reward_manager(worker.config, Tokenizer())
    return worker


def loop_rewards(request: dict[str, Any], data: DataProto) -> tuple[Any, dict[str, list[Any]]]:
    """As `RewardLoopManager.compute_rm_score` puts them together."""

    async def score() -> list[dict[str, Any]]:
        return await worker_of(request).compute_score_batch(data)

    outputs = asyncio.run(score())
    scores = [output["reward_score"] for output in outputs]
    manager = load_reward_manager(config_of(request), Tokenizer())
    infos = [output["reward_extra_info"] for output in outputs]
    return (
        manager.assemble_rm_scores(data, scores),
        {key: np.array([info[key] for info in infos]).tolist() for key in infos[0]},
    )


def legacy_rewards(request: dict[str, Any], data: DataProto) -> tuple[Any, dict[str, list[Any]]]:
    function = get_custom_reward_fn(config_of(request))
    manager = get_reward_manager_cls(request["manager"])(Tokenizer(), 0, function)
    held = manager(data, return_dict=True)
    return held["reward_tensor"], dict(held.get("reward_extra_info", {}))


def rewards(request: dict[str, Any]) -> dict[str, Any]:
    data = data_of(request["rows"])
    tensor, infos = (legacy_rewards if request.get("legacy") else loop_rewards)(request, data)
    advantages, _ = compute_grpo_outcome_advantage(
        tensor.clone(), data.batch["attention_mask"][:, PROMPT:], data.non_tensor_batch["uid"]
    )
    return {
        "rewards": tensor.sum(-1).tolist(),
        "advantages": advantages[:, 0].tolist(),
        "infos": infos,
    }


def filtered(request: dict[str, Any]) -> dict[str, Any]:
    """Whether `filter_groups.metric=acc` drops the group, by what the reward function says."""
    data = data_of(request["rows"])
    _, infos = loop_rewards(request, data)
    buffer = replay_buffer.ReplayBuffer.__new__(replay_buffer.ReplayBuffer)
    buffer.filter_groups_metric = "acc"
    keys = [f"u_{number}" for number in range(len(data))]
    buffer.partitions = {"train": dict.fromkeys(keys)}
    buffer.finished_keys = {"train": {"u"}}
    buffer._dapo_classification_cache = defaultdict(dict)
    fields = [
        {"reward_extra_info": {key: values[number] for key, values in infos.items()}}
        for number in range(len(data))
    ]
    replay_buffer.tq.kv_batch_get = lambda **_: {"extra_fields": fields}
    dropped, _ = buffer._dapo_filtered_keys("train")
    return {"dropped": sorted(dropped)}


def agent_loop(request: dict[str, Any]) -> dict[str, Any]:
    """What the trainer of `trainer.use_v1` has of a group whose rollouts end as they may."""
    data = data_of(request["rows"])
    put: dict[str, Any] = {}
    finished: dict[int, float] = {}

    async def keep(key: str, partition_id: str, tag: dict[str, Any]) -> None:
        put[key] = tag["status"]

    async def score() -> None:
        worker = worker_of(request)

        async def session(*_: Any, session_id: int, **__: Any) -> None:
            output = await worker.compute_score(data[session_id : session_id + 1])
            finished[session_id] = output["reward_score"]

        agent = SimpleNamespace(
            config=OmegaConf.create(
                {"actor_rollout_ref": {"rollout": {"n": len(data), "val_kwargs": {"n": 1}}}}
            ),
            _run_agent_loop=session,
        )
        agent_loop_tq.tq.async_kv_put = keep
        run_prompt = agent_loop_tq.AgentLoopWorkerTQ.__ray_metadata__.modified_class._run_prompt
        await run_prompt(agent, {"uid": "u"}, {}, {"validate": False})

    asyncio.run(score())
    buffer = replay_buffer.ReplayBuffer.__new__(replay_buffer.ReplayBuffer)
    buffer.finished_keys = {"train": {"u"} if put["u"] == "finished" else set()}
    buffer.failure_keys = {"train": {"u"} if put["u"] == "failure" else set()}
    buffer.filter_groups_metric, buffer.sync_refill_failed_groups = None, False
    reasons = buffer._terminal_eviction_reasons(1, "train")
    return {
        "status": put["u"],
        "rewards": {str(session): reward for session, reward in sorted(finished.items())},
        "trained_on": sorted(buffer._sampleable_terminal_keys("train", reasons)),
    }


def run(request: dict[str, Any]) -> dict[str, Any]:
    what = {"rewards": rewards, "filtered": filtered, "agent_loop": agent_loop}
    return what[request.get("what", "rewards")](request)


serve(run)
