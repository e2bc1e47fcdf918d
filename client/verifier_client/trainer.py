"""What the trainers' reward functions share: completions and ground truths in, verdicts out.

Trainers load reward functions by name and pass them no settings, so these come from the
environment: VERIFIER_URL and what else `verifier_client.settings.Settings` names.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from verifier_client import loops
from verifier_client.completions import text_of
from verifier_client.errors import Refused, Unavailable, Unusable
from verifier_client.gathering import Gatherer, Truth
from verifier_client.model import Result

MAY_HEAL = frozenset({"verifier_error", "deadline_exceeded"})
"""Outcomes that say nothing about the rollout: it is asked for again, a few times."""
HEAL_PAUSES_S = (0.5, 2.0)
"""Before each time, as long as VERIFIER_PATIENCE_S, from the first asking on, is not over."""
_OF_THE_ROLLOUT = frozenset({400, 413, 422})


async def judge(
    completions: Sequence[Any],
    ground_truths: Sequence[Any],
    truncated: Sequence[bool | None] | None = None,
    *,
    rewards_only: bool = False,
) -> list[Result]:
    """The verdicts in the order given; what cannot be judged is null, whatever is wrong with it.

    `truncated`: which completions were cut off at their length limit, where the trainer knows.
    `rewards_only`: nothing else of the verdicts is looked at, see `Client.score`.
    Raises ValueError where there is not one of each for each completion, and the errors of
    `verifier_client.errors` where the service cannot be asked."""
    gatherer = await loops.gatherer(rewards_only=rewards_only)
    flags = [None] * len(completions) if truncated is None else truncated
    asked = list(zip(completions, ground_truths, flags, strict=True))
    if len(asked) == 1:
        return [await _judge(gatherer, *asked[0])]
    return await asyncio.gather(*(_judge(gatherer, *one) for one in asked))


def judge_now(
    completions: Sequence[Any],
    ground_truths: Sequence[Any],
    truncated: Sequence[bool | None] | None = None,
    *,
    rewards_only: bool = False,
) -> list[Result]:
    """`judge` for callers that are no coroutines."""
    return loops.run(judge(completions, ground_truths, truncated, rewards_only=rewards_only))


def truth_in(names: Sequence[str], *places: Mapping[str, Any]) -> Any:
    """The ground truth of a row, under the first of these names that says something; None where
    each of them is empty. Raises Unusable where there are none: that is so of every row then."""
    for place in places:
        for name in names:
            if place.get(name) is not None:
                return place[name]
    if any(name in place for place in places for name in names):
        return None
    raise Unusable(f"The rows need {' or '.join(f'`{name}`' for name in names)}.")


async def _judge(
    gatherer: Gatherer, completion: Any, ground_truth: Any, truncated: bool | None
) -> Result:
    """Judges one rollout, and asks again where a null may heal; what cannot be sent is a null."""
    try:
        text = text_of(completion)
    except Exception as error:  # noqa: BLE001 - objects of others raise what they like
        return _null("verifier_error", f"The completion cannot be used: {error}.")
    try:
        truth = Truth.of(ground_truth)
    except Exception as error:  # noqa: BLE001
        return _null("invalid_ground_truth", f"The ground truth has no form in JSON: {error}.")
    try:
        gives_up_at = time.monotonic() + gatherer.patience_s
        result = await gatherer.score(text, truth, truncated=truncated)
        for pause_s in HEAL_PAUSES_S:
            if result.outcome not in MAY_HEAL:
                break
            pause_s *= random.uniform(0.5, 1.0)  # noqa: PLW2901, S311 - no secret
            left_s = gives_up_at - time.monotonic() - pause_s
            if left_s <= 0:
                break
            await asyncio.sleep(pause_s)
            # A null that is there already is no error, whatever becomes of asking again.
            with contextlib.suppress(asyncio.TimeoutError, Unavailable):
                again = gatherer.score(text, truth, truncated=truncated)
                result = await asyncio.wait_for(again, left_s)
    except Refused as refusal:
        if refusal.status not in _OF_THE_ROLLOUT:
            raise
        return _null("verifier_error", str(refusal))
    return result


def _null(outcome: str, message: str) -> Result:
    return Result(id=None, group=None, reward=None, outcome=outcome, message=message)
