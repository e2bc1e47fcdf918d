"""This verifier beside other ways to judge the same rollouts, in turns, in one run.

Each round starts our services anew, so that nothing is known from the round before. CPU seconds are
the machine's, so nothing else may run on it: clients, services, workers, jails, Redis, daemons.

`python -m benchmarks.beside [--short] [--rounds 5] [--only NAME] [--out DIR]
[--sandbox-fusion URL] [--scalebox URL]` writes DIR/results.json and DIR/results.html.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from operator import eq
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.beside import bare, page
from benchmarks.beside.contenders import (
    CORES,
    OURS,
    OVER_REDIS,
    Contender,
    minimal,
    ours,
    sandbox_fusion,
    scalebox,
)
from benchmarks.beside.workloads import WORKLOADS, Row

ONE_BY_ONE = 128
"""Rollouts of a workload that are sent one a request: enough for a rate."""
SHORT_S = 540.0
"""No round of the short form begins that would end later than that, were it like those before."""
AGAIN = {"training step", "LeetCode suites"}
"""What services that take a batch judge a second time, as the next epoch would."""


@dataclass(frozen=True)
class Figures:
    """Of one contender at one workload, in one round."""

    rollouts: int
    wall_s: float
    cpu_s: float
    floor_s: float
    """CPU seconds of the programs themselves, in the same round."""
    agree: int
    """Verdicts that are those of `ours`."""
    false_accepts: int
    false_rejects: int
    unjudged: int


Found = dict[str, dict[str, list[Figures]]]
"""By workload and contender, a round after the other."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--short", action="store_true", help="fewer groups of each workload")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", action="append", choices=WORKLOADS, help="a workload")
    arguments.add_argument("--sandbox", choices=("local", "docker"), default="local")
    arguments.add_argument("--sandbox-fusion", metavar="URL")
    arguments.add_argument("--scalebox", metavar="URL")
    arguments.add_argument("--out", type=Path, default=Path("out/bench"))
    options = arguments.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    workloads = {
        name: rows
        for name, (make, groups, few) in WORKLOADS.items()
        if (not options.only or name in options.only)
        and (rows := make(few if options.short else groups))
    }
    found: Found = defaultdict(lambda: defaultdict(list))
    began = time.monotonic()
    for number in range(options.rounds):
        after_this_s = (time.monotonic() - began) * (number + 1) / max(1, number)
        if options.short and after_this_s > SHORT_S:
            console.print(f"{number} rounds: another would take too long")
            break
        with everyone(options) as contenders:
            for name, rows in workloads.items():
                console.print(f"round {number + 1}: {name}, {len(rows)} rollouts")
                measure(found, name, rows, turned(contenders, number))
        write(options.out, options.short, found)
    for name, of_each in found.items():
        console.print(table(name, of_each))
    console.print(f"{options.out}/results.html")


@contextmanager
def everyone(options: argparse.Namespace) -> Iterator[list[Contender]]:
    with ExitStack() as exits:
        contenders = exits.enter_context(minimal())
        contenders += exits.enter_context(ours(options.sandbox))
        for url, open_peer in (
            (options.sandbox_fusion, sandbox_fusion),
            (options.scalebox, scalebox),
        ):
            if url:
                contenders += exits.enter_context(open_peer(url))
        yield contenders


def turned(contenders: Sequence[Contender], number: int) -> list[Contender]:
    """Another one is first in every round; `ours` goes first, as others are held against it."""
    start = number % len(contenders)
    return sorted([*contenders[start:], *contenders[:start]], key=lambda one: one.name != OURS)


def measure(
    found: Found,
    name: str,
    rows: Sequence[Row],
    contenders: Sequence[Contender],
) -> None:
    """Have each of them that can judge all of these do so, and hold it against labels and floor."""
    floor_s = bare.own_cpu_s(rows)
    usual: list[bool | None] = []
    for contender in contenders:
        if not all(map(contender.takes, rows)):
            continue
        step = max(1, len(rows) // ONE_BY_ONE) if contender.one_by_one else 1
        given = rows[::step]
        repeats = contender.name in (OURS, OVER_REDIS) and name in AGAIN
        for again in range(2 if repeats else 1):
            wall_s, cpu_s = bare.now()
            rewards = contender.judge(given)
            ended_s, used_s = bare.now()
            usual = usual or rewards
            judged = [*zip(given, rewards, strict=True)]
            figures = Figures(
                rollouts=len(given),
                wall_s=ended_s - wall_s,
                cpu_s=used_s - cpu_s,
                floor_s=floor_s if step == 1 else bare.own_cpu_s(given),
                agree=sum(map(eq, usual[::step], rewards)),
                false_accepts=sum(reward is True and not row.label for row, reward in judged),
                false_rejects=sum(reward is False and row.label for row, reward in judged),
                unjudged=sum(reward is None for reward in rewards),
            )
            found[name][f"{contender.name}, again" if again else contender.name].append(figures)


def table(name: str, of_each: Mapping[str, Sequence[Figures]]) -> Table:
    """Medians of the rounds, with the least and the most."""
    columns = (
        "rollouts/s",
        "CPU ms a rollout",
        "CPU / floor",
        "agree",
        "false 1",
        "false 0",
        "null",
    )
    shown = Table("", *columns, title=name)
    for contender, rounds in of_each.items():
        last = rounds[-1]
        shown.add_row(
            contender,
            spread([one.rollouts / one.wall_s for one in rounds]),
            spread([1000 * one.cpu_s / one.rollouts for one in rounds]),
            spread([one.cpu_s / one.floor_s for one in rounds]) if last.floor_s else "",
            f"{last.agree / last.rollouts:.1%}",
            *(str(count) for count in (last.false_accepts, last.false_rejects, last.unjudged)),
        )
    return shown


def spread(values: Sequence[float]) -> str:
    """Median (least to most)."""
    return f"{statistics.median(values):.3g} ({min(values):.3g}–{max(values):.3g})"


def write(folder: Path, short: bool, found: Found) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    results = {
        "machine": f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}",
        "load": os.getloadavg(),
        "short": short,
        "command": " ".join(["python -m benchmarks.beside", *sys.argv[1:]]),
        "workloads": {
            name: {who: [asdict(one) for one in rounds] for who, rounds in of_each.items()}
            for name, of_each in found.items()
        },
    }
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (folder / "results.html").write_text(page.of(results))


if __name__ == "__main__":
    main()
