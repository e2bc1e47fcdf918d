"""What the routes share that judge for a trainer which knows no null and no "later".

Such a trainer makes tensors of what it gets, and an error ends its step or is a 0 to it. So a full
queue and missing workers are waited for here, what may still be judged is tried again, and what
then has no verdict gets what `unjudged` says, is told of in the log, and is counted.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Request

from api.batches.ingest import Batch
from api.batches.submission import Submission
from api.http.body import client_left
from api.state import Service, owner_of, service_of
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import Outcome, Verdict

PAUSES_S = (0.5, 2.0)
"""Before rollouts that were not judged by our own fault are tried again."""
BETWEEN_ATTEMPTS_S = 0.5
"""Between two attempts to submit a batch where the queue is full or nothing can judge."""
SOON_S = 0.1
"""Most single rollouts are judged by then: only after it, it is seen whether the client left."""
LEFT = 499
"""The status of an answer that nobody reads: its client has left."""
_STAND_INS = {"zero": 0.0, "nan": math.nan, "raise": None}

Unjudged = Annotated[
    Literal["zero", "nan", "raise"] | Annotated[float, Query(allow_inf_nan=False)] | None,
    Query(
        description="What stands for a reward that there is none of: 0, nan, with `raise` null, or "
        "a number of your own. Not given: what VERIFIER_UNJUDGED says to the service."
    ),
]

logger = logging.getLogger(__name__)


def stand_in(request: Request, unjudged: str | float | None) -> float | None:
    """What takes the place of a reward that there is none of."""
    chosen = service_of(request).settings.unjudged if unjudged is None else unjudged
    return _STAND_INS[chosen] if isinstance(chosen, str) else chosen


async def judged(request: Request, batch: Batch, trainer: str) -> Sequence[Verdict] | None:
    """The verdicts on a batch in its order; None: the client has left.

    What is our own fault is tried again while the deadline lasts, and a log line for `trainer`
    tells of what then is not judged. Raises QueueFull or Unavailable where none could be had."""
    judging = asyncio.create_task(_judged(service_of(request), batch, owner_of(request)))
    verdicts = await _unless_left(request, judging)
    if verdicts is not None:
        _tell(trainer, verdicts)
    return verdicts


async def _unless_left(
    request: Request, judging: asyncio.Task[Sequence[Verdict]]
) -> Sequence[Verdict] | None:
    waiting: set[asyncio.Task[Any]] = {judging}
    try:
        await asyncio.wait(waiting, timeout=SOON_S)
        if not judging.done():
            waiting.add(asyncio.create_task(client_left(request)))
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return judging.result() if judging.done() else None
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)


async def _judged(service: Service, batch: Batch, owner: Any) -> Sequence[Verdict]:
    """Judges a batch, and again what failed for now, until its deadline or the last pause."""
    loop = asyncio.get_running_loop()
    until = loop.time() + batch.deadline_s
    found: dict[int, Verdict] = {}
    missing = list(range(len(batch.rollouts)))
    for pause_s in (*PAUSES_S, None):
        left = dataclasses.replace(batch, rollouts=[batch.rollouts[index] for index in missing])
        try:
            submission = await _submitted(service, left, owner, until)
        except (QueueFull, Unavailable):
            if not found:
                raise
            break  # the rest has its verdicts
        with submission.watched():
            found.update(zip(missing, await submission.in_order(), strict=True))
        missing = [i for i in missing if found[i].outcome is Outcome.VERIFIER_ERROR]
        missing = [i for i in missing if batch.rollouts[i].unusable is None]
        if not missing or pause_s is None or loop.time() + pause_s > until:
            break
        await asyncio.sleep(pause_s)
    return [found[index] for index in range(len(batch.rollouts))]


async def _submitted(service: Service, batch: Batch, owner: Any, until: float) -> Submission:
    """Raises QueueFull or Unavailable where nothing has changed when the time is nearly over."""
    loop = asyncio.get_running_loop()
    while True:
        left = dataclasses.replace(batch, deadline_s=max(0.001, until - loop.time()))
        try:
            return await service.batches.submit(left, owner)
        except (QueueFull, Unavailable):
            if loop.time() + BETWEEN_ATTEMPTS_S > until:
                raise
        with service.budget.share() as held:
            held.take(batch.size_bytes)  # once submitted, it is counted by `batches`
            await asyncio.sleep(BETWEEN_ATTEMPTS_S)


def _tell(trainer: str, verdicts: Sequence[Verdict]) -> None:
    unjudged = sorted({verdict.outcome.value for verdict in verdicts if verdict.reward is None})
    if unjudged:
        count = sum(verdict.reward is None for verdict in verdicts)
        logger.warning(
            "%d of %d rollouts of %s could not be judged: %s",
            count,
            len(verdicts),
            trainer,
            ", ".join(unjudged),
        )
