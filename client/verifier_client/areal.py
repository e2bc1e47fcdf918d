"""A reward function for AReaL: RLVRWorkflow(reward_fn=verifier_client.areal.verifier_reward, ...).

The rows need `ground_truth` or `answer`, in any shape that the service knows.
"""

from __future__ import annotations

import asyncio
from typing import Any

from verifier_client import loops
from verifier_client.errors import Unavailable
from verifier_client.trainer import judge, truth_in
from verifier_client.unjudged import numbers

WITHIN_S = 14.0
"""AReaL gives a reward function 15 s, four times, and takes 0 for its answer after that."""


def verifier_reward(
    prompt: Any, completions: Any, prompt_ids: Any = None, completion_ids: Any = None, **row: Any
) -> float:
    """The reward of one trajectory. Raises what AReaL takes for "ask again", and then for "leave
    this trajectory out": Unjudged where VERIFIER_UNJUDGED says nothing else, Unavailable."""
    return loops.run(_reward(completions, truth_in(("ground_truth", "answer"), row)))


async def _reward(completion: Any, ground_truth: Any) -> float:
    try:
        asked = judge([completion], [ground_truth], rewards_only=True)
        results = await asyncio.wait_for(asked, WITHIN_S)
    except asyncio.TimeoutError:
        raise Unavailable(f"No verdict within {WITHIN_S:g} s.") from None
    return numbers(results, default="raise")[0]
