"""What an assertion costs in CPU time by the way that it goes: read, with the referee, and with the
referee about objects, what is printed, and functions that are given.

    python -m benchmarks.suite_ways [--rollouts 20]
"""

from __future__ import annotations

import argparse
import time

from rich.console import Console
from rich.table import Table

from benchmarks.sandbox_cost import jail_cpu_s
from verifier.dispatch.working import freeze_heap
from verifier.judge import Judge
from verifier.model import Outcome, Rollout

FEW, MANY = 1, 201
"""Assertions of a suite: the difference is what they cost, the rest what every rollout does."""
_PLAIN = "def f(x):\n    return x + 1\n"
_OBJECT = (
    "class Sum:\n    def __init__(self, x): self.x = x\n    def more(self): return self.x + 1\n"
)
_IN_A_LOOP = "n = 0\nwhile n < {count}:\n    {body}\n    n += 1\n"
"""No loop that the trusted side reads."""
WAYS = {
    "read": (_PLAIN, "for n in range({count}):\n    assert f(n) == n + 1\n"),
    "referee, plain data": (
        _PLAIN,
        _IN_A_LOOP.format(count="{count}", body="assert f(n) == n + 1"),
    ),
    "a method of an object": (
        f"{_OBJECT}def f(x): return Sum(x)\n",
        "made = f(1)\n" + _IN_A_LOOP.format(count="{count}", body="assert made.more() == 2"),
    ),
    "an object and its method": (
        f"{_OBJECT}def f(x): return Sum(x)\n",
        _IN_A_LOOP.format(count="{count}", body="assert f(n).more() == n + 1"),
    ),
    "what is printed": (
        "def f(x): print(x)\n",
        (
            "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
            "    f(0)\nassert out.getvalue() == '0\\n'\n"
        )
        + _IN_A_LOOP.format(count="{count}", body="assert f(n) is None"),
    ),
    "a function that is given": (
        "def f(g, x): return g(x)\n",
        "def g(x): return x + 1\n"
        + _IN_A_LOOP.format(count="{count}", body="assert f(g, n) == n + 1"),
    ),
}


def main() -> None:
    """Print a row for each way."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rollouts", type=int, default=20)
    options = arguments.parse_args()
    freeze_heap()
    table = Table("way", "ms CPU a rollout, once", "ms CPU an assertion", title="local jail")
    with Judge("local") as judge:
        for way, (source, test) in WAYS.items():
            few, many = (cpu_ms(judge, source, test, n, options.rollouts) for n in (FEW, MANY))
            each = (many - few) / (MANY - FEW)
            table.add_row(way, f"{few - FEW * each:.1f}", f"{each:.2f}")
    Console().print(table)


def cpu_ms(judge: Judge, source: str, test: str, count: int, rollouts: int) -> float:
    """Of a rollout, worker, evaluator and jails together."""
    truth = {"kind": "assert", "entry_point": "f", "test": test.replace("{count}", str(count))}
    began = 0.0
    for number in range(-1, rollouts):
        if number == 0:  # the one before has started what is started once
            began = time.process_time() + jail_cpu_s("local")
        completion = f"```python\n# rollout {number}\n{source}```"
        verdict = judge.judge(Rollout(completion=completion, ground_truth=truth))
        assert verdict.outcome is Outcome.CORRECT, verdict
    return (time.process_time() + jail_cpu_s("local") - began) * 1000 / rollouts


if __name__ == "__main__":
    main()
