"""RQ's own tools, at our Redis, tell what is: queues, live workers and what they are at, counts."""

import subprocess
import sys
from pathlib import Path

import pytest
from rq import Queue, SimpleWorker

from tests.verifier.dispatch.batches import judge, mixed, rollouts
from tests.verifier.dispatch.servers import RedisServer, Workers, dispatching, wait_until
from verifier.dispatch.redis_backend import names

pytestmark = pytest.mark.redis

MATH = names.rq_queue("math-training")


def let_go(path: Path) -> None:
    path.touch()


def rq_info(server: RedisServer, *options: str) -> str:
    rq = str(Path(sys.executable).with_name("rq"))
    command = [rq, "info", "--url", server.url, *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def test_a_worker_at_work_is_busy_with_its_job_and_its_end_is_counted(
    server: RedisServer, workers: Workers, tmp_path: Path
) -> None:
    workers.start(1)
    client = server.client()
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    batch = rollouts(f"await {begun} {go_on}")
    async with dispatching(server) as running, running.submit(batch, 100) as verdicts:
        wait_until(begun.exists, "it is at it")
        (worker,) = SimpleWorker.all(connection=client)
        assert worker.get_state() == "busy"
        job = worker.get_current_job()
        assert job is not None
        assert (job.get_status(), job.worker_name) == ("started", worker.name)
        assert "judge-chunk('" in str(job.get_call_string())  # rq-dashboard asks for no less
        assert client.hget(worker.key, "current_job") == job.id.encode()  # for tools of RQ 2
        assert "1 executing" in rq_info(server)
        let_go(go_on)
        assert [index async for index, _ in verdicts] == [0]
        wait_until(lambda: Queue(MATH, connection=client).finished_job_registry.count == 1, "done")
    (worker,) = SimpleWorker.all(connection=client)
    assert (worker.get_state(), worker.successful_job_count) == ("idle", 1)
    wait_until(
        lambda: SimpleWorker.all(connection=client)[0].total_working_time > 0, "the next beat"
    )
    assert client.hget(worker.key, "current_job") is None
    assert worker.pid == workers.all[0].pid
    assert "0 executing, 1 finished, 0 failed" in rq_info(server)


async def test_a_dead_worker_is_gone_and_what_it_was_at_has_failed(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(2)
    client = server.client()

    async def kill() -> None:
        workers.all[0].kill()

    async with dispatching(server) as running:
        await judge(running, mixed(["sleep 0.02"] * 100), kill)
    wait_until(lambda: len(SimpleWorker.all(connection=client)) == 1, "it is gone")
    assert SimpleWorker.all(connection=client)[0].pid == workers.all[1].pid
    queues = Queue.all(connection=client)
    assert sum(queue.failed_job_registry.count for queue in queues) == 1
    assert sum(queue.started_job_registry.count for queue in queues) == 0
    assert "1 workers" in rq_info(server)


async def test_a_redis_that_was_emptied_is_told_of_its_workers_again(
    server: RedisServer, workers: Workers
) -> None:
    workers.start(1)
    client = server.client()
    client.flushall()
    wait_until(lambda: len(SimpleWorker.all(connection=client)) == 1, "it is there again")
    assert SimpleWorker.all(connection=client)[0].queue_names()
