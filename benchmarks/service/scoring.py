"""How fast a batch comes back over HTTP, by kind: JSON, queue, sandbox and comparison included.

Starts `verifier serve` with a worker for each CPU and posts batches of rollouts that all differ, so
that none is answered from memory. `python -m benchmarks.service.scoring [--rollouts 1000]`
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from verifier_client import Client

TESTS = 10
VERIFIER = str(Path(sys.executable).with_name("verifier"))
Row = dict[str, Any]


def main() -> None:
    """Print one line for each kind."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rollouts", type=int, default=1000)
    count = arguments.parse_args().rollouts
    cores = len(os.sched_getaffinity(0))
    table = Table("kind", "rollouts", "seconds", "rollouts/s", "tests/s", title=f"{cores} workers")
    with service() as url, Client(url) as client:
        for kind, (row, tests) in KINDS.items():
            rows = [row(number) for number in range(count)]
            client.score(rows[:64])  # so that no cold page counts
            began = time.perf_counter()
            rewards = client.score(rows).rewards
            seconds = time.perf_counter() - began
            if set(rewards) != {1.0}:
                sys.exit(f"{kind}: {sum(r != 1.0 for r in rewards)} rollouts were not correct")
            rate = count / seconds
            shown = f"{rate * tests:,.0f}" if tests else ""
            table.add_row(kind, f"{count:,}", f"{seconds:.2f}", f"{rate:,.0f}", shown)
    Console().print(table)


@contextmanager
def service() -> Iterator[str]:
    """A service's address; clients come again until it can judge."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [VERIFIER, "serve", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def number_row(number: int) -> Row:
    """An answer that is the reference but for its form, and a kilobyte of reasoning before it."""
    completion = f"{'So we continue. ' * 64}The answer is \\boxed{{{number}.50}}."
    return {"completion": completion, "ground_truth": f"{number}.5"}


def symbolic_row(number: int) -> Row:
    """An answer that takes algebra."""
    completion = (
        f"{'So we continue. ' * 64}It is \\boxed{{\\frac{{{number + 2}\\sqrt{{2}}}}{{2}}}}."
    )
    return {"completion": completion, "ground_truth": f"\\frac{{{number + 2}}}{{\\sqrt{{2}}}}"}


def stdin_row(number: int) -> Row:
    """A program that is run once for each test case."""
    cases = [{"input": f"{case}\n", "output": f"{case + number}\n"} for case in range(TESTS)]
    completion = f"```python\nprint(int(input()) + {number})\n```"
    return {"completion": completion, "ground_truth": {"kind": "stdin", "cases": cases}}


def call_row(number: int) -> Row:
    """A function that is called once for each test case."""
    cases = [{"args": [case], "expected": case + number} for case in range(10 * TESTS)]
    truth = {"kind": "call", "entry_point": "add", "cases": cases}
    completion = f"```python\ndef add(x):\n    return x + {number}\n```"
    return {"completion": completion, "ground_truth": truth}


def assert_row(number: int) -> Row:
    """A suite of assertions."""
    lines = [f"    assert candidate({case}) == {case + number}" for case in range(10 * TESTS)]
    test = "\n".join(["def check(candidate):", *lines])
    truth = {"kind": "assert", "entry_point": "add", "test": test}
    completion = f"```python\ndef add(x):\n    return x + {number}\n```"
    return {"completion": completion, "ground_truth": truth}


KINDS: dict[str, tuple[Callable[[int], Row], int]] = {
    "math, numbers": (number_row, 0),
    "math, symbolic": (symbolic_row, 0),
    f"stdin, {TESTS} tests": (stdin_row, TESTS),
    f"call, {10 * TESTS} cases": (call_row, 10 * TESTS),
    f"assert, {10 * TESTS} cases": (assert_row, 10 * TESTS),
}


if __name__ == "__main__":
    main()
