"""Requests meant to harm: each gets a promised answer, and leaves nothing behind.

Control for all: afterwards an honest batch is judged, nothing is held, and no traceback was logged.
"""

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator

import httpx2
import pytest
from backports import zstd

from tests.api.conftest import Connect
from tests.api.http.test_body import until_held
from tests.api.routes.test_score import rollout

LIMITS = {
    "max_body_bytes": 1_000_000,
    "max_held_bytes": 20_000_000,
    "max_rollouts": 100,
    "head_timeout_s": 1,
    "body_timeout_s": 1,
}
SCORE = b"POST /v1/score HTTP/1.1\r\nHost: x\r\n"
LINES = b"Content-Type: application/x-ndjson\r\n"
ROW = json.dumps(rollout()).encode()


def score(body: bytes, head: bytes = b"") -> bytes:
    return SCORE + head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def row(**more: object) -> bytes:
    return score(json.dumps({"rollouts": [{**rollout(), **more}]}).encode())


def encoded(body: bytes, encoding: bytes, head: bytes = b"") -> bytes:
    return score(body, b"Content-Encoding: " + encoding + b"\r\n" + head)


def hostile() -> Iterator[tuple[str, bytes, set[int]]]:
    """(what, what is sent, what may be the answer; 0: none, and the connection ends)."""
    batch = b'{"rollouts": [%s]}' % ROW
    # JSON
    yield "deep lists", score(b"[" * 500_000), {400}
    yield "deep objects", score(b'{"a":' * 100_000), {400}
    yield "deep in a row", score(b'{"rollouts": [' + b"[" * 400_000), {400}
    yield "many values", score(b'{"rollouts": [{"x": [' + b"[]," * 300_000 + b"[]]}]}"), {413}
    yield "many objects", score(b'{"rollouts": [{"x": [' + b"{}," * 300_000 + b"{}]}]}"), {413}
    yield "many rollouts", score(b'{"rollouts": [' + b"{}," * 300_000 + b"{}]}"), {413}
    yield "many groups", score(b'{"groups": [' + b"{}," * 300_000 + b"{}]}"), {413}
    yield (
        "many keys",
        score(b"{" + b",".join(b'"%d":1' % n for n in range(80_000)) + b"}"),
        {413, 422},
    )
    yield (
        "keys of one hash",
        score(json.dumps({str(n * (2**61 - 1)): 1 for n in range(5000)}).encode()),
        {422},
    )
    yield "one key twice", score(b'{"rollouts": [], "rollouts": []}'), {400}
    yield "a huge integer", score(b'{"rollouts": %s}' % (b"9" * 900_000)), {400}
    yield "a huge exponent", score(b'{"rollouts": 1e999999999}'), {400}
    yield "a huge exponent in a row", score(batch.replace(b'"}]', b'", "x": 1e999}]')), {200}
    yield "NaN as a deadline", score(b'{"rollouts": [], "deadline_s": NaN}'), {400}
    yield "an endless deadline", score(b'{"rollouts": [], "deadline_s": 1e300}'), {422}
    yield "a deadline before all", score(b'{"rollouts": [], "deadline_s": -1}'), {422}
    yield "no end", score(b'{"rollouts": [' + ROW), {400}
    yield "two values", score(batch + batch), {400}
    yield "UTF-16", score(batch.decode().encode("utf-16")), {400}
    yield "bytes that are no text", score(b"\xff" * 1000), {400}
    yield "overlong UTF-8", score(b'"\xc0\xaf"'), {400}
    yield "surrogates as bytes", score(b'"\xed\xa0\x80"'), {400}
    yield "a number for a body", score(b"1"), {422}
    yield "rollouts that are a string", score(b'{"rollouts": "abc"}'), {422}
    yield "rollouts of rollouts", score(b'{"rollouts": [[%s]]}' % ROW), {422}
    yield "rollouts and groups", score(b'{"rollouts": [], "groups": []}'), {422}
    yield "completion and no text", row(completion={"a": 1}), {422}
    yield "an id as long as a body", row(id="x" * 900_000), {422}
    yield "limits beyond all", row(limits={"memory_mb": 1e18}), {422}
    yield "limits of nothing", row(limits={"cpu_s": 0}), {422}
    yield (
        "a batch_id of control characters",
        score(b'{"rollouts": [], "batch_id": "a\\u0000\\r\\nb"}'),
        {422},
    )
    yield "an empty batch_id", score(b'{"rollouts": [], "batch_id": ""}'), {422}
    yield "a problem that is a path", row(problem="../../etc/passwd", ground_truth=None), {409}
    yield "a field that asks for a run", row(run={"language": "bash", "stdin": ""}), {200}
    # lines
    yield "a line that is no JSON", score(ROW + b"\n{", LINES), {400}
    yield "too many lines", score((ROW + b"\n") * 101, LINES), {413}
    yield "one line that is too long", score(b" " * 999_999 + b"x", LINES), {400}
    yield "nothing but line breaks", score(b"\n" * 999_999, LINES), {200}
    yield "lines of many values", score(b'{"x":[' + b"0," * 400_000 + b"0]}", LINES), {413, 422}
    # encodings
    yield "no gzip", encoded(b"{}", b"gzip"), {400}
    yield "half a gzip", encoded(gzip.compress(batch)[:-4], b"gzip"), {400}
    yield "gzip and what follows", encoded(gzip.compress(batch) + b"x", b"gzip"), {400}
    yield "a gzip bomb", encoded(gzip.compress(b" " * 50_000_000), b"gzip"), {413}
    yield "a zstd bomb", encoded(zstd.compress(b" " * 50_000_000), b"zstd"), {413}
    yield "a bomb of lines", encoded(zstd.compress(b"\n" * 50_000_000), b"zstd", LINES), {413}
    yield "half a zstd", encoded(zstd.compress(batch)[:-4], b"zstd"), {400}
    yield (
        "a zstd window of 2 GiB",
        encoded(b"\x28\xb5\x2f\xfd\x00\xa8" + b"\x00" * 8, b"zstd"),
        {400},
    )
    yield "deflate", encoded(zlib.compress(batch), b"deflate"), {415}
    yield "gzip of gzip", encoded(gzip.compress(gzip.compress(batch)), b"gzip, gzip"), {415}
    # HTTP
    yield "no HTTP", b"\x00" * 100 + b"\r\n\r\n", {400}
    yield "TLS", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", {400}
    yield "a head without end", SCORE, {408}
    yield "a header without end", SCORE + b"X: " + b"a" * 70_000, {431}
    yield "ten thousand headers", SCORE + b"X: a\r\n" * 12_000, {431}
    yield "a length that is negative", SCORE + b"Content-Length: -1\r\n\r\n", {400}
    yield "two lengths", SCORE + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", {400}
    yield (
        "length and chunks",
        SCORE + (b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        {400},
    )
    yield "a length beyond all", SCORE + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n", {413}
    yield "a chunk that is negative", SCORE + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", {400}
    yield "a body that stalls", SCORE + b"Content-Length: 100\r\n\r\n{", {408}
    yield (
        "an upgrade",
        SCORE.replace(b"POST", b"GET")
        + (
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        ),
        {405},
    )
    yield (
        "a proxy's request",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        {421},
    )
    yield (
        "CONNECT",
        b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        {0, 400, 421},
    )
    yield "a path upwards", b"GET /web/../../pyproject.toml HTTP/1.1\r\nHost: x\r\n\r\n", {404}
    yield (
        "a path upwards, escaped",
        (b"GET /web/%2e%2e/%2e%2e/pyproject.toml HTTP/1.1\r\nHost: x\r\n\r\n"),
        {404},
    )
    yield "a foreign page", score(batch, b"Origin: http://evil.example\r\n"), {403}
    yield "a foreign name", score(batch).replace(b"Host: x", b"Host: evil.example"), {421}


HOSTILE = list(hostile())


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [(sent, statuses) for _, sent, statuses in HOSTILE],
    ids=[what for what, _, _ in HOSTILE],
)
async def test_a_hostile_request_is_answered_and_leaves_nothing(
    serve: Connect, caplog: pytest.LogCaptureFixture, sent: bytes, statuses: set[int]
) -> None:
    async with serve(**LIMITS) as client:
        assert await _status(client, sent) in statuses
        await until_held(client, 0)
        honest = await client.post("/v1/score", json={"rollouts": [rollout()]})
        assert honest.json()["rewards"] == [1.0]
    assert not [record for record in caplog.records if record.exc_info]


async def _status(client: httpx2.AsyncClient, sent: bytes) -> int:
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    try:
        writer.write(sent)
        first = await reader.readline()
        head = await reader.readuntil(b"\r\n\r\n") if first else b""
    finally:
        writer.transport.abort()
    if not first:
        return 0
    status = int(first.split()[1])
    assert status < 400 or b"application/problem+json" in head
    return status
