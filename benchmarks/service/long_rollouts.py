"""What long completions cost: the client against the same rollouts trimmed by hand before it.

Starts `verifier serve` with a worker for each CPU and scores a step's rollouts through the client,
whole and trimmed, in turn. Memory is the client process's own, above its input.
`python -m benchmarks.service.long_rollouts [--rollouts 4096] [--kilobytes 100] [--rounds 3]`
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.service.scoring import service
from verifier_client import Client

MIB = 1024 * 1024
Row = dict[str, Any]


def main() -> None:
    """Print one line for each kind of completion."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rollouts", type=int, default=4096)
    arguments.add_argument("--kilobytes", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    table = Table(
        "completion",
        "whole, s",
        "trimmed, s",
        "ratio (spread)",
        "client above its input, MB",
        title=f"{given.rollouts:,} completions of {given.kilobytes} kB, median of {given.rounds}",
    )
    with service() as url:
        for kind in KINDS:
            # A process for each: what one kind leaves behind is not the next one's.
            with get_context("spawn").Pool(1) as pool:
                measured = (url, kind, given.rollouts, given.kilobytes * 1000, given.rounds)
                whole, trimmed, memory = pool.apply(measure, measured)
            ratios = [mine / theirs for mine, theirs in zip(whole, trimmed, strict=True)]
            table.add_row(
                kind,
                f"{statistics.median(whole):.2f}",
                f"{statistics.median(trimmed):.2f}",
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
                f"{memory / 1e6:.0f}",
            )
    Console().print(table)


def measure(
    url: str, kind: str, count: int, length: int, rounds: int
) -> tuple[list[float], list[float], int]:
    """Seconds of each round, whole and trimmed; bytes of the highest memory above the input's."""
    make, trim = KINDS[kind]
    rows = [make(number, length) for number in range(count)]
    by_hand = [{**row, "completion": trim(row["completion"])} for row in rows]
    with Client(url) as client:
        client.score(by_hand[:64])  # so that no cold page counts
        Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
        before = _memory("VmRSS")
        highest = 0
        whole, trimmed = [], []
        for _ in range(rounds):
            whole.append(_seconds(client, rows))
            highest = max(highest, _memory("VmHWM"))
            trimmed.append(_seconds(client, by_hand))
    return whole, trimmed, highest - before


def _seconds(client: Client, rows: list[Row]) -> float:
    began = time.perf_counter()
    rewards = client.score(rows).rewards
    if set(rewards) != {1.0}:
        sys.exit(f"{sum(reward != 1.0 for reward in rewards)} rollouts were not correct")
    return time.perf_counter() - began


def _memory(name: str) -> int:
    """Of this process, in bytes, as /proc has it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (found,) = (line for line in lines if line.startswith(f"{name}:"))
    return int(found.split()[1]) * 1024


def _reasoning(number: int, length: int) -> str:
    """Text that differs from rollout to rollout and within one."""
    steps = (
        f"Step {step}: {step * number % 9973} over {step} leaves {step * step % 101}, so we go on. "
        for step in range(length // 30)
    )
    return "".join(steps)[:length]


def thinking(number: int, length: int) -> Row:
    """A reasoning model's: a long thought, then the answer."""
    end = f"</think>\n\nThe two add up to \\boxed{{{number}}}.<|im_end|>"
    text = "<think>" + _reasoning(number, length - len(end) - 7) + end
    return {"completion": text, "ground_truth": str(number)}


def chinese(number: int, length: int) -> Row:
    """The same in Chinese: three bytes a letter."""
    row = thinking(number, length // 3)
    return {**row, "completion": row["completion"].replace("so we go on", "所以我们继续计算下一步")}


def untagged(number: int, length: int) -> Row:
    """Reasoning that nothing tells from the answer."""
    end = f"\n\\[ x = {number} \\]\nSo it is \\boxed{{{number}}}."
    return {"completion": _reasoning(number, length - len(end)) + end, "ground_truth": str(number)}


def _after_thinking(text: str) -> str:
    return text.rpartition("</think>")[2].removesuffix("<|im_end|>")


def _last_lines(text: str) -> str:
    return text.partition("\n")[2]


KINDS: dict[str, tuple[Callable[[int, int], Row], Callable[[str], str]]] = {
    "thinking, then an answer": (thinking, _after_thinking),
    "the same in Chinese": (chinese, _after_thinking),
    "no tags, a box at the end": (untagged, _last_lines),
}


if __name__ == "__main__":
    main()
