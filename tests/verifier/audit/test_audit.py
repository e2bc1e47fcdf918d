"""What the audit says of problems whose faults are known, with a real judge in a real jail."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from sandbox import JailUnavailable
from verifier.audit.audit import audit
from verifier.audit.findings import Answer, Ask
from verifier.ground_truth import read_limits
from verifier.judge import Judge
from verifier.model import Rollout
from verifier.wire import DETAILS


@pytest.fixture(scope="module")
def ask(not_here: Callable[[str], NoReturn]) -> Iterator[Ask]:
    """A judge of this process."""
    try:
        judge = Judge("local")
    except JailUnavailable as refusal:
        not_here(str(refusal))

    async def ask(rollouts: Sequence[Mapping[str, Any]]) -> list[Answer]:
        answers = []
        for row in rollouts:
            limits = read_limits(row.get("limits"))
            rollout = Rollout(
                completion=row["completion"], ground_truth=row["ground_truth"], limits=limits
            )
            verdict = judge.judge(rollout)
            details = {name: value for name in DETAILS if (value := getattr(verdict, name))}
            answers.append(Answer(verdict.outcome.value, details))
        return answers

    with judge:
        yield ask


def found(row: dict[str, Any], ask: Ask) -> tuple[str | None, set[str]]:
    """The verdict, and the names of the findings."""
    result = asyncio.run(audit(row, ask))
    for finding in result.findings:
        assert finding.says.endswith("."), finding
    return result.verdict, {finding.name for finding in result.findings}


def calls(name: str, *pairs: tuple[list[Any], Any], **more: Any) -> dict[str, Any]:
    cases = [{"args": args, "expected": expected} for args, expected in pairs]
    return {"kind": "call", "entry_point": name, "cases": cases, **more}


def prints(*pairs: tuple[str, str], **more: Any) -> dict[str, Any]:
    cases = [{"input": given, "output": output} for given, output in pairs]
    return {"kind": "stdin", "cases": cases, **more}


def asserts(*lines: str, name: str = "f") -> dict[str, Any]:
    body = "\n".join(f"    assert {line}" for line in lines)
    return {"kind": "assert", "entry_point": name, "test": f"def check(candidate):\n{body}\n"}


LARGER = calls("f", ([1, 2], 2), ([2, 1], 2), ([5, 5], 5), ([-1, -3], -1), ([0, 7], 7))
SEARCH = asserts(
    "candidate([1, 3, 5, 7], 7) == 3",
    "candidate([1, 3, 5, 7], 1) == 0",
    "candidate([2, 4], 3) == -1",
    "candidate([2], 2) == 0",
    "candidate([1, 2, 3], 9) == -1",
    "candidate([4, 6, 8], 6) == 1",
    "candidate([4, 6, 8, 9, 11], 9) == 3",
)
SEARCHING = """
def f(a, x):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low if low < len(a) and a[low] == x else -1
"""
SUMS = prints(*((f"{a} {b}\n", f"{a + b}\n") for a in range(3) for b in range(4)))
COUNTING = "n = 0\ndef f(x):\n    global n\n    n += x\n    return n"
SLEEPY = "def f(x):\n    for _ in range(10**7):\n        pass\n    return 2 * x"

PROGRAMS: dict[str, tuple[dict[str, Any], str | None, str, str]] = {
    "an equivalent mutant": (LARGER, "def f(a, b):\n    return a if a >= b else b", "sound", ""),
    "mutants that only an unsorted list shows": (SEARCH, SEARCHING, "sound", ""),
    "a bound that no test has": (
        calls("f", ([10], False), ([30], True), ([5], False), ([60], True)),
        "def f(age):\n    return age >= 18",
        "weak",
        "mutant_passes",
    ),
    "a single assertion": (
        asserts("candidate([1, 2, 3]) == 0"),
        "def f(a):\n    return len(a) - 3",
        "weak",
        "wrong_program_passes",
    ),
    "one answer to everything": (
        prints(("1 2\n", "YES\n"), ("3 4\n", "YES")),
        "a, b = map(int, input().split())\nprint('YES' if a < b else 'NO')",
        "weak",
        "wrong_program_passes",
    ),
    "no input, so that a constant is right": (prints(("", "hi\n")), "print('hi')", "sound", ""),
    "a program that reads and prints": (
        SUMS,
        "print(sum(map(int, input().split())))",
        "sound",
        "",
    ),
    "a reference that fails": (LARGER, "def f(a, b):\n    return a", "broken", "reference_fails"),
    "one that cannot be read": (calls("f"), None, "broken", "unusable"),
    "chance": (
        calls("f", ([2], 2), ([4], 4), ([6], 6)),
        "import random\ndef f(x):\n    return x if random.random() < 0.5 else -1",
        "broken",
        "",
    ),
    "calls that share state": (
        calls("f", ([1], 1), ([1], 2), ([1], 3)),
        COUNTING,
        "weak",
        "order_matters",
    ),
    "a reference that is too slow": (
        calls("f", ([1], 2), ([4], 8), limits={"cpu_s": 0.02}),
        SLEEPY,
        "weak",
        "reference_at_limit",
    ),
    "two outputs for one input": (
        prints(("1\n", "2\n"), ("1\n", "3\n")),
        None,
        "broken",
        "contradictory_tests",
    ),
    "without a solution": (LARGER, None, "sound", "no_solution"),
    "without a solution, and weak": (calls("f", ([1], 7)), None, "weak", "wrong_program_passes"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str, ask: Ask) -> None:
    truth, solution, verdict, finding = PROGRAMS[name]
    row = {"id": name, "ground_truth": truth, "solution": solution}
    told, names = found(row, ask)
    assert told == verdict, names
    assert not finding or finding in names


def test_what_the_problem_shows_by_heart(ask: Ask) -> None:
    row = {
        "prompt": "Square a number: sq(2) is 4, sq(3) is 9.",
        "ground_truth": calls("sq", ([2], 4), ([3], 9)),
    }
    assert found(row, ask) == ("weak", {"wrong_program_passes", "no_solution", "tests"})
    row["prompt"] = "Square a number."
    assert found(row, ask)[0] == "sound"


def test_a_problem_with_several_answers_whose_tests_know_one(ask: Ask) -> None:
    row = {
        "prompt": "Give two numbers whose sum is n. You may return any valid pair.",
        "ground_truth": calls("f", ([5], [2, 3]), ([7], [3, 4])),
    }
    assert "several_answers" in found(row, ask)[1]


def test_a_row_of_a_data_set_as_it_stands(ask: Ask) -> None:
    row = {
        "task_id": "HumanEval/x",
        "prompt": 'def f(n):\n    """n doubled\n    >>> f(2)\n    4\n    """\n',
        "canonical_solution": "    return n + n\n",
        "entry_point": "f",
        "test": "def check(candidate):\n    assert candidate(2) == 4\n",
    }
    told = asyncio.run(audit(row, ask))
    kinds = {finding.details.get("kind") for finding in told.findings}
    assert told.verdict == "weak"
    assert kinds >= {"by_heart", "constant"}


def test_what_this_machine_lacks_is_no_verdict(ask: Ask) -> None:
    row = {"ground_truth": LARGER, "solution": "import no_such_library\ndef f(a, b): return a"}
    assert found(row, ask) == (None, {"unjudged"})


@pytest.mark.parametrize(
    ("task", "wrong"),
    [
        ("HumanEval/31", "n <= 2"),  # no test asks for 2, which is prime
        ("HumanEval/34", "returns [0, 2, 3, 5, 9, 123]"),  # one test
        ("HumanEval/6", ""),  # only unbalanced brackets tell its mutants from it
    ],
)
def test_wrong_programs_that_humaneval_takes(
    task: str, wrong: str, ask: Ask, shared_data: Callable[[str], Path]
) -> None:
    with shared_data("code/humaneval.jsonl").open(encoding="utf-8") as file:
        row = next(row for row in map(json.loads, file) if row["task_id"] == task)
    told = asyncio.run(audit(row, ask))
    assert told.verdict == ("weak" if wrong else "sound"), told.findings
    assert wrong in " ".join(f"{one.says} {one.details.get('mutant')}" for one in told.findings)


def test_what_is_only_not_judged_here_is_no_verdict(ask: Ask) -> None:
    row = {
        "ground_truth": {
            "kind": "assert",
            "entry_point": "add",
            "test": "import sys\ndef check(candidate):\n    candidate('/x')\n"
            "    assert '/x' in sys.path\n    assert candidate('/y') == 1\n",
        },
        "solution": "import sys\ndef add(path):\n    sys.path.append(path)\n    return 1\n",
    }
    assert found(row, ask) == (None, {"unjudged"})
    row["solution"] = "def add(path):\n    return 1\n"
    assert found(row, ask)[0] == "broken"


@pytest.mark.parametrize(
    ("output", "checker"), [("0.3333333", "float"), ("Yes", "case_insensitive"), ("2\n1", None)]
)
def test_which_checker_would_take_the_reference(output: str, checker: str | None, ask: Ask) -> None:
    expected = {"0.3333333": "0.33333", "Yes": "YES"}.get(output, "1\n")
    row = {"ground_truth": prints(("1\n", expected)), "solution": f"print({output!r})"}
    told = asyncio.run(audit(row, ask))
    assert told.verdict == "broken"
    assert told.findings[0].details.get("passes_with") == checker


MATH: dict[str, tuple[Any, str, str]] = {
    "a fraction": ("\\frac{1}{2}", "sound", ""),
    "a set": ("\\{1, 2, 3\\}", "sound", ""),
    "two spellings": (["1/2", "0.5"], "sound", ""),
    "a decimal": ("12.5", "sound", ""),
    "a solution of GSM8K": ("48/2 = 24 clips.\n#### 72", "sound", ""),
    "lost backslashes": ("\frac{1}{2}", "sound", "repaired"),
    "a choice": ("B", "sound", "can_be_guessed"),
    "unbalanced": ("\\frac{1}{2", "broken", "damaged_reference"),
    "a question mark": ("?", "broken", "damaged_reference"),
    "a question mark behind": ("12?", "weak", "damaged_reference"),
    "a proof": ("Proof. Let $x$ be even.", "broken", "proof"),
    "two numbers": (["2", "3"], "weak", "ambiguous_reference"),
    "digits left out": ("0.3333...", "weak", "ambiguous_reference"),
    "prose": ("x is any number greater than the sum of all others", "weak", "prose"),
    "an empty one": ("", "broken", "unusable"),
}


@pytest.mark.parametrize("name", MATH)
def test_references_of_mathematics(name: str, ask: Ask) -> None:
    truth, verdict, finding = MATH[name]
    told, names = found({"ground_truth": truth}, ask)
    assert told == verdict, names
    assert not finding or finding in names


@pytest.mark.parametrize(
    ("solution", "verdict"), [("\\boxed{7}", "sound"), ("\\boxed{8}", "broken")]
)
def test_a_solution_and_its_reference(solution: str, verdict: str, ask: Ask) -> None:
    assert found({"ground_truth": "7", "solution": solution}, ask)[0] == verdict
