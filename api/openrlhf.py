"""POST /openrlhf/reward: OpenRLHF's protocol for remote reward models.

What could not be judged is null, here too. OpenRLHF makes a tensor of the rewards, which null does
not fit into, so that a step with an unjudged rollout ends with an error instead of learning from a
lie; whoever would rather go on says with `unjudged` which number stands for null. Its client waits
180 s and then sends everything again, hence the deadline below that.
"""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import openapi
from api.body import received
from api.ingest import read_queries
from api.score import finished
from api.state import owner_of, service_of

DEADLINE_S = 170.0

router = APIRouter()


@router.post("/openrlhf/reward", summary="Rewards for OpenRLHF", **openapi.OPENRLHF)
async def reward(
    request: Request,
    deadline_s: Annotated[float, Query(gt=0, allow_inf_nan=False)] = DEADLINE_S,
    unjudged: Annotated[float | None, Query(allow_inf_nan=False)] = None,
) -> Response:
    """Give this address as `--remote_rm_url`. A completion is its query without the prompt.

    `unjudged` is the reward of a rollout that could not be judged: null unless it is given."""
    service = service_of(request)
    async with received(request) as body:
        batch = await asyncio.to_thread(read_queries, body, deadline_s, service.settings)
    del body  # it is counted no more
    run = await service.batches.submit(batch, owner_of(request))
    with run.watched():
        if not await finished(request, run):
            return Response(status_code=499)  # the client has left: nobody reads it
    found = [verdict.reward for verdict in await run.in_order()]
    rewards = [unjudged if value is None else value for value in found]
    judged = [float(value is not None) for value in found]
    answer = {"rewards": rewards, "scores": rewards, "extra_logs": {"judged": judged}}
    return Response(json.dumps(answer), media_type="application/json")
