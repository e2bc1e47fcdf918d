"""POST /v1/score and the batches it makes: rollouts in, verdicts out, at once or piece by piece."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
import urllib.parse
import uuid
from collections.abc import AsyncIterator, Collection
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.batches import results
from api.batches.ingest import Batch, read_batch
from api.batches.lines import read_lines
from api.batches.submission import Submission
from api.beside import beside_the_loop
from api.http.body import client_left, is_lines, listed, received
from api.http.encoding import TAKEN
from api.http.errors import Refusal
from api.http.schemas.score import BatchFields
from api.routes import openapi
from api.state import owner_of, service_of

NDJSON = "application/x-ndjson"
MAX_WAIT_S = 300.0
ASYNC, OUTLIVE, END_WITH = "respond-async", "outlive-client", "end-with-client"
MINIMAL = "return=minimal"
"""What a client may prefer (RFC 7240)."""
SOON_S = 0.1
"""Most single rollouts are judged by then: only after it, it is seen whether the client left."""
_RESULT_BYTES = 512
"""About what a result takes."""

_UNSAID = BatchFields()

router = APIRouter()


@router.post("/v1/score", summary="Judge a batch of rollouts", **openapi.SCORE)
async def score(request: Request, said: Annotated[BatchFields, Query()] = _UNSAID) -> Response:
    """The parameters in the address are for NDJSON bodies, which have no other place for them.

    A batch with a `batch_id` may be sent again with the same body: it is then judged no second
    time, apart from rollouts that were left unjudged. With `Prefer: respond-async` the answer is
    202 at once and the verdicts are fetched from the address in `Location`.

    Where its client leaves, a batch with an id goes on for half a minute, so that it can come
    back. `Prefer: outlive-client` has it judged, `end-with-client` given up at once.

    `Prefer: return=minimal`: rewards, and no word on how they came about. Tests that earlier
    programs failed are then run first, so that a wrong program is judged by one run as a rule; the
    `outcome` of one that fails a test is `wrong_answer`, however it fails."""
    preferred = listed(request, "prefer")
    batch = await _read(request, said, rewards_only=MINIMAL in preferred)
    submission = await _submit(request, batch, preferred)
    return _progress(submission) if ASYNC in preferred else await _answer(request, submission)


@router.get("/v1/batches/{batch_id:path}", summary="The verdicts of a batch", **openapi.GET_BATCH)
async def get_batch(
    request: Request,
    batch_id: str,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S, allow_inf_nan=False)] = 0,
) -> Response:
    """What /v1/score would have answered; 202 where it is not finished within `wait` seconds.

    With `Accept: application/x-ndjson` the results so far, then each as it is ready."""
    return await _answer(request, await _find(request, batch_id), wait)


@router.delete(
    "/v1/batches/{batch_id:path}", status_code=204, summary="Cancel", **openapi.DELETE_BATCH
)
async def delete_batch(request: Request, batch_id: str) -> Response:
    """Gives up what is not judged and forgets the rest; the id is free again."""
    if not await service_of(request).batches.cancel(owner_of(request), batch_id):
        raise _unknown()
    return Response(status_code=204)


async def _read(request: Request, said: BatchFields, *, rewards_only: bool) -> Batch:
    service = service_of(request)
    settings, find = service.settings, partial(service.problems.get, owner_of(request))
    if is_lines(request):
        return await read_lines(
            request,
            said.model_dump(),
            find,
            settings,
            service.budget,
            rewards_only=rewards_only,
        )
    async with received(request, service.settings, service.budget) as body:
        # A problem that is named may have to be looked up in Redis.
        size = sys.maxsize if b'"problem"' in body.data else len(body.data)
        read = partial(read_batch, rewards_only=rewards_only)
        return await beside_the_loop(size, read, body, settings, find)


async def _submit(request: Request, batch: Batch, preferred: Collection[str]) -> Submission:
    detached = ASYNC in preferred or OUTLIVE in preferred
    if ASYNC in preferred and batch.batch_id is None:
        batch = dataclasses.replace(batch, batch_id=uuid.uuid4().hex)
    batches = service_of(request).batches
    submission = await batches.submit(batch, owner_of(request), detached=detached)
    submission.ends_with_client |= END_WITH in preferred
    return submission


async def _find(request: Request, batch_id: str) -> Submission:
    submission = await service_of(request).batches.find(owner_of(request), batch_id)
    if submission is None:
        raise _unknown()
    return submission


def _unknown() -> Refusal:
    return Refusal(
        404, "No batch has this id, or its results are no longer kept; send it to POST /v1/score."
    )


async def _answer(
    request: Request, submission: Submission, within_s: float | None = None
) -> Response:
    """All verdicts when they are there; lines at once where the client asks for lines."""
    if NDJSON in listed(request, "accept"):
        return VerdictLines(submission)
    with submission.watched():
        if not await finished(request, submission, within_s):
            return _progress(submission)  # where the client has left, nobody reads it
    verdicts = await submission.in_order()
    body = await beside_the_loop(
        submission.size * _RESULT_BYTES, results.response_body, submission.envelope, verdicts
    )
    return Response(body, headers=TAKEN, media_type="application/json")


async def finished(request: Request, submission: Submission, within_s: float | None = None) -> bool:
    """Whether it is, once that is so, the client has left or the time is up."""
    if submission.finished or await submission.ends_within(SOON_S if within_s is None else 0):
        return True
    waiting = {
        asyncio.create_task(submission.in_order()),
        asyncio.create_task(client_left(request)),
    }
    try:
        await asyncio.wait(waiting, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    return submission.finished


def _progress(submission: Submission) -> Response:
    batch_id = submission.envelope.batch_id or ""
    content = {"batch_id": batch_id, "judged": submission.judged, "total": submission.size}
    headers = {
        "Location": f"/v1/batches/{urllib.parse.quote(batch_id, safe='')}",
        "Retry-After": "1",
        **TAKEN,
    }
    return Response(json.dumps(content), 202, headers, "application/json")


class VerdictLines(Response):
    """Streams each result when it is ready; nobody waits once the client has left."""

    media_type = NDJSON

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._submission.watched():
            await StreamingResponse(self._lines(), headers=TAKEN, media_type=NDJSON)(
                scope, receive, send
            )

    async def _lines(self) -> AsyncIterator[bytes]:
        submission = self._submission
        # A piece for each burst, not for each line: sending one costs more than making it.
        async for found in submission.bursts():
            yield b"".join(
                results.line(submission.envelope, index, verdict) for index, verdict in found
            )
