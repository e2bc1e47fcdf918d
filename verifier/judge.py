"""Judges one rollout: reads its ground truth, finds what the completion hands in, compares.

A `Judge` belongs to one thread of one worker process; it owns that worker's warm math child and
warm jails.
"""

from __future__ import annotations

import logging
from typing import Any

from sandbox import JailUnavailable, Limits
from sandbox.pool import open_pool
from verifier.errors import GroundTruthError
from verifier.extraction import final_part, find_program
from verifier.ground_truth import read_ground_truth
from verifier.ground_truth.fields import TAGS
from verifier.math import MathJudge
from verifier.model import (
    AssertTruth,
    CallTruth,
    GroundTruth,
    LimitsOverride,
    MathTruth,
    Outcome,
    Rollout,
    StdinTruth,
    Verdict,
)
from verifier.outcomes import unusable
from verifier.programs import ProgramJudge

MAX_REMEMBERED = 1024
"""Programs of one ground truth whose verdicts are kept."""

logger = logging.getLogger(__name__)

_UNFINISHED = Verdict(
    outcome=Outcome.NO_ANSWER, message="The completion ends inside its <think> part."
)
_NO_PROGRAM = Verdict(
    outcome=Outcome.NO_ANSWER, message="The completion holds no complete fenced code block."
)


class Judge:
    """Judges rollouts one after another. A context manager; closing it ends its processes."""

    def __init__(self, sandbox: str = "auto", limits: Limits | None = None) -> None:
        """Raises JailUnavailable where the sandbox cannot be had on this machine."""
        self._pool = open_pool(sandbox, 1)
        self._referees = self._pool.another(1)
        self._programs = ProgramJudge(self._pool, self._referees, limits or Limits())
        self._math = MathJudge()
        self._truth: tuple[Any, GroundTruth | Verdict] | None = None
        self._remembered: dict[tuple[str, LimitsOverride], Verdict] = {}
        """Verdicts on programs under the ground truth at hand: a group holds many twins."""

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the math child and the jails."""
        self._math.close()
        self._referees.close()
        self._pool.close()

    def judge(self, rollout: Rollout) -> Verdict:
        """The verdict. Never raises: what goes wrong on our side is a `verifier_error`."""
        try:
            return self._judge(rollout)
        except JailUnavailable as error:
            return Verdict(outcome=Outcome.VERIFIER_ERROR, message=f"No sandbox: {error}")
        except Exception:
            logger.exception("a rollout could not be judged")
            return Verdict(
                outcome=Outcome.VERIFIER_ERROR, message="An internal error; the log says more."
            )

    def _judge(self, rollout: Rollout) -> Verdict:
        truth = self._read(rollout.ground_truth)
        if isinstance(truth, Verdict):
            return truth
        final = final_part(rollout.completion)
        if final is None:
            return _UNFINISHED
        if isinstance(truth, MathTruth):
            return self._math.judge(truth, final, truncated=rollout.truncated)
        return self._judge_program(truth, final, rollout)

    def _read(self, raw: Any) -> GroundTruth | Verdict:
        """The ground truth, or the verdict where it cannot be used.

        The rollouts of a group come one after another with one and the same object."""
        if self._truth is None or self._truth[0] is not raw:
            self._remembered.clear()
            try:
                self._truth = (raw, read_ground_truth(raw))
            except GroundTruthError as error:
                self._truth = (raw, unusable(str(error)))
        return self._truth[1]

    def _judge_program(
        self, truth: StdinTruth | CallTruth | AssertTruth, final: str, rollout: Rollout
    ) -> Verdict:
        program = find_program(final, TAGS[truth.language])
        if program is None:
            return _NO_PROGRAM
        twin = (program.source, rollout.limits)
        verdict = self._remembered.get(twin)
        if verdict is None:
            verdict = self._programs.judge(truth, program.source, rollout.limits)
            if verdict.reward is not None and len(self._remembered) < MAX_REMEMBERED:
                self._remembered[twin] = verdict
        if verdict.outcome is Outcome.COMPILE_ERROR and not program.fenced:
            return _NO_PROGRAM
        return verdict
