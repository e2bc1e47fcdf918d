"""A drained machine's workers finish what they have and take no more; `top` shows their chunks."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.verifier.dispatch.batches import judge, programs, rewards, rollouts
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching, wait_until
from verifier.dispatch import Unavailable

pytestmark = pytest.mark.redis
VERIFIER = Path(sys.executable).with_name("verifier")


def said(*arguments: str) -> str:
    command = [str(VERIFIER), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def started(command: Sequence[object]) -> "subprocess.Popen[str]":
    return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)


async def test_what_is_at_hand_is_finished_and_nothing_more_is_taken(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    async with dispatching(server) as running:
        async with running.submit(programs(f"await {begun} {go_on}"), 800) as verdicts:
            wait_until(begun.exists, "it begins")
            seen = said("top", "--redis", server.url, "--once")
            assert f"{workers.all[0].pid}" in seen
            assert "busy" in seen
            assert "code-0-0-1-0" in seen
            command = [VERIFIER, "drain", "--redis", server.url, "--host", socket.gethostname()]
            with started(command) as draining:
                assert draining.stdout
                assert draining.stdout.readline() == "1 of 1 workers have a chunk.\n"
                go_on.touch()
                assert [verdict.reward async for _, verdict in verdicts] == [1.0]
                assert "They have finished" in draining.stdout.read()
        with pytest.raises(Unavailable, match="No worker that serves math"):
            await judge(running, rollouts("say x"))
        assert not (await running.readiness()).ready
        assert "again" in said("drain", "--redis", server.url, "--end")
        while not (await running.readiness()).ready:
            pass
        assert rewards(await judge(running, rollouts("say x"))) == [1.0]
