"""Counts errors of both kinds beside plain math-verify, on completions with reviewed labels.

`python -m benchmarks.math.labelled [--pairs FILE] [--show]`: by source. math-verify runs in a
process of its own, which is ended where a pair takes longer than --seconds: then it has refused it.
Needs ../shared/data beside the checkout, or another file with `reference`, `completion`, `label`
(0 or 1) and `source` in each line.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections import Counter
from multiprocessing.pool import Pool
from pathlib import Path

from math_verify import parse, verify
from rich.console import Console
from rich.table import Table

from verifier.math import MathJudge
from verifier.model import MathTruth, Outcome

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "math" / "reviewed.jsonl"
INSIDE_S = 2
"""What math-verify gives itself for each step."""


class _MathVerify:
    """math-verify in a process that can be ended."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pool: Pool | None = None

    def accepts(self, reference: str, completion: str) -> bool:
        if self._pool is None:
            self._pool = multiprocessing.get_context("fork").Pool(1)
        try:
            return self._pool.apply_async(_verified, (reference, completion)).get(self._seconds)
        except multiprocessing.TimeoutError:
            self.close()
            return False

    def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
            self._pool = None


def _verified(reference: str, completion: str) -> bool:
    gold = parse(reference if "$" in reference else f"${reference}$", parsing_timeout=INSIDE_S)
    answer = parse(completion, parsing_timeout=INSIDE_S)
    return bool(verify(gold, answer, timeout_seconds=INSIDE_S))


def main() -> None:
    """Print a line for each source, and the verifier's errors where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--show", action="store_true", help="list the verifier's errors")
    options = parser.parse_args()
    console = Console(width=110)
    if not options.pairs.is_file():
        console.print(f"no data in {options.pairs}: nothing to measure")
        return
    judge, beside = MathJudge(), _MathVerify(options.seconds)
    counts: dict[str, Counter[str]] = {}
    for line in options.pairs.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        label, reference = bool(row["label"]), str(row["reference"])
        verdict = judge.judge(MathTruth((reference,)), row["completion"], truncated=False)
        ours = verdict.outcome is Outcome.CORRECT
        theirs = beside.accepts(reference, row["completion"])
        for source in (row["source"], "all"):
            count = counts.setdefault(source, Counter())
            count["right" if label else "wrong"] += 1
            for name, accepted in (("ours", ours), ("theirs", theirs)):
                count[f"{name} refused"] += label and not accepted
                count[f"{name} passed"] += accepted and not label
        if ours != label and options.show:
            said = (row["label"], verdict.outcome, repr(reference), repr(row["completion"][-200:]))
            console.print(*said, markup=False)
    judge.close()
    beside.close()
    wanted = ("right", "ours refused", "theirs refused", "wrong", "ours passed", "theirs passed")
    table = Table("source", *wanted, title="math-verify is theirs")
    for source in sorted(counts, key=lambda source: -counts[source].total()):
        table.add_row(source, *(str(counts[source][name]) for name in wanted))
    console.print(table)


if __name__ == "__main__":
    main()
