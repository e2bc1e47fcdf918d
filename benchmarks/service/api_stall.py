"""How long other requests wait while the service takes a batch of 4,096 rollouts of 8 kB.

Starts `verifier serve`, asks for /healthz without pause, and posts the batch from another process
meanwhile, in each form. Prints the worst and the usual wait beside those of an idle service: on a
busy machine both rise. `python -m benchmarks.service.api_stall`
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import json
import random
import re
import statistics
import string
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

ROLLOUTS, CHARS = 4096, 8192
REPEATS = 3
IDLE_S = 3.0
JSON, NDJSON = "application/json", "application/x-ndjson"


def completions() -> list[str]:
    """Texts that differ, none of which takes long to judge."""
    letters = random.Random(0).choices(string.ascii_letters + " \n", k=CHARS)  # noqa: S311 - no secret
    text = "".join(letters)
    return [f"{text[n % 64 :]} The answer is \\boxed{{{n}}}." for n in range(ROLLOUTS)]


def bodies() -> dict[str, tuple[bytes, str, str]]:
    """Name -> body, Content-Type, Accept."""
    rows = [
        {"id": f"r{n}", "group": f"g{n // 16}", "completion": text, "ground_truth": "7"}
        for n, text in enumerate(completions())
    ]
    texts = completions()
    groups = [
        {"id": f"g{n}", "ground_truth": "7", "completions": texts[n : n + 16]}
        for n in range(0, ROLLOUTS, 16)
    ]
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    return {
        "rollouts": (json.dumps({"rollouts": rows}).encode(), JSON, JSON),
        "groups": (json.dumps({"groups": groups}).encode(), JSON, JSON),
        "lines in, lines out": (lines, NDJSON, NDJSON),
        "named, sent twice": (json.dumps({"rollouts": rows, "batch_id": "x"}).encode(), JSON, JSON),
    }


@contextlib.contextmanager
def service() -> Iterator[int]:
    """A service with one worker; yields its port once it can judge."""
    command = [sys.executable, "-c", "from api.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", "--workers", "1"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr
        for line in process.stderr:
            if found := re.search(r"serving on http://127\.0\.0\.1:(\d+)", line):
                break
        else:
            raise SystemExit("the service did not start")
        port = int(found[1])
        threading.Thread(target=process.stderr.read, daemon=True).start()
        while ask(http.client.HTTPConnection("127.0.0.1", port), "/readyz") != 200:
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(connection: http.client.HTTPConnection, path: str) -> int:
    """The status of a GET."""
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    return response.status


def post(port: int, body: bytes, content_type: str, accept: str) -> float:
    """Seconds until the whole answer was there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Content-Type": content_type, "Accept": accept}
    start = time.perf_counter()
    connection.request("POST", "/v1/score", body, headers)
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise RuntimeError(content[:500])
    return time.perf_counter() - start


def waits(port: int, until: Callable[[], bool]) -> list[float]:
    """Seconds that each request for /healthz took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    while not until():
        start = time.perf_counter()
        ask(connection, "/healthz")
        found.append(time.perf_counter() - start)
        time.sleep(0.0005)
    return found


def spin(seconds: float) -> None:
    """Keep a CPU busy, as a worker does."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def main() -> None:
    table = Table("batch", "MB", "answered in s", "worst wait ms", "p99 ms", "median ms")

    def add(name: str, size: int, took: float, found: list[float]) -> None:
        milliseconds = sorted(1000 * wait for wait in found)
        table.add_row(
            name,
            f"{size / 1e6:.0f}" if size else "",
            f"{took:.2f}",
            f"{milliseconds[-1]:.1f}",
            f"{milliseconds[int(0.99 * len(milliseconds))]:.1f}",
            f"{statistics.median(milliseconds):.1f}",
        )

    with service() as port, concurrent.futures.ProcessPoolExecutor(2) as elsewhere:
        end = time.perf_counter() + IDLE_S
        add("none", 0, IDLE_S, waits(port, lambda: time.perf_counter() > end))
        # What it costs that client, worker and others want the same CPUs, whoever they are.
        spinning = [elsewhere.submit(spin, IDLE_S) for _ in range(2)]
        add("none, CPUs busy", 0, IDLE_S, waits(port, spinning[0].done))
        for name, (body, content_type, accept) in bodies().items():
            for _ in range(REPEATS):
                posted = elsewhere.submit(post, port, body, content_type, accept)
                found = waits(port, posted.done)
                add(name, len(body), posted.result(), found)
    Console().print(table)


if __name__ == "__main__":
    main()
