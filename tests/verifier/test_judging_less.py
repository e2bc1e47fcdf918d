"""What is remembered and what is run first changes no verdict, in whatever order rollouts come."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from sandbox import JailUnavailable
from sandbox.counting import news
from verifier.judge import Judge
from verifier.model import LimitsOverride, Outcome, Rollout, Verdict
from verifier.remembered import Remembered
from verifier.wire import decode_verdict, encode_result

ROWS = 10
CHEAP_S = 0.2
"""Of CPU time: what takes longer is left out, as this is no test of patience."""
CASES = [{"input": f"{number}\n", "output": f"{2 * number}\n"} for number in range(12)]
TRUTH: dict[str, Any] = {"kind": "stdin", "cases": CASES}
PROGRAMS = [
    "n = int(input())\nprint(n * 2)",
    "n = int(input())\nprint(n * 2 if n < 9 else 0)",
    "n = int(input())\nprint(n * 2 if n not in (4, 9) else 1 // 0)",
    "n = int(input())\nprint(n * 2 if n < 11 else 0)",
    "print(",
]


@pytest.fixture(scope="module")
def judges(not_here: Callable[[str], NoReturn]) -> Iterator[tuple[Judge, Judge]]:
    """One that remembers nothing, and one that does."""
    try:
        with (
            Judge(remembered=Remembered(0)) as first,
            Judge(remembered=Remembered(99)) as other,
        ):
            yield first, other
    except JailUnavailable as refusal:
        not_here(str(refusal))


def rollouts(path: Path) -> Iterator[Rollout]:
    """Right programs, wrong ones, and some that stop, for real problems in Python."""
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    wanted = [row for row in rows if row["tier"] == 1 and row["language"] == "python"]
    for row in wanted[:: len(wanted) // ROWS]:
        stops = row["solution"].replace("```python\n", "```python\nraise ValueError\n")
        for completion in filter(None, (row["solution"], row["spoilt"], stops)):
            limits = LimitsOverride(cpu_s=1, total_cpu_s=1)
            truth = row["ground_truth"]
            yield Rollout(completion=completion, ground_truth=truth, limits=limits)


@pytest.mark.slow
def test_verdicts_on_real_rows_are_the_same_with_all_on_and_all_off(
    shared_data: Callable[[str], Path], judges: tuple[Judge, Judge]
) -> None:
    forgetful, judge = judges
    found = rollouts(shared_data("code/corpora.jsonl.gz"))
    judged = [(rollout, forgetful.judge(rollout)) for rollout in found]
    cheap = [(rollout, alone) for rollout, alone in judged if (alone.cpu_s or 0) < CHEAP_S]
    order = cheap * 3
    random.Random(7).shuffle(order)
    news()
    for rollout, alone in order:
        assert without_time(judge.judge(rollout)) == without_time(alone), rollout
        in_any_order = judge.judge(replace(rollout, any_order=True))
        assert in_any_order.reward == alone.reward, rollout
    assert news()["remembered|code|hit"]
    assert len(Counter(alone.outcome for _, alone in cheap)) > 2


@pytest.mark.slow
@pytest.mark.parametrize("whose_wish", ["the ground truth's", "the request's"])
def test_what_failed_before_is_run_first_and_earns_the_same(
    judges: tuple[Judge, Judge], whose_wish: str
) -> None:
    forgetful, _ = judges
    by_truth = whose_wish == "the ground truth's"
    truth = {**TRUTH, "run_cases": "failed_first"} if by_truth else TRUTH
    for number in (0, 3, 2, 1, 4, 0, 2, 3):
        asked = replace(rollout_of(PROGRAMS[number], truth), any_order=not by_truth)
        verdict = forgetful.judge(asked)
        usual = forgetful.judge(rollout_of(PROGRAMS[number], TRUTH))
        assert verdict.reward == usual.reward
        assert (verdict.outcome is Outcome.CORRECT) == (number == 0)
        assert verdict.passed == (12 if number == 0 else None)
        if (failure := verdict.first_failure) and number != 4:
            may_fail = {1: (9, 10, 11), 2: (4, 9), 3: (11,)}[number]
            assert failure["case"] in may_fail
            assert failure["input"] == f"{failure['case']}\n"


@pytest.mark.slow
def test_the_case_that_failed_is_the_only_one_run(judges: tuple[Judge, Judge]) -> None:
    truth = {**TRUTH, "run_cases": "failed_first", "limits": {"cpu_s": 5}}
    late = "n = int(input())\nprint(0 if n == 11 else n * 2 + sum(range(40_000)) * 0)"
    forgetful, _ = judges
    first = forgetful.judge(rollout_of(late, truth))
    other = forgetful.judge(rollout_of(late + "\n", truth))
    assert first.first_failure == other.first_failure
    assert first.cpu_s is not None
    assert other.cpu_s is not None
    assert other.cpu_s < first.cpu_s / 2, "one run of twelve"


@pytest.mark.slow
def test_a_verdict_holds_for_equal_rollouts_unless_chance_may_be_in_it(
    judges: tuple[Judge, Judge],
) -> None:
    short = {**TRUTH, "limits": {"cpu_s": 0.1}}
    by_chance = "import time\nprint(int(input()) * (2 + int(time.time()) % 2))"
    asked = [
        (rollout_of(PROGRAMS[0], TRUTH), "at any time"),
        (rollout_of(PROGRAMS[1], TRUTH), "at any time"),
        (rollout_of("while True:\n    pass", short), "in its batch"),
        (rollout_of(by_chance, TRUTH), "once"),
        (rollout_of("int main() { return 0; }", {**TRUTH, "language": "c++"}), "once"),
        (Rollout(completion="\\boxed{2^{1/2}}", ground_truth="\\sqrt{2}"), "at any time"),
        (Rollout(completion="\\boxed{1}", ground_truth={"kind": "x"}), "once"),
    ]
    for judge in judges:
        for rollout, holds in asked:
            verdict = judge.judge(rollout)
            sent = json.loads(encode_result(7, verdict, for_equal=True))
            for told in (verdict, decode_verdict(sent)[1]):
                assert told.holds_for_equal == (holds != "once"), (rollout, verdict)
                assert told.lasts == (holds == "at any time"), (rollout, verdict)


@pytest.mark.slow
def test_a_case_at_which_a_checker_breaks_is_met_in_its_turn(judges: tuple[Judge, Judge]) -> None:
    """Run first, it would make a null of what an earlier case makes a 0."""
    source = (
        "def check(input, output, answer):\n"
        "    return 1 // (output.strip() != '6') and output.split() == answer.split()"
    )
    checker = {"kind": "program", "language": "python", "style": "check", "source": source}
    truth = {**TRUTH, "checker": checker}
    forgetful, _ = judges
    breaks = rollout_of("n = int(input())\nprint(n * 2)", truth)
    fails_before = rollout_of("n = int(input())\nprint(n * 2 if n else 1)", truth)
    rewards = [
        forgetful.judge(replace(rollout, any_order=any_order)).reward
        for any_order in (True, False)
        for rollout in (breaks, fails_before)
    ]
    assert rewards == [None, 0.0, None, 0.0]


def rollout_of(program: str, truth: dict[str, Any]) -> Rollout:
    return Rollout(completion=f"```python\n{program}\n```", ground_truth=truth)


def without_time(verdict: Verdict) -> Verdict:
    return replace(verdict, cpu_s=None)
