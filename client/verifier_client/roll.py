"""A reward worker for ROLL: rewards.DOMAIN.worker_cls: verifier_client.roll.VerifierRewardWorker.

The data set needs a column `ground_truth`, in any shape that the service knows.
"""

from __future__ import annotations

import torch
from roll.configs.worker_config import WorkerConfig
from roll.distributed.executor.worker import Worker
from roll.distributed.scheduler.decorator import Dispatch, register
from roll.distributed.scheduler.protocol import DataProto
from roll.models.model_providers import default_tokenizer_provider

from verifier_client.groups import statistics, tell
from verifier_client.trainer import judge_now
from verifier_client.unjudged import numbers


class VerifierRewardWorker(Worker):  # type: ignore[misc]  # ROLL's, which has it
    """Asked for the rewards of a batch, as ROLL's own rule workers are."""

    def __init__(self, worker_config: WorkerConfig) -> None:
        super().__init__(worker_config=worker_config)
        self.tokenizer = default_tokenizer_provider(model_args=worker_config.model_args)

    @register(dispatch_mode=Dispatch.ONE_TO_ALL)  # type: ignore[untyped-decorator]
    def initialize(self, pipeline_config: object) -> None:
        """Nothing has to be made ready."""

    @register(dispatch_mode=Dispatch.DP_MP_COMPUTE, clear_cache=False)  # type: ignore[untyped-decorator]
    def compute_rewards(self, data: DataProto) -> DataProto:
        """A reward for each response; for one without a verdict what VERIFIER_UNJUDGED says, as
        ROLL has no word for that."""
        responses = data.batch["responses"]
        texts = self.tokenizer.batch_decode(responses, skip_special_tokens=True)
        truths = list(data.non_tensor_batch["ground_truth"])
        results = judge_now(texts, truths, rewards_only=True)
        tell(statistics([result.reward for result in results], data.batch["prompts"]))
        rewards = torch.tensor(numbers(results), dtype=torch.float16)
        return DataProto.from_dict(
            tensors={
                "token_level_rewards": torch.zeros_like(responses, dtype=torch.float16),
                "response_level_rewards": rewards,
                "scores": rewards.clone(),
            }
        )
