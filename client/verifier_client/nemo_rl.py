"""An environment for NeMo-RL.

register_env("verifier", "verifier_client.nemo_rl.VerifierEnvironment") makes it known.
The metadata of a rollout has `ground_truth`, in any shape that the service knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ray
import torch
from nemo_rl.environments.interfaces import EnvironmentInterface, EnvironmentReturn

from verifier_client.groups import statistics
from verifier_client.trainer import judge_now, truth_in
from verifier_client.unjudged import numbers


class Environment(EnvironmentInterface):  # type: ignore[misc]  # NeMo-RL's, which has it
    """One answer, and its reward. `VerifierEnvironment` is the Ray actor of it."""

    def __init__(self, cfg: Mapping[str, Any] | None = None) -> None:
        """`cfg` may say `unjudged`, which goes before VERIFIER_UNJUDGED."""
        self._unjudged = (cfg or {}).get("unjudged")

    def step(
        self,
        message_log_batch: Sequence[Any],
        metadata: Sequence[Mapping[str, Any]],
        return_extracted_answer: bool = False,
    ) -> EnvironmentReturn:
        """A reward for each conversation. NeMo-RL has no word for "not judged" here, so
        VERIFIER_UNJUDGED says the reward of one without a verdict; its metadata say `judged`."""
        truths = [truth_in(("ground_truth",), row) for row in metadata]
        results = judge_now(message_log_batch, truths)
        rewards = torch.tensor(numbers(results, self._unjudged))
        said = [{"role": "environment", "content": f"Verdict: {one.outcome}"} for one in results]
        return EnvironmentReturn(
            observations=said,
            metadata=[
                {**row, "judged": one.reward is not None}
                for row, one in zip(metadata, results, strict=True)
            ],
            next_stop_strings=[None] * len(results),
            rewards=rewards,
            terminateds=torch.ones_like(rewards),
            answers=[one.answer for one in results] if return_extracted_answer else None,
        )

    def global_post_process_and_metrics(self, batch: Any) -> tuple[Any, dict[str, float]]:
        """The statistics of groups, of which a prompt's text tells which they are."""
        rewards = (batch["rewards"] * batch["is_end"]).tolist()
        infos = batch["extra_env_info"] if "extra_env_info" in batch else [{}] * len(rewards)
        judged = [
            reward if (info or {}).get("judged", True) else None
            for reward, info in zip(rewards, infos, strict=True)
        ]
        found = statistics(judged, batch["text"], [not ended for ended in batch["is_end"]])
        return batch, {**found, "accuracy": found["mean_reward"]}


VerifierEnvironment = ray.remote(max_restarts=-1, max_task_retries=-1, max_concurrency=1000)(
    Environment
)
