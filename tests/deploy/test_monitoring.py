"""Each alert fires at its fault and ends with it, and each panel of the dashboard shows something:
a real Prometheus watches a real service. Only its windows are shorter here."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.verifier.dispatch.servers import FAKE_WORKER, ROOT, RedisServer, redis_server, wait_until
from verifier.dispatch.redis_backend.ledger.workers import WorkerLedger
from verifier.dispatch.redis_backend.records import Told

MONITORING = ROOT / "deploy" / "monitoring"
VERIFIER = str(Path(sys.executable).with_name("verifier"))
FAKE_SUPERVISOR = """
import sys
from verifier.dispatch.redis_backend.worker_side.supervisor import Supervisor
url, *command = sys.argv[1:]
Supervisor(url, processes=1, kinds=["code"], worker_command=command).run()
"""
SHORTER = (
    (r"\[(?:10m|5m)\]", "[30s]"),
    (r"\[(?:10m|1h):15s\]", "[30s:1s]"),
    (r"offset 1h", "offset 30s"),
    (r"for: \dm", "for: 1s"),
    (r"> 300", "> 3"),
)

pytestmark = [pytest.mark.redis, pytest.mark.slow]


def test_rules_as_promtool_tests_them(not_here: Callable[[str], NoReturn]) -> None:
    if not shutil.which("promtool"):
        not_here("no promtool: apt install prometheus")
    command = ["promtool", "test", "rules", str(MONITORING / "rules-test.yaml")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_alert_has_its_steps() -> None:
    """As a heading of the page that it names."""
    alerts = re.findall(r"- alert: (\w+)", (MONITORING / "rules.yaml").read_text())
    page = (ROOT / "docs" / "operations.md").read_text()
    assert alerts == re.findall(r"^### (\w+)$", page, re.MULTILINE)


class Watched:
    """A service at a Redis of its own, and a Prometheus that watches it."""

    def __init__(self, redis: RedisServer, folder: Path, stack: ExitStack) -> None:
        self.redis = redis
        self._folder = folder
        self._stack = stack
        self._port = free_port()
        self.service: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{self._port}"
        self._prometheus = f"http://127.0.0.1:{free_port()}"
        rules = (MONITORING / "rules.yaml").read_text()
        for pattern, shorter in SHORTER:
            rules = re.sub(pattern, shorter, rules)
        (folder / "rules.yaml").write_text(rules)
        (folder / "prometheus.yaml").write_text(
            "global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s}\n"
            "rule_files: [rules.yaml]\n"
            "scrape_configs: [{job_name: verifier, static_configs: "
            f"[{{targets: ['127.0.0.1:{self._port}']}}]}}]\n"
        )
        self.start(
            "prometheus",
            f"--config.file={folder}/prometheus.yaml",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address={self._prometheus.removeprefix('http://')}",
        )

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        log = self._stack.enter_context((self._folder / f"log-{time.monotonic_ns()}").open("w"))
        environment = {
            **os.environ,
            "VERIFIER_REDIS": self.redis.url,
            "VERIFIER_API_KEYS": "key",
            "VERIFIER_MAX_ROLLOUTS": "200",
            "VERIFIER_MAX_QUEUED_ROLLOUTS": "200",
            "VERIFIER_MAX_PROBLEMS": "1",
        }
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        self._stack.callback(end, process)
        return process

    def serve(self) -> None:
        self.service = self.start(VERIFIER, "serve", "--port", str(self._port))

    def firing(self) -> set[str]:
        try:
            found = self._ask("/api/v1/alerts")["alerts"]
        except (OSError, ValueError):
            return set()
        return {alert["labels"]["alertname"] for alert in found if alert["state"] == "firing"}

    def values(self, expression: str) -> Sequence[Any]:
        found = self._ask("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        assert isinstance(found["result"], list)
        return [row for row in found["result"] if row["value"][1] != "NaN"]

    def _ask(self, path: str) -> Any:
        with urllib.request.urlopen(self._prometheus + path, timeout=600) as answer:
            return json.load(answer)["data"]

    def fires(self, *alerts: str) -> None:
        wait_until(lambda: set(alerts) <= self.firing(), f"{alerts} fire")

    def ends(self, *alerts: str) -> None:
        wait_until(lambda: not set(alerts) & self.firing(), f"{alerts} end")

    def send(self, path: str, content: object, key: str = "key", method: str = "POST") -> int:
        """The status."""
        request = urllib.request.Request(
            self.address + path,
            json.dumps(content).encode(),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def score(self, *rows: dict[str, Any], deadline_s: float = 300) -> int:
        return self.send("/v1/score", {"rollouts": rows, "deadline_s": deadline_s})


def program(order: str) -> dict[str, Any]:
    """For the obedient worker of code."""
    cases = [{"input": "1", "output": "1"}]
    return {"completion": order, "ground_truth": {"kind": "stdin", "cases": cases}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.wait()


@pytest.fixture
def watched(
    tmp_path_factory: pytest.TempPathFactory, not_here: Callable[[str], NoReturn]
) -> Iterator[Watched]:
    for needed in ("prometheus", "redis-server"):
        if not shutil.which(needed):
            not_here(f"no {needed}: apt install {needed}")
    folder = tmp_path_factory.mktemp("m")
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(folder))
        yield Watched(redis, folder, stack)


@contextmanager
def meanwhile(do: Callable[[], object]) -> Iterator[None]:
    """In a thread, again and again."""
    ended = threading.Event()

    def again() -> None:
        while not ended.is_set():
            do()

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.alone
def test_each_alert_fires_at_its_fault_and_ends_with_it(watched: Watched, tmp_path: Path) -> None:
    watched.fires("VerifierDown")
    watched.serve()
    watched.ends("VerifierDown")

    watched.fires("VerifierNobodyJudges")
    watched.start(VERIFIER, "worker", "--kinds", "math", "--processes", "1")
    watched.ends("VerifierNobodyJudges")
    watched.fires("VerifierKindUnserved")
    watched.start(sys.executable, "-c", FAKE_SUPERVISOR, watched.redis.url, *FAKE_WORKER)
    watched.ends("VerifierKindUnserved")

    nonsense = {"completion": "\\boxed{1}", "ground_truth": ""}
    sums = [{"completion": f"\\boxed{{x+{n}}}", "ground_truth": "1+x"} for n in range(9)]
    with meanwhile(lambda: watched.score(nonsense, *sums)):
        watched.fires("VerifierGroundTruths")
    with meanwhile(lambda: watched.score(*[program("fail")] * 10)):
        watched.fires("VerifierErrors", "VerifierMachineFails")
    with meanwhile(lambda: watched.score(program("sleep 1"), deadline_s=0.1)):
        watched.fires("VerifierDeadlines")
    with meanwhile(lambda: watched.send("/v1/score", {}, key="none of ours")):
        watched.fires("VerifierStrangers")
    with meanwhile(lambda: [watched.send(f"/v1/problems/{n}", "1", method="PUT") for n in "ab"]):
        watched.fires("VerifierServerErrors")
    deaths = tmp_path / "deaths"
    with meanwhile(lambda: watched.score(program(f"die_and_tell {deaths}"))):
        watched.fires("VerifierPoison", "VerifierWorkersLost")

    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    held = [program(f"await {begun} {go_on}"), *[program("say x")] * 150]
    waiting = threading.Thread(target=watched.score, args=held)
    waiting.start()
    wait_until(begun.exists, "the worker is held up")
    with meanwhile(lambda: watched.score(*held[1:])):
        watched.fires("VerifierQueueOld", "VerifierRefuses")
    go_on.touch()
    waiting.join()

    with watched.redis.client() as client:
        tell_of_failed_jails(WorkerLedger(client), watched)
        watched.fires("VerifierJailsFail")
        allowed = client.config_get("maxmemory")["maxmemory"]
        client.config_set("maxmemory", int(client.info("memory")["used_memory"] * 1.1))
        watched.fires("VerifierRedisFills")
        client.config_set("maxmemory", allowed)

    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            expression = target["expr"].replace("$__rate_interval", "10m")
            assert watched.values(expression), f"{panel['title']}: nothing for {expression}"

    watched.redis.send(signal.SIGSTOP)
    watched.fires("VerifierRedisAway")
    watched.redis.send(signal.SIGCONT)
    service = watched.service
    assert service
    with meanwhile(lambda: halt(service)):
        watched.fires("VerifierLoopLags")
    wait_until(lambda: not watched.firing(), "all have ended")


def tell_of_failed_jails(ledger: WorkerLedger, watched: Watched) -> None:
    """As a worker would whose daemon is gone: here no worker has jails at all."""
    counts = {
        "jail_starts|python": 1,
        "jail_ends|python|lost": 1,
        "remembered|code|hit": 1,
        "child_cpu_seconds|programs": 1,
    }
    for number in (1, 2):
        ledger.count("x", Told(number, json.dumps({**counts, "jail_failures|python": 1})))
        wait_until(lambda: bool(watched.values("verifier_jail_failures_total")), "it is seen")


def halt(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.2)
    process.send_signal(signal.SIGCONT)
    time.sleep(0.3)
