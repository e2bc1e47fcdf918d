"""POST /run_code: SandboxFusion's protocol, for trainers that run programs and judge themselves.

A run is no judgement, but for a source that ends in a test. It takes the way of a rollout all the
same (docs/decisions/005-bare-runs.md), so that it waits its turn, is recovered and is given up as a
rollout is. What could not be run is `SandboxError`. What did not get its turn in time is 504, the
one answer after which verl's client asks again: so a full queue and missing workers are waited for
and then said by 504 too.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import Coroutine
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.access.keys import Owner
from api.batches.ingest import Batch, read_value, size_of
from api.batches.submission import Submission
from api.http.body import client_left, received
from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas import RunCodeRequest
from api.http.wording import describe_errors, in_words
from api.routes import openapi
from api.settings import Settings
from api.state import Service, owner_of, service_of
from sandbox import LANGUAGES, Status
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import BareRun, LimitsOverride, Outcome, Rollout, Verdict

SPARE_S = 8.0
"""Beyond both timeouts. verl's client waits for them and 10 s, and does not ask again then."""
PAUSE_S = 0.25
"""Between two attempts to submit a run."""
OUTPUT_KB = 1024
"""Of standard output; SandboxFusion keeps as much. Escaped it fits what a worker may say."""
_NOT_JUDGED = {"kind": "run"}
"""No ground truth that could be used; of its shape are those for workers with a sandbox."""
_KILLED = -9
_OUT_OF_TIME = (Status.TIME_LIMIT, Status.COMPILE_TIME_LIMIT)
_COMPILED = {
    "status": "Finished",
    "execution_time": None,
    "return_code": 0,
    "stdout": "",
    "stderr": "",
}

router = APIRouter()


@router.post("/run_code", summary="Run a program as SandboxFusion does", **openapi.RUN_CODE)
async def run_code(request: Request) -> Response:
    """Give this address as verl's `sandbox_fusion.url`; a key goes into it as `https://x:KEY@...`.

    Nothing is judged but Python assertions that a source ends in: `Success` then says that they
    hold, `SandboxError` that it could not be told."""
    service = service_of(request)
    try:
        async with received(request, service.settings, service.budget) as body:
            batch = await asyncio.to_thread(_read, body, service.settings)
        del body  # gives its bytes back to the budget
        verdict = await _unless_left(request, _run(service, batch, owner_of(request)))
    except (QueueFull, Unavailable) as refusal:
        service.metrics.run_requests.labels("retry").inc()
        raise Refusal(504, f"{refusal} Send the program again.") from None
    if verdict is None:
        service.metrics.run_requests.labels("left").inc()
        return Response(status_code=499)  # the client has left: nobody reads it
    if verdict.outcome is Outcome.DEADLINE_EXCEEDED:
        service.metrics.run_requests.labels("retry").inc()
        raise _late(batch)
    service.metrics.run_requests.labels("answered").inc()
    (rollout,) = batch.rollouts
    assert rollout.run
    answer = await asyncio.to_thread(_answer, verdict, rollout.run.language)
    return Response(answer, media_type="application/json")


async def _run(service: Service, batch: Batch, owner: Owner) -> Verdict:
    """What happened, or that there was no time for it. Raises QueueFull, Unavailable."""
    loop = asyncio.get_running_loop()
    came = loop.time()
    until = came + batch.deadline_s
    try:
        async with asyncio.timeout_at(until), contextlib.AsyncExitStack() as turn:
            with service.budget.share() as held:
                held.take(batch.size_bytes)  # until it is submitted: then `batches` counts it
                await turn.enter_async_context(service.turns.turn(owner, batch.deadline_s))
            service.metrics.run_wait_seconds.observe(loop.time() - came)
            run = await _submitted(service, batch, owner, until)
            with run.watched():
                (verdict,) = await run.in_order()
            return verdict
    except TimeoutError:
        return Verdict(outcome=Outcome.DEADLINE_EXCEEDED)


