"""A reward function for slime: --custom-rm-path verifier_client.slime.verifier_reward.

A sample's label is its ground truth, in any shape that the service knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verifier_client.groups import statistics, tell
from verifier_client.model import Result
from verifier_client.trainer import judge
from verifier_client.unjudged import left_out


async def verifier_reward(args: Any, sample: Any, **_: Any) -> float | list[float]:
    """The reward of a sample, or with --group-rm those of a group's.

    A sample that could not be judged is removed from the loss (`remove_sample`). Its reward, which
    slime's mean of the group still takes in, is the mean of those judged here, alone 0.0."""
    if not isinstance(sample, Sequence):
        return _rewards([sample], await _judge([sample]))[0]
    return _rewards(sample, await _judge(sample))


async def _judge(samples: Sequence[Any]) -> list[Result]:
    return await judge(
        [sample.response for sample in samples],
        [sample.label for sample in samples],
        [_truncated(sample) for sample in samples],
        rewards_only=True,
    )


def _truncated(sample: Any) -> bool:
    status = getattr(sample, "status", None)  # an enum of slime's
    return bool(getattr(status, "value", status) == "truncated")


def _rewards(samples: Sequence[Any], results: Sequence[Result]) -> list[float]:
    """Rewards of a group; a sample without one is removed and gets the mean of the others."""
    left_out(results, "are removed from the loss")
    if len(samples) > 1:
        found = [result.reward for result in results]
        cut_off = [_truncated(sample) for sample in samples]
        tell(statistics(found, ["the group"] * len(samples), cut_off))
    judged = [result.reward for result in results if result.reward is not None]
    mean = sum(judged) / len(judged) if judged else 0.0
    for sample, result in zip(samples, results, strict=True):
        if result.reward is None:
            sample.remove_sample = True
    return [mean if result.reward is None else result.reward for result in results]
