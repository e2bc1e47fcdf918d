"""What a test costs in CPU time by the way that it goes: programs that read and print, beside
checkers and interactors; calls; suites that are read, and those that run with the referee.

    python -m benchmarks.programs.suite_ways [--rollouts 10] [--jail docker]
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.sandbox.cost import jail_cpu_s
from verifier.dispatch.working import freeze_heap
from verifier.judge import Judge
from verifier.model import Outcome, Rollout

FEW, MANY = 1, 41
"""Tests of a rollout: the difference is what they cost, the rest what every rollout does."""
Truth = Callable[[int], dict[str, Any]]
"""The ground truth with so many tests."""

_PLAIN = "def f(x):\n    return x + 1\n"
_OBJECT = (
    "class Sum:\n    def __init__(self, x): self.x = x\n    def more(self): return self.x + 1\n"
)
_PROGRAM = "print(int(input()) + 1, end=' ' * ROLLOUT + '\\n')\n"
"""What it prints is new in each rollout: a checker is not asked again of what it knows."""
_CHECK = "def check(input, output, answer):\n    return int(output) == int(answer)\n"
_TESTLIB = """\
#include "testlib.h"
int main(int argc, char *argv[]) {
    registerTestlibCmd(argc, argv);
    if (ouf.readInt() != ans.readInt()) quitf(_wa, "another number");
    quitf(_ok, "the number");
}
"""
_INTERACTOR = """\
import sys
asked = int(open(sys.argv[1]).read())
print(asked, flush=True)
sys.exit(0 if int(input()) == asked + 1 else 1)
"""
_LOOP = "n = 0\nwhile n < {count}:\n    {body}\n    n += 1\n"
"""None that the trusted side reads."""


def stdin(judges: dict[str, dict[str, str]] | None = None) -> Truth:
    """Cases of a program, judged by a checker or an interactor where one is given."""

    def truth(count: int) -> dict[str, Any]:
        cases = [{"input": f"{n}\n", "output": f"{n + 1}\n"} for n in range(count)]
        given = {role: {"kind": "program", **judge} for role, judge in (judges or {}).items()}
        return {"kind": "stdin", "cases": cases, **given}

    return truth


def calls(count: int) -> dict[str, Any]:
    """Cases of a function."""
    cases = [{"args": [n], "expected": n + 1} for n in range(count)]
    return {"kind": "call", "entry_point": "f", "cases": cases}


def assertions(body: str, before: str = "", loop: str = _LOOP) -> Truth:
    """A suite that runs one statement so often."""

    def truth(count: int) -> dict[str, Any]:
        test = before + loop.format(count=count, body=body)
        return {"kind": "assert", "entry_point": "f", "test": test}

    return truth


def module(framework: str, each: str, head: str) -> Truth:
    """A module of so many tests, each run alone."""

    def truth(count: int) -> dict[str, Any]:
        test = head + "".join(each.format(n=n, next=n + 1) for n in range(count))
        return {"kind": "suite", "framework": framework, "test": test}

    return truth


WAYS: dict[str, tuple[str, Truth]] = {
    "stdin": (_PROGRAM, stdin()),
    "stdin, a checker in Python": (_PROGRAM, stdin({"checker": {"source": _CHECK}})),
    "stdin, a checker in C++": (
        _PROGRAM,
        stdin({"checker": {"language": "cpp", "style": "testlib", "source": _TESTLIB}}),
    ),
    "stdin, an interactor": (
        _PROGRAM,
        stdin({"interactor": {"style": "testlib", "source": _INTERACTOR}}),
    ),
    "call": (_PLAIN, calls),
    "assertions, read": (
        _PLAIN,
        assertions("assert f(n) == n + 1", loop="for n in range({count}):\n    {body}\n"),
    ),
    "assertions, with the referee": (_PLAIN, assertions("assert f(n) == n + 1")),
    "of a method of an object": (
        f"{_OBJECT}def f(x): return Sum(x)\n",
        assertions("assert made.more() == 2", "made = f(1)\n"),
    ),
    "of an object and its method": (
        f"{_OBJECT}def f(x): return Sum(x)\n",
        assertions("assert f(n).more() == n + 1"),
    ),
    "of what is printed": (
        "def f(x): print(x)\n",
        assertions(
            "assert f(n) is None",
            "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
            "    f(0)\nassert out.getvalue() == '0\\n'\n",
        ),
    ),
    "of a function that is given": (
        "def f(g, x): return g(x)\n",
        assertions("assert f(g, n) == n + 1", "def g(x): return x + 1\n"),
    ),
    "of a file that is shared": (
        "def f(path): return len(open(path).read()) + 1\n",
        assertions(
            "assert f('a.txt') == 4",
            "with open('a.txt', 'w') as file:\n    file.write('abc')\n",
        ),
    ),
    "of an object of the suite's, lent": (
        "def f(node): return node.value + 1\n",
        assertions(
            "assert f(node) == 2",
            "class Node:\n    def __init__(self, value): self.value = value\nnode = Node(1)\n",
        ),
    ),
    "of a document that is given": (
        "def f(element): return element.find('b').text\n",
        assertions(
            "assert f(made) == 'x'",
            "import xml.etree.ElementTree as ET\nmade = ET.fromstring('<a><b>x</b></a>')\n",
        ),
    ),
    "of a container that the suite changes": (
        (
            "class Kept:\n    def __init__(self): self.items = {}\n"
            "    def size(self): return len(self.items)\ndef f(): return Kept()\n"
        ),
        assertions("made.items[n] = 0\n    assert made.size() == n + 1", "made = f()\n"),
    ),
    "with a mock around the candidate": (
        "import os\ndef f(): return os.getcwd() + '!'\n",
        assertions(
            "with patch('os.getcwd', return_value='here'):\n        assert f() == 'here!'",
            "from unittest.mock import patch\n",
        ),
    ),
    "pytest, a test": (
        _PLAIN,
        module(
            "pytest", "def test_{n}():\n    assert f({n}) == {next}\n", "from solution import f\n"
        ),
    ),
    "unittest, a test": (
        _PLAIN,
        module(
            "unittest",
            "    def test_{n}(self):\n        self.assertEqual(f({n}), {next})\n",
            "import unittest\nfrom solution import f\nclass Test(unittest.TestCase):\n",
        ),
    ),
}


def main() -> None:
    """Print a row for each way."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rollouts", type=int, default=10)
    arguments.add_argument("--jail", choices=("docker", "local"), default="local")
    arguments.add_argument("--way", default="", help="a pattern: these alone, beside the first")
    options = arguments.parse_args()
    freeze_heap()
    columns = ("way", "ms CPU a rollout, once", "ms CPU a test", "times stdin's")
    table, plain_ms = Table(*columns, title=f"{options.jail} jail"), 0.0
    with Judge(options.jail) as judge:
        for way, (source, truth) in WAYS.items():
            if plain_ms and not re.search(options.way, way):
                continue
            few, many = (
                cpu_ms(judge, options.jail, source, truth(count), options.rollouts)
                for count in (FEW, MANY)
            )
            each = (many - few) / (MANY - FEW)
            plain_ms = plain_ms or each
            ratio = f"{each / plain_ms:.1f}"
            table.add_row(way, f"{few - FEW * each:.1f}", f"{each:.2f}", ratio)
    Console().print(table)


def cpu_ms(judge: Judge, jail: str, source: str, truth: dict[str, Any], rollouts: int) -> float:
    """Of a rollout, worker, evaluator and jails together."""
    began = 0.0
    for number in range(-1, rollouts):
        if number == 0:  # the one before has started what is started once
            began = time.process_time() + jail_cpu_s(jail)
        varied = f"# {number}\n{source}".replace("ROLLOUT", str(number + 1))
        completion = f"```python\n{varied}```"
        verdict = judge.judge(Rollout(completion=completion, ground_truth=truth))
        assert verdict.outcome is Outcome.CORRECT, verdict
    return (time.process_time() + jail_cpu_s(jail) - began) * 1000 / rollouts


if __name__ == "__main__":
    main()
