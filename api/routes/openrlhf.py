"""POST /openrlhf/reward: OpenRLHF's protocol for remote reward models.

OpenRLHF knows no null: it makes tensors of what it gets, and null ends its step. So what has no
verdict gets a number that `unjudged` chooses, says so in the log `judged`, and has nan for its
score, by which dynamic filtering drops its group. Its client waits 180 s and then sends everything
again, hence the deadline below that.
"""

from __future__ import annotations

import asyncio
import json
import math
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.batches.ingest import read_queries
from api.http.body import received
from api.routes import openapi
from api.routes.judging import LEFT, Unjudged, judged, stand_in
from api.state import service_of

DEADLINE_S = 170.0

router = APIRouter()


@router.post("/openrlhf/reward", summary="Rewards for OpenRLHF", **openapi.OPENRLHF)
async def reward(
    request: Request,
    deadline_s: Annotated[float, Query(gt=0, allow_inf_nan=False)] = DEADLINE_S,
    unjudged: Unjudged = None,
) -> Response:
    """Give this address as `--remote_rm_url`. A completion is its query without the prompt.

    A rollout that could not be judged has the reward that `unjudged` says, on which, where it is
    null, OpenRLHF ends its step. Its score is nan, but null with `raise`, and its `judged` 0."""
    service = service_of(request)
    async with received(request, service.settings, service.budget) as body:
        batch = await asyncio.to_thread(read_queries, body, deadline_s, service.settings)
    del body  # gives its bytes back to the budget
    verdicts = await judged(request, batch, "OpenRLHF")
    if verdicts is None:
        return Response(status_code=LEFT)
    instead = stand_in(request, unjudged)
    score = None if instead is None else math.nan
    found = [verdict.reward for verdict in verdicts]
    answer = {
        "rewards": [instead if value is None else value for value in found],
        "scores": [score if value is None else value for value in found],
        "extra_logs": {"judged": [float(value is not None) for value in found]},
    }
    return Response(json.dumps(answer), media_type="application/json")
