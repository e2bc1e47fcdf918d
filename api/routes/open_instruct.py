"""POST /test_program and POST /test_program_stdio: open-instruct's code server.

Each test is judged apart from the others, as there. open-instruct knows no null, and takes every
error, a 503 too, for a score of 0: so what may still be judged is waited for nearly as long as its
client does, and a test that has no verdict then fails, unless `unjudged=raise` has it be an error.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.batches.ingest import Batch, found_in, nameless, read_value, too_many, unfit
from api.http.body import received
from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas.trainers import ProgramTests
from api.http.strict_json import NotJson, loads
from api.routes import openapi
from api.routes.judging import LEFT, judged, stand_in
from api.settings import MIB, Settings
from api.state import service_of
from verifier.ground_truth.fields import LIMIT_CAPS, LIMIT_FLOORS
from verifier.ground_truth.plain_pickles import read_plain, unpacked
from verifier.model import LimitsOverride, Verdict

SPARE_S = 3.0
"""Before open-instruct's client gives up: after ten times a test's limit, 30 to 300 s."""
MAX_UNPACKED_BYTES = 64 * MIB
FAILED_S = -1.0
"""The runtime of a test that did not pass."""

Choice = Annotated[Literal["zero", "raise"] | None, Query()]
ToTruth = Callable[[Any], Any]

router = APIRouter()


@router.post(
    "/test_program", summary="Test a program as open-instruct does", **openapi.TEST_PROGRAM
)
async def by_assertions(request: Request, unjudged: Choice = None) -> Response:
    """Give this address as `--code_api_url`. A test is a text of assertions.

    With `unjudged=raise` the answer is 503 where a test could not be judged."""
    return await _tested(request, unjudged, lambda test: {"test_list": [test]})


@router.post(
    "/test_program_stdio",
    summary="Test a program that reads and prints, as open-instruct does",
    **openapi.TEST_PROGRAM_STDIO,
)
async def by_output(request: Request, unjudged: Choice = None) -> Response:
    """open-instruct finds this address beside that of /test_program. A test is `{"input",
    "output"}`."""
    return await _tested(request, unjudged, _stdin_truth)


async def _tested(request: Request, unjudged: str | None, truth_of: ToTruth) -> Response:
    service = service_of(request)
    async with received(request, service.settings, service.budget) as body:
        batch = await asyncio.to_thread(_read, body, truth_of, service.settings)
    del body  # gives its bytes back to the budget
    verdicts = await judged(request, batch, "open-instruct")
    if verdicts is None:
        return Response(status_code=LEFT)
    if stand_in(request, unjudged) is None:
        _refuse_unjudged(verdicts)
    passed = [verdict.reward == 1 for verdict in verdicts]
    answer = {
        "results": list(map(int, passed)),
        "runtimes": [
            (verdict.cpu_s or 0.0) if good else FAILED_S
            for verdict, good in zip(verdicts, passed, strict=True)
        ],
    }
    return Response(json.dumps(answer), media_type="application/json")


def _refuse_unjudged(verdicts: Sequence[Verdict]) -> None:
    """Raises Refusal 503."""
    messages = [verdict.message for verdict in verdicts if verdict.reward is None]
    if messages:
        raise Refusal(
            503,
            f"{len(messages)} of {len(verdicts)} tests could not be judged: {messages[0] or '?'} "
            "Send the program again, or with unjudged=zero to have them fail.",
        )


def _read(body: Body, truth_of: ToTruth, settings: Settings) -> Batch:
    """A rollout for each test. Raises Refusal."""
    try:
        sent = ProgramTests.model_validate(read_value(body, lenient=True))
    except ValidationError as error:
        raise unfit(found_in(error)) from None
    tests = _listed(sent.tests, body)
    if len(tests) > settings.max_rollouts:
        raise too_many(len(tests), settings.max_rollouts)
    seconds = min(max(sent.max_execution_time, LIMIT_FLOORS["cpu_s"]), LIMIT_CAPS["cpu_s"])
    completion = _fenced(sent.program)
    return nameless(
        ((completion, truth_of(test)) for test in tests),
        max(30.0, min(300.0, 10 * sent.max_execution_time)) - SPARE_S,
        settings,
        limits=LimitsOverride(cpu_s=seconds, wall_s=seconds),
    )


def _fenced(program: str) -> str:
    """The program as a completion that holds nothing else, within a fence that none of its own
    closes."""
    marks = "```"
    while marks in program:
        marks += "`"
    return f"{marks}python\n{program}\n{marks}"


def _stdin_truth(test: Any) -> Any:
    """Compared as LiveCodeBench's cases are, which is where open-instruct's comparison is from."""
    if not isinstance(test, dict):
        return test
    cases = [{"input": test.get("input"), "output": test.get("output")}]
    return {"kind": "stdin", "cases": cases, "checker": "number_lines"}


def _listed(tests: Any, body: Body) -> list[Any]:
    """The list of tests in any of its forms; nothing is no test. Raises Refusal 422."""
    if isinstance(tests, str) and tests:
        try:
            tests = loads(tests.encode("utf-8", "replace"), body.share.take, a_row=True)
        except NotJson:
            tests = _unpacked(tests, body)
    if not tests:
        return []
    if not isinstance(tests, list):
        raise _unlisted("it is no list")
    return tests


def _unpacked(text: str, body: Body) -> Any:
    """base64(zlib(pickle)), read so that nothing in it can run or swell."""
    try:
        data = unpacked(text, MAX_UNPACKED_BYTES)
        body.share.take(len(data) * 4)
        return read_plain(data)
    except ValueError as error:
        raise _unlisted(str(error)) from None


def _unlisted(reason: str) -> Refusal:
    return Refusal(
        422,
        "`tests` should be a list of tests, its JSON, or the base64 of a compressed pickle of it, "
        f"of plain data: {reason}. Nothing was scored.",
    )
