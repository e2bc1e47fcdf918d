"""Runs a program that nobody judges, and says what happened to it."""

from __future__ import annotations

from sandbox import Limits, Program, RunResult
from sandbox.pool import JailPool
from verifier.model import Verdict
from verifier.outcomes import outcome_of
from verifier.programs import tried_again


def run_program(pool: JailPool, program: Program, stdin: str, limits: Limits) -> Verdict:
    """What happened, in `Verdict.ran`; nothing there where the program could not be run.

    Raises JailUnavailable."""

    def run() -> Verdict:
        with pool.jail(program.language) as jail, jail.load(program, limits) as runner:
            return _verdict(runner.run(stdin.encode()))

    return tried_again(run)


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
        },
    )
