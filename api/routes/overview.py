"""GET /v1/overview: what each worker is judging, and the sender's latest batches."""

from __future__ import annotations

import dataclasses
from typing import Any

from fastapi import APIRouter, Request

from api.state import owner_of, service_of

router = APIRouter()


@router.get("/v1/overview", summary="Workers, and your latest batches")
async def overview(request: Request) -> dict[str, Any]:
    """`workers`: each with what it is at. `batches`: of the key that was sent, the last one first,
    with outcome counts and the reasons of nulls; with another key they are not there. Nothing of
    completions or ground truths is in it."""
    service = service_of(request)
    figures = await service.dispatcher.figures()
    return {
        "workers": [dataclasses.asdict(worker) for worker in figures.workers],
        "oldest_s": dict(figures.oldest_s),
        "batches": service.batches.recent.of(owner_of(request)),
    }
