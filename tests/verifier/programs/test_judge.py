"""Programs are judged by what comes out of them, in either jail alike."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox import JailFault, Limits
from tests.verifier.conftest import SHORT, JudgeProgram
from verifier.model import (
    NO_LIMITS,
    AssertTruth,
    CallCase,
    CallTruth,
    LimitsOverride,
    Outcome,
    StdinCase,
    StdinTruth,
)
from verifier.programs.judge import ProgramJudge

DOUBLES = {
    "kind": "stdin",
    "cases": [{"input": f"{n}\n", "output": f"{2 * n}\n"} for n in (1, 2, 3, 4)],
}
ADDS = {
    "kind": "call",
    "entry_point": "add",
    "cases": [{"args": [n, 1], "expected": n + 1} for n in (1, 2, 3)],
}


def test_a_right_program_passes_every_case(judge: JudgeProgram) -> None:
    verdict = judge(DOUBLES, "print(2 * int(input()))")
    assert verdict.outcome is Outcome.CORRECT
    assert (verdict.passed, verdict.total, verdict.first_failure) == (4, 4, None)
    assert verdict.cpu_s is not None
    assert verdict.cpu_s > 0


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("print(2, 1)", Outcome.CORRECT),
        ("print(1, 2)", Outcome.INVALID_GROUND_TRUTH),  # nobody here knows
        ("pass", Outcome.WRONG_ANSWER),
        ("print(1, 2)\nraise ValueError", Outcome.RUNTIME_ERROR),
    ],
)
def test_where_several_answers_are_right_another_one_is_not_judged(
    source: str, outcome: Outcome, judge: JudgeProgram
) -> None:
    says = "Print two numbers whose sum is 3. If there are several answers, print any of them."
    verdict = judge({"inputs": ["3"], "outputs": ["2 1"], "question": says}, source)
    assert verdict.outcome is outcome
    assert ("no checker" in (verdict.message or "")) is (verdict.outcome.reward is None)


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("print('YES\\n2 1\\nNO')", Outcome.CORRECT),
        ("print('yes\\n1 2\\nno')", Outcome.INVALID_GROUND_TRUTH),  # nobody here knows
        ("print('YES\\n2 1\\nYES\\n1 2')", Outcome.WRONG_ANSWER),
        ("print('YES\\nNO')", Outcome.WRONG_ANSWER),
        ("print('2 1')", Outcome.WRONG_ANSWER),
    ],
)
def test_a_wrong_decision_is_wrong_however_it_could_be_proven(
    source: str, outcome: Outcome, judge: JudgeProgram
) -> None:
    assert judge({"inputs": ["3"], "outputs": ["YES\n2 1\nNO\n"]}, source).outcome is outcome


def test_the_first_failing_case_decides_and_is_told(judge: JudgeProgram) -> None:
    verdict = judge(DOUBLES, "n = int(input())\nprint(2 * n if n < 3 else n)")
    assert verdict.outcome is Outcome.WRONG_ANSWER
    assert (verdict.passed, verdict.total) == (2, 4)
    assert verdict.first_failure == {
        "case": 2,
        "outcome": "wrong_answer",
        "got": "3\n",
        "input": "3\n",
        "expected": "6\n",
    }


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("print(2 * int(input())", Outcome.COMPILE_ERROR),
        ("print(2 * int(input()))\nraise ValueError", Outcome.RUNTIME_ERROR),
        ("print(2 * int(input()))\nimport sys\nsys.exit(3)", Outcome.RUNTIME_ERROR),
        ("print(2 * int(input()), flush=True)\nimport os\nos.abort()", Outcome.RUNTIME_ERROR),
        ("print(2 * int(input()), flush=True)\nwhile True: pass", Outcome.TIME_LIMIT_EXCEEDED),
        ("print(2 * int(input()), flush=True)\nx = 'a' * 10**10", Outcome.MEMORY_LIMIT_EXCEEDED),
        ("while True: print('x' * 10000)", Outcome.OUTPUT_LIMIT_EXCEEDED),
        ("", Outcome.WRONG_ANSWER),
    ],
)
def test_right_output_does_not_excuse_how_a_program_ends(
    judge: JudgeProgram, source: str, outcome: Outcome
) -> None:
    limits = SHORT if outcome is Outcome.TIME_LIMIT_EXCEEDED else NO_LIMITS
    assert judge(DOUBLES, source, limits).outcome is outcome


@pytest.mark.parametrize(
    "source",
    [
        "def add(a, b): return a + b",
        "add = lambda a, b: a + b",
        "class Solution:\n    def add(self, a, b): return a + b",
        (
            "class Solution:\n    def __init__(self): self.all = 0\n"
            "    def add(self, a, b):\n        self.all += a + b\n        return self.all"
        ),
        "def add(a, b):\n    print('noise')\n    return a + b",
        "\ufeffdef add(a, b): return a + b",
        "from __future__ import annotations\ndef add(a: Unknown, b): return a + b",
        "def add(a, b): return a + b\nif __name__ == '__main__':\n    print(add(1, 2))",
    ],
)
def test_a_function_is_found_where_programs_keep_it(judge: JudgeProgram, source: str) -> None:
    assert judge(ADDS, source).outcome is Outcome.CORRECT


@pytest.mark.parametrize("loop", ["for n in [1, 2]", "for n in map(abs, [1, 2])"])
def test_a_method_is_found_behind_the_function_that_the_prompt_begins(
    judge: JudgeProgram, loop: str
) -> None:
    row = {
        "prompt": "def add(a, b):\n    '''The sum.'''\n",
        "test": f"def check(candidate):\n    {loop}:\n        assert candidate(n, 1) == n + 1",
        "entry_point": "add",
    }
    solution = "class Solution:\n    def add(self, a, b): return a + b"
    assert judge(row, solution).outcome is Outcome.CORRECT
    assert judge(row, solution.replace("+", "-")).outcome is Outcome.WRONG_ANSWER


def test_the_cpu_time_of_all_calls_is_told(judge: JudgeProgram) -> None:
    busy = (
        "import time\ndef add(a, b):\n    while time.process_time() < 0.2: pass\n    return a + b"
    )
    verdict = judge(ADDS, busy)
    assert verdict.outcome is Outcome.CORRECT
    assert verdict.cpu_s is not None
    assert 0.1 < verdict.cpu_s < 1.0


@pytest.mark.parametrize(
    ("source", "outcome", "passed"),
    [
        ("def add(a, b): return a + b if a < 3 else 0", Outcome.WRONG_ANSWER, 2),
        ("def add(a, b): return 1 // (2 - a) + a + b - 1", Outcome.RUNTIME_ERROR, 1),
        ("def add(a, b): return [a + b]", Outcome.WRONG_ANSWER, 0),
        ("def plus(a, b): return a + b", Outcome.RUNTIME_ERROR, 0),
        ("def add(a): return a + 1", Outcome.RUNTIME_ERROR, 0),
        ("def add(a, b) return a + b", Outcome.COMPILE_ERROR, 0),
        ("def add(a, b):\n    while True: pass", Outcome.TIME_LIMIT_EXCEEDED, 0),
        ("def add(a, b): return 'a' * 10**10", Outcome.MEMORY_LIMIT_EXCEEDED, 0),
        ("def add(a, b): return 'a' * 10**7", Outcome.OUTPUT_LIMIT_EXCEEDED, 0),
        ("import time\ndef add(a, b): time.sleep(60)", Outcome.TIME_LIMIT_EXCEEDED, 0),
    ],
)
def test_a_function_that_fails(
    judge: JudgeProgram, source: str, outcome: Outcome, passed: int
) -> None:
    limits = SHORT if outcome is Outcome.TIME_LIMIT_EXCEEDED else NO_LIMITS
    verdict = judge(ADDS, source, limits)
    assert verdict.outcome is outcome
    assert (verdict.passed, verdict.total) == (passed, 3)
    assert verdict.first_failure is not None
    assert verdict.first_failure["case"] == passed
    assert verdict.first_failure["input"] == f"{passed + 1}, 1"
    assert verdict.first_failure["expected"] == str(passed + 2)


def call_suite(*cases: tuple[list[Any], Any]) -> dict[str, Any]:
    tests = [{"args": args, "expected": expected} for args, expected in cases]
    return {"kind": "call", "entry_point": "f", "cases": tests}


VALUES: dict[str, Any] = {
    "nested": {"a": [1, {"b": [None, True, -1.5]}]},
    "big integers": [10**4000, -(10**4000)],
    "texts": ["", "\u00e9\U0001f600", "\ud800", "\x00"],
    "floats": [0.1, 1e308, 5e-324, -0.0],
    "infinite": [float("inf"), float("-inf")],
    "not a number": [float("nan")],
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_values_cross_the_wall_and_come_back_as_they_are(judge: JudgeProgram, value: Any) -> None:
    suite = call_suite(([value], value))
    assert judge(suite, "def f(x): return x").outcome is Outcome.CORRECT
    assert judge(suite, "def f(x): return [x]").outcome is Outcome.WRONG_ANSWER


def test_tuples_and_integer_keys_are_what_json_makes_of_them(judge: JudgeProgram) -> None:
    suite = call_suite(([2], [[1, 2], {"1": "a", "2": "b"}]))
    assert judge(suite, "def f(n): return (1, n), {1: 'a', 2: 'b'}").outcome is Outcome.CORRECT


def test_subclasses_are_the_plain_values_they_hold(judge: JudgeProgram) -> None:
    source = """
