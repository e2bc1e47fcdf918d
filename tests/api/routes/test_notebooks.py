"""SandboxFusion's notebooks: one run each, whose report is passed on as text of theirs."""

import base64
import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from sandbox import Status
from tests.api.routes.test_sandbox_fusion import Reporting, ended
from tests.api.routes.test_score import refusal
from verifier.model import LimitsOverride, Outcome, Ran, Verdict

ADDRESS = "/run_jupyter"
CELL = {"stdout": "1\n", "stderr": "", "display": [{"text/plain": "2"}], "error": []}


def reporting(report: Any, status: Status = Status.OK) -> Ran:
    packed = base64.b64encode(json.dumps(report).encode()).decode()
    return replace(ended(status, 0), files={".cells.json": packed, "a.txt": "YQ=="})


@pytest.fixture
def dispatcher(request: pytest.FixtureRequest) -> Reporting:
    return Reporting(getattr(request, "param", reporting([CELL])))


async def test_cells_become_one_run_and_come_back_one_by_one(
    client: httpx2.AsyncClient, dispatcher: Reporting
) -> None:
    body = {
        "cells": ["import pandas as pd", "a"],
        "cell_timeout": 2,
        "total_timeout": 30,
        "memory_limit_MB": 256,
        "files": {"a.txt": "YQ=="},
        "fetch_files": ["a.txt"],
    }
    answer = (await client.post(ADDRESS, json=body)).json()
    assert (answer["status"], answer["cells"]) == ("Success", [CELL])
    assert answer["driver"]["return_code"] == 0
    assert answer["files"] == {"a.txt": "YQ=="}
    (run,) = dispatcher.runs
    assert run.source.endswith(f"\nplay({body['cells']!r})\n")
    assert run.limits == LimitsOverride(cpu_s=4, wall_s=4, memory_mb=256, output_kb=1024)
    assert (run.variant, run.fetch) == ("science", ["a.txt", ".cells.json"])
    await client.post(ADDRESS, json={"cells": ["a"]})
    assert (dispatcher.runs[-1].limits.cpu_s, dispatcher.runs[-1].variant) == (45, "python")


@pytest.mark.parametrize(
    ("dispatcher", "status"),
    [
        (reporting([CELL], Status.TIME_LIMIT), "Failed"),
        (reporting([{**CELL, "stdout": 1}]), "Failed"),
        (reporting({"cells": []}), "Failed"),
        (ended(Status.OK, 0), "Failed"),
        (Verdict(outcome=Outcome.VERIFIER_ERROR), "SandboxError"),
    ],
    indirect=["dispatcher"],
)
async def test_a_notebook_that_did_not_come_to_its_end_has_no_cells(
    client: httpx2.AsyncClient, status: str
) -> None:
    answer = (await client.post(ADDRESS, json={"cells": ["1"]})).json()
    assert (answer["status"], answer["cells"]) == (status, [])
    assert answer["message"]


async def test_what_is_no_notebook_is_refused_with_the_field(client: httpx2.AsyncClient) -> None:
    for body, says in (({}, "`cells`"), ({"cells": ["1"], "kernel": "ir"}, "`kernel`")):
        problem = await refusal(client.post(ADDRESS, json=body), 422)
        assert says in problem["detail"]
