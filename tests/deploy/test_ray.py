"""Workers as actors of a real Ray cluster of two nodes: they judge, and what ends or is lost comes
again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.verifier.dispatch.batches import judge, rewards
from tests.verifier.dispatch.servers import ROOT, RedisServer, dispatching, redis_server, wait_until
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.model import Rollout

VERIFIER = str(Path(sys.executable).with_name("verifier"))
SUMS = [Rollout(completion=f"\\boxed{{{n}}}", ground_truth=str(n % 9)) for n in range(40)]
REWARDS = [float(n < 9) for n in range(40)]

pytestmark = [pytest.mark.redis, pytest.mark.slow]


class Cluster:
    """Two nodes of a CPU each, in the environment that has the trainers, which bring Ray."""

    def __init__(self, python: Path) -> None:
        # The nodes of a busy machine come up late; and nothing is reported to anyone.
        environment = {**os.environ, "RAY_raylet_start_wait_time_s": "600"}
        self._process = subprocess.Popen(
            [python, Path(__file__).with_name("ray_cluster.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment, "RAY_USAGE_STATS_ENABLED": "0"},
        )
        self.address = self._answer()

    def do(self, what: str) -> None:
        """`lose` a node, `add` one."""
        assert self._process.stdin
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        assert self._answer() == "done"

    def end(self) -> None:
        self._process.communicate()

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@pytest.fixture
def cluster(trainers_python: Path) -> Iterator[Cluster]:
    running = Cluster(trainers_python)
    assert running.address
    yield running
    running.end()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("r")) as running:
        yield running


def names_of(client: redis.Redis) -> set[str]:
    """The workers that live."""
    return {worker.name for worker in WorkerLedger(client).alive()}


def parent_of(process: str) -> int:
    """The supervisor of a worker."""
    return int(Path(f"/proc/{process}/stat").read_text().split()[3])


async def test_idle_cpus_judge_and_what_ends_or_is_lost_comes_again(
    cluster: Cluster, server: RedisServer, trainers_python: Path, tmp_path: Path
) -> None:
    command: list[str | Path] = [
        trainers_python,
        ROOT / "deploy/ray/workers.py",
        "--address",
        cluster.address,
    ]
    environment = {**os.environ, "VERIFIER_REDIS": server.url}
    said = tmp_path / "said"
    with (
        said.open("w") as log,
        subprocess.Popen(  # noqa: ASYNC220 - it lives on
            [*command, "--kinds", "math", "--verifier", VERIFIER], env=environment, stderr=log
        ) as workers,
        server.client() as client,
    ):
        wait_until(lambda: server.workers() == 2, "one for each CPU")
        async with dispatching(server) as running:
            assert rewards(await judge(running, SUMS)) == REWARDS
            ended = WorkerLedger(client).alive()[0]
            os.kill(parent_of(ended.pid), signal.SIGKILL)
            wait_until(
                lambda: len(names_of(client) - {ended.name}) == 2,
                "another is there in its place",
            )
            cluster.do("lose")
            wait_until(lambda: server.workers() == 1, "its worker went with the node")
            assert rewards(await judge(running, SUMS)) == REWARDS
            cluster.do("add")
            wait_until(lambda: server.workers() == 2, "Ray has put one on the new node")
            assert rewards(await judge(running, SUMS)) == REWARDS
        assert "a worker ended with status -9; another is started" in said.read_text()
        workers.terminate()
        workers.wait()
        wait_until(lambda: server.workers() == 0, "all have ended")
