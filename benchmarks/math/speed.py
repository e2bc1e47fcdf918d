"""The judge's rate on 800 real rollouts beside a bare loop of math-verify, all on one core.

Needs ../shared/data beside the checkout; says so and measures nothing without it.
`python -m benchmarks.math.speed [--rounds 3]`. Medians of the rounds, which take turns. "Cold" has
nothing remembered from another batch, but all processes started; "warm" has judged the rows before;
each is set beside math-verify in the same state.
CPU time is that of all processes at work, client and server among them: what one core of an idle
machine would take, whatever else runs on this one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from math_verify import parse, verify
from rich.console import Console
from rich.table import Table

from benchmarks.service.scoring import service
from verifier.math import MathJudge
from verifier.model import MathTruth

ROLLOUTS = Path(__file__).parents[3] / "shared" / "data" / "math" / "math_rollouts.jsonl"
START = ("\\sqrt{2}", "\\boxed{2^{1/2}}")
START_S = 600
"""For the service to come up, on a machine that others use as well."""
Row = dict[str, Any]
Rewards = list[float | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What judging all rows took, and what it came to."""

    wall_s: float
    cpu_s: float
    rewards: Rewards


def main() -> None:
    """Print one line for each way of judging the same rows."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    console = Console()
    if not ROLLOUTS.is_file():
        console.print(f"no data in {ROLLOUTS}: nothing to measure")
        return
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # children inherit it
    rows = [json.loads(line) for line in ROLLOUTS.read_text(encoding="utf-8").splitlines()]
    found: dict[str, list[Measured]] = defaultdict(list)
    for _ in range(options.rounds):
        for name, measured in _round(rows):
            found[name].append(measured)
    columns = ("ms", "times", "CPU ms", "times", "as labelled")
    table = Table("800 rollouts, one core", *columns)
    bare: dict[str, tuple[float, float]] = {}
    for name, rounds in found.items():
        wall = statistics.median(measured.wall_s for measured in rounds)
        cpu = statistics.median(measured.cpu_s for measured in rounds)
        state = name.rpartition(", ")[2]
        bare_wall, bare_cpu = bare.setdefault(state, (wall, cpu))
        right = sum(
            reward == float(row["label"])
            for reward, row in zip(rounds[-1].rewards, rows, strict=True)
        )
        shown = (wall * 1000, bare_wall / wall, cpu * 1000, bare_cpu / cpu)
        table.add_row(name, *(f"{number:,.1f}" for number in shown), str(right))
    console.print(table)


def _round(rows: list[Row]) -> list[tuple[str, Measured]]:
    with multiprocessing.get_context("fork").Pool(1) as fresh:  # math-verify remembers as well
        measured = fresh.apply(_measure_bare, (rows,))
    judge = MathJudge()
    judge.judge(MathTruth(START[:1]), START[1], truncated=False)
    measured.extend(
        (f"judge alone, {state}", _timed(lambda: [_judged(judge, row) for row in rows]))
        for state in ("cold", "warm")
    )
    judge.close()
    body = json.dumps(
        {
            "rollouts": [
                {key: row[key] for key in ("completion", "ground_truth", "group")} for row in rows
            ]
        }
    ).encode("utf-8")
    with service() as url, httpx2.Client(base_url=url, timeout=120) as client:
        _await_judging(client)
        measured.extend(
            (f"POST /v1/score, {state}", _timed(lambda: _posted(client, body)))
            for state in ("cold", "warm")
        )
    return measured


def _measure_bare(rows: list[Row]) -> list[tuple[str, Measured]]:
    return [
        (f"math_verify, {state}", _timed(lambda: [_bare(row) for row in rows]))
        for state in ("cold", "warm")
    ]


def _timed(judging: Callable[[], Rewards]) -> Measured:
    used, began = _cpu_s(), time.perf_counter()
    rewards = judging()
    took = time.perf_counter() - began
    return Measured(took, _cpu_s() - used, rewards)


def _cpu_s() -> float:
    """CPU seconds of this process and all that it started, directly or not."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text(encoding="utf-8").rpartition(")")[2].split()
            children[int(fields[1])].append(int(entry.parent.name))
    total, waiting = 0.0, [os.getpid()]
    while waiting:
        process = waiting.pop()
        waiting.extend(children[process])
        with contextlib.suppress(OSError):
            total += time.clock_gettime((~process << 3) | 2)
    return total


def _answers(row: Row) -> tuple[str, ...]:
    truth = row["ground_truth"]
    return tuple(truth) if isinstance(truth, list) else (truth,)


def _bare(row: Row) -> float:
    gold = parse(f"\\boxed{{{_answers(row)[0]}}}")
    return float(verify(gold, parse(row["completion"])))


def _judged(judge: MathJudge, row: Row) -> float | None:
    return judge.judge(MathTruth(_answers(row)), row["completion"], truncated=False).reward


def _posted(client: httpx2.Client, body: bytes) -> Rewards:
    headers = {"content-type": "application/json"}
    rewards: Rewards = client.post("/v1/score", content=body, headers=headers).json()["rewards"]
    return rewards


def _await_judging(client: httpx2.Client) -> None:
    """Returns when a rollout has been judged."""
    row = {"completion": START[1], "ground_truth": START[0]}
    until = time.monotonic() + START_S
    while True:
        try:
            answer = client.post("/v1/score", json={"rollouts": [row]})
            if answer.status_code == 200 and answer.json()["rewards"] == [1.0]:
                return
            said = answer.text
        except httpx2.TransportError as error:
            said = repr(error)
        if time.monotonic() > until:
            raise SystemExit(f"the service cannot judge within {START_S} s: {said}")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
