"""How cost and rate grow with the batch, the tests, the completions and the workers.

Starts `verifier serve` with one worker and with two and has it judge rollouts that all differ, so
that none is answered from memory, one dimension growing at a time. CPU seconds are the machine's
(client, service, workers, jails, Redis), so nothing else may run; a point is the median of the
rounds, in which all points take turns. Writes DIR/growth.json, of which `growth_plot` makes
DIR/growth.svg.

`python -m benchmarks.service.growth [--rounds 3] [--redis] [--sandbox local] [--out DIR]`
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.beside import bare
from benchmarks.redis.stack import running
from benchmarks.service.long_rollouts import thinking, untagged
from benchmarks.service.scoring import number_row
from verifier.dispatch.redis_backend.worker_side.supervisor import WORKER_COMMAND
from verifier_client import Client

Row = dict[str, Any]
_fresh = itertools.count(10**6)
WORKERS = (1, 2)
TESTS_AT_A_POINT = 1000
COMPLETIONS_AT_A_POINT = 256


@dataclass(frozen=True)
class Dimension:
    """What grows, and the rollouts that show it at a value."""

    name: str
    values: Sequence[int]
    rows: Callable[[int], list[Row]]
    unit: str
    """What costs are told of: a rollout, or a test."""
    units: Callable[[int], int] = lambda _: 1
    """How many of these a rollout has at a value."""
    times: Callable[[int], int] = lambda _: 1
    """How many such batches make a point: clocks of CPU time go by hundredths of a second."""


def numbers(batch: int) -> list[Row]:
    """Answers that are decided at sight, in a kilobyte of text each."""
    return [number_row(next(_fresh)) for _ in range(batch)]


def programs(tests: int) -> list[Row]:
    """Programs that add a number, with so many tests of stdin each."""

    def row(number: int) -> Row:
        cases = [{"input": f"{case}\n", "output": f"{case + number}\n"} for case in range(tests)]
        completion = f"```python\nprint(int(input()) + {number})\n```"
        return {"completion": completion, "ground_truth": {"kind": "stdin", "cases": cases}}

    return [row(next(_fresh)) for _ in range(_programs_with(tests))]


def functions(calls: int) -> list[Row]:
    """Functions that add a number, called so often each."""

    def row(number: int) -> Row:
        cases = [{"args": [case], "expected": case + number} for case in range(calls)]
        truth = {"kind": "call", "entry_point": "add", "cases": cases}
        completion = f"```python\ndef add(x):\n    return x + {number}\n```"
        return {"completion": completion, "ground_truth": truth}

    return [row(next(_fresh)) for _ in range(_programs_with(calls))]


def _programs_with(tests: int) -> int:
    """Enough for both workers to have some, and few where each takes long."""
    return max(4, min(64, TESTS_AT_A_POINT // tests))


def long_ones(make: Callable[[int, int], Row]) -> Callable[[int], list[Row]]:
    """Rollouts of mathematics in so many kilobytes each."""
    return lambda kilobytes: [
        make(next(_fresh), 1000 * kilobytes) for _ in range(COMPLETIONS_AT_A_POINT)
    ]


_TO_1000 = (1, 3, 10, 30, 100, 300, 1000)
_TO_128 = (1, 2, 4, 8, 16, 32, 64, 128)
DIMENSIONS = (
    Dimension(
        "rollouts of a batch",
        [4**n for n in range(8)],
        numbers,
        "rollout",
        times=lambda batch: max(1, min(64, 1024 // batch)),
    ),
    Dimension("tests of stdin", _TO_1000, programs, "test", lambda tests: tests),
    Dimension("calls of a function", _TO_1000, functions, "call", lambda calls: calls),
    Dimension("kB of thinking before an answer", _TO_128, long_ones(thinking), "rollout"),
    Dimension("kB that nothing tells from the answer", _TO_128, long_ones(untagged), "rollout"),
)

UNITS = {dimension.name: dimension.unit for dimension in DIMENSIONS}
PLOTTING = (
    *(str(Path(sys.executable).with_name("uv")), "run", "--no-project", "--quiet"),
    *("--with", "matplotlib", "python", str(Path(__file__).with_name("growth_plot.py"))),
)
"""matplotlib is for this alone, and not among what the project installs."""

Point = tuple[str, int, int]
"""Dimension, value, workers."""


@dataclass(frozen=True)
class Seen:
    """Of one round, by the unit."""

    cpu_ms: float
    units_s: float


def main() -> None:
    """Print a line for each value, and have them plotted."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--redis", action="store_true", help="over Redis, not embedded")
    arguments.add_argument("--sandbox", choices=("local", "docker"), default="local")
    arguments.add_argument("--out", type=Path, default=Path("out/growth"))
    options = arguments.parse_args()
    found: dict[Point, list[Seen]] = defaultdict(list)
    with services(options.sandbox, over_redis=options.redis) as clients:
        for _ in range(options.rounds):
            for dimension in DIMENSIONS:
                for value in dimension.values:
                    for workers, client in clients.items():
                        seen = measured(client, dimension, value)
                        found[dimension.name, value, workers].append(seen)
    middle = {point: median_of(rounds) for point, rounds in found.items()}
    options.out.mkdir(parents=True, exist_ok=True)
    mode = "over Redis" if options.redis else "embedded"
    Console(width=None if sys.stdout.isatty() else 110).print(table(middle, mode))
    points = [
        {"dimension": name, "value": value, "workers": workers, "unit": UNITS[name], **asdict(seen)}
        for (name, value, workers), seen in middle.items()
    ]
    said = {"mode": mode, "rounds": options.rounds, "load": os.getloadavg(), "points": points}
    (options.out / "growth.json").write_text(json.dumps(said, indent=1) + "\n")
    subprocess.run([*PLOTTING, options.out / "growth.json"], check=True)
    print(f"{options.out}/growth.svg")


