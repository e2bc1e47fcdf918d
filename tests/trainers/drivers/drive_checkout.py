"""Trainers of which only the sources can be had (`tests.trainers.checkouts`): what calls rewards
there, and what makes advantages of them. Packages that they import and are not here are stand-ins.

    drive_checkout.py FOLDER NAME
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from absent import Absent, module, stand_in_for_what_is_imported_from
from serving import serve

import verifier_client

FOLDER, NAME = Path(sys.argv[1]), sys.argv[2]
Request = dict[str, Any]


stand_in_for_what_is_imported_from(FOLDER)


def gathered(calls: list[Any]) -> list[Any]:
    async def gather() -> list[Any]:
        return await asyncio.gather(*calls)

    return asyncio.run(gather())


def slime(request: Request) -> Request:
    """`async_rm` or `batched_async_rm`, and the advantages of its rollout manager."""
    sys.path[:0] = [str(FOLDER)]
    from slime.ray.rollout import RolloutManager
    from slime.rollout import rm_hub
    from slime.utils.types import Sample

    rows = request["rows"]
    samples = [
        Sample(
            index=number,
            prompt=row["prompt"],
            response=row["completion"],
            label=row["ground_truth"],
            response_length=1,
            tokens=[1, 2],
            status=Sample.Status.COMPLETED,
        )
        for number, row in enumerate(rows)
    ]
    args = SimpleNamespace(
        custom_rm_path=None,
        rm_type="remote_rm",
        rm_url=request.get("address"),
        reward_key=None,
        advantage_estimator="grpo",
        rewards_normalization=True,
        grpo_std_normalization=True,
        n_samples_per_prompt=len(rows),
        rollout_batch_size=1,
    )
    if not args.rm_url:
        args.custom_rm_path = "verifier_client.slime.verifier_reward"

    async def rewards() -> list[float]:
        rm_hub._shared_session = None  # of another event loop
        try:
            if request.get("group"):
                return list(await rm_hub.batched_async_rm(args, samples))
            return await asyncio.gather(*(rm_hub.async_rm(args, sample) for sample in samples))
        finally:
            if rm_hub._shared_session:
                await rm_hub._shared_session.close()

    for sample, reward in zip(samples, asyncio.run(rewards()), strict=True):
        sample.reward = reward
    manager: Any = object.__new__(RolloutManager.__ray_metadata__.modified_class)
    manager.args, manager.custom_reward_post_process_func = args, None
    raw, advantages = manager._post_process_rewards(samples)
    return {
        "rewards": raw,
        "advantages": advantages,
        "removed": [sample.remove_sample for sample in samples],
    }


def torchforge(request: Request) -> Request:
    """Its RewardActor and ComputeAdvantages."""
    module("monarch", __path__=[])
    sys.modules["monarch.actor"] = Absent(Actor=object, endpoint=lambda function: function)
    sys.path[:0] = [str(FOLDER / "src"), str(FOLDER)]
    main = importlib.import_module("apps.grpo.main")
    from verifier_client.torchforge import VerifierReward

    main.record_metric = lambda *_: None  # sends them to an actor
    actor = object.__new__(main.RewardActor)
    actor.reward_functions = [VerifierReward()]
    given = [(row["prompt"], row["completion"], row["ground_truth"]) for row in request["rows"]]
    rewards = gathered([actor.evaluate_response(*one) for one in given])
    group = [SimpleNamespace(reward=reward) for reward in rewards]
    advantages = object.__new__(main.ComputeAdvantages).compute(group)
    return {"rewards": rewards, "advantages": asyncio.run(advantages)}


def rllm(request: Request) -> Request:
    """Its SimpleWorkflow over an engine that says what the test says, and its advantages."""
    import numpy as np

    sys.path[:0] = [str(FOLDER)]
    from rllm.engine.rollout.rollout_engine import ModelOutput
    from rllm.trainer.algorithms.rl_algo import (
        calculate_grpo_advantages_per_group,
    )
    from rllm.workflows.simple_workflow import SimpleWorkflow

    from verifier_client.rllm import verifier_reward

    async def reward(row: dict[str, Any]) -> float:
        async def says(*_: Any, **__: Any) -> Any:
            return ModelOutput(content=row["completion"], reasoning="", finish_reason="stop")

        engine = SimpleNamespace(get_model_response=says)
        workflow = SimpleWorkflow(engine, verifier_reward, executor=None)
        task = {"question": row["prompt"], "ground_truth": row["ground_truth"]}
        episode = await workflow.run_with_termination_handling(task, "0:0")
        assert episode.trajectories, episode
        return float(episode.trajectories[0].steps[0].reward)

    rewards = gathered([reward(row) for row in request["rows"]])
    advantages, _ = calculate_grpo_advantages_per_group(
        np.array(rewards), norm_adv_by_std_in_grpo=False
    )
    return {"rewards": rewards, "centred": advantages.tolist()}


def skyrl_gym(request: Request) -> Request:
    """Its environments as its generator makes and steps them."""
    sys.path[:0] = [str(FOLDER / "skyrl-gym")]
    import skyrl_gym as gym

    from verifier_client.skyrl_gym import ENTRY_POINT

    if "verifier" not in gym.envs.registration.registry:
        gym.register(id="verifier", entry_point=ENTRY_POINT)

    def step(row: dict[str, Any]) -> tuple[float, float]:
        extras = {"reward_spec": {"ground_truth": row["ground_truth"]}}
        env = gym.make("verifier", env_config={}, extras=extras)
        env.init([{"role": "user", "content": row["prompt"]}])
        return env.step(row["completion"])["reward"], env.get_metrics()["judged"]

    found = gathered([asyncio.to_thread(step, row) for row in request["rows"]])
    return {"rewards": [one for one, _ in found], "judged": [one for _, one in found]}


def nemo_rl(request: Request) -> Request:
    """`calculate_rewards` over our environment, and the baseline of its GRPO. Ray's actor is called
    in this process."""
    sys.path[:0] = [str(FOLDER)]
    module("torch.utils.tensorboard", SummaryWriter=None)
    # Its own looks for one release of transformers.
    policy = {"TokenizerConfig": dict, "PolicyConfig": dict}
    module("nemo_rl.models.policy", __path__=[str(FOLDER / "nemo_rl/models/policy")], **policy)
    import torch
    from nemo_rl.algorithms.utils import calculate_baseline_and_std_per_prompt
    from nemo_rl.experience import rollouts

    from verifier_client.nemo_rl import Environment

    rollouts.ray = SimpleNamespace(get=lambda futures: [future() for future in futures])
    step = Environment().step
    actor = SimpleNamespace(step=SimpleNamespace(remote=lambda *given: lambda: step(*given)))
    rows = request["rows"]
    batch = {
        "message_log": [
            [
                {"role": "user", "content": row["prompt"]},
                {"role": "assistant", "content": row["completion"]},
            ]
            for row in rows
        ],
        "task_name": ["verifier"] * len(rows),
        "extra_env_info": [{"ground_truth": row["ground_truth"]} for row in rows],
    }
    held = rollouts.calculate_rewards(batch, {"verifier": actor})
    baseline, deviation = calculate_baseline_and_std_per_prompt(
        torch.ones(len(rows), 1),
        held.rewards,
        torch.ones(len(rows)),
        leave_one_out_baseline=False,
    )
    return {
        "rewards": held.rewards.tolist(),
        "advantages": ((held.rewards - baseline) / (deviation + 1e-6)).tolist(),
        "judged": [row["judged"] for row in held.metadata],
    }


def nemo_gym(request: Request) -> Request:
    """Its client's POST of a row to a resources server, which the service is."""
    sys.path[:0] = [str(FOLDER)]
    from nemo_gym import server_utils

    async def verify(row: dict[str, Any]) -> dict[str, Any]:
        said = {"type": "output_text", "text": row["completion"], "annotations": []}
        body = {
            "responses_create_params": {"input": row["prompt"]},
            "response": {
                "output": [{"type": "message", "role": "assistant", "content": [said]}],
            },
            "ground_truth": row["ground_truth"],
        }
        answer = await server_utils.request("POST", request["address"], _internal=True, json=body)
        await server_utils.raise_for_status(answer)
        return dict(await answer.json())

    async def verified() -> list[dict[str, Any]]:
        import aiohttp

        async with aiohttp.ClientSession() as session:
            server_utils.get_global_aiohttp_client = lambda: session
            return await asyncio.gather(*map(verify, request["rows"]))

    found = asyncio.run(verified())
    return {
        "rewards": [row["reward"] for row in found],
        "masked": [row.get("mask_sample", False) for row in found],
        "failed": [row.get("_ng_failure_class") for row in found],
    }


