"""An environment for SkyRL-Gym: register(id="verifier", entry_point=ENTRY_POINT).

A row has `env_class: verifier`, and its ground truth in `reward_spec.ground_truth`, in any shape
that the service knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skyrl_gym.envs.base_text_env import BaseTextEnv, BaseTextEnvStepOutput

from verifier_client.errors import Unusable
from verifier_client.model import Result
from verifier_client.trainer import judge_now
from verifier_client.unjudged import numbers

ENTRY_POINT = "verifier_client.skyrl_gym:VerifierEnv"


class VerifierEnv(BaseTextEnv):  # type: ignore[misc]  # SkyRL's, which has it
    """One answer, and its reward."""

    def __init__(self, env_config: Any = None, extras: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        spec = (extras or {}).get("reward_spec") or {}
        if "ground_truth" not in spec:
            raise Unusable("The rows need `reward_spec.ground_truth`.")
        self._ground_truth = spec["ground_truth"]
        self._result: Result | None = None

    def step(self, action: str) -> BaseTextEnvStepOutput:
        """The reward of the answer; for one without a verdict what VERIFIER_UNJUDGED says, as
        SkyRL has no word for that."""
        results = judge_now([action], [self._ground_truth])
        self._result = results[0]
        return BaseTextEnvStepOutput(
            observations=[],
            reward=numbers(results)[0],
            done=True,
            metadata={"outcome": self._result.outcome},
        )

    def get_metrics(self) -> dict[str, float]:
        """Which SkyRL averages over all episodes."""
        return {} if self._result is None else {"judged": float(self._result.reward is not None)}
