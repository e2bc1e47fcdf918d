"""Reward functions for verifiers and prime-rl.

Classic: vf.Rubric(funcs=[verifier_client.verifiers.verifier_reward, ...judged], weights=[1, 0]).
From v1 on, a method of the task: @vf.reward async def correct(self, trace): return await
verifier_client.verifiers.reward_of(trace, self.data.answer).

A row's `answer`, or its `info["ground_truth"]`, is its ground truth in any shape that the service
knows.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from verifier_client.model import Result
from verifier_client.trainer import judge
from verifier_client.unjudged import numbers

_KEPT = "verifier"
"""Where the state of a rollout keeps its outcome."""


async def verifier_reward(
    completion: Any, answer: Any = None, info: Any = None, state: Any = None
) -> float:
    """The reward of one rollout. A Rubric makes a 0 of whatever is raised, so VERIFIER_UNJUDGED
    says what stands for no verdict."""
    result = await _judged(completion, _truth(answer, info), _cut_off(state))
    if isinstance(state, MutableMapping):
        state[_KEPT] = result.outcome
    return numbers([result])[0]


async def judged(state: Any, completion: Any, answer: Any = None, info: Any = None) -> float:
    """A metric: 1.0 where `verifier_reward`, which stands before it, had a verdict."""
    outcome = state.get(_KEPT) if isinstance(state, Mapping) else None
    return float(outcome not in (None, *_UNJUDGED))


async def reward_of(trace: Any, ground_truth: Any) -> float:
    """The reward of a v1 trace: of what its root agent said last, and neither an agent that this
    one asked nor an example in its prompt. What cannot be judged raises Unjudged where
    VERIFIER_UNJUDGED says nothing else: it is then the trace's error, and prime-rl trains on the
    others of its group."""
    cut_off = bool(getattr(trace, "is_truncated", False))
    return numbers([await _judged(trace.last_reply, ground_truth, cut_off)], default="raise")[0]


_UNJUDGED = ("invalid_ground_truth", "deadline_exceeded", "verifier_error")


async def _judged(completion: Any, ground_truth: Any, cut_off: bool) -> Result:
    return (await judge([completion], [ground_truth], [cut_off]))[0]


def _truth(answer: Any, info: Any) -> Any:
    known = info.get("ground_truth") if isinstance(info, Mapping) else None
    return answer if known is None else known


def _cut_off(state: Any) -> bool:
    return isinstance(state, Mapping) and bool(state.get("is_truncated"))
