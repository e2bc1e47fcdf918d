"""GET /metrics: what was judged, what was refused, what waits."""

import httpx2

from tests.api.obedient import ObedientDispatcher
from tests.api.test_score import rollout
from verifier.dispatch import QueueFull, Unavailable
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
