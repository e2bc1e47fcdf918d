"""How many tests are run of wrong-heavy groups: all, and what is left of these step by step.

Real problems of Codeforces and CodeContests with tests enough, one rollout in eight right, the
others wrong everywhere or in the longest input alone, every fourth a repetition.
Needs ../shared/data beside the checkout; says so and measures nothing without it.
`python -m benchmarks.programs.judging_less [--groups 12] [--jail local]`
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from unittest import mock

from rich.console import Console
from rich.table import Table

from benchmarks.beside.workloads import GROUP, Row, real_stdin
from verifier.judge import Judge
from verifier.model import Rollout
from verifier.programs import judge as judging
from verifier.programs import stdin
from verifier.remembered import Remembered

MIN_TESTS = 5
"""Of a problem: with fewer there is nothing to leave out."""


class Counter:
    """Tests that were run since it was asked last."""

    def __init__(self) -> None:
        self._tests = 0
        mock.patch.object(judging, "ruled", self._counted).start()

    def _counted(self, *arguments: Any) -> Iterator[Any]:
        for outcome in stdin.ruled(*arguments):
            self._tests += 1
            yield outcome

    def taken(self) -> int:
        tests, self._tests = self._tests, 0
        return tests


def main() -> None:
    """Print a line for each step."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--groups", type=int, default=12)
    arguments.add_argument("--jail", choices=("docker", "local"), default="local")
    options = arguments.parse_args()
    rows = wrong_heavy(options.groups)
    if not rows:
        Console().print("no data beside this checkout: nothing to measure")
        return
    every_test = sum(len(row.cases) for row in rows)
    title = f"{len(rows)} rollouts, {sum(row.label for row in rows)} right"
    table = Table("what is left out", "tests run", "of all", title=title)
    table.add_row("nothing", str(every_test), "")
    counter = Counter()

    def step(name: str, judge: Judge, *, any_order: bool = False) -> None:
        for row in rows:
            verdict = judge.judge(
                Rollout(
                    completion=row.completion, ground_truth=row.ground_truth, any_order=any_order
                )
            )
            assert verdict.reward == row.label, (verdict, row)
        tests = counter.taken()
        table.add_row(name, str(tests), f"1/{every_test / tests:.1f}" if tests else "none")

    for most in (0, 65_536):
        with Judge(options.jail, remembered=Remembered(most)) as judge:
            counter.taken()
            name = "what is remembered" if most else "what comes after a failed test"
            step(name, judge)
            if most:
                step("the same, in the next epoch", judge)
            step(f"{name}; failed tests first, for rewards alone", judge, any_order=True)
    Console().print(table)


def wrong_heavy(groups: int) -> list[Row]:
    """The rollouts of so many groups; of the right ones those alone that come first."""
    found: list[Row] = []
    rows = [row for row in real_stdin(10_000) if len(row.cases) >= MIN_TESTS]
    for start in range(0, len(rows) - len(rows) % GROUP, GROUP):
        of_one = rows[start : start + GROUP]
        wrong = [row for row in of_one if not row.label and "while True" not in row.completion]
        right = [row for row in of_one if row.label][:2]
        if right and len(wrong) > 1:
            found += right + (wrong * GROUP)[: GROUP - len(right)]
    return _distinct(found[: groups * GROUP])


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Three of four with a line of its own, every fourth the one before it once more."""
    found: list[Row] = []
    for number, row in enumerate(rows):
        own = row.completion.replace("\n```\n", f"\n# {number}\n```\n")
        found.append(found[-1] if number % 4 == 3 else replace(row, completion=own))
    return found


if __name__ == "__main__":
    main()
