"""What a warm run costs, in CPU time on both sides of the socket: the worker's process, and
everything in the jail (the agent, the kernel's work for it, the program itself). The latter is what
the machine has used beside the worker, so nothing else may run on it.

    python -m benchmarks.sandbox.cost [--jail docker] [--rollouts 100]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import docker

from benchmarks.beside.bare import now
from sandbox import Limits, Program, Status
from sandbox.jails import owner
from sandbox.pool import JailPool, open_pool

TESTS = 20
CALLS = 100
STDIN_PROGRAM = Program("print(int(input()) * 2)")
CALL_PROGRAM = Program("def f(x):\n    return x * 2\n")
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=("docker", "local"), default="docker")
    arguments.add_argument("--rollouts", type=int, default=100)
    options = arguments.parse_args()
    with open_pool(options.jail, 1) as pool:
        report(f"stdin, {TESTS} tests a rollout", pool, options, stdin_rollout, TESTS)
        report(f"call suite of {CALLS} cases", pool, options, call_rollout, 1)


def report(
    what: str,
    pool: JailPool,
    options: argparse.Namespace,
    rollout: Callable[[JailPool], None],
    parts: int,
) -> None:
    """Print the mean CPU and wall milliseconds of a part (a test, or a whole rollout)."""
    rollout(pool)
    worker, (wall, machine) = time.process_time(), now()
    for _ in range(options.rollouts):
        rollout(pool)
    count = options.rollouts * parts
    ended, used = now()
    worker_ms = (time.process_time() - worker) * 1000 / count
    wall_ms = (ended - wall) * 1000 / count
    jail_ms = (used - machine) * 1000 / count - worker_ms
    unit = "a test" if parts > 1 else "a rollout"
    print(
        f"{options.jail}: {what}: {worker_ms + jail_ms:.2f} ms CPU {unit}"
        f" (worker {worker_ms:.2f}, jail {jail_ms:.2f}; {wall_ms:.2f} ms wall)"
    )


def stdin_rollout(pool: JailPool) -> None:
    """A program on twenty inputs, each in a process of its own."""
    with pool.jail() as jail, jail.load(STDIN_PROGRAM, Limits()) as script:
        results = script.run_each(f"{number}\n".encode() for number in range(TESTS))
        for number, result in enumerate(results):
            assert (result.status, result.stdout) == (Status.OK, f"{number * 2}\n".encode())


def call_rollout(pool: JailPool) -> None:
    """A function called a hundred times in one process."""
    with pool.jail() as jail, jail.open_calls(CALL_PROGRAM, "f", Limits()) as calls:
        results = calls.call_each(([number], {}) for number in range(CALLS))
        assert [result.value for result in results] == [number * 2 for number in range(CALLS)]


def jail_cpu_s(kind: str) -> float:
    """CPU seconds of every jail that this process has, finished runs included. What was used in one
    that has been replaced is not among them: see `benchmarks.beside.bare.now`."""
    if kind == "docker":
        with contextlib.closing(docker.from_env()) as daemon:
            jails = daemon.containers.list(
                filters={"label": f"verifier.sandbox.owner={owner.name()}"}
            )
            stats = [cast("dict[str, Any]", jail.stats(stream=False)) for jail in jails]
        return float(sum(stat["cpu_stats"]["cpu_usage"]["total_usage"] for stat in stats)) / 1e9
    return sum(_tree_cpu_s(child) for child in children(os.getpid()))


def children(process: int) -> list[int]:
    """The processes that this one started."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def _tree_cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / CLOCK_TICKS
    return own + sum(_tree_cpu_s(child) for child in children(process))


if __name__ == "__main__":
    main()
