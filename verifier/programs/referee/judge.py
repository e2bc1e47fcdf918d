"""Judges an assertion suite that the trusted side cannot read, in a jail without candidate code.

Two jails: the test program runs in the referee's (`suite_side.host`), the candidate in its own.
Every call travels through `hearing` as plain data. The verdict is what the referee's jail says, and
nothing that the candidate's jail sends can be more than a returned value or a raised exception. A
test program that would make code of such a value is ended there, and cannot be used.
"""

from __future__ import annotations

from dataclasses import replace

from sandbox import Limits, Program
from sandbox.jail import Jail
from verifier.model import AssertTruth, Verdict
from verifier.outcomes import unusable
from verifier.programs.evaluator.child import Evaluator
from verifier.programs.referee.reading import beyond_the_wall
from verifier.programs.referee.texts import HOST, relay

MAX_CALLS = 100_000
HOST_LIMITS = Limits(cpu_s=20.0, wall_s=1800.0, total_wall_s=1800.0)
"""What the test program may use between two calls. It is asleep while the candidate works, however
long that takes under load; the candidate's own limits end that."""


def referee_suite(
    truth: AssertTruth,
    program: Program,
    entry_point: str,
    limits: Limits,
    candidate: Jail,
    referee: Jail,
    evaluator: Evaluator,
) -> Verdict:
    """Run the suite in `referee` against `entry_point` of `program` in `candidate`.

    `program` has its set-up code in front. Raises GroundTruthError and JailFault."""
    if refused := refusal(truth):
        return refused
    relayed = Program(program.source + relay(truth, entry_point), program.language)
    with (
        candidate.open_calls(relayed, "_relay", limits) as calls,
        referee.open_calls(Program(HOST), "step", HOST_LIMITS) as host,
    ):
        verdict = evaluator.judge("hearing", truth, [calls, host], MAX_CALLS)
    return replace(verdict, cpu_s=calls.cpu_s)


def refusal(truth: AssertTruth) -> Verdict | None:
    """The verdict on any program, where the suite is about what does not cross the wall
    between the two jails; else None."""
    reason = beyond_the_wall(truth)
    if reason is None:
        return None
    return unusable(
        f"The test program {reason}: that cannot be judged from outside the candidate's jail."
    )
