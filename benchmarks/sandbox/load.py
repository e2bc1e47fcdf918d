"""Does load change a verdict? Runs of 0.6 of their CPU limit on this machine as it is, and beside
eight busy loops per core: both must come to the same.

    python -m benchmarks.sandbox.load [--jail docker] [--runs 1000] [--side-by-side 16]

Some of them spend it in children or threads. Among them in every round, for every hundred: four
programs that are over their limit and four that sleep past it, whose verdicts must not change
either. Runs side by side share the machine with the loops: the more, the sooner it is done.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

from sandbox import Limits, Program, Status
from sandbox.model import MIB
from sandbox.pool import JailPool, open_pool

BUSY_LOOPS_PER_CORE = 8
LIMITS = Limits(cpu_s=0.1, wall_s=0.3, memory_bytes=256 * MIB, output_bytes=MIB)
SPIN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\n"
CHILDREN = (
    "import os, time\n"
    "for _ in range({}):\n"
    "    if os.fork() == 0:\n"
    "        end = time.process_time() + {}\n"
    "        while time.process_time() < end: pass\n"
    "        os._exit(0)\n"
    "    os.wait()\n"
)
THREADS = (
    "import threading, time\n"
    "def spin():\n"
    "    end = time.thread_time() + 0.01\n"
    "    while time.thread_time() < end: pass\n"
    "for thread in [threading.Thread(target=spin) for _ in range(6)]: thread.start()\n"
)
PROGRAMS: dict[str, tuple[str, Status, int]] = {
    # name: source, its right status, how many to a hundred runs at 0.6
    "0.6 of its CPU limit": (SPIN.format(0.06), Status.OK, 76),
    "0.6 of it in one child": (CHILDREN.format(1, 0.06), Status.OK, 8),
    "0.6 of it in children": (CHILDREN.format(6, 0.01), Status.OK, 8),
    "0.6 of it in threads": (THREADS, Status.OK, 8),
    "1.5 of it": (SPIN.format(0.15), Status.TIME_LIMIT, 4),
    "asleep for ever": ("import time; time.sleep(600)", Status.TIME_LIMIT, 4),
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=("docker", "local"), default="docker")
    arguments.add_argument("--runs", type=int, default=1000)
    arguments.add_argument("--side-by-side", type=int, default=16)
    options = arguments.parse_args()
    with open_pool(options.jail, options.side_by_side) as pool:
        measure("as it is", pool, options)
        loops = [
            multiprocessing.get_context("spawn").Process(target=_spin, daemon=True)
            for _ in range(BUSY_LOOPS_PER_CORE * (os.cpu_count() or 1))
        ]
        for loop in loops:
            loop.start()
        measure(f"beside {len(loops)} busy loops", pool, options)
        for loop in loops:
            loop.kill()


def measure(when: str, pool: JailPool, options: argparse.Namespace) -> None:
    """Run everything once and print which verdicts were not the right ones."""
    started, load = time.monotonic(), os.getloadavg()[0]
    names = [
        name for name, (_, _, share) in PROGRAMS.items() for _ in range(options.runs * share // 100)
    ]
    with ThreadPoolExecutor(options.side_by_side) as threads:
        statuses = list(threads.map(lambda name: run(pool, name), names))
    wrong = collections.Counter(
        f"{name}: {status}"
        for name, status in zip(names, statuses, strict=True)
        if status is not PROGRAMS[name][1]
    )
    took = time.monotonic() - started
    print(
        f"{options.jail}, {when} (load {load:.0f} on {os.cpu_count()} cores): "
        f"{len(names)} runs in {took:.0f} s, {wrong.total()} wrong verdicts {dict(wrong) or ''}",
        flush=True,
    )


def run(pool: JailPool, name: str) -> Status:
    """The status of one run of the program of this name."""
    with pool.jail() as jail, jail.load(Program(PROGRAMS[name][0]), LIMITS) as script:
        return script.run(b"").status


def _spin() -> None:
    while True:
        pass


if __name__ == "__main__":
    main()
