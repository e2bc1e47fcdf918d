"""Full load while workers, their children, Redis and the service are killed or stand still: is
anything lost, does anything leak?

Two clients send batches of math and code one after another to `verifier serve` with two workers of
the real judge. `python -m benchmarks.redis_soak [--minutes 30] [--sandbox local]`
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from rich.console import Console

from benchmarks.redis_stack import VERIFIER, Stack, running
from benchmarks.scoring import call_row, number_row, stdin_row, symbolic_row
from sandbox.jails.docker import LABEL
from verifier_client import Client

CLIENTS = 2
BATCH = 200
LONGEST_S = 5.0
"""For which something stands still, or is not there."""
SAMPLE_S = 30.0
Row = dict[str, Any]
_CHANCE = random.SystemRandom()


def main() -> None:
    """Print what happened; exit status 1 where a reward is wrong or missing."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--sandbox", default="local")
    options = arguments.parse_args()
    console = Console(soft_wrap=True)
    with running() as stack:
        command = [VERIFIER, "worker", "--redis", stack.url, "--processes", "2"]
        supervisor = stack.start([*command, "--sandbox", options.sandbox])
        address = stack.serve("--redis", stack.url)
        soak = Soak(stack, supervisor, address, time.monotonic() + 60 * options.minutes)
        soak.run(console)
        time.sleep(20)  # leases end, closed batches are dropped
        console.print(f"at rest: {soak.sample()}")
        console.print(f"keys by kind: {dict(soak.keys())}")
    console.print(f"results: {dict(soak.results)}; disturbances: {dict(soak.disturbances)}")
    sys.exit(bool(set(soak.results) - {"right"}))


class Soak:
    """Clients, a troublemaker, and what they saw."""

    def __init__(
        self, stack: Stack, supervisor: subprocess.Popen[bytes], address: str, until: float
    ) -> None:
        self._stack = stack
        self._supervisor = supervisor
        self._address = address
        self._until = until
        self._lock = threading.Lock()
        self.results: Counter[str] = Counter()
        self.disturbances: Counter[str] = Counter()

    def run(self, console: Console) -> None:
        threads = [threading.Thread(target=self._send, args=[number]) for number in range(CLIENTS)]
        threads.append(threading.Thread(target=self._disturb))
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            console.print(self.sample())
            threads[0].join(timeout=SAMPLE_S)
            if not threads[0].is_alive():
                threads[1].join()
                threads[2].join()

    def _send(self, client_number: int) -> None:
        with Client(self._address) as client:
            number = client_number * 10**6
            while time.monotonic() < self._until:
                rows, expected = batch(number)
                number += BATCH
                rewards = client.score(rows).rewards
                with self._lock:
                    for reward, right in zip(rewards, expected, strict=True):
                        kind = "null" if reward is None else "right" if reward == right else "wrong"
                        self.results[kind] += 1

    def _disturb(self) -> None:
        every_s: dict[str, tuple[float, Callable[[], None]]] = {
            "workers killed": (20.0, self._kill_worker),
            "workers stopped and continued": (30.0, self._stop_worker),
            "children and jails of workers killed": (20.0, self._kill_child),
            "Redis stopped and continued": (60.0, lambda: _hold(self._stack.redis.pid)),
            "Redis killed and restarted": (120.0, self._restart_redis),
            "services killed and restarted": (150.0, self._restart_service),
        }
        due = {what: self._later(mean_s) for what, (mean_s, _) in every_s.items()}
        while time.monotonic() < self._until:
            time.sleep(0.2)
            for what, (mean_s, disturb) in every_s.items():
                if time.monotonic() > due[what]:
                    with contextlib.suppress(ProcessLookupError, IndexError):  # none is there now
                        disturb()
                        self.disturbances[what] += 1
                    due[what] = self._later(mean_s)

    def _kill_worker(self) -> None:
        os.kill(_CHANCE.choice(self._workers()), signal.SIGKILL)

    def _stop_worker(self) -> None:
        _hold(_CHANCE.choice(self._workers()))

    def _kill_child(self) -> None:
        worker = _CHANCE.choice(self._workers())
        os.kill(_CHANCE.choice(children(worker)), signal.SIGKILL)

    def _restart_redis(self) -> None:
        self._stack.redis.kill()
        self._stack.redis.wait()
        time.sleep(_CHANCE.uniform(0, LONGEST_S))
        self._stack.start_redis()

    def _restart_service(self) -> None:
        killed = self._stack.services.pop()
        killed.kill()
        killed.wait()
        time.sleep(_CHANCE.uniform(0, LONGEST_S))
        self._stack.serve("--redis", self._stack.url, port=urlsplit(self._address).port)

    def _later(self, mean_s: float) -> float:
        return time.monotonic() + _CHANCE.uniform(0.5, 1.5) * mean_s

    def _workers(self) -> list[int]:
        return children(self._supervisor.pid)

    def sample(self) -> str:
        """How much of everything there is now."""
        service = self._stack.services[-1].pid if self._stack.services else os.getpid()
        workers = [f"{resident_mb(pid):.0f}" for pid in self._workers()]
        try:
            info: Any = self._stack.client.info("memory")
            kept = f"{info['used_memory'] / 1e6:.1f} MB in {self._stack.client.dbsize()} keys"
        except redis.RedisError:
            kept = "away"
        left_s = max(0.0, self._until - time.monotonic())
        descriptors = (
            len(os.listdir(f"/proc/{service}/fd")) if Path(f"/proc/{service}").exists() else 0
        )
        return (
            f"{left_s:.0f} s left, judged {self.results.total()}; service "
            f"{resident_mb(service):.0f} MB with {descriptors} descriptors, workers "
            f"{', '.join(workers)} MB, {count_containers()} containers, Redis {kept}"
        )

    def keys(self) -> Counter[str]:
        """How many keys there are of each kind."""
        kinds: Counter[str] = Counter()
        found: Any = self._stack.client.keys("*")
        kinds.update(key.decode().split(":")[1] for key in found)
        return kinds


def children(pid: int) -> list[int]:
    """Of its main thread; none where it has ended."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _hold(pid: int) -> None:
    """Let it stand still for a while."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(_CHANCE.uniform(0, LONGEST_S))
    os.kill(pid, signal.SIGCONT)


def batch(start: int) -> tuple[list[Row], list[float]]:
    """Rows that all differ, and the rewards they deserve."""
    rows, expected = [], []
    kinds = (number_row, symbolic_row, stdin_row, call_row)
    for number in range(start, start + BATCH):
        row = kinds[number % 4](number)
        right = number % 3 > 0
        if not right:
            row["completion"] = row["completion"].replace(str(number), str(number + 1))
            if number % 4 == 1:
                row["completion"] = row["completion"].replace(str(number + 2), str(number + 3))
        rows.append(row)
        expected.append(float(right))
    return rows, expected


def count_containers() -> int:
    """Of every jail on this machine, ended ones that were not removed too."""
    if shutil.which("docker") is None:
        return 0
    command = ["docker", "ps", "--all", "--quiet", "--filter", f"label={LABEL}"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return len(listed.stdout.split())


def resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
