"""Batches for workers that do as their rollouts say, and every verdict counted as it comes back."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

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
    deadline_s: float = 800,
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


async def judge_until_late(
    running: Dispatcher,
    batch: Sequence[Rollout],
    *,
    judged: int,
    monkeypatch: pytest.MonkeyPatch,
    disturb: Disturbance | None = None,
) -> list[Verdict]:
    """The verdicts where the deadline comes as soon as so many have been judged, by a clock that is
    put forward: how long that takes is the machine's affair."""
    deadline_s = 3600.0
    found: dict[int, Verdict] = {}
    async with running.submit(batch, deadline_s) as verdicts:
        if disturb:
            await disturb()
        while len(found) < judged:
            index, verdict = await anext(verdicts)
            found[index] = verdict
        loop = asyncio.get_running_loop()
        time = loop.time
        monkeypatch.setattr(loop, "time", lambda: time() + deadline_s)
        async for index, verdict in verdicts:
            assert index not in found
            found[index] = verdict
    return [found[index] for index in range(len(batch))]


async def judged_before(
    running: Dispatcher,
    flood: Sequence[Rollout],
    *,
    folder: Path,
    batches: int = 1,
    of: str = "",
    then: str = "",
    last: Rollout | None = None,
    through: Dispatcher | None = None,
) -> int:
    """How many rollouts of the owner `of`, who sent so many batches, the only worker judges before
    `last` of the owner `then`, who comes after, `through` another dispatcher perhaps: the worker is
    held up until all have been handed in."""
    begun, go_on = folder / "begun", folder / "go-on"
    through = through or running
    async with AsyncExitStack() as waiting:
        held_up = dataclasses.replace(flood[0], completion=f"await {begun} {go_on}")
        for batch in [[held_up, *flood[1:]], *[flood] * (batches - 1)]:
            await waiting.enter_async_context(running.submit(batch, 1000, owner=of))
        await until(begun.exists)
        counting = [last] if last else rollouts("count")
        async with through.submit(counting, 1000, owner=then) as verdicts:
            go_on.touch()
            _, verdict = await anext(verdicts)
    assert verdict.answer
    return int(verdict.answer) - 1


def rewards(verdicts: Sequence[Verdict]) -> list[float | None]:
    return [verdict.reward for verdict in verdicts]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - processes set no event here
        await asyncio.sleep(0.01)
