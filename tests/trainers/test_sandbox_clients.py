"""Trainers that speak SandboxFusion's protocol themselves, with our address where its stood."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.trainers.conftest import Driver, Service, of_driver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PRINTS = "print(sum(map(int, input().split())))"
ADDS = "def add(a, b):\n    return a + b"
SUMS = [{"input": "1 2\n", "output": "3\n"}, {"input": "2 2\n", "output": "4\n"}]
CALLS = [
    {"input": "1\n2", "output": "3", "testtype": "functional", "metadata": {"func_name": "add"}}
]
ENDS_EARLY = "import os\nos._exit(0)\n"
TINKER = [
    (PRINTS, SUMS, 1.0),
    (PRINTS.replace("sum", "max"), SUMS, 0.0),
    (ENDS_EARLY, SUMS, 0.0),
    ("import sys\nsys.exit(0)", SUMS, 0.0),
    (ADDS, CALLS, 1.0),
    (ADDS.replace("+", "-"), CALLS, 0.0),
    (f"{ADDS}\n{ENDS_EARLY}", CALLS, 0.0),
]
READS = [{"stdin": "1 2\n", "expected_stdout": "3"}, {"stdin": "2 2\n", "expected_stdout": "4"}]
ASSERTS = [{"assert_code": "assert add(1, 2) == 3\nassert add(2, 2) == 4"}]
TESTS = [{"assert_code": "def test_add():\n    assert add(1, 2) == 3"}]
ROLL = [
    ("input", PRINTS, READS, 1.0),
    ("input", PRINTS.replace("sum", "max"), READS, -1.0),
    ("input", ENDS_EARLY, READS, -1.0),
    ("assert", ADDS, ASSERTS, 1.0),
    ("assert", ADDS.replace("+", "-"), ASSERTS, -1.0),
    ("assert", ENDS_EARLY, ASSERTS, -1.0),
]
"""A program that passes is 1, any other -1."""
ROLL_PYTEST = [
    ("pytest", ADDS, TESTS, 1.0),
    ("pytest", ADDS.replace("+", "-"), TESTS, -1.0),
    ("pytest", f"{ADDS}\n{ENDS_EARLY}", TESTS, -1.0),
]


def fenced(program: str) -> str:
    return f"```python\n{program}\n```"


@of_driver("tinker_cookbook")
def test_tinker_cookbook_grades_by_its_harness(
    driver: Callable[[str], Driver], service: Service
) -> None:
    rows = [{"program": program, "cases": cases} for program, cases, _ in TINKER]
    assert asked(driver("tinker_cookbook"), service, rows) == [reward for *_, reward in TINKER]


@of_driver("roll")
@pytest.mark.parametrize("programs", [ROLL, ROLL_PYTEST], ids=["ROLL", "ROLL, pytest"])
def test_roll_scores_by_what_a_run_says(
    driver: Callable[[str], Driver],
    service: Service,
    programs: list[tuple[str, str, list[dict[str, str]], float]],
) -> None:
    rows = [
        {"kind": kind, "program": fenced(program), "cases": cases}
        for kind, program, cases, _ in programs
    ]
    assert asked(driver("roll"), service, rows) == [reward for *_, reward in programs]


def asked(trainer: Driver, service: Service, rows: list[dict[str, Any]]) -> list[float]:
    held = trainer.run(rows=rows, environment={}, address=f"{service.url}/run_code")
    assert "rewards" in held, held
    return list(held["rewards"])
