"""POST /v1/score: a batch in, its verdicts out, at once or line by line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api import results
from api.body import client_left, content_kind, read_body
from api.ingest import Batch, read_batch, read_lines
from api.openapi import SCORE_OPENAPI
from api.state import Service, service_of
from verifier.dispatch import Dispatcher, VerdictStream
from verifier.model import Verdict

NDJSON = "application/x-ndjson"

router = APIRouter()


@router.post("/v1/score", summary="Judge a batch of rollouts", **SCORE_OPENAPI)
async def score(
    request: Request,
    batch_id: Annotated[str | None, Query(max_length=256)] = None,
    deadline_s: Annotated[float | None, Query(gt=0, allow_inf_nan=False)] = None,
    explain: Annotated[bool, Query()] = False,
) -> Response:
    """The parameters in the address are for NDJSON bodies, which have no other place for them."""
    service = service_of(request)
    kind = content_kind(request)
    body = await read_body(request, service.settings)
    if kind == "json":
        batch = await asyncio.to_thread(read_batch, body, service.settings, service.problems)
    else:
        envelope = {"batch_id": batch_id, "deadline_s": deadline_s, "explain": explain}
        batch = await asyncio.to_thread(
            read_lines, body, envelope, service.settings, service.problems
        )
    del body
    if NDJSON in request.headers.get("accept", ""):
        return VerdictLines(service.dispatcher, batch)
    return await _whole(request, service, batch)


async def _whole(request: Request, service: Service, batch: Batch) -> Response:
    judging = asyncio.create_task(_judge(service.dispatcher, batch))
    leaving = asyncio.create_task(client_left(request))
    try:
        await asyncio.wait({judging, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not judging.done():
            return Response(status_code=499)  # nobody reads it; the rest of the batch is given up
        verdicts = judging.result()
    finally:
        judging.cancel()
        leaving.cancel()
    body = await asyncio.to_thread(results.response_body, batch, verdicts)
    return Response(body, media_type="application/json")


async def _judge(dispatcher: Dispatcher, batch: Batch) -> list[Verdict]:
    found: dict[int, Verdict] = {}
    async with dispatcher.submit(batch.rollouts, batch.deadline_s) as verdicts:
        async for index, verdict in verdicts:
            found[index] = verdict
    return [found[index] for index in range(len(batch.rollouts))]


class VerdictLines(Response):
    """Streams each result when it is ready; ends the work when the client goes away.

    The batch is submitted only once the response is being sent: so none is ever left behind by a
    response that nobody began, and a refusal is still an error response."""

    media_type = NDJSON

    def __init__(self, dispatcher: Dispatcher, batch: Batch) -> None:
        self._dispatcher = dispatcher
        self._batch = batch
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        submission = self._dispatcher.submit(self._batch.rollouts, self._batch.deadline_s)
        async with submission as verdicts:
            lines = StreamingResponse(self._lines(verdicts), media_type=NDJSON)
            await lines(scope, receive, send)

    async def _lines(self, verdicts: VerdictStream) -> AsyncIterator[bytes]:
        async for index, verdict in verdicts:
            rollout = self._batch.rollouts[index]
            yield results.line(index, rollout, verdict, explain=self._batch.explain)
