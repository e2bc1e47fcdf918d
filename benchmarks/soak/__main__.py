"""Full load for an hour while everything is killed, stopped or filled: is anything lost, does
anything leak?

Clients send batches of math and code one after another to `verifier serve` with two workers of the
real judge, while `soak_faults` has its way. After each fault one more rollout shows how soon the
service judges again. `python -m benchmarks.soak [--minutes 60] [--sandbox docker]`
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import redis
from rich.console import Console
from rich.table import Table

from benchmarks.redis.stack import Stack, running
from benchmarks.service.scoring import call_row, number_row, stdin_row, symbolic_row
from benchmarks.soak.docker_proxy import docker_proxy
from benchmarks.soak.faults import Faults
from sandbox.jails import owner
from sandbox.jails.docker import OWNER_LABEL
from verifier_client import Client

CLIENTS = 2
BATCH = 200
DISK_MB = 512
SAMPLE_S = 30.0
BARS = "▁▂▃▄▅▆▇█"
Row = dict[str, Any]


def main() -> None:
    """Print what happened; exit status 1 where a reward is wrong or missing."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--sandbox", default="local")
    options = arguments.parse_args()
    console = Console(soft_wrap=True, width=140)  # the plotted levels, in a file too
    with ExitStack() as rooms:
        folder = Path(rooms.enter_context(tempfile.TemporaryDirectory()))
        disk = rooms.enter_context(disk_of_its_own()) if os.geteuid() == 0 else None
        docker = rooms.enter_context(docker_proxy(folder)) if options.sandbox == "docker" else None
        stack = rooms.enter_context(running(disk))
        address = stack.serve("--redis", stack.url)
        faults = Faults(stack, address, options.sandbox, docker, disk)
        soak = Soak(stack, faults, address, time.monotonic() + 60 * options.minutes)
        soak.run(console)
        time.sleep(20)  # leases end, closed batches are dropped
        soak.sample(console)
        console.print(f"keys by kind, at rest: {dict(soak.keys())}")
    soak.report(console)
    sys.exit(bool(set(soak.results) - {"right"}))


@contextmanager
def disk_of_its_own() -> Iterator[Path]:
    """A folder that can be filled without filling the machine's disk; needs root."""
    with tempfile.TemporaryDirectory() as folder:
        size = f"size={DISK_MB}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)  # noqa: S607
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607


class Soak:
    """Clients, faults, and what came of both."""

    def __init__(self, stack: Stack, faults: Faults, address: str, until: float) -> None:
        self._stack = stack
        self._faults = faults
        self._address = address
        self._until = until
        self._lock = threading.Lock()
        self._levels: dict[str, list[float]] = defaultdict(list)
        self._recoveries_s: dict[str, list[float]] = defaultdict(list)
        """By fault: from its end until a rollout sent then had its reward."""
        self._owners: set[str] = set()
        self.results: Counter[str] = Counter()

    def run(self, console: Console) -> None:
        """Returns when the time is over and the last batch has its rewards."""
        threads = [threading.Thread(target=self._send, args=[number]) for number in range(CLIENTS)]
        threads.append(threading.Thread(target=self._disturb))
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                self.sample(console)
                thread.join(timeout=SAMPLE_S)

    def _send(self, client_number: int) -> None:
        with Client(self._address) as client:
            number = client_number * 10**6
            while time.monotonic() < self._until:
                self._score(client, number, BATCH)
                number += BATCH

    def _score(self, client: Client, start: int, count: int) -> None:
        rows, expected = batch(start, count)
        rewards = client.score(rows).rewards
        with self._lock:
            for reward, right in zip(rewards, expected, strict=True):
                kind = "null" if reward is None else "right" if reward == right else "wrong"
                self.results[kind] += 1

    def _disturb(self) -> None:
        with Client(self._address) as client:
            for number, fault in enumerate(self._faults.until(self._until), CLIENTS * 10**6):
                try:
                    fault.inflict()
                except (OSError, LookupError, redis.RedisError):  # it is away already
                    continue
                ended = time.monotonic()
                self._score(client, number, 1)
                self._recoveries_s[fault.name].append(time.monotonic() - ended)

    def sample(self, console: Console) -> None:
        """Note how much of everything there is now."""
        service = self._stack.services[-1].pid if self._stack.services else 0
        now = {
            "service, MB": resident_mb(service),
            "its descriptors": float(descriptors(service)),
            "workers, MB": sum(map(resident_mb, self._faults.workers())),
            "containers": float(self._containers()),
        }
        try:
            info: Any = self._stack.client.info("memory")
            now["Redis, MB"] = info["used_memory"] / 1e6
            now["its keys"] = float(self._stack.client.dbsize())
        except redis.RedisError:
            pass  # away, as it is now and then
        for what, level in now.items():
            self._levels[what].append(level)
        left_s = max(0.0, self._until - time.monotonic())
        shown = ", ".join(f"{what} {level:.0f}" for what, level in now.items())
        console.print(f"{left_s:.0f} s left, {dict(self.results)}; {shown}")

    def _containers(self) -> int:
        """Of jails of any worker that was seen, ended ones that were not removed too."""
        for worker in self._faults.workers():
            with contextlib.suppress(OSError):  # it has ended
                self._owners.add(owner.name(worker))
        shown = f'{{{{.Label "{OWNER_LABEL}"}}}}'
        command = ["docker", "ps", "--all", "--format", shown]
        if shutil.which("docker") is None:
            return 0
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return sum(name in self._owners for name in listed.split())

    def keys(self) -> Counter[str]:
        """How many keys there are of each kind."""
        kinds: Counter[str] = Counter()
        found: Any = self._stack.client.keys("*")
        kinds.update(key.decode().split(":")[1] for key in found)
        return kinds

    def report(self, console: Console) -> None:
        """Print rewards, recoveries and levels."""
        console.print(f"rewards: {dict(self.results)}")
        table = Table("fault", "times", "judging again after, median", "worst")
        for what, seconds in self._recoveries_s.items():
            median, worst = statistics.median(seconds), max(seconds)
            table.add_row(what, str(len(seconds)), f"{median:.1f} s", f"{worst:.1f} s")
        console.print(table)
        table = Table("level", "first third", "last third", "most", "over the time")
        for what, levels in self._levels.items():
            third = max(1, len(levels) // 3)
            ends = statistics.median(levels[:third]), statistics.median(levels[-third:])
            shown = [f"{level:.0f}" for level in (*ends, max(levels))]
            table.add_row(what, *shown, plotted(levels))
        console.print(table)


def plotted(levels: list[float]) -> str:
    """A line of at most 60 bars, each the highest of its stretch."""
    stretch = -(-len(levels) // 60)
    tops = [max(levels[at : at + stretch]) for at in range(0, len(levels), stretch)]
    highest = max(tops) or 1.0
    return "".join(BARS[round(top / highest * (len(BARS) - 1))] for top in tops)


def batch(start: int, count: int) -> tuple[list[Row], list[float]]:
    """Rows that all differ, and the rewards they deserve."""
    rows, expected = [], []
    kinds = (number_row, symbolic_row, stdin_row, call_row)
    for number in range(start, start + count):
        row = kinds[number % 4](number)
        right = number % 3 > 0
        if not right:
            row["completion"] = row["completion"].replace(str(number), str(number + 1))
            if number % 4 == 1:
                row["completion"] = row["completion"].replace(str(number + 2), str(number + 3))
        rows.append(row)
        expected.append(float(right))
    return rows, expected


def resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


if __name__ == "__main__":
    main()
