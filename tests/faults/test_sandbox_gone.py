"""A worker whose sandbox is gone leaves its work to others, says why, and comes back by itself."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.soak.docker_proxy import DockerProxy, docker_proxy
from sandbox.jails import docker_daemon
from sandbox.jails.docker import LABEL, OWNER_LABEL
from tests.verifier.dispatch.batches import judge, mixed, programs, rewards, rollouts
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching, wait_until
from verifier.dispatch import Unavailable
from verifier.dispatch.redis_backend import names
from verifier.dispatch.redis_backend.worker_side.supervisor import WORKER_COMMAND
from verifier.model import Kind, Outcome, Rollout

pytestmark = pytest.mark.redis

CODE_LANE = names.lane(Kind.CODE, "training")


@pytest.fixture
def gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As long as there is such a file, workers that are started from now on have no sandbox."""
    monkeypatch.setenv("GONE_SANDBOX", str(tmp_path / "gone"))
    return tmp_path / "gone"


def take_away(gone: Path) -> None:
    gone.touch()


def bring_back(gone: Path) -> None:
    gone.unlink()


def serving_code(server: RedisServer) -> int:
    with server.client() as client:
        return int(client.zcard(names.SERVING + CODE_LANE))


async def test_it_hands_its_chunk_back_and_others_judge_all_of_it(
    server: RedisServer, workers: Workers, gone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers.start(1)
    monkeypatch.delenv("GONE_SANDBOX")
    workers.start(1)
    take_away(gone)
    batch = mixed(["say x", "wrong", "sleep 0.01"] * 40)
    async with dispatching(server) as running:
        assert rewards(await judge(running, batch)) == [1.0, 0.0, 1.0] * 40
        assert serving_code(server) == 1
        assert (await running.readiness()).kinds[Kind.MATH].workers == 2
        bring_back(gone)
        wait_until(lambda: serving_code(server) == 2, "it judges programs again")
        assert rewards(await judge(running, batch)) == [1.0, 0.0, 1.0] * 40


async def test_where_no_sandbox_is_left_programs_wait_for_one_and_mathematics_is_judged(
    server: RedisServer, workers: Workers, gone: Path
) -> None:
    workers.start(2)
    take_away(gone)
    batch = [*programs(*["say x"] * 30), *rollouts(*["say y"] * 30)]
    async with dispatching(server) as running, running.submit(batch, 1000) as verdicts:
        judged = {(await anext(verdicts))[0] for _ in range(30)}
        assert judged == set(range(30, 60))
        while (await running.readiness()).kinds[Kind.CODE].workers:
            pass
        with pytest.raises(Unavailable, match=r"serves code.*somebody took it away"):
            await judge(running, programs("say x"))
        bring_back(gone)
        assert {verdict.reward async for _, verdict in verdicts} == {1.0}


async def test_what_one_worker_fails_at_another_judges(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    """Only its own failure, while its sandbox is well: it goes on serving."""
    workers.start(2)
    failing = tmp_path / "failing"
    failing.write_text(str(workers.all[0].pid))
    batch = programs(*[f"fail_at {failing}"] * 40)
    async with dispatching(server) as running:
        assert rewards(await judge(running, batch)) == [1.0] * 40
        assert serving_code(server) == 2


async def test_what_every_worker_fails_at_ends(server: RedisServer, workers: Workers) -> None:
    workers.start(2)
    batch = programs("say x", "fail", "say y")
    async with dispatching(server) as running:
        verdicts = await judge(running, batch)
    assert [verdict.outcome for verdict in verdicts] == [
        *(Outcome.CORRECT, Outcome.VERIFIER_ERROR, Outcome.CORRECT)
    ]


@pytest.fixture
def proxy() -> Iterator[DockerProxy]:
    with tempfile.TemporaryDirectory() as folder, docker_proxy(Path(folder)) as running:
        yield running


def end_jails_of(pid: int) -> None:
    daemon = docker_daemon.connect()
    try:
        for jail in daemon.containers.list(filters={"label": f"{LABEL}=jail"}):
            if f"/{pid}/" in jail.labels[OWNER_LABEL]:
                jail.kill()
    finally:
        daemon.close()


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize("how", ["cut", "hang"])
async def test_dockerd_of_one_of_two_workers(
    server: RedisServer,
    workers: Workers,
    proxy: DockerProxy,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = [*WORKER_COMMAND]
    options = ["--sandbox", "docker"]
    monkeypatch.setenv("DOCKER_HOST", proxy.address)
    workers.start(1, *options, command=worker)
    monkeypatch.delenv("DOCKER_HOST")
    workers.start(1, *options, command=worker)
    truth = {"kind": "stdin", "cases": [{"input": "1\n", "output": "2\n"}]}
    batch = [
        Rollout(
            completion=f"```python\nprint(int(input()) + {number % 2})  # {number}\n```",
            ground_truth=truth,
        )
        for number in range(120)
    ]
    expected = [float(n % 2) for n in range(120)]
    async with dispatching(server) as running:
        proxy.cut() if how == "cut" else proxy.hang()
        end_jails_of(workers.all[0].pid)
        assert rewards(await judge(running, batch)) == expected
        wait_until(lambda: serving_code(server) == 1, "one is left")
        proxy.open() if how == "cut" else proxy.go_on()
        wait_until(lambda: serving_code(server) == 2, "it judges programs again")
        assert rewards(await judge(running, batch)) == expected
    assert all(worker.process.poll() is None for worker in workers.all)
