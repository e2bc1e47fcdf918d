"""Judges programs that read standard input: runs them case by case, compares each output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sandbox import Limits, Program, RunResult, Status
from sandbox.jail import Jail, Runner
from verifier.model import Checker, Outcome, StdinCase, StdinTruth, Verdict
from verifier.outcomes import failed, outcome_of, unusable
from verifier.programs.checkers import output_matches
from verifier.programs.decisions import decides_alike
from verifier.programs.judges.rulings import RIGHT, WRONG, Ruling

SEVERAL_ANSWERS = (
    "The output is not the expected one, but the problem's statement, or the proofs in what is "
    "expected, allow several answers, and the ground truth has no checker that would tell which "
    "are right; give it one."
)
Outcomes = Iterator[tuple[RunResult, Ruling]]
"""For each case what became of the program, and what its output is worth where it ended well."""


def matched(checker: Checker, case: StdinCase, output: bytes) -> Ruling:
    """What a checker of ours says of an output."""
    return RIGHT if output_matches(case.output, output, checker) else WRONG


def ruled(
    truth: StdinTruth, rule: Callable[[StdinCase, bytes], Ruling], runner: Runner
) -> Outcomes:
    """Of a program that is given a case's input, its output ruled on by `rule` when it has ended.

    Raises what `rule` raises, and JailFault."""
    results = runner.run_each(case.input.encode() for case in truth.cases)
    for case, result in zip(truth.cases, results, strict=True):
        yield result, rule(case, result.stdout) if result.status is Status.OK else WRONG


def judge_cases(
    truth: StdinTruth,
    program: Program,
    limits: Limits,
    jail: Jail,
    outcomes: Callable[[Runner], Outcomes],
) -> Verdict:
    """Judge `program` by what `outcomes` says of its runner, up to the first case that fails or in
    every one. Raises what that raises, and JailFault."""
    cpu_s, passed, total, strain, first = 0.0, 0, len(truth.cases), 0.0, None
    scores: list[float] = []
    found: list[str] = []
    has_points = truth.every_case or len({case.points for case in truth.cases}) > 1
    with jail.load(program, limits) as runner:
        judged = zip(truth.cases, outcomes(runner), strict=True)
        for number, (case, (result, ruling)) in enumerate(judged):
            cpu_s += result.cpu_s
            strain = max(strain, strain_of(result, limits), cpu_s / limits.total_cpu_s)
            outcome = outcome_of(result.status, matches=ruling.is_right)
            found.append(str(outcome))
            scores.append(ruling.score if result.status is Status.OK else 0.0)
            has_points = has_points or ruling.has_points
            if outcome is Outcome.CORRECT:
                passed += 1
                continue
            if first is None and may_be_right(truth, case, outcome, result):
                return replace(unusable(SEVERAL_ANSWERS), cpu_s=cpu_s)
            if first is None:
                first = failed(outcome, number, total, **_details(case, result))
            if not truth.every_case:
                break
    verdict = first or Verdict(outcome=Outcome.CORRECT, passed=passed, total=total)
    cases = found if truth.every_case else None
    verdict = replace(verdict, passed=passed, cpu_s=cpu_s, cases=cases, strain=strain)
    if truth.subtasks:
        return replace(verdict, **_earned(truth, scores))
    return replace(verdict, score=_score(truth, scores) if has_points else None)


def may_be_right(truth: StdinTruth, case: StdinCase, outcome: Outcome, result: RunResult) -> bool:
    """Whether an output that is not the expected one may be another right answer: what it decides
    is for it to get right, how it proves that is not."""
    if not truth.several_answers or outcome is not Outcome.WRONG_ANSWER:
        return False
    printed = result.stdout.decode(errors="replace")
    return bool(printed.strip()) and decides_alike(case.output, printed)


def strain_of(result: RunResult, limits: Limits) -> float:
    """The largest part of a limit that the run used."""
    return max(
        result.cpu_s / limits.cpu_s,
        result.slept_s / min(limits.wall_s, limits.total_wall_s),
        result.peak_memory_bytes / limits.memory_bytes,
    )


def _details(case: StdinCase, result: RunResult) -> dict[str, Any]:
    asked = {"input": case.input, "expected": case.output}
    return {"got": result.stdout, "message": result.message, **asked}


def _score(truth: StdinTruth, scores: list[float]) -> float:
    """The fraction of all cases' points; those of cases that were not run are not earned."""
    earned = sum(case.points * score for case, score in zip(truth.cases, scores, strict=False))
    return earned / sum(case.points for case in truth.cases)


def _earned(truth: StdinTruth, scores: list[float]) -> dict[str, Any]:
    """What each subtask earned, which is as much as its worst case, and what they did together."""
    earned = [task.points * min(scores[case] for case in task.cases) for task in truth.subtasks]
    of_tasks = [
        {"points": task.points, "earned": points}
        for task, points in zip(truth.subtasks, earned, strict=True)
    ]
    total = sum(task.points for task in truth.subtasks)
    return {"score": sum(earned) / total, "subtasks": of_tasks}
