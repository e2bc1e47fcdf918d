"""Batches for workers that do as their rollouts say, and every verdict counted as it comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from verifier.dispatch import Dispatcher
from verifier.model import Rollout, Verdict

NEEDS_SANDBOX = {"kind": "stdin", "cases": []}
"""A ground truth of the kind `code`."""
Disturbance = Callable[[], Awaitable[None]]


def rollouts(*completions: str) -> list[Rollout]:
    """Of the kind `math`."""
    return [Rollout(completion=text, ground_truth="1") for text in completions]


def programs(*completions: str) -> list[Rollout]:
    """Of the kind `code`."""
    return [Rollout(completion=text, ground_truth=NEEDS_SANDBOX) for text in completions]


def mixed(completions: Sequence[str]) -> list[Rollout]:
    """Of both kinds, by turns."""
    kinds = rollouts, programs
    return [
        rollout for n, text in enumerate(completions) for rollout in kinds[n % len(kinds)](text)
    ]


async def judge(
    running: Dispatcher,
    batch: Sequence[Rollout],
    disturb: Disturbance | None = None,
    *,
    deadline_s: float = 100,
    name: str | None = None,
    owner: str = "",
) -> list[Verdict]:
    """The verdicts in the order of the batch; fails where one comes twice or not at all.

    What disturbs them comes once a tenth has been judged."""
    found: dict[int, Verdict] = {}
    async with running.submit(batch, deadline_s, name, owner=owner) as verdicts:
        async for index, verdict in verdicts:
            assert index not in found
            found[index] = verdict
            if disturb and len(found) == len(batch) // 10:
                await disturb()
    return [found[index] for index in range(len(batch))]


def rewards(verdicts: Sequence[Verdict]) -> list[float | None]:
    return [verdict.reward for verdict in verdicts]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - processes set no event here
        await asyncio.sleep(0.01)
