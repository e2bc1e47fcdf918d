"""The judge's rate on 800 real rollouts beside a bare loop of math-verify, all on one core.

Needs ../shared/data beside the checkout; says so and measures nothing without it.
`python -m benchmarks.math_speed [--rounds 3]`. Medians of the rounds, which take turns. "Cold" has
nothing remembered from another batch, but all processes started; "warm" has judged the rows before.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from math_verify import parse, verify
from rich.console import Console
from rich.table import Table

from benchmarks.scoring import service
from verifier.math import MathJudge
from verifier.model import MathTruth

ROLLOUTS = Path(__file__).parents[2] / "shared" / "data" / "math" / "math_rollouts.jsonl"
START = ("\\sqrt{2}", "\\boxed{2^{1/2}}")
Row = dict[str, Any]
Rewards = list[float | None]


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
    seconds: dict[str, list[float]] = {}
    right: dict[str, int] = {}
    for _ in range(options.rounds):
        for name, took, rewards in _round(rows):
            seconds.setdefault(name, []).append(took)
            right[name] = sum(
                reward == float(row["label"]) for reward, row in zip(rewards, rows, strict=True)
            )
    bare = statistics.median(next(iter(seconds.values())))
    table = Table("800 rollouts, one core", "ms", "rollouts/s", "times", "as labelled")
    for name, took in seconds.items():
        median = statistics.median(took)
        rate, times = f"{len(rows) / median:,.0f}", f"{bare / median:.1f}"
        table.add_row(name, f"{median * 1000:.0f}", rate, times, str(right[name]))
    console.print(table)


def _round(rows: list[Row]) -> list[tuple[str, float, Rewards]]:
    measured = [("math_verify parse + verify", *_timed(lambda: [_bare(row) for row in rows]))]
    judge = MathJudge()
    judge.judge(MathTruth(START[:1]), START[1], truncated=False)
    measured.extend(
        (f"judge alone, {state}", *_timed(lambda: [_judged(judge, row) for row in rows]))
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
            (f"POST /v1/score, {state}", *_timed(lambda: _posted(client, body)))
            for state in ("cold", "warm")
        )
    return measured


def _timed(judging: Callable[[], Rewards]) -> tuple[float, Rewards]:
    began = time.perf_counter()
    rewards = judging()
    return time.perf_counter() - began, rewards


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
    until = time.monotonic() + 120
    while True:
        try:
            answer = client.post("/v1/score", json={"rollouts": [row]})
            if answer.status_code == 200 and answer.json()["rewards"] == [1.0]:
                return
        except httpx2.TransportError:
            pass
        if time.monotonic() > until:
            raise SystemExit("the service cannot judge")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
