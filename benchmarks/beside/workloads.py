"""What is judged: rollouts as a half-trained policy gives them, each with its label.

Of a group, a drawn share is right; the others are wrong, do not run, take too long, or try to pass
without solving anything. Every fourth repeats an earlier one of its group. Real problems come from
../shared/data; a workload whose data is not there is empty.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "shared" / "data"
LIMIT_S = 2.0
"""CPU seconds of one test."""
GROUP = 16
Json = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A rollout, and what others than this verifier need to judge it."""

    completion: str
    ground_truth: Any
    label: bool
    program: str | None = None
    cases: tuple[tuple[str, str], ...] = ()
    """Of a program that reads and prints: inputs and outputs."""
    suite: str | None = None
    """What is appended to a program to test it; it raises where that fails."""
    framework: str | None = None
    """What runs the suite, where it does not run by itself."""


@dataclass(frozen=True)
class Problem:
    """A problem with programs for it; what is not given there is made from the right one."""

    ground_truth: Any
    right: str
    wrong: Sequence[str]
    cases: tuple[tuple[str, str], ...] = ()
    setup: str = ""
    suite: str | None = None
    framework: str | None = None
    forged: str = "import os\nos._exit(0)\n"
    """Ends as a program does that passed."""
    slow: str = "while True:\n    pass\n"


def group(problem: Problem, number: int, size: int = GROUP) -> Iterator[Row]:
    """The rollouts of one problem, the same ones for the same number."""
    drawn = random.Random(number)  # noqa: S311 - the same for everyone
    rate = drawn.random()
    made: list[tuple[str, bool]] = []
    for place in range(size):
        if place % 4 == 3:
            program, label = drawn.choice(made)
        elif drawn.random() < rate:
            program, label = f"{problem.right}\n# {number}.{place}\n", True
        else:
            kinds = [*problem.wrong] * 6 + ["def broken(:\n"] * 2 + [problem.forged] * 2
            if number % 8 == 0:
                kinds.append(problem.slow)
            program, label = f"# {number}.{place}\n{drawn.choice(kinds)}", False
        made.append((program, label))
        yield Row(
            f"I think this works.\n```python\n{program}\n```\n",
            problem.ground_truth,
            label,
            f"{problem.setup}\n{program}",
            problem.cases,
            problem.suite,
            problem.framework,
        )


def trivial(groups: int) -> list[Row]:
    """Programs that add a number, ten tests each."""

    def problem(number: int) -> Problem:
        cases = tuple((f"{case}\n", f"{case + number}\n") for case in range(10))
        return Problem(
            _stdin(cases),
            f"print(int(input()) + {number})",
            ["print(input())"],
            cases,
            slow="1 / 0\n",
        )

    return [row for number in range(1, groups + 1) for row in group(problem(number), number)]


def real_stdin(groups: int) -> list[Row]:
    """Problems of Codeforces and CodeContests."""
    found = []
    for row in _lines("code/corpora.jsonl.gz"):
        truth = row["ground_truth"]
        truth = json.loads(truth) if isinstance(truth, str) and truth[:1] == "{" else truth
        is_plain = isinstance(truth, dict) and {*truth} == {"inputs", "outputs"}
        if row["tier"] == 1 and is_plain and "```python" in row["solution"]:
            cases = tuple(zip(truth["inputs"], truth["outputs"], strict=True))
            right = _program(row["solution"])
            if (
                all(isinstance(text, str) for case in cases for text in case)
                and "exit" not in right
            ):
                found.append(Problem(_stdin(cases), right, _spoilt(right, cases), cases))
    return _groups(found, groups)


def _spoilt(right: str, cases: Sequence[tuple[str, str]]) -> list[str]:
    """Programs that print too much: always, and where the input is one of the longest."""
    longest = max(len(given.encode()) for given, _ in cases)
    keep = (
        "import io, sys\nread = sys.stdin.buffer.read()\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(read))"
    )
    return [
        f"{right}\nprint('spoilt')\n",
        f"{keep}\n{right}\nif len(read) >= {longest}:\n    print('spoilt')\n",
    ]


def leetcode(groups: int) -> list[Row]:
    """Suites of about a hundred assertions."""
    return _groups([_leetcode(row) for row in _lines("code/leetcode.jsonl.gz")], groups)


