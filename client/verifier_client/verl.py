"""Reward functions for verl. Name this file as custom_reward_function.path, and as .name
`compute_score_batch` where the reward manager is `batch`, else `compute_score`.

The path: python -c "import verifier_client.verl as v; print(v.__file__)"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verifier_client.trainer import Rewarded, score_groups


def compute_score_batch(
    data_sources: Sequence[str],
    solution_strs: Sequence[str],
    ground_truths: Sequence[Any],
    extra_infos: Sequence[Mapping[str, Any] | None] | None = None,
    **_: Any,
) -> list[dict[str, float]]:
    """Scores of a whole batch. What could not be judged gets its group's mean, and `judged` 0."""
    infos = extra_infos if extra_infos is not None else [None] * len(solution_strs)
    prompts = [
        (source, (info or {}).get("index"))
        for source, info in zip(data_sources, infos, strict=True)
    ]
    return [_score(rewarded) for rewarded in score_groups(prompts, solution_strs, ground_truths)]


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    **_: Any,
) -> dict[str, float]:
    """The score of one rollout. It has no group here whose mean it could get: where it could not be
    judged its score is 0 with `judged` 0, so leave it out by that, or use `compute_score_batch`."""
    return compute_score_batch([data_source], [solution_str], [ground_truth], [extra_info])[0]


def _score(rewarded: Rewarded) -> dict[str, float]:
    return {"score": rewarded.reward or 0.0, "judged": float(rewarded.judged)}
