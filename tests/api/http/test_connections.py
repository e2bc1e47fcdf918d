"""Connections are bounded in number and time, and who only waits makes room for who asks."""

import asyncio
import contextlib
import json
import resource
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from api.http.connections import SPARE_FILES, Bounds, Connections, raise_file_limit
from tests.api.conftest import Connect
from tests.api.http.test_body import upload
from tests.api.obedient import ObedientDispatcher
from tests.api.routes.test_score import rollout

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: "


class FakeConnection:
    def __init__(self, unread: int = 0) -> None:
        self.unread = unread
        self.dropped = False

    def unread_bytes(self) -> int:
        return self.unread

    def drop(self) -> None:
        self.dropped = True


@contextlib.asynccontextmanager
async def connection(client: httpx2.AsyncClient, sent: bytes) -> AsyncIterator[Any]:
    """Over which this is sent; gives its reader and its writer."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(sent)
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def test_who_waits_longest_without_a_request_makes_room() -> None:
    everyone = Connections(Bounds(max_connections=3))
    busy, first, second, newcomer = (FakeConnection() for _ in range(4))
    for one in (busy, first, second):
        assert everyone.admit(one)
        everyone.lacks_head(one, 10)
    everyone.has_head(busy)
    everyone.lacks_head(first, 20)  # more of its head does not make it younger
    assert everyone.admit(newcomer)
    assert [one.dropped for one in (busy, first, second)] == [False, True, False]


def test_who_reads_nothing_makes_room_before_anyone_is_turned_away() -> None:
    everyone = Connections(Bounds(max_connections=2))
    busy, deaf, newcomer, late = (FakeConnection() for _ in range(4))
    assert everyone.admit(busy)
    assert everyone.admit(deaf)
    everyone.lacks_reader(deaf)
    assert everyone.admit(newcomer)
    assert (busy.dropped, deaf.dropped) == (False, True)
    assert not everyone.admit(late)


def test_incomplete_heads_hold_no_more_together_than_they_may() -> None:
    everyone = Connections(Bounds(max_heads_bytes=100))
    first, second = FakeConnection(), FakeConnection()
    everyone.lacks_head(first, 60)
    everyone.has_head(first)
    everyone.lacks_head(first, 60)
    everyone.lacks_head(second, 40)
    assert not first.dropped
    everyone.lacks_head(second, 41)
    assert (first.dropped, second.dropped) == (True, False)


def test_unread_answers_hold_no_more_together_than_they_may() -> None:
    everyone = Connections(Bounds(max_unread_bytes=100))
    large, small, other = FakeConnection(500), FakeConnection(60), FakeConnection(60)
    everyone.lacks_reader(large)
    assert not large.dropped  # alone it must be able to read what it asked for
    everyone.has_reader(large)
    everyone.lacks_reader(small)
    assert not small.dropped
    everyone.lacks_reader(other)
    assert (small.dropped, other.dropped) == (True, False)


async def test_a_head_that_does_not_end_is_told_so_in_time(serve: Connect) -> None:
    async with (
        serve(head_timeout_s=0.2, api_keys="secret") as client,
        connection(client, HALF_A_HEAD) as (reader, _),
    ):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert "VERIFIER_HEAD_TIMEOUT_S" in json.loads(body)["detail"]


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n\r\n"])
async def test_who_asks_nothing_more_is_hung_up_on(serve: Connect, sent: bytes) -> None:
    async with serve(head_timeout_s=0.2) as client, connection(client, sent) as (reader, _):
        assert b"500" not in await reader.read()  # to the end of the connection


async def test_the_rest_of_a_refused_body_is_not_waited_for_without_end(serve: Connect) -> None:
    async with (
        serve(head_timeout_s=0.2, api_keys="secret") as client,
        upload(client, "Content-Length: 1000", b"{") as (reader, writer),
    ):
        assert b" 401 " in await reader.readline()
        with contextlib.suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1000), 0.05)


async def test_a_request_that_takes_long_is_not_taken_for_a_late_head(
    serve: Connect, dispatcher: ObedientDispatcher
) -> None:
    body = {"rollouts": [rollout("wait correct")]}
    async with serve(head_timeout_s=0.1) as client:
        asked = asyncio.create_task(client.post("/v1/score", json=body))
        async with connection(client, HALF_A_HEAD) as (reader, _):
            assert await reader.read()  # the control: another connection was ended meanwhile
        dispatcher.gate.set()
        assert (await asked).json()["rewards"] == [1.0]


async def test_half_sent_heads_shut_nobody_out(
    serve: Connect, dispatcher: ObedientDispatcher
) -> None:
    """Control: the connection of a request that is under way is left alone."""
    body = {"rollouts": [rollout("wait correct")]}
    async with serve(max_connections=20) as client, contextlib.AsyncExitStack() as stack:
        asked = asyncio.create_task(client.post("/v1/score", json=body))
        while not dispatcher.submitted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        halves = [
            await stack.enter_async_context(connection(client, HALF_A_HEAD)) for _ in range(50)
        ]
        async with httpx2.AsyncClient(base_url=client.base_url, timeout=600) as newcomer:
            assert (await newcomer.get("/healthz")).json() == {"status": "ok"}
        with contextlib.suppress(ConnectionError):
            assert await halves[0][0].read() == b""
        dispatcher.gate.set()
        assert (await asked).json()["rewards"] == [1.0]


async def test_with_every_connection_busy_the_next_is_told_so(
    serve: Connect, dispatcher: ObedientDispatcher
) -> None:
    body = {"rollouts": [rollout("wait correct")]}
    async with serve(max_connections=1) as client:
        asked = asyncio.create_task(client.post("/v1/score", json=body))
        while not dispatcher.submitted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        async with connection(client, HALF_A_HEAD) as (reader, _):
            answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"VERIFIER_MAX_CONNECTIONS" in answer
        dispatcher.gate.set()
        assert (await asked).json()["rewards"] == [1.0]


async def test_an_answer_that_nobody_reads_ends_with_its_connection(serve: Connect) -> None:
    """Control: the same answer is read whole by who reads."""
    rows = [{**rollout(), "id": "x" * 250} for _ in range(8000)]
    body = json.dumps({"rollouts": rows}).encode()
    length = f"Content-Length: {len(body)}"
    again = f"POST /v1/score HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode() + body
    async with serve(answer_timeout_s=1) as client:
        assert (await client.post("/v1/score", content=body)).is_success
        async with upload(client, length, body) as (_, writer):
            writer.transport.pause_reading()
            # Together they are more than what lies between the two ends takes.
            writer.write(5 * again)
            with pytest.raises(ConnectionError):
                await _write_on(writer)


async def _write_on(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


def test_files_are_allowed_for_as_many_connections_as_may_be(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
        assert raise_file_limit(1000) == 1000
        assert not caplog.messages
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 1000 + SPARE_FILES
        assert raise_file_limit(10**9) == before[1] - SPARE_FILES
        assert f"{before[1]} files open (`ulimit -n`)" in caplog.text
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
