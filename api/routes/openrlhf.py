"""POST /openrlhf/reward: OpenRLHF's protocol for remote reward models.

OpenRLHF knows no null: it makes tensors of what it gets, and null ends its step. So what may still
be judged is tried again here, and what then has no verdict gets a number that `unjudged` chooses,
says so in the log `judged`, and has nan for its score, by which dynamic filtering drops its group.
Its client waits 180 s and then sends everything again, hence the deadline below that.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import math
import time
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.batches.ingest import Batch, read_queries
from api.http.body import received
from api.routes import openapi
from api.routes.score import finished
from api.state import owner_of, service_of
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import Outcome, Verdict

DEADLINE_S = 170.0
PAUSES_S = (0.5, 2.0)
"""Before rollouts that were not judged by our own fault are tried again."""
_STAND_INS = {"zero": 0.0, "nan": math.nan, "raise": None}

logger = logging.getLogger(__name__)
router = APIRouter()


@router.post("/openrlhf/reward", summary="Rewards for OpenRLHF", **openapi.OPENRLHF)
async def reward(
    request: Request,
    deadline_s: Annotated[float, Query(gt=0, allow_inf_nan=False)] = DEADLINE_S,
    unjudged: Literal["zero", "nan", "raise"] | Annotated[float, Query(allow_inf_nan=False)] = (
        "zero"
    ),
) -> Response:
    """Give this address as `--remote_rm_url`. A completion is its query without the prompt.

    `unjudged` says what is the reward of a rollout that could not be judged: 0, nan, a number of
    your own, or with `raise` null, on which OpenRLHF ends its step. Its score is nan, but null with
    `raise`, and its `judged` 0."""
    service = service_of(request)
    async with received(request, service.settings, service.budget) as body:
        batch = await asyncio.to_thread(read_queries, body, deadline_s, service.settings)
    del body  # it is counted no more
    verdicts = await _judged(request, batch)
    if verdicts is None:
        return Response(status_code=499)  # the client has left: nobody reads it
    _warn(verdicts)
    stand_in = _STAND_INS[unjudged] if isinstance(unjudged, str) else unjudged
    score = None if stand_in is None else math.nan
    found = [verdict.reward for verdict in verdicts]
    answer = {
        "rewards": [stand_in if value is None else value for value in found],
        "scores": [score if value is None else value for value in found],
        "extra_logs": {"judged": [float(value is not None) for value in found]},
    }
    return Response(json.dumps(answer), media_type="application/json")


async def _judged(request: Request, batch: Batch) -> list[Verdict] | None:
    """What is our own fault is tried again while the deadline lasts. None: the client has left."""
    give_up_at = time.monotonic() + batch.deadline_s
    found: dict[int, Verdict] = {}
    missing = list(range(len(batch.rollouts)))
    for pause_s in (*PAUSES_S, None):
        left = dataclasses.replace(
            batch,
            rollouts=[batch.rollouts[index] for index in missing],
            deadline_s=max(0.001, give_up_at - time.monotonic()),
        )
        try:
            run = await service_of(request).batches.submit(left, owner_of(request))
        except (QueueFull, Unavailable):
            if not found:
                raise
            break  # the rest has its verdicts
        with run.watched():
            if not await finished(request, run):
                return None
        found.update(zip(missing, await run.in_order(), strict=True))
        missing = [i for i in missing if found[i].outcome is Outcome.VERIFIER_ERROR]
        if not missing or pause_s is None or time.monotonic() + pause_s > give_up_at:
            break
        await asyncio.sleep(pause_s)
    return [found[index] for index in range(len(batch.rollouts))]


def _warn(verdicts: Sequence[Verdict]) -> None:
    unjudged = sorted({verdict.outcome.value for verdict in verdicts if verdict.reward is None})
    if unjudged:
        count = sum(verdict.reward is None for verdict in verdicts)
        logger.warning(
            "%d of %d rollouts of OpenRLHF could not be judged: %s",
            count,
            len(verdicts),
            ", ".join(unjudged),
        )
