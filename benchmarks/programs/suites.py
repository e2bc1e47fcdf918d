"""Which way assertion suites go, and what judging them costs beside a bare interpreter.

Needs ../shared/data beside the checkout; says so and measures nothing without it.
`python -m benchmarks.programs.suites [--jail docker] [--rollouts 4]`
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.sandbox.cost import children, jail_cpu_s
from verifier.dispatch.cpu_clock import cpu_s_of
from verifier.dispatch.working import freeze_heap
from verifier.ground_truth import read_ground_truth
from verifier.judge import Judge
from verifier.model import AssertTruth, Outcome, Rollout
from verifier.programs.assertions import read_suite

DATA = Path(__file__).parents[3] / "shared" / "data" / "code"
FILES = {"HumanEval": "humaneval.jsonl", "LeetCodeDataset": "leetcode.jsonl.gz"}
Row = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=("docker", "local"), default="docker")
    arguments.add_argument("--rollouts", type=int, default=4, help="in each group")
    options = arguments.parse_args()
    freeze_heap()
    console = Console()
    if not DATA.is_dir():
        console.print(f"no data in {DATA}: nothing to measure")
        return
    sets = {name: rows(DATA / file) for name, file in FILES.items()}
    console.print(ways(sets))
    for name, found in sets.items():
        console.print(costs(name, found, options.jail, options.rollouts))


def rows(path: Path) -> list[Row]:
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    found = list(map(json.loads, content.splitlines()))
    for row in found:
        row.setdefault("completion", f"{row['prompt']}{row.get('canonical_solution')}")
    return [
        {key: row[key] for key in ("prompt", "test", "entry_point", "completion")} for row in found
    ]


def ways(sets: dict[str, list[Row]]) -> Table:
    """How many suites are read into calls and expectations, and how long reading one takes."""
    table = Table("data set", "suites", "read", "left to the referee", "ms CPU to read one")
    for name, found in sets.items():
        start = time.process_time()
        truths = [read_ground_truth(row) for row in found]
        each_ms = (time.process_time() - start) * 1000 / len(found)
        suites = [read_suite(truth) for truth in truths if isinstance(truth, AssertTruth)]
        read = sum(suite is not None for suite in suites)
        table.add_row(name, str(len(found)), str(read), str(len(found) - read), f"{each_ms:.1f}")
    return table


def costs(name: str, found: list[Row], kind: str, rollouts: int) -> Table:
    """All CPU time of judging right solutions, against what they use in a bare interpreter."""
    own_s = sum(bare_cpu_s(row) for row in found)
    count = len(found) * rollouts
    with Judge(kind) as judge:
        judge_group(judge, found[0], 1)
        worker, jail, evaluator = time.process_time(), jail_cpu_s(kind), evaluator_cpu_s()
        for row in found:
            judge_group(judge, row, rollouts)
        worker_s, jail_s = time.process_time() - worker, jail_cpu_s(kind) - jail
        evaluator_s = evaluator_cpu_s() - evaluator
    if kind == "local":
        jail_s -= evaluator_s  # which is a child like the jail
    total_ms = (worker_s + evaluator_s + jail_s) * 1000 / count
    own_ms = own_s * 1000 / len(found)
    allowed_ms = 1.15 * own_ms + 4
    table = Table(
        *("ms CPU a rollout", "own, bare", "worker", "evaluator", "jail", "total"),
        *("1.15 x own + 4", "ratio"),
        title=f"{len(found)} groups of {rollouts} right solutions of {name}, {kind} jail",
    )
    parts = (seconds * 1000 / count for seconds in (worker_s, evaluator_s, jail_s))
    figures = (own_ms, *parts, total_ms, allowed_ms)
    table.add_row("mean", *(f"{ms:.2f}" for ms in figures), f"{total_ms / allowed_ms:.2f}")
    return table


def evaluator_cpu_s() -> float:
    """CPU seconds of the process that compares answers, a grandchild of this one."""
    (zygote,) = [pid for pid in children(os.getpid()) if b"evaluator" in cmdline(pid)]
    return sum(map(cpu_s_of, children(zygote)))


def cmdline(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def judge_group(judge: Judge, row: Row, rollouts: int) -> None:
    """Rollouts that differ, so that none is answered from memory, with one ground truth."""
    truth = {key: row[key] for key in ("prompt", "test", "entry_point")}
    for number in range(rollouts):
        completion = f"```python\n# rollout {number}\n{row['completion']}\n```"
        verdict = judge.judge(Rollout(completion=completion, ground_truth=truth))
        assert verdict.outcome is Outcome.CORRECT, verdict


def bare_cpu_s(row: Row) -> float:
    """CPU seconds of a solution under its suite, compiled before, in a fork of this process."""
    program = compile(f"{row['prompt']}\n{row['completion']}\n{row['test']}", "bare", "exec")
    receiver, sender = os.pipe()
    if os.fork() == 0:
        names: dict[str, Any] = {"__name__": "__main__"}
        exec(program, names)  # noqa: S102 - a data set's own solution
        check: Callable[[Any], None] = names["check"]
        candidate = eval(row["entry_point"], names)  # noqa: S307 - as above
        start = time.process_time()
        check(candidate)
        os.write(sender, str(time.process_time() - start).encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as answer:
        used = answer.read()
    os.wait()
    return float(used)


if __name__ == "__main__":
    main()
