"""What the way through HTTP and Redis costs, and what a second worker adds.

`python -m benchmarks.redis_overhead [--repeats 9]`
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.redis_stack import running
from verifier_client import Client

FREE_ROLLOUTS = 4096
BUSY_ROLLOUTS, BUSY_S = 2048, 0.003


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--repeats", type=int, default=9)
    repeats = arguments.parse_args().repeats
    free = [row(f"{number} {'x' * 1000}") for number in range(FREE_ROLLOUTS)]
    busy = [row(f"spin {BUSY_S} {number}") for number in range(BUSY_ROLLOUTS)]
    table = Table("what", "median", "least", "most", title=f"{len(os.sched_getaffinity(0))} CPUs")
    with running() as stack:
        stack.start_workers(1)
        with Client(stack.serve("--redis", stack.url)) as client:
            one = measured(client, busy, repeats)
            stack.start_workers(1)
            two = measured(client, busy, repeats)
            overhead = measured(client, free, repeats)
    for what, walls in (
        (f"{FREE_ROLLOUTS} free rollouts of 1 kB, 2 workers, HTTP to HTTP", overhead),
        (f"{BUSY_ROLLOUTS} rollouts of {BUSY_S * 1000:g} ms CPU, 1 worker", one),
        (f"{BUSY_ROLLOUTS} rollouts of {BUSY_S * 1000:g} ms CPU, 2 workers", two),
    ):
        shown = (statistics.median(walls), min(walls), max(walls))
        table.add_row(what, *(f"{wall * 1000:.0f} ms" for wall in shown))
    console = Console()
    console.print(table)
    ratio = statistics.median(one) / statistics.median(two)
    console.print(
        f"two workers to one: {ratio:.2f}; load average {Path('/proc/loadavg').read_text()}"
    )


def measured(client: Client, rows: list[dict[str, Any]], repeats: int) -> list[float]:
    """Wall seconds of each repeat, after one that does not count."""
    walls = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        rewards = client.score(rows).rewards
        walls.append(time.perf_counter() - began)
        assert set(rewards) == {1.0}
    return walls[1:]


def row(completion: str) -> dict[str, Any]:
    return {"completion": completion, "ground_truth": "1"}


if __name__ == "__main__":
    main()
