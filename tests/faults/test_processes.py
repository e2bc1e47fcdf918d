"""`verifier serve` and `verifier worker` as people start them, and their sudden ends."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import address_of
from tests.verifier.collector import collecting
from tests.verifier.dispatch.servers import ROOT, RedisServer, Workers, wait_until
from verifier.dispatch.redis_backend import names

pytestmark = [pytest.mark.redis, pytest.mark.slow]

VERIFIER = str(Path(sys.executable).with_name("verifier"))


class Processes:
    """Commands of the product, at one Redis."""

    def __init__(self, server: RedisServer, logs: Path) -> None:
        self.environment = {**os.environ, "VERIFIER_REDIS": server.url}
        self.command: tuple[str, ...] = (VERIFIER,)
        self.folder = ROOT
        self._logs = logs
        self._all: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.next_log.open("w") as log:
            process = subprocess.Popen(
                [*self.command, *arguments],
                env=self.environment,
                stderr=log,
                cwd=self.folder,
            )
        self._all.append(process)
        return process

    @property
    def next_log(self) -> Path:
        return self._logs / str(len(self._all))

    def serve(self) -> tuple[subprocess.Popen[bytes], str]:
        """The process and its address, once it answers."""
        log = self.next_log
        process = self.start("serve", "--port", "0")
        address = address_of(process, log)
        assert address, log.read_text()
        wait_until(lambda: status(f"{address}/healthz") == 200, "the service answers")
        return process, address

    def end(self) -> None:
        for process in self._all:
            process.terminate()
            process.wait()


@pytest.fixture
def processes(server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    started = Processes(server, tmp_path_factory.mktemp("logs"))
    yield started
    started.end()


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def score(address: str, rows: list[dict[str, Any]], batch_id: str, prefer: str = "") -> Any:
    request = urllib.request.Request(
        f"{address}/v1/score",
        json.dumps({"rollouts": rows, "batch_id": batch_id}).encode(),
        {"Content-Type": "application/json", "Prefer": prefer},
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)


def row(completion: str) -> dict[str, Any]:
    """One that the obedient workers judge as its completion says."""
    return {"completion": completion, "ground_truth": "1"}


def rows_judged_once(folder: Path, count: int = 300) -> list[dict[str, Any]]:
    """A second judgement of one of them would be a wrong answer."""
    return [row(f"once {folder / str(number)}") for number in range(count)]


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("prefer", ["", "respond-async"])
def test_a_killed_service_leaves_its_batch_to_whoever_gets_it_again(
    server: RedisServer, workers: Workers, processes: Processes, tmp_path: Path, prefer: str
) -> None:
    workers.start(2)
    killed, address = processes.serve()
    _, other = processes.serve()
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    rows = rows_judged_once(tmp_path)
    rows.insert(100, row(f"await {begun} {go_on}"))
    with ThreadPoolExecutor() as pool:
        first = pool.submit(score, address, rows, "step-1", prefer)
        wait_until(begun.exists, "a few are judged")
        killed.kill()
        if not prefer:
            with pytest.raises((ConnectionError, http.client.HTTPException)):
                first.result()
    go_on.touch()
    answer = score(other, rows, "step-1")
    assert answer["rewards"] == [1.0] * len(rows)
    assert [result["id"] for result in answer["results"]] == [None] * len(rows)


def test_a_client_that_goes_away_takes_what_has_not_begun_along(
    server: RedisServer, workers: Workers, processes: Processes, tmp_path: Path
) -> None:
    workers.start(1)
    _, address = processes.serve()
    host, port = address.removeprefix("http://").split(":")
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    rows = [row(f"await {begun} {go_on}"), *rows_judged_once(tmp_path, 2000)]
    body = json.dumps({"rollouts": rows}).encode()
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        wait_until(begun.exists, "it has begun")
    wait_until(lambda: not server.client().hlen(names.UNJUDGED), "nobody waits any more")
    go_on.touch()
    assert score(address, [row("say x")], "another")["rewards"] == [1.0]
    assert len(list(tmp_path.iterdir())) < 200


def test_a_service_that_is_stopping_says_so_and_its_named_batch_goes_on(
    server: RedisServer,
    workers: Workers,
    processes: Processes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers.start(1)
    monkeypatch.setitem(processes.environment, "VERIFIER_DRAIN_S", "0.5")
    stopping, address = processes.serve()
    _, other = processes.serve()
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    rows = rows_judged_once(tmp_path, 20)
    rows[0] = {"completion": f"await {begun} {go_on}", "ground_truth": "1"}
    with ThreadPoolExecutor() as pool:
        first = pool.submit(score, address, rows, "step-1")
        wait_until(begun.exists, "it is under way")
        stopping.terminate()
        with pytest.raises(urllib.error.HTTPError) as refusal:
            first.result()
    with refusal.value as answer:
        assert answer.status == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
        assert "batch_id goes on" in json.load(answer)["detail"]
    assert stopping.wait() == 0
    go_on.touch()
    assert score(other, rows, "step-1")["rewards"] == [1.0] * len(rows)


def test_without_redis_the_service_is_not_ready_and_says_when_to_come_back(
    server: RedisServer, workers: Workers, processes: Processes
) -> None:
    workers.start(1)
    _, address = processes.serve()
    assert status(f"{address}/readyz") == 200
    server.kill()
    assert status(f"{address}/readyz") == 503
    with pytest.raises(urllib.error.HTTPError) as refusal:
        score(address, [{"completion": "say x", "ground_truth": "1"}], "step-1")
    with refusal.value as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    server.start()
    wait_until(lambda: status(f"{address}/readyz") == 200, "it is ready again")


REAL_ROWS: list[dict[str, Any]] = [
    {"completion": "It is \\boxed{\\frac{2}{4}}.", "ground_truth": "\\frac{1}{2}"},
    {"completion": "It is \\boxed{3}.", "ground_truth": "\\frac{1}{2}"},
    *(
        {
            "completion": f"```python\nprint(int(input()) + {added})\n```",
            "ground_truth": {"kind": "stdin", "cases": [{"input": "41\n", "output": "42\n"}]},
        }
        for added in (1, 2)
    ),
    {
        "completion": "```python\ndef f(n):\n    return sum(range(n * 30000)) * 0 + n\n```",
        "ground_truth": {
            "kind": "call",
            "entry_point": "f",
            "cases": [{"args": [number], "expected": number} for number in range(10)],
        },
    },
] * 60
REAL_REWARDS = [1.0, 0.0, 1.0, 0.0, 1.0] * 60


def test_the_real_judge_under_worker_kills_gives_the_undisturbed_rewards(
    server: RedisServer, processes: Processes
) -> None:
    rows = [{**row, "id": str(number)} for number, row in enumerate(REAL_ROWS)]
    supervisor = processes.start("worker", "--processes", "2")
    wait_until(lambda: server.workers() == 2, "the workers are ready")
    _, address = processes.serve()
    assert score(address, rows, "undisturbed")["rewards"] == REAL_REWARDS
    client = server.client()
    ended = threading.Event()

    def kill_now_and_then() -> None:
        for _ in range(3):
            wait_until(lambda: ended.is_set() or bool(client.zcard(names.LEASES)), "work is on")
            os.kill(children(supervisor.pid)[0], signal.SIGKILL)
            if ended.wait(1.5):
                return

    killing = threading.Thread(target=kill_now_and_then)
    killing.start()
    answer = score(address, rows, "disturbed")
    ended.set()
    killing.join()
    assert answer["rewards"] == REAL_REWARDS
    assert [result["id"] for result in answer["results"]] == [row["id"] for row in rows]
    wait_until(lambda: server.workers() == 2, "killed workers are replaced")


def test_mathematics_and_code_at_workers_of_their_own_get_the_same_rewards(
    server: RedisServer, processes: Processes
) -> None:
    """Neither jail nor Docker is named to the worker of mathematics, and it starts none."""
    mathematics = processes.start("worker", "--kinds", "math", "--processes", "1")
    wait_until(lambda: server.workers() == 1, "it is ready")
    _, address = processes.serve()
    with pytest.raises(urllib.error.HTTPError, match="503") as refusal:
        score(address, REAL_ROWS, "too early")
    refusal.value.close()
    processes.start("worker", "--kinds", "math,code", "--processes", "1")
    wait_until(lambda: server.workers() == 2, "the other one is ready")
    rows, rewards = REAL_ROWS[:50], REAL_REWARDS[:50]
    assert score(address, rows, "a kind each")["rewards"] == rewards
    (worker,) = children(mathematics.pid)
    assert len(children(worker)) <= 2  # its pulse and its math child


def test_workers_tell_at_a_port_of_their_own_what_they_counted(
    server: RedisServer, processes: Processes
) -> None:
    command = ("worker", "--kinds", "math", "--processes", "1", "--metrics-port", "0")
    log = processes.next_log
    processes.start(*command)
    wait_until(lambda: server.workers() == 1, "it is ready")
    _, address = processes.serve()
    score(address, [row("\\boxed{1}"), row("\\boxed{2}")], "x")
    port = re.search(r"metrics on (\S+)", log.read_text())
    assert port
    count = 'verifier_total_seconds_count{kind="math",traffic="training"} 2.0'
    for place in (port[1], f"{address}/metrics"):
        wait_until(partial(tells_of, place, count), "both are counted")


def test_a_batch_has_a_line_at_the_service_and_at_its_worker_with_one_id(
    server: RedisServer, processes: Processes, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.write_text("the-key-itself name=team-a\n")
    processes.environment |= {"VERIFIER_LOG_FORMAT": "json", "VERIFIER_API_KEYS_FILE": str(keys)}
    at_worker = processes.next_log
    processes.start("worker", "--kinds", "math", "--processes", "1")
    wait_until(lambda: server.workers() == 1, "it is ready")
    at_service = processes.next_log
    _, address = processes.serve()
    rows = [row("so \\boxed{1}"), *[row("so \\boxed{271828}")] * 19]
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    request = urllib.request.Request(
        f"{address}/v1/score",
        json.dumps({"rollouts": rows, "batch_id": "step-1"}).encode(),
        {
            "Authorization": "Bearer the-key-itself",
            "traceparent": f"00-{trace}-00f067aa0ba902b7-01",
        },
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        assert json.load(answer)["rewards"] == [1.0] + [0.0] * 19
    said = {"batch": "step-1", "trace": trace, "rollouts": 20, "correct": 1, "wrong_answer": 19}

    def tells(log: Path, **more: object) -> bool:
        found = [json.loads(line) for line in log.read_text().splitlines()]
        return len([line for line in found if {**said, **more}.items() <= line.items()]) == 1

    wait_until(lambda: tells(at_service, process="api", owner="team-a"), "the service tells")
    wait_until(lambda: tells(at_worker, process="worker"), "the worker tells")
    for log in (at_service, at_worker):
        assert not [word for word in ("271828", "the-key-itself") if word in log.read_text()]


def test_spans_of_service_and_worker_belong_to_the_trace_of_the_request(
    server: RedisServer, processes: Processes
) -> None:
    with collecting() as collector:
        processes.environment |= {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
            "OTEL_BSP_SCHEDULE_DELAY": "50",
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        }
        processes.start("worker", "--kinds", "math", "--processes", "1")
        wait_until(lambda: server.workers() == 1, "it is ready")
        _, address = processes.serve()
        trace, theirs = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
        request = urllib.request.Request(
            f"{address}/v1/score",
            json.dumps({"rollouts": [row("so \\boxed{271828}")]}).encode(),
            {"traceparent": f"00-{trace}-{theirs}-01"},
        )
        urllib.request.urlopen(request, timeout=600).close()
        of_request = "POST /v1/score"
        wait_until(lambda: {of_request, "judge"} <= collector.spans().keys(), "both are sent")
        spans = collector.spans()
        ours = spans[of_request][1]
        assert spans[of_request] == (trace, ours, theirs)
        assert (spans["judge"][0], spans["judge"][2]) == (trace, ours)
        assert not [body for body in collector.received if b"271828" in body]


def test_services_that_share_a_redis_do_not_meet(server: RedisServer, processes: Processes) -> None:
    processes.environment["VERIFIER_REDIS_PREFIX"] = "team-b"
    processes.start("worker", "--kinds", "math", "--processes", "1")
    _, theirs = processes.serve()
    wait_until(lambda: status(f"{theirs}/readyz") == 200, "team b's worker is ready")
    del processes.environment["VERIFIER_REDIS_PREFIX"]
    _, ours = processes.serve()
    assert status(f"{ours}/readyz") == 503
    assert score(theirs, [row("\\boxed{1}")], "x")["rewards"] == [1.0]
    with pytest.raises(urllib.error.HTTPError, match="503") as refusal:
        score(ours, [row("\\boxed{1}")], "x")
    refusal.value.close()
    with urllib.request.urlopen(f"{theirs}/v1/batches/x", timeout=600) as kept:
        assert json.load(kept)["rewards"] == [1.0]
    with pytest.raises(urllib.error.HTTPError, match="404") as unknown:
        urllib.request.urlopen(f"{ours}/v1/batches/x", timeout=600)
    unknown.value.close()


def tells_of(address: str, text: str) -> bool:
    with urllib.request.urlopen(address, timeout=600) as answer:
        return text in answer.read().decode()


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def test_a_supervisor_told_to_end_takes_its_workers_along(
    server: RedisServer, processes: Processes
) -> None:
    supervisor = processes.start("worker", "--processes", "2")
    wait_until(lambda: server.workers() == 2, "the workers are ready")
    pids = children(supervisor.pid)
    supervisor.terminate()
    assert supervisor.wait() == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert server.workers() == 0


def test_a_killed_supervisor_takes_its_workers_along(
    server: RedisServer, processes: Processes
) -> None:
    supervisor = processes.start("worker", "--processes", "2")
    wait_until(lambda: server.workers() == 2, "the workers are ready")
    pids = children(supervisor.pid)
    supervisor.kill()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), "they end")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["worker", "--redis", "http://x"], "--redis (VERIFIER_REDIS) cannot be used"),
        (["serve", "--redis", "nonsense"], "--redis (VERIFIER_REDIS) cannot be used"),
        (["worker"], "No Redis is named"),
        (["worker", "--redis", "redis://x", "--processes", "0"], "--processes"),
        (["worker", "--redis", "redis://x", "--kinds", "maths"], "--kinds cannot be used"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(arguments: list[str], sentence: str) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "VERIFIER_REDIS"}
    ended = subprocess.run(
        [VERIFIER, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
