"""POST /run_code: SandboxFusion's protocol, for trainers that run programs and judge themselves.

A run is no judgement, but for a source that ends in a test; docs/decisions/005-bare-runs.md says
what becomes of it. What could not be run is `SandboxError`. What did not get its turn in time is
504, the one answer after which verl's client asks again: so a full queue and missing workers are
504 in the end too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.batches.ingest import read_value
from api.http.body import client_left, received
from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas import RunCodeRequest
from api.http.wording import describe_errors, in_words
from api.routes import openapi
from api.settings import Settings
from api.state import owner_of, service_of
from sandbox import LANGUAGES, Status
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import LimitsOverride, Outcome, Result, Run, Verdict

SPARE_S = 8.0
"""Beyond both timeouts. verl's client waits for them and 10 s, and does not ask again then."""
OUTPUT_KB = 1024
"""Of standard output; SandboxFusion keeps as much. Escaped it fits what a worker may say."""
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
            run, deadline_s = await asyncio.to_thread(_read, body, service.settings)
        del body  # gives its bytes back to the budget
        running = service.runs.run(run, deadline_s, owner_of(request))
        result = await _unless_left(request, running)
    except (QueueFull, Unavailable) as refusal:
        service.metrics.run_requests.labels("retry").inc()
        raise Refusal(504, f"{refusal} Send the program again.") from None
    if result is None:
        service.metrics.run_requests.labels("left").inc()
        return Response(status_code=499)  # the client has left: nobody reads it
    if isinstance(result, Verdict) and result.outcome is Outcome.DEADLINE_EXCEEDED:
        service.metrics.run_requests.labels("retry").inc()
        raise _late(deadline_s)
    service.metrics.run_requests.labels("answered").inc()
    answer = await asyncio.to_thread(_answer, result, run.language)
    return Response(answer, media_type="application/json")


async def _unless_left(request: Request, running: Coroutine[Any, Any, Result]) -> Result | None:
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


def _late(deadline_s: float) -> Refusal:
    return Refusal(
        504,
        f"The program had not ended {deadline_s:g} s after it came; send it again, or "
        "fewer at a time.",
    )


def _read(body: Body, settings: Settings) -> tuple[Run, float]:
    """The program, and within how many seconds it is to have ended. Raises Refusal."""
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
    run = Run(
        source=sent.code,
        language=sent.language,
        stdin=sent.stdin or "",
        limits=limits,
        compile_s=compile_s,
        files=sent.given_files,
        fetch=sent.fetch_files,
    )
    return run, min(sent.compile_timeout + sent.run_timeout + SPARE_S, settings.max_deadline_s)


def _answer(result: Result, language: str) -> bytes:
    if isinstance(result, Verdict):
        return _body("SandboxError", result.message or "The program was not run.")
    command = {
        "status": "TimeLimitExceeded" if result.status in _OUT_OF_TIME else "Finished",
        "execution_time": result.cpu_s,
        "return_code": _return_code(result.status, result.exit_code, result.signal),
        "stdout": result.stdout,
        "stderr": result.stderr,
    }
    name = "Success" if result.status is Status.OK else "Failed"
    results: dict[str, Any] = {"run_result": command, "files": result.files or {}}
    if LANGUAGES[language].shows_compiler:
        failed = result.status in (Status.COMPILE_ERROR, Status.COMPILE_TIME_LIMIT)
        results = (
            {"compile_result": command} if failed else {"compile_result": _COMPILED, **results}
        )
    return _body(name, result.message, **results)


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
