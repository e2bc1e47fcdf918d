"""Who may ask, and who may listen."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from api.access.auth import Exposed, refuse_exposure
from api.settings import Settings
from tests.api.conftest import Connect
from tests.api.routes.test_score import refusal

PROTECTED = [("POST", "/v1/score"), ("GET", "/v1/batches/x"), ("PUT", "/v1/problems/x")]


@pytest.mark.parametrize(("method", "path"), PROTECTED)
@pytest.mark.parametrize(
    "sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}]
)
async def test_without_the_key_nothing_is_answered(
    connect: Connect, method: str, path: str, sent: dict[str, str]
) -> None:
    async with connect(api_keys="secret, other") as client:
        problem = await refusal(client.request(method, path, headers=sent, content=b"{"), 401)
        assert "Authorization: Bearer" in problem["detail"]


async def test_a_key_beyond_ascii_is_refused_and_does_no_harm(connect: Connect) -> None:
    async with connect(api_keys="secret") as client:
        headers = [(b"authorization", "Bearer schlüssel".encode("latin-1"))]
        await refusal(client.post("/v1/score", headers=headers), 401)


@pytest.mark.parametrize("key", ["secret", "schlüssel"])
async def test_with_any_of_the_keys_it_answers(connect: Connect, key: str) -> None:
    async with connect(api_keys="secret, schlüssel") as client:
        headers = [(b"authorization", b"bearer " + key.encode())]
        answer = await client.post("/v1/score", json={"rollouts": []}, headers=headers)
        assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/docs", "/openapi.json"])
async def test_health_and_documentation_need_no_key(connect: Connect, path: str) -> None:
    async with connect(api_keys="secret") as client:
        assert (await client.get(path)).status_code == 200


def test_keys_come_from_a_file_too(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("# ours\none\n\n two \n", encoding="utf-8")
    found = Settings(api_keys="three,", api_keys_file=keys).key_ring()
    owners = [found.owner(key) for key in (b"one", b"two", b"three")]
    assert owners == [hashlib.sha256(key).digest() for key in (b"one", b"two", b"three")]
    assert found.owner(b"four") is None


async def test_a_key_may_be_given_as_its_digest_and_no_more_is_kept_of_any(
    connect: Connect, tmp_path: Path
) -> None:
    digests = [f"sha256:{hashlib.sha256(key).hexdigest()}" for key in (b"one", b"two")]
    keys = tmp_path / "keys"
    keys.write_text(digests[1], encoding="utf-8")
    chosen: dict[str, Any] = {"api_keys": f"{digests[0]}, plain", "api_keys_file": keys}
    assert "plain" not in Settings(**chosen).api_keys
    async with connect(**chosen) as client:
        for key, status in [("one", 200), ("two", 200), ("plain", 200), (digests[0], 401)]:
            headers = {"Authorization": f"Bearer {key}"}
            answer = await client.post("/v1/score", json={"rollouts": []}, headers=headers)
            assert answer.status_code == status


@pytest.mark.parametrize("digest", ["sha256:", "sha256:" + "g" * 64, "sha256:" + "A" * 64])
def test_a_digest_that_is_none_is_no_key(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case hexadecimal digits"):
        Settings(api_keys=digest)
    keys = tmp_path / "keys"
    keys.write_text(digest, encoding="utf-8")
    with pytest.raises(ValueError, match="64 lower-case hexadecimal digits"):
        Settings(api_keys_file=keys).key_ring()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "somewhere"])
def test_an_address_that_others_reach_needs_a_key_or_a_word(host: str) -> None:
    with pytest.raises(Exposed, match="VERIFIER_API_KEYS"):
        refuse_exposure(host, False, allow_unauthenticated=False)
    refuse_exposure(host, True, allow_unauthenticated=False)
    refuse_exposure(host, False, allow_unauthenticated=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_a_loopback_address_needs_neither(host: str) -> None:
    refuse_exposure(host, False, allow_unauthenticated=False)


async def test_readiness_says_why_not(connect: Connect, dispatcher: object) -> None:
    dispatcher.ready = False  # type: ignore[attr-defined]
    async with connect() as client:
        assert (await client.get("/healthz")).status_code == 200
        problem = await refusal(client.get("/readyz"), 503)
        assert problem["detail"] == "As the test says."
        assert problem["workers"] == 1
