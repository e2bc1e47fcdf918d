"""Reward functions for TRL: GRPOTrainer(..., reward_funcs=verifier_client.trl.verifier_reward).

The data set needs a column `ground_truth`, in any shape that the service knows; or `answer`, or
`solution`, as TRL's own `accuracy_reward` has it. TRL takes None for "not judged" and, from 1.6 on,
leaves such a completion out of its group's mean and deviation and out of the gradient. Before that
it made a 0 of it, so that VERIFIER_UNJUDGED decides there.
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verifier_client.errors import Unusable
from verifier_client.groups import statistics, tell
from verifier_client.model import Result
from verifier_client.trainer import judge, judge_now
from verifier_client.unjudged import left_out, numbers

_LEAVES_NONE_OUT = (1, 6)
_PROGRAM = re.compile(
    r"```|#include"
    r"|^[ \t]*(?:(?:def|class)[ \t]+\w.*:|import[ \t]+\w+|from[ \t]+\w+[ \t]+import.*)$",
    re.MULTILINE,
)


def verifier_reward(
    prompts: Sequence[Any],
    completions: Sequence[Any],
    ground_truth: Sequence[Any] | None = None,
    *,
    log_metric: Callable[[str, float], None] | None = None,
    unjudged: str | None = None,
    **columns: Any,
) -> list[float | None]:
    """One reward for each completion, text or messages: 1.0, 0.0, or None.

    `unjudged` goes before VERIFIER_UNJUDGED, in a TRL before 1.6."""
    results = judge_now(completions, _column(ground_truth, columns), rewards_only=True)
    return _rewards(prompts, results, log_metric, unjudged)


async def verifier_reward_async(
    prompts: Sequence[Any],
    completions: Sequence[Any],
    ground_truth: Sequence[Any] | None = None,
    *,
    log_metric: Callable[[str, float], None] | None = None,
    unjudged: str | None = None,
    **columns: Any,
) -> list[float | None]:
    """`verifier_reward`, beside which TRL runs its other asynchronous reward functions."""
    results = await judge(completions, _column(ground_truth, columns), rewards_only=True)
    return _rewards(prompts, results, log_metric, unjudged)


def _column(ground_truth: Sequence[Any] | None, others: Mapping[str, Any]) -> Sequence[Any]:
    if ground_truth is not None:
        return ground_truth
    answers, solutions = others.get("answer"), others.get("solution")
    if answers is not None:
        return list(answers)
    if solutions is not None and not any(map(_is_program, solutions)):
        return list(solutions)
    raise Unusable(
        "The data set needs a column `ground_truth`, or `answer`, or a `solution` that states one."
    )


def _is_program(solution: object) -> bool:
    """Whether it is code, which tests are to judge, and no text that ends in an answer."""
    return isinstance(solution, str) and _PROGRAM.search(solution) is not None


def _rewards(
    prompts: Sequence[Any],
    results: Sequence[Result],
    log_metric: Callable[[str, float], None] | None,
    choice: str | None,
) -> list[float | None]:
    found = statistics([result.reward for result in results], prompts)
    del found["truncated"]  # which TRL does not tell its reward functions, and logs itself
    if log_metric is None:
        tell(found)
    else:
        for name, value in found.items():
            log_metric(name, value)
    if not _leaves_none_out():
        return list(numbers(results, choice))
    left_out(results, "are left out of the step")
    return [result.reward for result in results]


@functools.cache
def _leaves_none_out() -> bool:
    try:
        version = importlib.metadata.version("trl").split(".")
        return (int(version[0]), int(version[1])) >= _LEAVES_NONE_OUT
    except (importlib.metadata.PackageNotFoundError, ValueError, IndexError):
        return True
