"""Workers as actors of a real Ray cluster of two nodes: they judge, and what ends comes again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.dispatch.batches import judge, rewards
from tests.verifier.dispatch.servers import ROOT, RedisServer, dispatching, redis_server, wait_until
from verifier.dispatch.redis_backend.ledger import Ledger
from verifier.model import Rollout

pytestmark = [pytest.mark.redis, pytest.mark.slow]
pytest.importorskip("ray", reason="no Ray here: pip install 'grpo-verifier[ray]'")

SUMS = [Rollout(completion=f"\\boxed{{{n}}}", ground_truth=str(n % 9)) for n in range(40)]
REWARDS = [float(n < 9) for n in range(40)]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_raylet_start_wait_time_s", "600")  # of a busy machine
    running = Cluster()
    for _ in range(2):
        running.add_node(num_cpus=1)
    yield running
    running.shutdown()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("r")) as running:
        yield running


def parent_of(process: str) -> int:
    """The supervisor of a worker."""
    return int(Path(f"/proc/{process}/stat").read_text().split()[3])


async def test_idle_cpus_judge_and_a_worker_that_ends_is_started_anew(
    cluster: Any, server: RedisServer
) -> None:
    command = [sys.executable, str(ROOT / "deploy/ray/workers.py"), "--address", cluster.address]
    command += ["--kinds", "math", "--verifier", str(Path(sys.executable).with_name("verifier"))]
    environment = {**os.environ, "VERIFIER_REDIS": server.url}
    with subprocess.Popen(command, env=environment) as workers:  # noqa: ASYNC220 - it lives on
        wait_until(lambda: server.workers() == 2, "one for each CPU")
        with server.client() as client:
            ended = Ledger(client).workers()[0]
        async with dispatching(server) as running:
            assert rewards(await judge(running, SUMS)) == REWARDS
            os.kill(parent_of(ended.pid), signal.SIGKILL)
            wait_until(lambda: server.workers() == 1, "it is gone")
            wait_until(lambda: server.workers() == 2, "another is there")
            assert rewards(await judge(running, SUMS)) == REWARDS
        workers.terminate()
        workers.wait()
        wait_until(lambda: server.workers() == 0, "all have ended")
