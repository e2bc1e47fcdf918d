"""What programs in each language cost: compiling one, and running it once.

A program that adds two numbers. In CPU time of the worker and of all that is in the jail; beside it
the program's own, and how many times the cheapest language's a run costs.

    python -m benchmarks.languages [--jail docker] [--runs 20]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sandbox_cost import jail_cpu_s
from sandbox import LANGUAGES, PYTHON, JailUnavailable, Limits, Program, Status
from sandbox.pool import OPENERS, JailPool

PROGRAMS = Path(__file__).parents[1] / "tests" / "languages"
PYTHON_SUM = "print(sum(map(int, input().split())))"


@dataclass(frozen=True)
class Cost:
    """Means, in CPU milliseconds; wall time too where one may be waiting for it."""

    language: str
    compile_ms: float
    compile_wall_ms: float
    run_ms: float
    run_wall_ms: float
    program_ms: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=sorted(OPENERS), default="docker")
    arguments.add_argument("--compiles", type=int, default=5)
    arguments.add_argument("--runs", type=int, default=20)
    options = arguments.parse_args()
    with JailPool(OPENERS[options.jail], 1) as pool:
        costs = list(measured(pool, options))
    cheapest = min(cost.run_ms for cost in costs)
    print(f"{options.jail} jail; ms CPU (wall)")
    print(f"{'language':<12}{'compile':>18}{'a test':>18}{'of it its own':>15}{'ratio':>8}")
    for cost in costs:
        compiling = f"{cost.compile_ms:.1f} ({cost.compile_wall_ms:.0f})"
        running = f"{cost.run_ms:.2f} ({cost.run_wall_ms:.1f})"
        print(
            f"{cost.language:<12}{compiling:>18}{running:>18}{cost.program_ms:>15.2f}"
            f"{cost.run_ms / cheapest:>8.1f}"
        )


def measured(pool: JailPool, options: argparse.Namespace) -> Iterator[Cost]:
    """The costs of every language that this kind of jail has a toolchain for."""
    for language in LANGUAGES:
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
            later, own_s = Clock(options.jail), 0.0
            for _ in range(options.runs):
                result = runner.run(b"1 2\n")
                assert result.status is Status.OK
                own_s += result.cpu_s
            run_ms, run_wall_ms = later.stop(options.runs)
    return Cost(
        language=language,
        compile_ms=first_ms - run_ms,
        compile_wall_ms=first_wall_ms - run_wall_ms,
        run_ms=run_ms,
        run_wall_ms=run_wall_ms,
        program_ms=own_s * 1000 / options.runs,
    )


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
