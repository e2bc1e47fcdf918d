"""Ten thousand mixed runs, hostile ones among them: does anything grow?

    python -m benchmarks.sandbox.soak [--jail docker] [--runs 10000]

Counts processes, containers, temporary files, descriptors and memory of this process, and the
memory of its jails' agents, before, on the way, and after.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.models.containers import Container

from benchmarks.sandbox.cost import children
from sandbox import Limits, Program, Status
from sandbox.jails import owner
from sandbox.jails.docker import OWNER_LABEL
from sandbox.model import MIB
from sandbox.pool import open_pool
from sandbox.runs.warm_jail import WarmJail

LIMITS = Limits(cpu_s=0.2, wall_s=0.2, memory_bytes=128 * MIB, output_bytes=MIB)
HONEST = "print(sum(map(int, input().split())))"
HOSTILE = (
    "while True: pass",
    "import time; time.sleep(60)",
    "x = bytearray(1 << 30)",
    "while True: print('x' * 4096)",
    "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass",
    "import os\nfor i in range(9000):\n    open(f'/tmp/{i}', 'w').close()",
    "open('/tmp/full', 'wb').write(bytes(1 << 27))",
    "import os\nfor i in range(64): os.kill(1, i)\nos.kill(-1, 9)",
    "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()",
    "import os\nfor fd in range(256):\n    try: os.write(fd, b'x' * 99)\n    except OSError: pass",
    "def f(): return f()\nf()",
    "import os\nos.makedirs('/tmp/' + 'd/' * 400)\nos.symlink('/', '/tmp/l')\nos.mkfifo('/tmp/f')",
    "import ctypes; ctypes.string_at(0)",
    "print('",
)
SHARE_OF_HOSTILE = 0.1
SETTLE_S = 30.0


@dataclass(frozen=True)
class Census:
    """What there is at one moment."""

    processes: int
    containers: int
    files: int
    descriptors: int
    memory_mib: float
    agents_memory_mib: float

    @classmethod
    def take(cls, jails: int) -> Census:
        """Of this process, its jails and the machine's temporary files of ours.

        `jails`: how many there should be. One that was just replaced may take a moment to go."""
        containers = _containers(jails)
        tree = _tree(os.getpid())
        agents = [process for process in tree if process != os.getpid()]
        for container in containers:
            with contextlib.suppress(docker.errors.APIError):  # gone after all
                agents += [int(line[1]) for line in container.top()["Processes"]]
        return cls(
            processes=len({*tree, *agents}),
            containers=len(containers),
            files=len(list(Path(tempfile.gettempdir()).glob("verifier-jail-*"))),
            descriptors=len(os.listdir("/proc/self/fd")),
            memory_mib=_memory_mib(os.getpid()),
            agents_memory_mib=sum(map(_memory_mib, agents)),
        )


def _containers(expected: int) -> list[Container]:
    """Those of this process that stay: more than expected are counted again, until the time is up.
    A leak is there then, and what was on its way out is not."""
    mine: dict[str, str | list[str] | bool] = {"label": f"{OWNER_LABEL}={owner.name()}"}
    deadline = time.monotonic() + SETTLE_S
    try:
        daemon = docker.from_env()
    except docker.errors.DockerException:
        return []
    with contextlib.closing(daemon):
        while True:
            found = daemon.containers.list(all=True, filters=mine, ignore_removed=True)
            if len(found) <= expected or time.monotonic() > deadline:
                return found
            time.sleep(0.2)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=("docker", "local"), default="docker")
    arguments.add_argument("--runs", type=int, default=10_000)
    options = arguments.parse_args()
    chance = random.Random(0)  # noqa: S311 - the same mixture every time
    endings: collections.Counter[str] = collections.Counter()
    started = time.monotonic()
    with open_pool(options.jail, 1) as pool:
        with pool.jail() as jail:
            run_one(jail, HONEST, endings)
        print(f"{options.jail}: before    {Census.take(1)}")
        for number in range(1, options.runs + 1):
            hostile = chance.random() < SHARE_OF_HOSTILE
            with pool.jail() as jail:
                run_one(jail, chance.choice(HOSTILE) if hostile else HONEST, endings)
            if number % (options.runs // 4) == 0:
                print(f"{options.jail}: {number:>6} runs {Census.take(1)}", flush=True)
    print(f"{options.jail}: closed    {Census.take(0)}")
    print(f"{options.jail}: {time.monotonic() - started:.0f} s, {dict(endings)}")


def run_one(jail: WarmJail, source: str, endings: collections.Counter[str]) -> None:
    """Run a program once; an honest one must come out right whatever ran before it."""
    with jail.load(Program(source), LIMITS) as script:
        result = script.run(b"1 2 3")
    honest = source is HONEST
    if honest and (result.status, result.stdout) != (Status.OK, b"6\n"):
        raise SystemExit(f"an honest program came out wrong: {result}")
    endings["honest" if honest else result.status] += 1


def _tree(process: int) -> list[int]:
    return [process, *(one for child in children(process) for one in _tree(child))]


def _memory_mib(process: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