def open_instruct(request: Request) -> Request:
    """`apply_verifiable_reward` over our verifier, or its own CodeVerifier at an address."""
    sys.path[:0] = [str(FOLDER)]
    from open_instruct import ground_truth_utils

    import verifier_client.open_instruct

    if "address" in request:
        config = ground_truth_utils.CodeVerifierConfig(request["address"], 5.0, 0.0, False)
        verifier = ground_truth_utils.CodeVerifier(config)
    else:
        verifier = verifier_client.open_instruct.ServiceVerifier()
    rows = request["rows"]
    rewards, _ = asyncio.run(
        ground_truth_utils.apply_verifiable_reward(
            {"ours": verifier},
            [[1]] * len(rows),
            [row["completion"] for row in rows],
            [[row["ground_truth"]] for row in rows],
            [["ours"]] * len(rows),
        )
    )
    return {"rewards": rewards}


def tinker_cookbook(request: Request) -> Request:
    """Its client for SandboxFusion at an address, and its harness for LiveCodeBench's cases."""
    sys.path[:0] = [str(FOLDER)]
    from tinker_cookbook.recipes.code_rl import code_grading

    async def graded() -> list[bool]:
        code_grading._sandboxfusion_client = code_grading.SandboxFusionClient(request["address"])
        checks = [
            code_grading.sandbox_check_correctness(row["cases"], row["program"], timeout=100)
            for row in request["rows"]
        ]
        found = await asyncio.gather(*checks)
        await code_grading._sandboxfusion_client.close()
        return [is_right for is_right, _ in found]

    return {"rewards": list(map(float, asyncio.run(graded())))}