def _leetcode(row: Json) -> Problem:
    method = row["entry_point"].removeprefix("Solution().")
    returns = f"class Solution:\n    def {method}(self, *_, **__):\n        return "
    truth = {"kind": "assert", "entry_point": row["entry_point"], "test": row["test"]}
    return Problem(
        {**truth, "setup": row["prompt"], "limits": {"cpu_s": LIMIT_S}},
        row["completion"],
        [f"{returns}None\n"],
        setup=row["prompt"],
        suite=f"{row['test']}\ncheck({row['entry_point']})\n",
        forged=f"{returns}type('Any', (), {{'__eq__': lambda *_: True}})()\n",
        slow=f"class Solution:\n    def {method}(self, *_, **__):\n        while True: pass\n",
    )


def pytest_suites(groups: int) -> list[Row]:
    """Modules that pytest runs."""

    def problem(number: int) -> Problem:
        lines = [
            f"def test_{case}():\n    assert add({case}) == {case + number}" for case in range(8)
        ]
        test = "\n".join(["import pytest", "from solution import add", *lines])
        truth = {"kind": "suite", "framework": "pytest", "test": test}
        return Problem(
            truth,
            f"def add(x):\n    return x + {number}",
            ["def add(x):\n    return x"],
            suite=test,
            framework="pytest",
            forged="class Any:\n    __eq__ = lambda *_: True\ndef add(x):\n    return Any()\n",
            slow="1 / 0\n",
        )

    return [row for number in range(1, groups + 1) for row in group(problem(number), number, 8)]


def special_judges(groups: int) -> list[Row]:
    """Any two numbers with the given sum are right."""
    judge = "def check(input, output, answer): return sum(map(int, output.split())) == int(input)"

    def problem(number: int) -> Problem:
        cases = tuple((f"{case + number}\n", f"{case + number} 0\n") for case in range(1, 11))
        checker = {"kind": "program", "language": "python", "style": "check", "source": judge}
        return Problem(
            _stdin(cases) | {"checker": checker},
            "n = int(input())\nprint(n // 2, n - n // 2)",
            ["print(input(), 1)"],
            cases,
            slow="1 / 0\n",
        )

    return [row for number in range(1, groups + 1) for row in group(problem(number), number)]


def mathematics(groups: int, *, kilobytes: int = 0) -> list[Row]:
    """Real completions for MATH, eight a problem; `kilobytes` of reasoning at most before them."""
    rows = list(_lines("math/math_rollouts.jsonl"))[: groups * 8]
    drawn = random.Random(0)  # noqa: S311 - the same for everyone
    return [
        Row(
            _thought(drawn.randint(2, kilobytes)) + row["completion"]
            if kilobytes
            else row["completion"],
            row["ground_truth"],
            bool(row["label"]),
        )
        for row in rows
    ]


def training_step(groups: int) -> list[Row]:
    """Three quarters math of 2 to 100 kB, a quarter LeetCode, in groups of sixteen."""
    math = mathematics(groups * 3 // 2, kilobytes=100)
    wanted = groups * 3 // 4 * GROUP
    math = (math * (1 + wanted // max(1, len(math))))[:wanted]
    return math + leetcode(groups - groups * 3 // 4) if math else []


def _thought(kilobytes: int) -> str:
    step = "We add what is left to what we have, and look whether it can be divided again.\n"
    return f"<think>{step * (kilobytes * 1000 // len(step))}</think>\n"


def _stdin(cases: Sequence[tuple[str, str]]) -> Json:
    plain = [{"input": given, "output": expected} for given, expected in cases]
    return {"kind": "stdin", "cases": plain, "limits": {"cpu_s": LIMIT_S}}


def _groups(problems: Sequence[Problem], groups: int) -> list[Row]:
    step = max(1, len(problems) // groups)
    chosen = problems[::step][:groups]
    return [row for number, problem in enumerate(chosen) for row in group(problem, number)]


def _program(completion: str) -> str:
    return completion.partition("```python\n")[2].partition("```")[0]


def _lines(name: str) -> Iterator[Json]:
    path = DATA / name
    if path.is_file():
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        yield from map(json.loads, text.splitlines())


WORKLOADS: dict[str, tuple[Callable[[int], list[Row]], int, int]] = {
    "trivial stdin, 10 tests": (trivial, 16, 4),
    "real stdin": (real_stdin, 24, 6),
    "LeetCode suites": (leetcode, 24, 6),
    "pytest suites": (pytest_suites, 8, 2),
    "special judges": (special_judges, 8, 2),
    "mathematics": (mathematics, 100, 50),
    "training step": (training_step, 256, 32),
}
"""Each with how many groups it has, and how many in short."""
