"""POST /verify: a resources server of NeMo-Gym, for the rows of its math and of its code servers.

The answer is the request with `reward`. What has no verdict is said as NeMo-Gym says it of a judge
that failed: `_ng_failure_class`, by which its collector keeps the row apart and may ask again, and
`mask_sample`, by which NeMo-RL leaves it out of the loss.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from api.batches.ingest import Batch, found_in, nameless, read_value, unfit
from api.http.body import received
from api.http.budget import Body
from api.http.errors import Refusal
from api.http.schemas.trainers import NeMoGymRequest, NeMoGymResponse
from api.routes import openapi
from api.routes.judging import LEFT, judged
from api.settings import Settings
from api.state import service_of
from verifier.model import Outcome, Verdict

DEADLINE_S = 600.0
"""NeMo-Gym's client has no limit of its own."""
_TRUTHS = ("ground_truth", "expected_answer", "unit_tests")
"""Where rows have theirs, at the top or in `verifier_metadata`."""

router = APIRouter()


@router.post("/seed_session", summary="Begin a rollout of NeMo-Gym", **openapi.SEED_SESSION)
async def seed_session() -> Response:
    """Asked before each rollout; there is nothing to begin."""
    return JSONResponse({})


@router.post("/verify", summary="Verify as a resources server of NeMo-Gym", **openapi.NEMO_GYM)
async def verify(request: Request) -> Response:
    """What the model said last is judged against the row's `expected_answer`, its
    `verifier_metadata.unit_tests` or its `ground_truth`, which may have any known shape."""
    service = service_of(request)
    # The body is counted until it is answered: the answer repeats it.
    async with received(request, service.settings, service.budget) as body:
        content, batch = await asyncio.to_thread(_read, body, service.settings)
        verdicts = await judged(request, batch, "NeMo-Gym")
        if verdicts is None:
            return Response(status_code=LEFT)
        answer = await asyncio.to_thread(json.dumps, content | _verdict(content, verdicts[0]))
    return Response(answer, media_type="application/json")


def _read(body: Body, settings: Settings) -> tuple[dict[str, Any], Batch]:
    """Raises Refusal."""
    content = read_value(body, lenient=True)
    try:
        sent = NeMoGymRequest.model_validate(content)
    except ValidationError as error:
        raise unfit(found_in(error)) from None
    asked = [(_said(sent.response), _ground_truth(content))]
    return content, nameless(asked, DEADLINE_S, settings, truncated=sent.response.was_cut_off)


def _said(response: NeMoGymResponse) -> list[Any]:
    """The texts of all messages, in their order: what tools and the thinking said is none."""
    messages = [item for item in response.output if isinstance(item, Mapping)]
    said: list[Any] = []
    for item in messages:
        if (
            item.get("type", "message") == "message"
            and item.get("role", "assistant") == "assistant"
        ):
            content = item.get("content")
            said += content if isinstance(content, list) else [content or ""]
    return said


def _ground_truth(content: Mapping[str, Any]) -> Any:
    """None where the row has an empty one, which costs no other row its verdict. Raises Refusal 422
    where it has none."""
    metadata = content.get("verifier_metadata")
    places = (content, metadata if isinstance(metadata, Mapping) else {})
    for place in places:
        for name in _TRUTHS:
            if place.get(name) is not None:
                return _compared_as_there(place[name]) if name == "unit_tests" else place[name]
    if any(name in place for place in places for name in _TRUTHS):
        return None
    raise Refusal(
        422,
        "The row has no ground truth: give `expected_answer`, `verifier_metadata.unit_tests` or "
        "`ground_truth`. Nothing was scored.",
    )


def _compared_as_there(tests: Any) -> Any:
    """Unit tests of a program that prints, with the rule of NeMo-Gym's code server; others as they
    are."""
    if not isinstance(tests, Mapping) or tests.get("fn_name"):
        return tests
    inputs, outputs = tests.get("inputs"), tests.get("outputs")
    if not (isinstance(inputs, list) and isinstance(outputs, list) and len(inputs) == len(outputs)):
        return tests
    cases = [
        {"input": given, "output": expected}
        for given, expected in zip(inputs, outputs, strict=True)
    ]
    return {"kind": "stdin", "cases": cases, "checker": "number_lines"}


def _verdict(content: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    """What is added to the request's fields."""
    found = {
        "reward": verdict.reward or 0.0,
        "mask_sample": verdict.reward is None,
        "outcome": verdict.outcome.value,
    }
    if verdict.reward is not None:
        return found
    config = content.get("instance_config")
    return {
        **found,
        "instance_config": {**(config if isinstance(config, dict) else {}), "mask_sample": True},
        "_ng_failure_class": "judge_failed",
        "_ng_failure_judge_error": f"{verdict.outcome.value}: {verdict.message or 'no verdict'}",
        "_ng_failure_terminal": verdict.outcome is Outcome.INVALID_GROUND_TRUTH,
    }
