"""What programs in each language cost: compiling one, and running it once.

A program that adds two numbers. In CPU time of the worker and of all that is in the jail; beside it
what the same commands cost in a plain container of the same image, as a service without jails
starts them (--beside), and how many times the cheapest language's a run costs.

    python -m benchmarks.programs.languages [--jail docker] [--runs 20] [--beside] [LANGUAGE...]
"""

from __future__ import annotations

import argparse
import inspect
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.programs import bare_toolchain
from benchmarks.sandbox.cost import jail_cpu_s
from sandbox import LANGUAGES, PYTHON, JailUnavailable, Limits, Program, Status
from sandbox.model import MIB
from sandbox.pool import OPENERS, JailPool

FRAMEWORKS = {"go_test", "jest", "junit", "pytest"}
"""Of which a program that adds is none."""
IMAGE = "verifier-sandbox:languages"
PROGRAMS = Path(__file__).parents[2] / "tests" / "languages"
PYTHON_SUM = "print(sum(map(int, input().split())))"


@dataclass(frozen=True)
class Cost:
    """Means, in CPU milliseconds; wall time too where one may be waiting for it."""

    language: str
    compile_ms: float
    compile_wall_ms: float
    run_ms: float
    run_wall_ms: float
    bare: tuple[float, float] | None
    """Compiling and running, without a jail."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=sorted(OPENERS), default="docker")
    arguments.add_argument("--compiles", type=int, default=5)
    arguments.add_argument("--runs", type=int, default=20)
    arguments.add_argument("--beside", action="store_true")
    arguments.add_argument("languages", nargs="*", metavar="LANGUAGE")
    options = arguments.parse_args()
    with JailPool(OPENERS[options.jail], 1) as pool:
        costs = list(measured(pool, options))
    cheapest = min(cost.run_ms for cost in costs)
    print(f"{options.jail} jail; ms CPU (wall)")
    print(f"{'language':<14}{'compile':>18}{'a test':>18}{'ratio':>8}{'bare':>10}{'bare':>10}")
    for cost in costs:
        compiling = f"{cost.compile_ms:.1f} ({cost.compile_wall_ms:.0f})"
        running = f"{cost.run_ms:.2f} ({cost.run_wall_ms:.1f})"
        bare = "".join(f"{each:>10.1f}" for each in cost.bare or ())
        ratio = cost.run_ms / cheapest
        print(f"{cost.language:<14}{compiling:>18}{running:>18}{ratio:>8.1f}{bare}")


def measured(pool: JailPool, options: argparse.Namespace) -> Iterator[Cost]:
    """The costs of every language that this kind of jail has a toolchain for."""
    for language in options.languages or [name for name in LANGUAGES if name not in FRAMEWORKS]:
        try:
            yield cost_of(pool, language, options)
        except JailUnavailable as refusal:
            print(f"{language}: {refusal}")


def cost_of(pool: JailPool, language: str, options: argparse.Namespace) -> Cost:
    """The first run of a loaded program compiles it: what it costs above a later one."""
    program = Program(source_in(language), language)
    with pool.jail(language) as jail:
        with jail.load(program, Limits()):
            pass  # the toolchain has been tried after this
        first = Clock(options.jail)
        for _ in range(options.compiles):
            with jail.load(program, Limits()) as runner:
                assert runner.run(b"1 2\n").stdout == b"3\n"
        first_ms, first_wall_ms = first.stop(options.compiles)
        with jail.load(program, Limits()) as runner:
            runner.run(b"1 2\n")
            later = Clock(options.jail)
            for _ in range(options.runs):
                assert runner.run(b"1 2\n").status is Status.OK
            run_ms, run_wall_ms = later.stop(options.runs)
    return Cost(
        language=language,
        compile_ms=first_ms - run_ms,
        compile_wall_ms=first_wall_ms - run_wall_ms,
        run_ms=run_ms,
        run_wall_ms=run_wall_ms,
        bare=bare_cost_ms(language, options.compiles) if options.beside else None,
    )


def bare_cost_ms(language: str, times: int) -> tuple[float, float] | None:
    """Compiling and running in a plain container; None for Python, which the agent runs."""
    if language == PYTHON:
        return None
    about, source = LANGUAGES[language], source_in(language)

    def filled(text: str) -> str:
        text = text.replace("{name}", about.name_of(source))
        return text.replace("{memory_mib}", str(Limits().memory_bytes // MIB))

    program = {
        "source": source,
        "input": "1 2\n",
        "repeated": times,
        "file": filled(about.file),
        "product": about.product,
        "compile": list(map(filled, about.compile)),
        "run": list(map(filled, about.run)),
        "environment": dict(about.environment),
    }
    command = [
        "docker",
        "run",
        "--rm",
        "--network=none",
        "--tmpfs=/tmp:exec",
        "--entrypoint=python3",
    ]
    command += [IMAGE, "-c", inspect.getsource(bare_toolchain), json.dumps(program)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    compile_ms, run_ms = json.loads(done.stdout)
    return compile_ms, run_ms


def source_in(language: str) -> str:
    """The sum in this language, as the tests have it."""
    if language == PYTHON:
        return PYTHON_SUM
    (path,) = (PROGRAMS / language).glob("sum.*")
    return path.read_text(encoding="utf-8")


class Clock:
    """CPU time of the worker and of all that is in its jails, and wall time."""

    def __init__(self, jail: str) -> None:
        self._jail = jail
        # Asking for CPU time takes seconds of wall time, which must stay out of the latter.
        self._cpu_s = self._cpu_now_s()
        self._wall_s = time.perf_counter()

    def stop(self, parts: int) -> tuple[float, float]:
        """Milliseconds of both since the start, for each of so many parts."""
        wall_s = time.perf_counter() - self._wall_s
        cpu_s = self._cpu_now_s() - self._cpu_s
        return cpu_s * 1000 / parts, wall_s * 1000 / parts

    def _cpu_now_s(self) -> float:
        return time.process_time() + jail_cpu_s(self._jail)


if __name__ == "__main__":
    main()
