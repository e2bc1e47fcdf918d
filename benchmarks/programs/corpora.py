"""What the rows of public code corpora get as they stand: their right programs, and spoilt ones.

Needs ../shared/data beside the checkout; says so and measures nothing without it.
`python -m benchmarks.programs.corpora [--jail docker] [--source REGEX] [--mixed 300] [--every]`
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from verifier.judge import Judge
from verifier.model import Rollout, Verdict

FILE = Path(__file__).parents[3] / "shared" / "data" / "code" / "corpora.jsonl.gz"
KINDS = {1.0: "right", None: "null", 0.0: "0"}
Row = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--jail", choices=("docker", "local"), default="docker")
    arguments.add_argument("--source", default="", help="a pattern: these alone")
    arguments.add_argument(
        "--mixed", type=int, help="so many rows of tier 1 as they stand, drawn from all sources"
    )
    arguments.add_argument("--every", action="store_true", help="print each row that is not right")
    options = arguments.parse_args()
    console = Console()
    if not FILE.is_file():
        console.print(f"no {FILE}: nothing to measure")
        return
    counts: dict[str, Counter[str]] = {}
    with Judge(options.jail) as judge:
        for row in mixed(options.mixed) if options.mixed else rows(options.source):
            for name, verdict in verdicts(judge, row):
                told = f"{name} {KINDS[verdict.outcome.reward]}"
                for group in (row["source"], f"tier {row['tier']}"):
                    counts.setdefault(group, Counter())[told] += 1
                if options.every and told not in {"solution right", "spoilt 0", "spoilt null"}:
                    console.print(row["id"], told, verdict.outcome, verdict.message, markup=False)
    console.print(table(counts))


def rows(source: str) -> Iterator[Row]:
    for row in map(json.loads, gzip.decompress(FILE.read_bytes()).splitlines()):
        if re.search(source, row["source"]):
            yield row


def mixed(most: int) -> list[Row]:
    """So many, drawn by a digest: the same ones each time, as often of each source as it has."""
    found = [row for row in rows("") if row["tier"] == 1 and row["form"] == "native"]
    return sorted(found, key=lambda row: hashlib.sha256(row["id"].encode()).digest())[:most]


def verdicts(judge: Judge, row: Row) -> Iterator[tuple[str, Verdict]]:
    """On the row's right program and, where it has one, on its wrong one."""
    for name in ("solution", "spoilt"):
        if row[name] is not None:
            yield (
                name,
                judge.judge(Rollout(completion=row[name], ground_truth=row["ground_truth"])),
            )


def table(counts: dict[str, Counter[str]]) -> Table:
    shown = Table("source", "right", "null", "0", "spoilt 1", "spoilt")
    for group, count in sorted(counts.items()):
        spoilt = sum(number for told, number in count.items() if told.startswith("spoilt"))
        told = [count[f"solution {kind}"] for kind in KINDS.values()]
        shown.add_row(group, *map(str, [*told, count["spoilt right"], spoilt]))
    return shown


if __name__ == "__main__":
    main()
