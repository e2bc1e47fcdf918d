"""What comes before a body is bounded, and odd headers mean what they say."""

import asyncio
import contextlib
import json

import httpx2
import pytest

from api.http.protocol import MAX_HEAD_BYTES
from tests.api.conftest import Connect
from tests.api.http.test_body import upload
from tests.api.routes.test_score import rollout

ENDLESS = {
    "a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
    "an address": b"GET /",
    "headers": b"GET / HTTP/1.1\r\n",
}


async def _answer_to(client: httpx2.AsyncClient, sent: bytes) -> tuple[bytes, bytes]:
    """Head and body of what comes back for these bytes until the connection is closed."""
    address = client.base_url
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(sent)
    await writer.drain()
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return head, body


@pytest.mark.parametrize("start", ENDLESS.values(), ids=ENDLESS.keys())
async def test_a_head_without_end_is_refused_before_a_key_is_asked_for(
    serve: Connect, start: bytes
) -> None:
    filler = b"X-A: b\r\n" if start.endswith(b"\r\n") else b"a"
    sent = (start + filler * MAX_HEAD_BYTES)[: MAX_HEAD_BYTES + 1]
    async with serve(api_keys="secret") as client:
        head, body = await _answer_to(client, sent)
        assert head.startswith(b"HTTP/1.1 431 ")
        assert b"application/problem+json" in head
        assert json.loads(body)["detail"].endswith("send less in them.")


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA\x00: b\r\n\r\n",
        b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/score HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_a_problem_too(
    serve: Connect, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve() as client:
        head, body = await _answer_to(client, sent)
        assert head.startswith(b"HTTP/1.1 400 ")
        assert json.loads(body)["status"] == 400
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_trailer_without_end_ends_the_connection(serve: Connect) -> None:
    async with (
        serve() as client,
        upload(client, "Transfer-Encoding: chunked", b"1\r\n{\r\n0\r\n") as (reader, writer),
    ):
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                writer.write(b"X-A: b\r\n" * 2000)
                await writer.drain()
        with contextlib.suppress(ConnectionError):
            assert b" 200 " not in await reader.read()


async def test_a_long_body_in_small_chunks_is_no_long_head(serve: Connect) -> None:
    body = json.dumps({"rollouts": [rollout()]}).encode() + b" " * 50_000
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    async with (
        serve() as client,
        upload(client, "Transfer-Encoding: chunked", chunks) as (reader, _),
    ):
        assert b" 200 " in await reader.readline()


@pytest.mark.parametrize(
    ("prefer", "status"),
    [("respond-async, wait=5", 202), ("wait=5,Respond-Async", 202), ("x-respond-async", 200)],
)
async def test_a_preference_is_told_from_what_only_holds_its_name(
    client: httpx2.AsyncClient, prefer: str, status: int
) -> None:
    body = {"rollouts": [rollout()]}
    answer = await client.post("/v1/score", json=body, headers={"Prefer": prefer})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("accept", "lines"),
    [
        ("APPLICATION/X-NDJSON", True),
        ("application/json, application/x-ndjson;q=0.5", True),
        ("application/x-ndjson2", False),
        ("", False),
    ],
)
async def test_lines_are_sent_to_whoever_accepts_them(
    client: httpx2.AsyncClient, accept: str, lines: bool
) -> None:
    body = {"rollouts": [rollout()]}
    answer = await client.post("/v1/score", json=body, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/x-ndjson") is lines
