"""Without a key no web page of others reaches the service, under no name."""

import httpx2
import pytest

from tests.api.conftest import Connect
from tests.api.routes.test_score import refusal, rollout

EVIL = "http://evil.example"
BODY = {"rollouts": [rollout()]}


@pytest.mark.parametrize("origin", [EVIL, "null", "http://verifier:3000", "http://verifier.evil"])
@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
async def test_what_a_foreign_page_sends_is_refused(
    client: httpx2.AsyncClient, origin: str, media_type: str
) -> None:
    """Control: the same from the service's own page, and without a page."""
    ours = {"Origin": "http://verifier"}
    for sent, status in [({"Origin": origin}, 403), (ours, 200), ({}, 200)]:
        headers = {"Content-Type": media_type, **sent}
        answer = await client.post("/v1/score", json=BODY, headers=headers)
        assert answer.status_code == status
    for method, path in [("DELETE", "/v1/batches/x"), ("PUT", "/v1/problems/x")]:
        problem = await refusal(client.request(method, path, headers={"Origin": origin}), 403)
        assert "VERIFIER_ALLOWED_HOSTS" in problem["detail"]


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("localhost:8000", True),
        ("app.localhost", True),
        ("10.1.2.3", True),
        ("verifier-api:8000", True),
        ("rebound.evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.", True),
        ("evil.example.", False),
        ("@evil.example", False),
    ],
)
async def test_a_name_that_others_may_have_is_not_ours(
    client: httpx2.AsyncClient, host: str, known: bool
) -> None:
    headers = {"Host": host}
    for method, path in [("POST", "/v1/score"), ("GET", "/"), ("GET", "/metrics")]:
        answer = await client.request(method, path, headers=headers, json=BODY)
        assert answer.status_code == (200 if known else 421)
    assert (await client.get("/healthz", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("listed", "host", "known"),
    [
        ("a.example", "a.example", True),
        ("a.example, b.example", "B.example:80", True),
        ("*.example", "a.b.example", True),
        ("*.example", "a.example.evil", False),
        ("a.example", "x.a.example", False),
        ("*", "evil.example", True),
    ],
)
async def test_names_can_be_listed(connect: Connect, listed: str, host: str, known: bool) -> None:
    async with connect(allowed_hosts=listed) as client:
        headers = {"Host": host, "Origin": f"https://{host}"}
        answer = await client.post("/v1/score", json=BODY, headers=headers)
        assert answer.status_code == (200 if known else 421)
        headers = {"Host": "127.0.0.1", "Origin": f"https://{host}"}  # behind a proxy
        answer = await client.post("/v1/score", json=BODY, headers=headers)
        assert answer.status_code == (200 if known else 403)


async def test_with_a_key_any_name_will_do(connect: Connect) -> None:
    async with connect(api_keys="secret") as client:
        headers = {"Host": "a.example", "Origin": EVIL, "Authorization": "Bearer secret"}
        assert (await client.post("/v1/score", json=BODY, headers=headers)).status_code == 200