from collections import OrderedDict, defaultdict, namedtuple
import numpy
Point = namedtuple("Point", "x y")
def f(kind):
    counts = defaultdict(int)
    counts["a"] += 1
    return {"dict": counts, "tuple": Point(1, 2), "number": numpy.int64(3)}[kind]
"""
    suite = call_suite((["dict"], {"a": 1}), (["tuple"], [1, 2]), (["number"], 3))
    assert judge(suite, source).outcome is Outcome.CORRECT


def test_a_ground_truths_limits_hold_and_a_rollouts_go_before(program_judge: ProgramJudge) -> None:
    truth = StdinTruth(cases=(StdinCase("", ""),), limits=LimitsOverride(output_kb=1))
    noisy = "import sys\nsys.stderr.write('x' * 10_000)"
    verdict = program_judge.judge(truth, noisy, LimitsOverride())
    assert verdict.outcome is Outcome.OUTPUT_LIMIT_EXCEEDED
    verdict = program_judge.judge(truth, noisy, LimitsOverride(output_kb=100))
    assert verdict.outcome is Outcome.CORRECT


def test_all_test_cases_together_may_use_what_is_given_or_at_least_what_one_of_them_may() -> None:
    base = Limits(cpu_s=10, wall_s=10, total_cpu_s=100, total_wall_s=30)
    assert LimitsOverride().over(base) == base
    long = LimitsOverride(cpu_s=300, wall_s=60).over(base)
    assert (long.total_cpu_s, long.total_wall_s) == (300, 60)
    truths, rollouts = LimitsOverride(total_cpu_s=5, total_wall_s=1), LimitsOverride(cpu_s=20)
    both = rollouts.or_else(truths).over(base)
    assert (both.cpu_s, both.total_cpu_s, both.total_wall_s) == (20, 5, 1)


def test_test_cases_that_sleep_a_little_each_are_limited_together(
    program_judge: ProgramJudge,
) -> None:
    calls = CallTruth(entry_point="f", cases=(CallCase(None, (0.3,)),) * 20)
    asserts = AssertTruth(
        entry_point="f",
        test="def check(candidate):\n    for _ in range(20): assert candidate(0.3) is None",
    )
    refereed = replace(asserts, test=f"{asserts.test}\n    assert (lambda: True)()")
    program = "import time\ndef f(seconds): time.sleep(seconds)"
    for truth in (calls, asserts, refereed):
        verdict = program_judge.judge(truth, program, LimitsOverride(total_wall_s=0.6))
        assert verdict.outcome is Outcome.TIME_LIMIT_EXCEEDED
        assert (verdict.passed or 0) < 10
        verdict = program_judge.judge(truth, "def f(seconds): pass", LimitsOverride())
        assert verdict.outcome is Outcome.CORRECT


def test_arguments_that_cannot_be_carried_are_the_ground_truths_fault(
    program_judge: ProgramJudge,
) -> None:
    nested: list[Any] = []
    for _ in range(5000):
        nested = [nested]
    for argument in (nested, object()):
        truth = CallTruth(entry_point="f", cases=(CallCase(1, (argument,)),))
        verdict = program_judge.judge(truth, "def f(x): return 1", LimitsOverride())
        assert verdict.outcome is Outcome.INVALID_GROUND_TRUTH


class _BrokenPool:
    """Gives jails that break, so many times."""

    def __init__(self, faults: int) -> None:
        self.left = faults

    def jail(self, language: str) -> Any:
        self.left -= 1
        raise JailFault("the agent ended") if self.left >= 0 else AssertionError("one too many")


def test_a_jail_that_breaks_twice_is_no_verdict_on_the_program() -> None:
    pool: Any = _BrokenPool(2)
    judge = ProgramJudge(pool, pool, Limits())
    truth = StdinTruth(cases=(StdinCase("", ""),))
    verdict = judge.judge(truth, "", LimitsOverride())
    assert verdict.outcome is Outcome.VERIFIER_ERROR
    assert verdict.reward is None
    assert pool.left == 0
    assert "broke 2 times" in (verdict.message or "")


def test_every_case_is_run_where_the_truth_says_so(judge: JudgeProgram) -> None:
    verdict = judge(
        {**DOUBLES, "run_cases": "all"}, "n = int(input())\nprint(2 * n if n != 2 else n)"
    )
    assert verdict.outcome is Outcome.WRONG_ANSWER
    assert (verdict.passed, verdict.total, verdict.score) == (3, 4, 0.75)
    assert verdict.first_failure is not None
    assert verdict.first_failure["case"] == 1
    right = judge({**DOUBLES, "run_cases": 2}, "n = int(input())\nprint(2 * n if n < 3 else n)")
    assert (right.outcome, right.passed, right.total, right.score) == (Outcome.CORRECT, 2, 2, 1.0)
    assert judge(DOUBLES, "print(2 * int(input()))").score is None


def test_every_call_is_made_though_one_ends_the_process(judge: JudgeProgram) -> None:
    source = "import os\ndef add(a, b):\n    return os._exit(3) if a == 2 else a + b"
    verdict = judge({**ADDS, "run_cases": "all"}, source)
    assert verdict.outcome is Outcome.RUNTIME_ERROR
    assert (verdict.passed, verdict.total) == (2, 3)
    assert verdict.score == pytest.approx(2 / 3)
    assert verdict.first_failure is not None
    assert verdict.first_failure["case"] == 1
    broken = judge({**ADDS, "run_cases": "all"}, "def add(a, b) return a")
    assert (broken.outcome, broken.score) == (Outcome.COMPILE_ERROR, 0.0)


def test_calls_share_no_state_where_each_has_its_process(judge: JudgeProgram) -> None:
    source = "seen = []\ndef add(a, b):\n    seen.append(a)\n    return a + b + len(seen) - 1"
    assert judge(ADDS, source).outcome is Outcome.WRONG_ANSWER
    alone = {**ADDS, "limits": {"process_per_call": True}}
    verdict = judge(alone, source)
    assert (verdict.outcome, verdict.passed, verdict.total) == (Outcome.CORRECT, 3, 3)
    verdict = judge(alone, "def add(a, b): return a + (b if a < 3 else 0)")
    assert (verdict.outcome, verdict.passed, verdict.total) == (Outcome.WRONG_ANSWER, 2, 3)
