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
from verifier.model import LimitsOverride, Outcome, Ran, Result, Run, Verdict
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
_NOT_COMPILED = (Status.COMPILE_ERROR, Status.COMPILE_TIME_LIMIT)
_APART = "judged apart from the program"


def run_program(pool: JailPool, judge: ProgramJudge, run: Run) -> Result:
    """What happened; a verdict without a reward where the program could not be run, or ended well
    and ends in assertions that could not be judged.

    Raises JailUnavailable."""
    files, fetch = run.files or {}, tuple(run.fetch or ())
    own = with_own_code(run.source) if run.language == PYTHON else None
    source = own[0] if own else run.source
    program = Program(source, run.language, run.compile_s, files, fetch)
    allowed = run.limits.over(judge.limits)

    def once(program: Program) -> Ran:
        jails = pool.jail(program.language, run.variant)
        with jails as jail, jail.load(program, allowed) as runner:
            return _ran(runner.run(run.stdin.encode()))

    ran = tried_again(lambda: once(program))
    if isinstance(ran, Verdict):
        return ran
    if own is not None:
        ran = _at_its_end(ran, own[1])
    if ran.status is not Status.OK:
        return ran
    failing = with_failing_test(program)
    if failing is not None:
        return _ended(ran, tried_again(lambda: once(failing)))
    if run.language != PYTHON:
        return ran
    try:
        appended = find_appended(run.source, has_input=bool(run.stdin))
        if appended is not None and run.files:
            raise NotJudgeable("it is given files, which the program has only where it is run")
        return ran if appended is None else _held(ran, appended, judge, run.limits)
    except (NotJudgeable, GroundTruthError, RecursionError) as error:
        return _not_judged(str(error))


def _ran(result: RunResult) -> Ran:
    return Ran(
        status=result.status,
        stdout=result.stdout.decode(errors="replace"),
        stderr=result.stderr.decode(errors="replace"),
        cpu_s=result.cpu_s,
        exit_code=result.exit_code,
        signal=result.signal,
        message=result.message or None,
        files=dict(result.files) if result.files else None,
    )


def _at_its_end(ran: Ran, code: int) -> Ran:
    """`ran`, as if its own end were 0, which `code` stands for."""
    if ran.exit_code == code:
        return replace(ran, status=Status.OK, exit_code=0, message=None)
    if ran.status is Status.OK:
        return _failed(ran, "It ends with 0 before it comes to its own end.")
    return ran


def _ended(ran: Ran, failing: Result) -> Result:
    """`ran`, where the same with a test that cannot hold fails by it."""
    if isinstance(failing, Verdict) or failing.status in _NOT_COMPILED:
        return _not_judged(f"no test can be put behind it ({failing.message})")
    if failing.status is Status.OK:
        return _failed(ran, "It ends before its last test, or passes whatever its tests say.")
    return ran


def _held(ran: Ran, appended: Appended, judge: ProgramJudge, limits: LimitsOverride) -> Result:
    """`ran`, where every suite holds for the program; else what came of the first that does not."""
    spent_s, may_spend_s = 0.0, limits.over(judge.limits).cpu_s
    for suite in appended.suites:
        found = judge.judge(suite, appended.program, limits)
        spent_s += found.cpu_s or 0.0
        if found.reward is None:
            return _not_judged(found.message or str(found.outcome))
        if found.outcome is not Outcome.CORRECT:
            said = f"{_APART}, {suite.test.strip()[:200]} does not hold."
            return _failed(ran, said, _STATUS_OF_OUTCOME.get(found.outcome, Status.NONZERO_EXIT))
        if spent_s > may_spend_s:
            return _failed(ran, f"{_APART}, its assertions take too long.", Status.TIME_LIMIT)
    return ran


def _failed(ran: Ran, said: str, status: Status = Status.NONZERO_EXIT) -> Ran:
    message = f"AssertionError: {said}"
    stderr = f"{ran.stderr}{message}\n"
    return replace(ran, status=status, exit_code=1, stderr=stderr, message=message)


def _not_judged(reason: str) -> Verdict:
    return Verdict(
        outcome=Outcome.VERIFIER_ERROR,
        message="The source ends in a test, which a program may skip or change where both run "
        f"together, and the test cannot be judged apart from its program: {reason}. Send program "
        "and test to /v1/score, as completion and ground truth.",
    )
