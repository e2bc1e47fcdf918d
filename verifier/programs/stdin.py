"""Judges programs that read and print: runs them case by case, and has each output ruled on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox import Limits, Program, Status
from sandbox.jail import Jail
from verifier.model import Checker, Outcome, StdinCase, StdinTruth, Verdict
from verifier.outcomes import failed, outcome_of
from verifier.programs.checkers import output_matches
from verifier.programs.judges.rulings import RIGHT, WRONG, Ruling

Rule = Callable[[StdinCase, bytes], Ruling]


def rule(checker: Checker, case: StdinCase, output: bytes) -> Ruling:
    """What a checker of ours says of an output."""
    return RIGHT if output_matches(case.output, output, checker) else WRONG


def judge_cases(
    truth: StdinTruth, program: Program, limits: Limits, jail: Jail, rule_on: Rule
) -> Verdict:
    """Run the program for each case until one fails, or for every one, and have `rule_on` say what
    each output is worth. Raises what that raises, and JailFault."""
    cpu_s, passed, first = 0.0, 0, None
    scores: list[float] = []
    has_points = truth.every_case or len({case.points for case in truth.cases}) > 1
    with jail.load(program, limits) as runner:
        results = runner.run_each(case.input.encode() for case in truth.cases)
        for number, (case, result) in enumerate(zip(truth.cases, results, strict=True)):
            cpu_s += result.cpu_s
            ruling = rule_on(case, result.stdout) if result.status is Status.OK else WRONG
            outcome = outcome_of(result.status, matches=ruling.is_right)
            scores.append(ruling.score)
            has_points = has_points or ruling.has_points
            if outcome is Outcome.CORRECT:
                passed += 1
                continue
            if first is None:
                first = failed(
                    outcome,
                    number,
                    len(truth.cases),
                    got=result.stdout,
                    message=result.message,
                    input=case.input,
                    expected=case.output,
                )
            if not truth.every_case:
                break
    total = len(truth.cases)
    verdict = first or Verdict(outcome=Outcome.CORRECT, passed=passed, total=total)
    score = _score(truth, scores) if has_points else None
    return replace(verdict, passed=passed, cpu_s=cpu_s, score=score)


def _score(truth: StdinTruth, scores: list[float]) -> float:
    """The fraction of all cases' points; those of cases that were not run are not earned."""
    earned = sum(case.points * score for case, score in zip(truth.cases, scores, strict=False))
    return earned / sum(case.points for case in truth.cases)