async def _submitted(service: Service, batch: Batch, owner: Owner, until: float) -> Submission:
    """Raises QueueFull or Unavailable where nothing has changed when the time is nearly over:
    a client that was told so at once would not ask for long."""
    loop = asyncio.get_running_loop()
    while True:
        left = dataclasses.replace(batch, deadline_s=until - loop.time())
        try:
            return await service.batches.submit(left, owner)
        except (QueueFull, Unavailable):
            if loop.time() + PAUSE_S > until:
                raise
        await asyncio.sleep(PAUSE_S)


async def _unless_left(request: Request, running: Coroutine[Any, Any, Verdict]) -> Verdict | None:
    """What comes of it, or None where the client left before."""
    task = asyncio.create_task(running)
    left = asyncio.create_task(client_left(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for started in (task, left):
            started.cancel()
        await asyncio.wait({task, left})


def _late(batch: Batch) -> Refusal:
    return Refusal(
        504,
        f"The program had not ended {batch.deadline_s:g} s after it came; send it again, or "
        "fewer at a time.",
    )


def _read(body: Body, settings: Settings) -> Batch:
    """A batch of the one program. Raises Refusal."""
    try:
        sent = RunCodeRequest.model_validate(read_value(body), context=settings)
    except ValidationError as error:
        errors = describe_errors(error.errors(include_url=False, include_input=False))
        sentence = f"The program cannot be run: {in_words(errors[0])}."
        raise Refusal(422, sentence, errors=errors) from None
    compile_s = sent.compile_timeout
    if not LANGUAGES[sent.language].shows_compiler:
        compile_s = max(compile_s, sent.run_timeout)  # it is a part of the run to who asks
    limits = LimitsOverride(
        cpu_s=sent.run_timeout,
        wall_s=sent.run_timeout,
        memory_mb=sent.memory_limit_mb if sent.memory_limit_mb > 0 else None,
        output_kb=OUTPUT_KB,
    )
    rollout = Rollout(
        completion=sent.code,
        ground_truth=_NOT_JUDGED,
        limits=limits,
        run=BareRun(sent.language, sent.stdin or "", compile_s, sent.given_files, sent.fetch_files),
    )
    deadline_s = min(sent.compile_timeout + sent.run_timeout + SPARE_S, settings.max_deadline_s)
    return Batch(
        [rollout],
        batch_id=None,
        deadline_s=deadline_s,
        explain=False,
        digest=None,
        size_bytes=size_of([rollout]),
    )


def _answer(verdict: Verdict, language: str) -> bytes:
    ran = verdict.ran
    if ran is None:
        return _body("SandboxError", verdict.message or "The program was not run.")
    status = Status(ran["status"])
    command = {
        "status": "TimeLimitExceeded" if status in _OUT_OF_TIME else "Finished",
        "execution_time": verdict.cpu_s,
        "return_code": _return_code(status, ran["exit_code"], ran["signal"]),
        "stdout": ran["stdout"],
        "stderr": ran["stderr"],
    }
    name = "Success" if status is Status.OK else "Failed"
    results = {"run_result": command, "files": ran.get("files", {})}
    if LANGUAGES[language].shows_compiler:
        failed = status in (Status.COMPILE_ERROR, Status.COMPILE_TIME_LIMIT)
        results = (
            {"compile_result": command} if failed else {"compile_result": _COMPILED, **results}
        )
    return _body(name, verdict.message, **results)


def _return_code(status: Status, exit_code: int | None, signal: int | None) -> int | None:
    """Never 0 for what went wrong, whatever the program itself ended with."""
    if status is Status.OK:
        return 0
    if status in _OUT_OF_TIME:
        return None
    return exit_code or (-signal if signal else _KILLED)


def _body(
    status: str,
    message: str | None,
    *,
    compile_result: dict[str, Any] | None = None,
    run_result: dict[str, Any] | None = None,
    files: dict[str, str] | None = None,
) -> bytes:
    answer = {
        "status": status,
        "message": message or "",
        "compile_result": compile_result,
        "run_result": run_result,
        "executor_pod_name": None,
        "files": files or {},
    }
    return json.dumps(answer).encode("ascii")
