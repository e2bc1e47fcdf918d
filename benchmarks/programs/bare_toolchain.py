"""Runs in a plain container of the image with the toolchains: what a program's compiler and the
program cost when a service starts them as they are, without a jail.

Its argument: JSON of a program, with its `source`, its `file`, the commands that `compile` and
`run` its `product`, their `environment`, its `input`, and how often both are `repeated`. It writes
JSON of two means, in CPU milliseconds: of the compiler, and of a run.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

PRODUCT = 3


def main() -> None:
    program = json.loads(sys.argv[1])
    os.environ.update(program["environment"])
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chdir(folder)
        compile_ms = mean_cpu_ms(lambda: build(program), program["repeated"])
        product = program["product"]
        if os.path.isdir(product):
            product = shutil.make_archive("product", "zip", product)
        if (kept := os.open(product, os.O_RDONLY)) != PRODUCT:
            os.dup2(kept, PRODUCT)
        run_ms = mean_cpu_ms(lambda: run(program), program["repeated"])
        os.chdir("/")
    sys.stdout.write(json.dumps([compile_ms, run_ms]))


def mean_cpu_ms(act: Callable[[], None], times: int) -> float:
    """Of the processes that `act` starts and waits for."""
    before_s = cpu_s_of_children()
    for _ in range(times):
        act()
    return (cpu_s_of_children() - before_s) * 1000 / times


def cpu_s_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(program: dict[str, Any]) -> None:
    """In a folder that was emptied before."""
    for name in os.listdir("."):
        shutil.rmtree(name) if os.path.isdir(name) else os.remove(name)
    shutil.rmtree("/tmp/.cache", ignore_errors=True)  # noqa: S108 - its own
    with open(program["file"], "w", encoding="utf-8") as file:
        file.write(program["source"])
    subprocess.run(program["compile"], stdout=subprocess.DEVNULL, check=True)


def run(program: dict[str, Any]) -> None:
    given = program["input"].encode()
    ended = subprocess.run(
        program["run"], pass_fds=[PRODUCT], input=given, capture_output=True, check=True
    )
    assert ended.stdout.split() == [b"3"], ended


if __name__ == "__main__":
    main()
