"""Whatever is sent, the answer is one of those that were promised, and never our fault."""

import asyncio
import json
from typing import Any

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from tests.api.obedient import ObedientDispatcher
from tests.api.problems.test_registry import JSON_VALUES
from tests.api.runs.test_runs import RAN

FIELDS = ["id", "group", "completion", "completions", "ground_truth", "problem", "truncated"]
FIELDS += ["limits", "cpu_s", "x"]
TEXTS = st.sampled_from(["correct", "wrong_answer", "", "\ud800"]) | st.text()
ROWS = st.dictionaries(st.sampled_from(FIELDS), TEXTS | JSON_VALUES) | JSON_VALUES
GOOD_ROWS = st.fixed_dictionaries({"completion": st.just("correct"), "ground_truth": JSON_VALUES})
BODIES = JSON_VALUES | st.dictionaries(
    st.sampled_from(["rollouts", "groups", "batch_id", "deadline_s", "explain", "\ud800"]),
    st.lists(ROWS | GOOD_ROWS, max_size=3) | st.lists(GOOD_ROWS, max_size=3) | JSON_VALUES,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(["application/json", "application/x-ndjson", "x"]),
        "Accept": st.sampled_from(["application/json", "application/x-ndjson"]),
        "Prefer": st.just("respond-async"),
    },
)
PROMISED = {200, 201, 202, 400, 404, 409, 413, 415, 422}


class AlwaysRight(ObedientDispatcher):
    """Any completion is right."""

    def _verdict(self, rollout: Any) -> Any:
        return super()._verdict(type(rollout)(completion="correct", ground_truth=None))

    def _result(self, run: Any) -> Any:
        return RAN


def ask(method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx2.Response:
    async def asking() -> httpx2.Response:
        dispatcher = AlwaysRight()
        dispatcher.gate.set()
        app = create_app(Settings(max_rollouts=5), dispatcher)
        transport = httpx2.ASGITransport(app=app)  # raises what would be a 500
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(transport=transport, base_url="http://verifier") as client,
        ):
            return await client.request(method, path, content=body, headers=headers)

    return asyncio.run(asking())


def check(response: httpx2.Response) -> None:
    assert response.status_code in PROMISED, response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODIES, HEADERS)
def test_any_json_gets_a_promised_answer(body: Any, headers: dict[str, str]) -> None:
    check(ask("POST", "/v1/score", json.dumps(body).encode(), headers))


@settings(deadline=None, max_examples=50)
@given(st.binary(), HEADERS)
def test_any_bytes_get_a_promised_answer(body: bytes, headers: dict[str, str]) -> None:
    check(ask("POST", "/v1/score", body, headers))


RUN_FIELDS = ["stdin", "compile_timeout", "run_timeout", "memory_limit_MB", "files", "fetch_files"]
RUNS = st.fixed_dictionaries(
    {"code": TEXTS | JSON_VALUES, "language": st.sampled_from(["python", "nodejs", "D_ut", None])},
    optional={name: JSON_VALUES | st.floats(allow_nan=False) | TEXTS for name in RUN_FIELDS},
)


@settings(deadline=None, max_examples=100)
@given(RUNS | JSON_VALUES)
def test_any_run_gets_a_promised_answer(body: Any) -> None:
    check(ask("POST", "/run_code", json.dumps(body).encode(), {}))


@settings(deadline=None, max_examples=50)
@given(st.text(min_size=1).map(lambda name: name.encode("utf-8", "replace").hex("%")), JSON_VALUES)
def test_any_name_and_value_can_be_put(name: str, value: Any) -> None:
    check(ask("PUT", f"/v1/problems/%{name}", json.dumps(value).encode(), {}))
