"""Acceptance on real data sets: right solutions earn 1.0, spoilt ones never do, in either jail.

Each test goes through a whole data set, as a batch of completions would: half of its rows in one
jail and half in the other. Which row is in which changes from test to test; what only depends on
the jail is shown in tests/conformance.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from sandbox import JailUnavailable
from sandbox.pool import OPENERS
from tests.verifier.programs.mutants import answers_one_off, off_by_one, one_call_altered, with_body
from verifier.ground_truth import read_ground_truth
from verifier.judge import Judge
from verifier.model import AssertTruth, LimitsOverride, Outcome, Rollout, Verdict
from verifier.programs.assertions import read_suite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

Row = dict[str, Any]
Item = TypeVar("Item")
NO_OVERRIDE = LimitsOverride()
KINDS = sorted(OPENERS)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def judge(kind: str, not_here: Callable[[str], NoReturn]) -> Iterator[Judge]:
    try:
        judge = Judge(kind)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    with judge:
        yield judge


def shared_out(rows: list[Item], kind: str, turn: int) -> list[Item]:
    """Those of the rows that are this jail's in a test of that turn."""
    return rows[(KINDS.index(kind) + turn) % len(KINDS) :: len(KINDS)]


@pytest.fixture(scope="module")
def humaneval(shared_data: Callable[[str], Path]) -> list[Row]:
    lines = shared_data("code/humaneval.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def leetcode(shared_data: Callable[[str], Path]) -> list[Row]:
    content = gzip.decompress(shared_data("code/leetcode.jsonl.gz").read_bytes())
    return [json.loads(line) for line in content.splitlines()]


def verdict_on(
    judge: Judge, row: Row, completion: str, limits: LimitsOverride = NO_OVERRIDE
) -> Verdict:
    truth = {key: row[key] for key in ("prompt", "test", "entry_point")}
    return judge.judge(Rollout(completion=completion, ground_truth=truth, limits=limits))


def fenced(program: str) -> str:
    return f"Here it is:\n\n```python\n{program}\n```\n\nIt takes linear time."


def whole(row: Row) -> str:
    """The solution of a HumanEval row as a program."""
    program: str = row["prompt"] + row["canonical_solution"]
    return program


def outcomes(judge: Judge, rows: list[Row], completion: Callable[[Row], str]) -> dict[str, Outcome]:
    return {row["task_id"]: verdict_on(judge, row, completion(row)).outcome for row in rows}


FORMS: dict[str, Callable[[Row], str]] = {
    "as the bare continuation of the prompt": lambda row: row["canonical_solution"],
    "as a fenced program": lambda row: fenced(whole(row)),
    "as a fenced continuation": lambda row: fenced(row["canonical_solution"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_humaneval_solution_is_correct(
    judge: Judge, kind: str, humaneval: list[Row], form: str
) -> None:
    assert len(humaneval) == 164
    rows = shared_out(humaneval, kind, [*FORMS].index(form))
    found = outcomes(judge, rows, FORMS[form])
    assert {task for task, outcome in found.items() if outcome is not Outcome.CORRECT} == set()


SPOILT: dict[str, Callable[[Row], str]] = {
    "return None": lambda row: with_body(whole(row), row["entry_point"], "return None"),
    "pass": lambda row: with_body(whole(row), row["entry_point"], "pass"),
    "off by one": lambda row: answers_one_off(whole(row), row["entry_point"]),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_no_spoilt_humaneval_solution_is_correct(
    judge: Judge, kind: str, humaneval: list[Row], spoilt: str
) -> None:
    rows = shared_out(humaneval, kind, [*SPOILT].index(spoilt))
    found = outcomes(judge, rows, lambda row: fenced(SPOILT[spoilt](row)))
    assert {task for task, outcome in found.items() if outcome is Outcome.CORRECT} == set()
    assert all(outcome.reward == 0.0 for outcome in found.values())


def passes_bare(row: Row, program: str) -> bool:
    """Whether Python itself, without any wall, lets this program through its suite. Its time is the
    CPU's, as the judge's is: a busy machine must not end it."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (5, 5))"
    source = f"{limit}\n{program}\n{row['test']}\ncheck({row['entry_point']})\n"
    command = [sys.executable, "-c", source]
    return not subprocess.run(command, check=False, capture_output=True).returncode


@pytest.fixture(scope="module")
def mutants(humaneval: list[Row]) -> list[tuple[Row, str, bool]]:
    """Every fourth of the single changes by one, and whether bare Python passes it."""
    changed = [
        (row, mutant) for row in humaneval for mutant in off_by_one(whole(row), row["entry_point"])
    ][::4]
    with ThreadPoolExecutor(2) as threads:
        passed = threads.map(lambda pair: passes_bare(*pair), changed)
        return [(*pair, passes) for pair, passes in zip(changed, passed, strict=True)]


@pytest.mark.xdist_group("mutants")  # what Python says of them is found out once
def test_mutants_are_correct_exactly_where_python_lets_them_through(
    judge: Judge, kind: str, mutants: list[tuple[Row, str, bool]]
) -> None:
    assert len(mutants) > 150
    differing = []
    for row, mutant, passes in shared_out(mutants, kind, 0):
        outcome = verdict_on(judge, row, fenced(mutant), LimitsOverride(cpu_s=2.0)).outcome
        if (outcome is Outcome.CORRECT) != passes:
            differing.append((row["task_id"], mutant, outcome))
    assert differing == []
    passed = sum(passes for _, _, passes in mutants)
    assert 0 < passed < len(mutants) / 4  # those are equivalent, or the suite is too weak


def test_every_leetcode_solution_is_correct_within_its_limits(
    judge: Judge, kind: str, leetcode: list[Row]
) -> None:
    assert len(leetcode) == 114
    rows = shared_out(leetcode, kind, 0)
    found = outcomes(judge, rows, lambda row: fenced(row["completion"]))
    assert {task for task, outcome in found.items() if outcome is not Outcome.CORRECT} == set()


NOT_CORRECT = {
    # Needs 640 MB for a table of 20 x 2001 x 2001, more than the default limit of 512 MiB.
    "find-the-count-of-monotonic-pairs-ii": Outcome.MEMORY_LIMIT_EXCEEDED,
}


def test_explained_leetcode_solutions_are_correct_but_for_the_named_ones(
    judge: Judge, kind: str, leetcode: list[Row]
) -> None:
    explained = [row for row in leetcode if "```" in row["response"]]
    assert len(explained) == 59  # the others have an empty response
    assert NOT_CORRECT.keys() <= {row["task_id"] for row in explained}
    rows = shared_out(explained, kind, 1)
    found = outcomes(judge, rows, lambda row: row["response"])
    assert found == {task: NOT_CORRECT.get(task, Outcome.CORRECT) for task in found}


def middle_assertion(row: Row) -> int:
    truth = read_ground_truth(row)
    assert isinstance(truth, AssertTruth)
    suite = read_suite(truth)
    assert suite is not None
    assert suite.total
    return suite.total // 2


def test_one_altered_answer_in_the_middle_spoils_every_leetcode_solution(
    judge: Judge, kind: str, leetcode: list[Row]
) -> None:
    for row in shared_out(leetcode, kind, 1):
        case = middle_assertion(row)
        spoilt = one_call_altered(row["completion"], row["entry_point"], case)
        verdict = verdict_on(judge, row, fenced(spoilt))
        assert verdict.outcome is Outcome.WRONG_ANSWER, row["task_id"]
        assert verdict.passed == case, row["task_id"]
        assert verdict.first_failure is not None
        assert verdict.first_failure["case"] == case


def ways(rows: list[Row]) -> Counter[str]:
    """How many suites are read on the trusted side, and how many go to the referee."""
    found: Counter[str] = Counter()
    for row in rows:
        truth = read_ground_truth(row)
        assert isinstance(truth, AssertTruth)
        found["read" if read_suite(truth) else "referee"] += 1
    return found


def test_nearly_every_suite_is_read_on_the_trusted_side(
    humaneval: list[Row], leetcode: list[Row]
) -> None:
    """The figures of docs/ground-truths.md."""
    assert ways(humaneval) == {"read": 160, "referee": 4}
    assert ways(leetcode) == {"read": 114}