def roll(request: Request) -> Request:
    """Its Worker, `register` and DataProto, and its norm of rewards; or at an address its client
    for SandboxFusion. The shared storage, an actor of Ray's, is a stand-in, and the tokenizer has
    a token for each letter."""
    sys.path[:0] = [str(FOLDER)]
    if "address" in request:
        from roll.pipeline.rlvr.rewards import code_sandbox_reward_worker as sandbox

        # Its 30 s, after which it asks again, are too few on a busy machine.
        patient = sandbox.aiohttp.ClientTimeout(total=300)
        sandbox.aiohttp.ClientTimeout = lambda **_: patient
        tested = [
            sandbox.cal_http_sandbox(
                0, "0", "", row["program"], row["kind"], row["cases"], request["address"]
            )
            for row in request["rows"]
        ]
        return {"rewards": [float(reward) for reward, *_ in tested]}
    import numpy as np
    import torch
    from roll.distributed.executor import worker
    from roll.distributed.scheduler.protocol import DataProto
    from roll.utils.functionals import reward_norm

    import verifier_client.roll as ours

    worker.SharedStorage, worker.ray = Absent(), SimpleNamespace(get=lambda _: True)
    ours.default_tokenizer_provider = lambda model_args: SimpleNamespace(
        batch_decode=lambda batch, skip_special_tokens: [
            "".join(map(chr, filter(None, ids))) for ids in batch.tolist()
        ]
    )
    rows = request["rows"]
    longest = max(len(row["completion"]) for row in rows)
    responses = torch.zeros(len(rows), longest, dtype=torch.long)
    for number, row in enumerate(rows):
        responses[number, : len(row["completion"])] = torch.tensor(
            [ord(letter) for letter in row["completion"]]
        )
    truths = np.empty(len(rows), dtype=object)
    truths[:] = [row["ground_truth"] for row in rows]
    data = DataProto.from_dict(
        tensors={"responses": responses, "prompts": torch.ones(len(rows), 1, dtype=torch.long)},
        non_tensors={"ground_truth": truths},
    )
    config = SimpleNamespace(offload_nccl=False, model_args=None)
    held = ours.VerifierRewardWorker(config).compute_rewards(data)
    rewards = held.batch["response_level_rewards"]
    norm = {"norm_mean_type": "group", "norm_std_type": "group"}
    return {
        "rewards": rewards.tolist(),
        "advantages": reward_norm(rewards.float(), n_sample=len(rows), **norm).tolist(),
    }


RUN: dict[str, Callable[[Request], Request]] = {
    function.__name__: function
    for function in (
        nemo_gym,
        nemo_rl,
        open_instruct,
        rllm,
        roll,
        skyrl_gym,
        slime,
        tinker_cookbook,
        torchforge,
    )
}

if __name__ == "__main__":
    assert verifier_client.__path__
    serve(RUN[NAME])
