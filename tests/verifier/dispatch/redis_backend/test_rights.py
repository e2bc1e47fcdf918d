"""With the rights that deploy/compose.yaml gives, the service does all it does, and no more."""

import re
from typing import Any

import pytest
import redis

from api.problems.shared import SharedProblemRegistry
from tests.verifier.dispatch.batches import judge, rollouts
from tests.verifier.dispatch.servers import ROOT, RedisServer, Workers
from verifier.dispatch.dispatcher import Cancelled
from verifier.dispatch.redis_backend.api_side.dispatcher import RedisDispatcher

pytestmark = pytest.mark.redis


@pytest.fixture
def limited(server: RedisServer) -> RedisServer:
    """The server, by an address that has no more rights than those."""
    compose = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    user = re.search(r"'user default on #%s (.*) %s\\n'", compose)
    commands = re.search(r"'(\+@all .*)'", compose)
    assert user
    assert commands
    rules = f"{user[1]} {commands[1]}".split()
    client: Any = server.client()  # redis-py says nothing of the types here
    client.execute_command("ACL", "SETUSER", "limited", "on", ">secret", *rules)
    server.url = server.url.replace("unix://", "unix://limited:secret@")
    return server


async def test_the_service_needs_no_further_rights(limited: RedisServer, workers: Workers) -> None:
    workers.start(1)
    dispatcher = RedisDispatcher(limited.url)
    await dispatcher.start()
    try:
        verdicts = await judge(dispatcher, rollouts("say a", "say b"))
        assert [verdict.answer for verdict in verdicts] == ["a", "b"]
        with pytest.raises(Cancelled):
            await submit_recall_and_cancel(dispatcher)
        assert (await dispatcher.readiness()).ready
    finally:
        await dispatcher.stop()
    registry = SharedProblemRegistry(limited.url, 3, 1000)
    registry.put(b"", "a", "1")
    assert registry.get(b"", "a")


async def submit_recall_and_cancel(dispatcher: RedisDispatcher) -> None:
    async with dispatcher.submit(rollouts("sleep 60"), 60, "name", "{}") as verdicts:
        assert await dispatcher.named.recall("name")
        assert await dispatcher.named.cancel("name")
        async for _ in verdicts:
            pass


@pytest.mark.parametrize(
    "command",
    [
        ["FLUSHALL"],
        ["CONFIG", "SET", "dir", "/"],
        ["SHUTDOWN"],
        ["KEYS", "*"],
        ["ACL", "LIST"],
        ["REPLICAOF", "127.0.0.1", "1"],
        ["MODULE", "LIST"],
        ["SET", "other", "1"],
        ["PUBLISH", "other", "1"],
    ],
)
def test_nothing_else_is_allowed(limited: RedisServer, command: list[str]) -> None:
    """Control: our own keys can be written."""
    client: Any = limited.client()
    assert client.set("verifier:x", "1")
    with pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*command)
