"""OpenRLHF's rollout executor with a Python file or an address for its reward, its sample generator
and its experience maker's advantages.

vLLM, DeepSpeed and flash_attn are stand-ins that nothing calls, the engine completes with what the
test says, and Ray's two calls hand on what was run here.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest import mock

import absent  # noqa: F401
import torch
from openrlhf.trainer.ppo_utils import experience_maker, samples_generator
from openrlhf.utils.agent import SingleTurnAgentExecutor
from serving import serve

import verifier_client


class Tokenizer:
    """One token for each letter."""

    def __call__(self, text: str, **_: Any) -> dict[str, torch.Tensor]:
        return {"input_ids": torch.tensor([[ord(letter) for letter in text]])}

    def decode(self, ids: list[int], skip_special_tokens: bool) -> str:
        return "".join(map(chr, ids))


class Engine:
    """Completes with what it is given."""

    def __init__(self, completion: str) -> None:
        self._completion = completion

    async def generate(self, *_: Any, **__: Any) -> Any:
        tokens = [ord(letter) for letter in self._completion]
        output = SimpleNamespace(token_ids=tokens, finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[output])


async def responses(request: dict[str, Any]) -> list[dict[str, Any]]:
    """One call of the reward function for each rollout, as OpenRLHF does it."""
    sampling = SimpleNamespace(max_tokens=2048, logprobs=None)
    address = request.get("address") or f"{verifier_client.__path__[0]}/openrlhf.py"
    executor = SingleTurnAgentExecutor(address)
    return await asyncio.gather(
        *(
            executor.execute(
                f"{row['prompt']} ",
                row["ground_truth"],
                sampling,
                4096,
                Tokenizer(),
                Engine(row["completion"]),
            )
            for row in request["rows"]
        )
    )


def experiences(request: dict[str, Any], group: list[dict[str, Any]]) -> list[Any]:
    """What the sample generator keeps of one prompt's rollouts."""
    generator = samples_generator.SamplesGenerator.__new__(samples_generator.SamplesGenerator)
    generator.args = SimpleNamespace(algo=SimpleNamespace(dynamic_filtering_range=(0.0, 1.0)))
    generator._dispatch_prompts_to_vllm = lambda *_, **__: [group]
    prompts = iter([(None, [request["rows"][0]["prompt"]], [None], [None])])
    ray = SimpleNamespace(wait=lambda refs, **_: (refs, []), get=lambda ref: ref)
    with mock.patch.object(samples_generator, "ray", ray):
        kept, _, _ = generator._generate_vllm(
            prompts, 1, request.get("dynamic_filtering", False), max_len=4096
        )
    return list(kept)


def advantages(kept: list[Any]) -> list[float]:
    """GRPO's, which is called group_norm there."""
    maker = experience_maker.RemoteExperienceMaker.__new__(experience_maker.RemoteExperienceMaker)
    args = SimpleNamespace(
        algo=SimpleNamespace(advantage=SimpleNamespace(estimator="group_norm", gamma=1.0)),
        rollout=SimpleNamespace(n_samples_per_prompt=len(kept)),
        reward=SimpleNamespace(clip_range=None),
    )
    maker.strategy, maker.args = SimpleNamespace(args=args), args
    maker.advantage_estimator, maker.kl_ctl = "group_norm", SimpleNamespace(value=0.0)
    for number, experience in enumerate(kept):
        experience.index = [number]
        experience.kl = torch.zeros_like(experience.action_mask, dtype=torch.float32)
    with mock.patch.object(experience_maker, "apply_length_penalties"):
        made = maker.compute_advantages_and_returns(kept)
    return [one.advantages[one.action_mask.bool()][0].item() for one in made]


def run(request: dict[str, Any]) -> dict[str, Any]:
    kept = experiences(request, asyncio.run(responses(request)))
    return {
        "kept": len(kept),
        "rewards": [one.rewards.flatten()[0].item() for one in kept],
        "scores": [one.scores.flatten()[0].item() for one in kept],
        "judged": [one.info["judged"].flatten()[0].item() for one in kept],
        "advantages": advantages(kept) if kept else [],
    }


serve(run)
