"""AReaL's AsyncRewardWrapper, which calls reward functions in processes of its own and times them.

Its file is loaded alone, with Python's own logging for AReaL's: the package as a whole imports
serving engines.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
import logging
import sys
import types
from typing import Any

from serving import serve

import verifier_client.areal

sys.modules["areal"] = types.ModuleType("areal")
sys.modules["areal.utils"] = utils = types.ModuleType("areal.utils")
utils.logging = logging  # type: ignore[attr-defined]


def reward_api() -> Any:
    file = importlib.metadata.distribution("areal").locate_file("areal/api/reward_api.py")
    spec = importlib.util.spec_from_file_location("areal_reward_api", str(file))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRAPPER = reward_api().AsyncRewardWrapper


def run(request: dict[str, Any]) -> dict[str, Any]:
    # Its 15 s, after which a reward is 0, are too few on a busy machine.
    wrapper = WRAPPER(verifier_client.areal.verifier_reward, timeout_seconds=300)

    async def reward(row: dict[str, Any]) -> float | str:
        try:
            return await wrapper(
                row["prompt"], row["completion"], [1], [2], answer=row["ground_truth"], index=0
            )
        except Exception as error:  # noqa: BLE001 - on which AReaL rejects the trajectory
            return type(error).__name__

    async def rewards() -> list[float | str]:
        return await asyncio.gather(*map(reward, request["rows"]))

    return {"rewards": asyncio.run(rewards())}


serve(run)
