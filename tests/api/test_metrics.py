"""GET /metrics: what was judged, what was refused, what waits."""

import httpx2

from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import rollout
from verifier.dispatch import Figures, QueueFull, Unavailable
from verifier.model import Outcome


async def numbers(client: httpx2.AsyncClient) -> dict[str, float]:
    page = await client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    lines = [line for line in page.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def test_verdicts_are_counted_by_outcome_those_that_never_came_as_0(
    client: httpx2.AsyncClient,
) -> None:
    rows = [rollout(text) for text in ("correct", "correct", "verifier_error")]
    await client.post("/v1/score", json={"rollouts": rows})
    found = await numbers(client)
    counts = {o: found[f'verifier_verdicts_total{{outcome="{o}"}}'] for o in Outcome}
    assert {outcome: count for outcome, count in counts.items() if count} == {
        Outcome.CORRECT: 2,
        Outcome.VERIFIER_ERROR: 1,
    }
    assert found["verifier_batch_seconds_count"] == 1
    assert found["verifier_workers_ready"] == 1


async def test_what_is_answered_from_memory_is_counted_once(client: httpx2.AsyncClient) -> None:
    body = {"rollouts": [rollout()], "batch_id": "x"}
    for _ in range(3):
        await client.post("/v1/score", json=body)
    assert (await numbers(client))['verifier_verdicts_total{outcome="correct"}'] == 1


async def test_refusals_are_counted_by_reason(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    for refusal in (QueueFull("Full.", retry_after_s=1), Unavailable("None.")):
        dispatcher.refusal = refusal
        await client.post("/v1/score", json={"rollouts": [rollout()]})
    found = await numbers(client)
    assert found['verifier_refused_batches_total{reason="queue_full"}'] == 1
    assert found['verifier_refused_batches_total{reason="unavailable"}'] == 1


async def test_requests_are_counted_by_route_and_status(client: httpx2.AsyncClient) -> None:
    await client.post("/v1/score", json={"rollouts": [rollout()]})
    await client.post("/v1/score?batch_id=x", json={"rollouts": [rollout()]})
    await client.post("/v1/score", json={"rollouts": "none"})
    await client.get("/v1/batches/of-nobody")
    await client.get("/nowhere/at/all")
    found = await numbers(client)
    counts = {
        name.removeprefix("verifier_http_requests_total"): number
        for name, number in found.items()
        if name.startswith("verifier_http_requests_total")
    }
    assert counts == {
        '{code="200",route="/v1/score"}': 2,
        '{code="422",route="/v1/score"}': 1,
        '{code="404",route="/v1/batches/{batch_id:path}"}': 1,
        '{code="404",route="other"}': 1,
    }


async def test_what_workers_counted_is_shown_and_what_nobody_understands_is_not(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    dispatcher.known = Figures(
        {
            "judging_seconds|code|training|0.1": 2,
            "judging_seconds|code|training|+Inf": 1,
            "judging_seconds|code|training|sum": 4000.2,
            "nulls|verifier_error|node-1": 3,
            "retries|of another release": 1,
            "what is this": 1,
        },
        {"code-training": 12.5},
    )
    found = await numbers(client)
    line = 'kind="code",traffic="training"'
    for bound, number in (("0.03", 0), ("1", 2), ("+Inf", 3)):
        bucket = f'verifier_judging_seconds_bucket{{kind="code",le="{bound}",traffic="training"}}'
        assert found[bucket] == number
    assert found[f"verifier_judging_seconds_count{{{line}}}"] == 3
    assert found[f"verifier_judging_seconds_sum{{{line}}}"] == 4000.2
    assert found['verifier_worker_nulls_total{outcome="verifier_error",worker="node-1"}'] == 3
    assert found[f"verifier_oldest_waiting_seconds{{{line}}}"] == 12.5
    assert found[f"verifier_retries_total{{{line}}}"] == 0
    assert not [name for name in found if "another" in name or "what is" in name]
