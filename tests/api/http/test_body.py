"""What bodies hold together is bounded, and given back by whoever is done, leaves or stalls."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from api.settings import Settings
from tests.api.conftest import Connect
from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import AS_LINES, refusal, rollout
from tests.api.test_metrics import numbers
from verifier.dispatch import QueueFull

BODY = 100_000
TWO_FIT = {"max_body_bytes": BODY, "max_held_bytes": 2 * BODY + 1000}


@contextlib.asynccontextmanager
async def upload(client: httpx2.AsyncClient, head: str, sent: bytes) -> AsyncIterator[Any]:
    """A request over a socket of its own of which no more than this is sent; gives its reader and
    its writer."""
    address = client.base_url
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(f"POST /v1/score HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + sent)
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def until_held(client: httpx2.AsyncClient, count: int) -> None:
    while (await numbers(client))["verifier_held_body_bytes"] != count:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def padded(size: int, *completions: str) -> bytes:
    """A batch of so many bytes."""
    body = json.dumps({"rollouts": [rollout(text) for text in completions]}).encode()
    return body + b" " * (size - len(body))


def long_batch(completion: str, truth: str) -> bytes:
    """A batch whose rollout holds about as much of memory as it has bytes."""
    row = {"completion": completion, "ground_truth": truth}
    return json.dumps({"rollouts": [row]}).encode()


LENGTH = f"Content-Length: {BODY}"


async def test_slow_uploads_hold_no_more_together_than_they_may(serve: Connect) -> None:
    async with (
        serve(**TWO_FIT) as client,
        upload(client, LENGTH, b" " * (BODY - 1)),
        upload(client, LENGTH, b" " * (BODY - 1)),
    ):
        await until_held(client, 2 * BODY - 2)
        refused = await client.post("/v1/score", content=padded(2000, "correct"))
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert "VERIFIER_MAX_HELD_BYTES" in refused.json()["detail"]
        small = await client.post("/v1/score", content=padded(500, "correct"))
        assert small.json()["rewards"] == [1.0]
        assert (await numbers(client))["verifier_held_body_bytes"] == 2 * BODY - 2


async def test_an_upload_without_a_length_is_refused_where_it_no_longer_fits(
    serve: Connect,
) -> None:
    chunk = b"C350\r\n" + b" " * 50_000 + b"\r\n"
    async with (
        serve(**TWO_FIT) as client,
        upload(client, LENGTH, b" " * 90_000),
        upload(client, LENGTH, b" " * 50_000),
        upload(client, "Transfer-Encoding: chunked", chunk) as (reader, writer),
    ):
        await until_held(client, 190_000)
        writer.write(chunk)
        await writer.drain()
        assert b" 429 " in await reader.readline()
        await until_held(client, 140_000)


async def test_who_leaves_in_the_middle_gives_its_share_back(
    serve: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(**TWO_FIT) as client:
        async with upload(client, LENGTH, b" " * (BODY - 1)):
            await until_held(client, BODY - 1)
        await until_held(client, 0)
        assert (await client.post("/v1/score", content=padded(BODY, "correct"))).is_success
    assert not [record for record in caplog.records if record.exc_info]


async def test_who_stalls_is_told_so_and_gives_its_share_back(serve: Connect) -> None:
    async with (
        serve(**TWO_FIT, body_timeout_s=0.2) as client,
        upload(client, LENGTH, b" " * 10) as (reader, _),
    ):
        answer = await reader.read()  # to the end of the connection
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"VERIFIER_BODY_TIMEOUT_S" in answer
        await until_held(client, 0)


@pytest.mark.parametrize("headers", [{}, AS_LINES])
async def test_a_batch_holds_what_is_judged_of_it_until_it_is(
    serve: Connect, dispatcher: ObedientDispatcher, headers: dict[str, str]
) -> None:
    async with serve(**TWO_FIT) as client:
        body = long_batch("wait correct", "x" * (BODY - 1000))
        sent = [
            asyncio.create_task(client.post("/v1/score", content=body, headers=headers))
            for _ in "ab"
        ]
        while len(dispatcher.submitted) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        held = (await numbers(client))["verifier_held_body_bytes"]
        assert 2 * BODY - 4000 < held < 2 * BODY
        await refusal(client.post("/v1/score", content=body), 429)
        dispatcher.gate.set()
        for task in sent:
            assert (await task).is_success
        await until_held(client, 0)
        assert (await client.post("/v1/score", content=body)).is_success


@pytest.mark.parametrize("path", ["/v1/score", "/openrlhf/reward", "/run_code", "/v1/problems/x"])
@pytest.mark.parametrize("headers", [{}, AS_LINES])
async def test_values_count_for_what_they_take_and_not_for_their_text(
    connect: Connect, path: str, headers: dict[str, str]
) -> None:
    """Control: a text of the same length is read."""
    method = "PUT" if "problems" in path else "POST"
    limits = {"max_body_bytes": 800_000, "max_held_bytes": 5_000_000}
    async with connect(**limits) as client:
        for item in ("[]", '""', "{}", "0.5"):
            values = f"[{','.join([item] * 100_000)}]"
            body = f'{{"rollouts": [{{"completion": "", "ground_truth": {values}}}]}}'
            asked = client.request(method, path, content=body, headers=headers)
            problem = await refusal(asked, 413)
            assert "VERIFIER_MAX_HELD_BYTES" in problem["detail"]
        text = json.dumps({"rollouts": [{"completion": "correct", "ground_truth": "[]," * 10**5}]})
        answer = await client.request(method, path, content=text, headers=headers)
        assert answer.status_code in {200, 201, 422}
        await until_held(client, 0)


async def test_the_thinking_of_a_batch_is_not_held(
    serve: Connect, dispatcher: ObedientDispatcher
) -> None:
    async with serve(**TWO_FIT) as client:
        body = json.dumps(
            {"rollouts": [rollout(f"<think>{'x' * (BODY - 1000)}</think>wait correct")]}
        )
        asked = asyncio.create_task(client.post("/v1/score", content=body))
        while not dispatcher.submitted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert dispatcher.submitted == [["wait correct"]]
        assert (await numbers(client))["verifier_held_body_bytes"] < 1000
        dispatcher.gate.set()
        assert (await asked).json()["rewards"] == [1.0]


@pytest.mark.parametrize("path", ["/v1/score", "/openrlhf/reward", "/run_code", "/v1/problems/x"])
@pytest.mark.parametrize("body", [b"{", b"[]", b'{"rollouts": [], "code": 1}'])
async def test_what_is_refused_or_registered_holds_nothing(
    client: httpx2.AsyncClient, path: str, body: bytes
) -> None:
    method = "PUT" if "problems" in path else "POST"
    await client.request(method, path, content=body)
    await until_held(client, 0)


async def test_a_batch_that_the_queue_refuses_holds_nothing(
    client: httpx2.AsyncClient, dispatcher: ObedientDispatcher
) -> None:
    dispatcher.refusal = QueueFull("Too many wait.", retry_after_s=1)
    await refusal(client.post("/v1/score", content=padded(500, "correct")), 429)
    await until_held(client, 0)


async def test_a_length_of_thousands_of_digits_is_too_large(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Length": "9" * 5000}
    problem = await refusal(client.post("/v1/score", content=b"{}", headers=headers), 413)
    assert "VERIFIER_MAX_BODY_BYTES" in problem["detail"]


def test_one_body_alone_always_fits() -> None:
    with pytest.raises(ValueError, match="max_held_bytes must be at least max_body_bytes"):
        Settings(max_held_bytes=BODY - 1, max_body_bytes=BODY)