@contextmanager
def services(sandbox: str, *, over_redis: bool) -> Iterator[Mapping[int, Client]]:
    """By how many workers each has; all of them have judged."""
    with ExitStack() as exits:
        clients = {}
        for workers in WORKERS:
            stack = exits.enter_context(running())
            if over_redis:
                stack.start_workers(workers, WORKER_COMMAND, sandbox)
                url = stack.serve("--redis", stack.url)
            else:
                url = stack.serve("--workers", str(workers), "--sandbox", sandbox)
            client = exits.enter_context(Client(url, patience_s=120))
            for dimension in DIMENSIONS:
                client.score(dimension.rows(dimension.values[0]))
            clients[workers] = client
        yield clients


def measured(client: Client, dimension: Dimension, value: int) -> Seen:
    """Judge what shows the dimension at this value; a wrong verdict ends the program."""
    batches = [dimension.rows(value) for _ in range(dimension.times(value))]
    began_s, before_s = bare.now()
    rewards = {reward for rows in batches for reward in client.score(rows).rewards}
    ended_s, used_s = bare.now()
    if rewards != {1.0}:
        sys.exit(f"{dimension.name}, {value}: not every rollout was correct")
    units = sum(map(len, batches)) * dimension.units(value)
    return Seen(1000 * (used_s - before_s) / units, units / (ended_s - began_s))


def median_of(rounds: Sequence[Seen]) -> Seen:
    return Seen(
        statistics.median(seen.cpu_ms for seen in rounds),
        statistics.median(seen.units_s for seen in rounds),
    )


def table(middle: Mapping[Point, Seen], mode: str) -> Table:
    """A line for each value, with what one and two workers make of it."""
    of_each = [f"{what}, {n} w." for what in ("CPU ms", "a second") for n in WORKERS]
    shown = Table("what grows", "to", "of a", *of_each, title=mode)
    for dimension in DIMENSIONS:
        for value in dimension.values:
            seen = [middle[dimension.name, value, workers] for workers in WORKERS]
            shown.add_row(
                dimension.name if value == dimension.values[0] else "",
                f"{value:,}",
                dimension.unit,
                *(f"{one.cpu_ms:.3g}" for one in seen),
                *(f"{one.units_s:,.0f}" for one in seen),
            )
    return shown


if __name__ == "__main__":
    main()
