"""Counts errors of both kinds beside plain math-verify, on pairs made from real references.

`python -m benchmarks.math.pairs [--golds FILE] [--show]`: every rule of benchmarks.math.rules is
applied to references in an order drawn at random; the rule, not a grader, says what is right.
Needs ../shared/data beside the checkout, or another file with an `answer` in each line.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from math_verify import parse, verify
from rich.console import Console
from rich.table import Table

from benchmarks.math.rules import EQUIVALENT, NEAR_MISS, Rule
from verifier.math import MathJudge
from verifier.model import MathTruth, Outcome

GOLDS = Path(__file__).parents[3] / "shared" / "data" / "math" / "golds.jsonl"
PAIRS_PER_RULE = 90
PAIRS_PER_REFERENCE = 8
MAX_REFERENCE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference, an answer made from it, and whether the rule kept the meaning."""

    rule: str
    reference: str
    answer: str
    equivalent: bool


def references(path: Path) -> list[str]:
    """Distinct short references of the file, without the marks of their data sets."""
    found: dict[str, None] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        text = str(json.loads(line)["answer"])
        if text.startswith("['"):
            text = ast.literal_eval(text)[0]
        text = text.strip()
        if text.startswith("$") and text.endswith("$") and text.count("$") == 2:
            text = text[1:-1].strip()
        if text and len(text) <= MAX_REFERENCE_CHARS and "\\boxed" not in text and "$" not in text:
            found[text] = None
    return list(found)


def pairs(golds: list[str], seed: int = 1) -> Iterator[Pair]:
    """The benchmark: the same for the same references and seed."""
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    for rules, equivalent in ((EQUIVALENT, True), (NEAR_MISS, False)):
        for name, rule in rules.items():
            yield from _pairs_of(name, rule, equivalent, draw.sample(golds, len(golds)))


def _pairs_of(name: str, rule: Rule, equivalent: bool, golds: list[str]) -> Iterator[Pair]:
    left = PAIRS_PER_RULE
    for gold in golds:
        answers = [answer for answer in dict.fromkeys(rule(gold)) if answer != gold]
        for answer in answers[: min(left, PAIRS_PER_REFERENCE)]:
            left -= 1
            yield Pair(name, gold, answer, equivalent)
        if left <= 0:
            return


def _math_verify(pair: Pair) -> bool:
    gold = parse(f"\\boxed{{{pair.reference}}}")
    return bool(verify(gold, parse(f"\\boxed{{{pair.answer}}}"), timeout_seconds=1))


def main() -> int:
    """Print the table; 1 where the verifier has more errors than it promises."""
    parser = argparse.ArgumentParser(prog="benchmarks.math.pairs")
    parser.add_argument("--golds", type=Path, default=GOLDS)
    parser.add_argument("--show", action="store_true", help="list the verifier's errors")
    options = parser.parse_args()
    console = Console()
    if not options.golds.is_file():
        console.print(f"no data in {options.golds}: nothing to measure")
        return 0
    made = list(pairs(references(options.golds)))
    judge = MathJudge()
    table = Table("rule", "pairs", "verifier wrong", "math-verify wrong", title=f"{len(made)}")
    totals = {True: [0, 0, 0], False: [0, 0, 0]}
    shared_false_positives = 0
    counts: dict[tuple[bool, str], list[int]] = {}
    for pair in made:
        truth = MathTruth((pair.reference,))
        verdict = judge.judge(truth, f"\\boxed{{{pair.answer}}}", truncated=False)
        ours = (verdict.outcome is Outcome.CORRECT) != pair.equivalent
        theirs = _math_verify(pair) != pair.equivalent
        shared_false_positives += ours and theirs and not pair.equivalent
        count = counts.setdefault((pair.equivalent, pair.rule), [0, 0, 0])
        for row in (count, totals[pair.equivalent]):
            row[0] += 1
            row[1] += ours
            row[2] += theirs
        if ours and options.show:
            console.print(pair, verdict.outcome, verdict.how)
    judge.close()
    for (equivalent, rule), count in counts.items():
        table.add_row(("= " if equivalent else "≠ ") + rule, *map(str, count))
    table.add_section()
    table.add_row("= false negatives", *map(str, totals[True]))
    table.add_row("≠ false positives", *map(str, totals[False]))
    console.print(table)
    console.print(f"false positives shared with math-verify: {shared_false_positives}")
    return int(totals[True][1] * 3 > totals[True][2] or shared_false_positives > 0)


if __name__ == "__main__":
    raise SystemExit(main())
