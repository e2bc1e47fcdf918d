"""POST /run_jupyter: SandboxFusion's notebooks, whose cells run one after another in one jail.

One run as of /run_code: of a program in Python that runs the cells and tells of them in a file.
Nothing is judged, and what the file says is what the cells say of themselves.
"""

from __future__ import annotations

import base64
import inspect
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.http.budget import Body
from api.http.schemas.runs import Cell, RunJupyterRequest
from api.routes import openapi
from api.routes.sandbox_fusion import NOT_RUN, SPARE_S, answered, ending, limits_of, validated
from api.settings import Settings
from sandbox import PYTHON, Status
from verifier.model import Result, Run, Verdict
from verifier.programs import notebook
from verifier.programs.libraries import variant_of

_PLAYER = inspect.getsource(notebook)
_CELLS = TypeAdapter(list[Cell])
_NO_REPORT = "The notebook ended before its last cell did, or its cells show more than 8 MiB."

router = APIRouter()


@router.post("/run_jupyter", summary="Run a notebook as SandboxFusion does", **openapi.RUN_JUPYTER)
async def run_jupyter(request: Request) -> Response:
    """Cells share one process in one jail, and nothing outlives the request. Where they import a
    library of the variant `science`, it is a jail that has these."""
    return await answered(request, _read, _answer)


def _read(body: Body, settings: Settings) -> tuple[Run, float]:
    """Raises Refusal."""
    sent = validated(body, RunJupyterRequest, settings)
    run_s = sent.total_timeout
    if sent.cell_timeout and sent.cells:
        run_s = min(run_s, sent.cell_timeout * len(sent.cells))
    run = Run(
        source=f"{_PLAYER}\nplay({sent.cells!r})\n",
        language=PYTHON,
        limits=limits_of(run_s, sent.memory_limit_mb),
        files=sent.given_files,
        fetch=[*(sent.fetch_files or ()), notebook.REPORT],
        variant=variant_of("\n".join(sent.cells)),
    )
    return run, min(run_s + SPARE_S, settings.max_deadline_s)


def _answer(result: Result, _: str) -> dict[str, Any]:
    if isinstance(result, Verdict):
        return _body("SandboxError", result.message or NOT_RUN)
    files = dict(result.files or {})
    cells = _cells(files.pop(notebook.REPORT, ""))
    if result.status is not Status.OK or cells is None:
        return _body("Failed", result.message or _NO_REPORT, ending(result))
    return _body("Success", "", ending(result), cells, files)


def _cells(report: str) -> list[Cell] | None:
    """What a notebook says of its cells, which is text of any kind; None: nothing of use."""
    try:
        return _CELLS.validate_json(base64.b64decode(report))
    except ValidationError:
        return None


def _body(
    status: str,
    message: str,
    driver: Mapping[str, Any] | None = None,
    cells: list[Cell] | None = None,
    files: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "status": status,
        "message": message,
        "driver": driver,
        "cells": [cell.model_dump() for cell in cells or ()],
        "executor_pod_name": None,
        "files": files or {},
    }
