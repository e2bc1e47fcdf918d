"""POST /run_code: SandboxFusion's protocol, for trainers that run programs and judge themselves.

A run is no judgement, but for a source that ends in a test; docs/decisions/005-bare-runs.md says
what becomes of it. What could not be run is `SandboxError`. What did not get its turn in time is
504, the one answer after which verl's client asks again: so a full queue and missing workers are
504 in the end too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.batches.ingest import read_value
from api.http.body import client_left, received
from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas.runs import RunCodeRequest
from api.http.wording import describe_errors, in_words
from api.routes import openapi
from api.settings import Settings
from api.state import owner_of, service_of
from sandbox import LANGUAGES, Status
from verifier.dispatch import QueueFull, Unavailable
from verifier.model import LimitsOverride, Outcome, Ran, Result, Run, Verdict

SPARE_S = 8.0
"""Beyond both timeouts. verl's client waits for them and 10 s, and does not ask again then."""
OUTPUT_KB = 1024
"""Of standard output; SandboxFusion keeps as much. Escaped it fits what a worker may say."""
NOT_RUN = "The program was not run."
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
Read = Callable[[Body, Settings], tuple[Run, float]]
Answer = Callable[[Result, str], dict[str, Any]]
Sent = TypeVar("Sent", bound=BaseModel)


@router.post("/run_code", summary="Run a program as SandboxFusion does", **openapi.RUN_CODE)
async def run_code(request: Request) -> Response:
    """Give this address as verl's `sandbox_fusion.url`; a key goes into it as `https://x:KEY@...`.

    Nothing is judged but Python assertions that a source ends in: `Success` then says that they
    hold, `SandboxError` that it could not be told."""
    return await answered(request, _read, _answer)


async def answered(request: Request, read: Read, answer: Answer) -> Response:
    """Has the program run that a request comes to, and says what happened. Raises Refusal."""
    service = service_of(request)
    try:
        async with received(request, service.settings, service.budget) as body:
            run, deadline_s = await asyncio.to_thread(read, body, service.settings)
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
    content = await asyncio.to_thread(answer, result, run.language)
    return Response(json.dumps(content).encode("ascii"), media_type="application/json")


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


def validated(body: Body, schema: type[Sent], settings: Settings) -> Sent:
    """Raises Refusal."""
    try:
        return schema.model_validate(read_value(body), context=settings)
    except ValidationError as error:
        errors = describe_errors(error.errors(include_url=False, include_input=False))
        sentence = f"The program cannot be run: {in_words(errors[0])}."
        raise Refusal(422, sentence, errors=errors) from None


def _read(body: Body, settings: Settings) -> tuple[Run, float]:
    """The program, and within how many seconds it is to have ended. Raises Refusal."""
    sent = validated(body, RunCodeRequest, settings)
    compile_s = sent.compile_timeout
    if not LANGUAGES[sent.language].shows_compiler:
        compile_s = max(compile_s, sent.run_timeout)  # it is a part of the run to who asks
    run = Run(
        source=sent.code,
        language=sent.language,
        stdin=sent.stdin or "",
        limits=limits_of(sent.run_timeout, sent.memory_limit_mb),
        compile_s=compile_s,
        files=sent.given_files,
        fetch=sent.fetch_files,
    )
    return run, min(sent.compile_timeout + sent.run_timeout + SPARE_S, settings.max_deadline_s)


def limits_of(run_s: float, memory_mb: int) -> LimitsOverride:
    """`run_s`: seconds of CPU time, and also asleep; `memory_mb` below 1: the service's own."""
    return LimitsOverride(
        cpu_s=run_s,
        wall_s=run_s,
        memory_mb=memory_mb if memory_mb > 0 else None,
        output_kb=OUTPUT_KB,
    )


def _answer(result: Result, language: str) -> dict[str, Any]:
    if isinstance(result, Verdict):
        return _body("SandboxError", result.message or NOT_RUN)
    command = ending(result)
    results: dict[str, Any] = {"run_result": command, "files": result.files or {}}
    if LANGUAGES[language].shows_compiler:
        failed = result.status in (Status.COMPILE_ERROR, Status.COMPILE_TIME_LIMIT)
        results = (
            {"compile_result": command} if failed else {"compile_result": _COMPILED, **results}
        )
    return _body("Success" if result.status is Status.OK else "Failed", result.message, **results)


def ending(ran: Ran) -> dict[str, Any]:
    """How a run ended, as SandboxFusion says it."""
    return {
        "status": "TimeLimitExceeded" if ran.status in _OUT_OF_TIME else "Finished",
        "execution_time": ran.cpu_s,
        "return_code": _return_code(ran.status, ran.exit_code, ran.signal),
        "stdout": ran.stdout,
        "stderr": ran.stderr,
    }


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
) -> dict[str, Any]:
    return {
        "status": status,
        "message": message or "",
        "compile_result": compile_result,
        "run_result": run_result,
        "executor_pod_name": None,
        "files": files or {},
    }
