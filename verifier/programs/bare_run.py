"""Runs a program that nobody judges, and says what happened to it.

But for two things: where a source ends in assertions, a run that ends well is only said to have
done so where those hold for its program, judged apart from it (docs/decisions/005-bare-runs.md);
and the run of a test framework, where one more test would have failed.
"""

from __future__ import annotations

from dataclasses import replace

from sandbox import PYTHON, Program, RunResult, Status
from sandbox.pool import JailPool
from verifier.errors import GroundTruthError
from verifier.model import BareRun, LimitsOverride, Outcome, Verdict
from verifier.outcomes import outcome_of
from verifier.programs.appended import Appended, NotJudgeable, find_appended
from verifier.programs.judge import ProgramJudge, tried_again
from verifier.programs.last_test import with_failing_test
from verifier.programs.own_end import with_own_code

_STATUS_OF_OUTCOME = {
    Outcome.TIME_LIMIT_EXCEEDED: Status.TIME_LIMIT,
    Outcome.MEMORY_LIMIT_EXCEEDED: Status.MEMORY_LIMIT,
    Outcome.OUTPUT_LIMIT_EXCEEDED: Status.OUTPUT_LIMIT,
}
"""Every other way of failing is an exit with 1, as of an assertion that fails."""
_APART = "judged apart from the program"


def run_program(
    pool: JailPool, judge: ProgramJudge, source: str, run: BareRun, limits: LimitsOverride
) -> Verdict:
    """What happened, in `Verdict.ran`; nothing there where the program could not be run, or ended
    well and ends in assertions that could not be judged.

    Raises JailUnavailable."""
    files, fetch = run.files or {}, tuple(run.fetch or ())
    own = with_own_code(source) if run.language == PYTHON else None
    program = Program(own[0] if own else source, run.language, run.compile_s, files, fetch)
    allowed = limits.over(judge.limits)

    def once(program: Program) -> Verdict:
        with pool.jail(program.language) as jail, jail.load(program, allowed) as runner:
            return _verdict(runner.run(run.stdin.encode()))

    verdict = tried_again(lambda: once(program))
    if own is not None:
        verdict = _at_its_end(verdict, own[1])
    if verdict.outcome is not Outcome.CORRECT:
        return verdict
    failing = with_failing_test(program)
    if failing is not None:
        return _ended(verdict, tried_again(lambda: once(failing)))
    if run.language != PYTHON:
        return verdict
    try:
        appended = find_appended(source, has_input=bool(run.stdin))
        if appended is not None and run.files:
            raise NotJudgeable("it is given files, which the program has only where it is run")
        return verdict if appended is None else _held(verdict, appended, judge, limits)
    except (NotJudgeable, GroundTruthError, RecursionError) as error:
        return _not_judged(str(error))


def _verdict(result: RunResult) -> Verdict:
    return Verdict(
        outcome=outcome_of(result.status, matches=True),
        message=result.message or None,
        cpu_s=result.cpu_s,
        ran={
            "status": result.status.value,
            "stdout": result.stdout.decode(errors="replace"),
            "stderr": result.stderr.decode(errors="replace"),
            "exit_code": result.exit_code,
            "signal": result.signal,
            **({"files": dict(result.files)} if result.files else {}),
        },
    )


def _at_its_end(ran: Verdict, code: int) -> Verdict:
    """`ran`, as if its own end were 0, which `code` stands for."""
    if ran.ran is not None and ran.ran["exit_code"] == code:
        happened = {**ran.ran, "status": Status.OK.value, "exit_code": 0}
        return replace(ran, outcome=Outcome.CORRECT, message=None, ran=happened)
    if ran.outcome is Outcome.CORRECT:
        return _failed(ran, Outcome.WRONG_ANSWER, "It ends with 0 before it comes to its own end.")
    return ran


def _ended(ran: Verdict, failing: Verdict) -> Verdict:
    """`ran`, where the same with a test that cannot hold fails by it."""
    if failing.reward is None or failing.outcome is Outcome.COMPILE_ERROR:
        return _not_judged(f"no test can be put behind it ({failing.message})")
    if failing.outcome is Outcome.CORRECT:
        said = "It ends before its last test, or passes whatever its tests say."
        return _failed(ran, Outcome.WRONG_ANSWER, said)
    return ran


def _held(ran: Verdict, appended: Appended, judge: ProgramJudge, limits: LimitsOverride) -> Verdict:
    """`ran`, where every suite holds for the program; else what came of the first that does not."""
    spent_s, may_spend_s = 0.0, limits.over(judge.limits).cpu_s
    for suite in appended.suites:
        found = judge.judge(suite, appended.program, limits)
        spent_s += found.cpu_s or 0.0
        if found.reward is None:
            return _not_judged(found.message or str(found.outcome))
        if found.outcome is not Outcome.CORRECT:
            said = f"{_APART}, {suite.test.strip()[:200]} does not hold."
            return _failed(ran, found.outcome, said)
        if spent_s > may_spend_s:
            said = f"{_APART}, its assertions take too long."
            return _failed(ran, Outcome.TIME_LIMIT_EXCEEDED, said)
    return ran


def _failed(ran: Verdict, outcome: Outcome, said: str) -> Verdict:
    assert ran.ran is not None
    message = f"AssertionError: {said}"
    status = _STATUS_OF_OUTCOME.get(outcome, Status.NONZERO_EXIT)
    happened = {"status": status.value, "exit_code": 1, "stderr": f"{ran.ran['stderr']}{message}\n"}
    return replace(ran, outcome=outcome, message=message, ran={**ran.ran, **happened})


def _not_judged(reason: str) -> Verdict:
    return Verdict(
        outcome=Outcome.VERIFIER_ERROR,
        message="The source ends in a test, which a program may skip or change where both run "
        f"together, and the test cannot be judged apart from its program: {reason}. Send program "
        "and test to /v1/score, as completion and ground truth.",
    )
