"""POST /slime/reward: the protocol of slime's remote reward models (`--rm-type remote_rm`).

slime sends a sample and takes the JSON of the answer for its reward, whatever it is. It waits for
120 s, and asks again ten times, up to half a minute apart, where it is answered by an error.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.batches.ingest import Batch, found_in, nameless, read_value, too_many, unfit
from api.http.body import received
from api.http.budget import Body
from api.http.schemas.trainers import SlimeSample
from api.routes import openapi
from api.routes.judging import LEFT, Unjudged, judged, stand_in
from api.settings import Settings
from api.state import service_of

DEADLINE_S = 110.0

_SAMPLES = TypeAdapter(list[SlimeSample])
router = APIRouter()


@router.post("/slime/reward", summary="Rewards for slime", **openapi.SLIME)
async def reward(request: Request, unjudged: Unjudged = None) -> Response:
    """Give this address as `--rm-url`, with `--rm-type remote_rm`. A sample's label is its ground
    truth, in any known shape; the answer to one sample is a number, to a list of them a list."""
    service = service_of(request)
    async with received(request, service.settings, service.budget) as body:
        batch, is_list = await asyncio.to_thread(_read, body, service.settings)
    del body  # gives its bytes back to the budget
    verdicts = await judged(request, batch, "slime")
    if verdicts is None:
        return Response(status_code=LEFT)
    instead = stand_in(request, unjudged)
    rewards = [instead if verdict.reward is None else verdict.reward for verdict in verdicts]
    return Response(json.dumps(rewards if is_list else rewards[0]), media_type="application/json")


def _read(body: Body, settings: Settings) -> tuple[Batch, bool]:
    """The samples, and whether they came as a list. Raises Refusal."""
    content: Any = read_value(body, lenient=True)
    is_list = isinstance(content, list)
    sent = content if is_list else [content]
    if len(sent) > settings.max_rollouts:
        raise too_many(len(sent), settings.max_rollouts)
    try:
        samples = _SAMPLES.validate_python(sent)
    except ValidationError as error:
        raise unfit(found_in(error)) from None
    asked = ((sample.response, sample.label) for sample in samples)
    return nameless(asked, DEADLINE_S, settings, any_order=True), is_list
