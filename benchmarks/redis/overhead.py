"""What the way through HTTP and Redis costs, and what a second worker adds.

`python -m benchmarks.redis.overhead [--repeats 9]`
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.redis.stack import running

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
        address = stack.serve("--redis", stack.url)
        one = measured(address, busy, repeats)
        stack.start_workers(1)
        two = measured(address, busy, repeats)
        overhead = measured(address, free, 3 * repeats)
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


def measured(address: str, rows: list[dict[str, Any]], repeats: int) -> list[float]:
    """Wall seconds from the request's first byte to the answer's last; the first is left out."""
    body = json.dumps({"rollouts": rows}).encode()
    walls = []
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    for _ in range(repeats + 1):
        began = time.perf_counter()
        connection.request("POST", "/v1/score", body, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        walls.append(time.perf_counter() - began)
        assert set(json.loads(answer)["rewards"]) == {1.0}
    connection.close()
    return walls[1:]


def row(completion: str) -> dict[str, Any]:
    return {"completion": completion, "ground_truth": "1"}


if __name__ == "__main__":
    main()
