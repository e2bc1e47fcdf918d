"""Judges one rollout: reads its ground truth, finds the answer or program, compares. Or runs one
program, where there is nothing to judge it by.

A `Judge` belongs to one thread of one worker process; it owns that worker's warm math child and
warm jails.
"""

from __future__ import annotations

import functools
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, NoReturn, TypeVar

from sandbox import LANGUAGES, PYTHON, JailUnavailable, Limits
from sandbox.counting import count
from sandbox.pool import JailPool, open_pool
from sandbox.spare import SpareJail
from verifier.errors import GroundTruthError, NeedsSandbox, SandboxGone
from verifier.ground_truth import read_ground_truth, truth_text
from verifier.ground_truth.fields import TAGS
from verifier.math import MathJudge
from verifier.model import (
    ANY_LANGUAGE,
    AssertTruth,
    CallTruth,
    GroundTruth,
    LimitsOverride,
    MathTruth,
    Outcome,
    Result,
    Rollout,
    Run,
    StdinTruth,
    Verdict,
)
from verifier.outcomes import unusable
from verifier.programs.assertions import read_suite
from verifier.programs.bare_run import run_program
from verifier.programs.failed_first import FailedFirst, has_no_order
from verifier.programs.fences import FoundProgram, find_program
from verifier.programs.judge import ProgramJudge
from verifier.programs.luck import may_be_lucky
from verifier.programs.referee.judge import refusal
from verifier.remembered import Remembered, is_repeatable, is_sure
from verifier_client.final_part import final_part

MAX_TRUTHS = 8
"""Ground truths that are kept as read: the chunks of a group come one soon after the other."""
MAX_TRUTH_CHARS = 16 * 1024 * 1024
"""Of their texts together; a longer one is kept alone."""

logger = logging.getLogger(__name__)
R = TypeVar("R")

_UNFINISHED = Verdict(
    outcome=Outcome.NO_ANSWER, message="The completion ends inside its <think> part."
)
_NO_PROGRAM = Verdict(
    outcome=Outcome.NO_ANSWER, message="The completion holds no complete fenced code block."
)


@dataclass
class _Known:
    """A ground truth as read, or the verdict where it cannot be used."""

    truth: GroundTruth | Verdict
    digest: bytes
    """Of its text."""

    @functools.cached_property
    def is_repeatable(self) -> bool:
        """See `verifier.remembered.is_repeatable`."""
        return is_repeatable(self.truth)


class Judge:
    """Judges rollouts one after another. A context manager; closing it ends its processes."""

    def __init__(
        self,
        sandbox: str | None = "auto",
        limits: Limits | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        """With None for a sandbox it judges mathematics only.

        Raises JailUnavailable where the sandbox cannot be had on this machine, VerifierError for a
        setting that cannot be used."""
        self._remembered = Remembered() if remembered is None else remembered
        self._math = MathJudge()  # its child imports its libraries while the jail starts
        try:
            self._pool = JailPool(_no_jail, 1) if sandbox is None else open_pool(sandbox, 1)
        except BaseException:
            self._math.close()
            raise
        self._referees = self._pool.another(1)
        self._spare = SpareJail(self._pool)
        self._programs = ProgramJudge(self._pool, self._referees, limits or Limits(), self._spare)
        self._reads: Callable[[AssertTruth], object] = read_suite
        if sandbox is not None:
            self._programs.warm_up()
            self._reads = self._programs.reads
        self._failed_first = FailedFirst()
        self._latest: tuple[Any, _Known] | None = None
        self._known: OrderedDict[str, _Known] = OrderedDict()
        """By their JSON, the latest used at the end."""

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the children and the jails."""
        self._math.close()
        self._programs.close()
        self._spare.close()
        self._referees.close()
        self._pool.close()

    def judge(self, rollout: Rollout) -> Verdict:
        """The verdict. What goes wrong on our side is a `verifier_error`.

        Raises NeedsSandbox, and nothing else, where it has none and a program is to run."""
        return self._guarded(lambda: self._judge(rollout))

    def run(self, run: Run) -> Result:
        """What happened to the program; a `verifier_error` where it could not be run.

        Raises NeedsSandbox, and nothing else, where it has none."""
        return self._guarded(lambda: run_program(self._pool, self._programs, run))

    def _guarded(self, work: Callable[[], R]) -> R | Verdict:
        """What the work gives; what goes wrong there is a `verifier_error`. Raises NeedsSandbox."""
        try:
            return work()
        except NeedsSandbox:
            raise
        except JailUnavailable as error:
            count("failures", "no_sandbox")
            return Verdict(outcome=Outcome.VERIFIER_ERROR, message=f"No sandbox: {error}")
        except Exception:
            count("failures", "internal_error")
            logger.exception("a rollout could not be judged, or a program not run")
            return Verdict(
                outcome=Outcome.VERIFIER_ERROR, message="An internal error; the log says more."
            )

    def require_sandbox(self) -> None:
        """Have a jail ready, a new one where it is gone. Thread-safe. Raises SandboxGone."""
        try:
            self._pool.warm()
        except JailUnavailable as error:
            raise SandboxGone(str(error)) from error

    def surroundings(self) -> str:
        """What programs run in, in the same words wherever it is the same: images, or this
        machine's own Python and libraries. Raises SandboxGone."""
        try:
            return repr(sorted(self._pool.images().items()))
        except JailUnavailable as error:
            raise SandboxGone(str(error)) from error

    def _judge(self, rollout: Rollout) -> Verdict:
        if rollout.unusable is not None:
            return Verdict(outcome=Outcome.VERIFIER_ERROR, message=rollout.unusable)
        known = self._read(rollout.ground_truth)
        truth = known.truth
        if isinstance(truth, Verdict):
            return truth
        final = final_part(rollout.completion)
        if final is None:
            return _UNFINISHED
        if isinstance(truth, MathTruth):
            verdict = self._math.judge(
                truth, final, truncated=rollout.truncated, rules=rollout.rules
            )
            by_chance = verdict.reward is None or verdict.how == "limit"
            return verdict if by_chance else replace(verdict, holds_for_equal=True, lasts=True)
        return self._judge_program(known, truth, final, rollout)

    def _read(self, raw: Any) -> _Known:
        """What is known of a ground truth. The rollouts of one group in one chunk share the very
        object, those of another chunk an equal one."""
        if self._latest is None or self._latest[0] is not raw:
            self._latest = (raw, self._find(raw))
        return self._latest[1]

    def _find(self, raw: Any) -> _Known:
        name = truth_text(raw).text
        known = self._known.pop(name, None)
        if known is None:
            known = _Known(self._read_anew(raw), sha256(name.encode("ascii")).digest())
        self._known[name] = known
        while len(self._known) > MAX_TRUTHS or (
            len(self._known) > 1 and sum(map(len, self._known)) > MAX_TRUTH_CHARS
        ):
            self._known.popitem(last=False)
        return known

    def _read_anew(self, raw: Any) -> GroundTruth | Verdict:
        try:
            truth = read_ground_truth(raw, self._reads)
        except GroundTruthError as error:
            return unusable(str(error))
        is_python_suite = isinstance(truth, AssertTruth) and truth.language == PYTHON
        if isinstance(truth, AssertTruth) and is_python_suite and not self._reads(truth):
            return refusal(truth) or truth
        return truth

    def _judge_program(
        self,
        known: _Known,
        truth: StdinTruth | CallTruth | AssertTruth,
        final: str,
        rollout: Rollout,
    ) -> Verdict:
        """Finds the program and judges it, unless the same one was judged under these limits."""
        entry_point = None if isinstance(truth, StdinTruth) else truth.entry_point or None
        language, program = program_of(
            final, truth.language, entry_point, truncated=rollout.truncated
        )
        if isinstance(truth, StdinTruth) and truth.language == ANY_LANGUAGE:
            truth = replace(truth, language=language)
        # Text without a fence may be a program in Python, where a look at it costs nothing.
        if program is None or not (program.fenced or truth.language == PYTHON):
            return _NO_PROGRAM
        source, limits = program.source, rollout.limits
        in_order = not (
            isinstance(truth, StdinTruth)
            and (truth.failed_first or (rollout.any_order and has_no_order(truth)))
        )
        key = self._remembered.key(rollout.owner, known.digest, language, source, limits, in_order)
        verdict = None if key is None else self._remembered.verdict(key)
        count("remembered", "code", "miss" if verdict is None else "hit")
        if verdict is None:
            began = time.monotonic()
            verdict = self._run(known.digest, truth, source, limits, in_order=in_order)
            took_s = time.monotonic() - began
            given = limits.or_else(truth.limits).over(self._programs.limits)
            if language == PYTHON and known.is_repeatable and not may_be_lucky(source):
                lasts = is_sure(verdict, given, took_s)
                holds = verdict.reward is not None
                verdict = replace(verdict, holds_for_equal=holds, lasts=lasts)
                if key and lasts:
                    self._remembered.keep(key, verdict)
        if verdict.outcome is Outcome.COMPILE_ERROR and not program.fenced:
            return _NO_PROGRAM
        return verdict

    def _run(
        self,
        truth_digest: bytes,
        truth: StdinTruth | CallTruth | AssertTruth,
        source: str,
        limits: LimitsOverride,
        *,
        in_order: bool,
    ) -> Verdict:
        if in_order or not isinstance(truth, StdinTruth):
            return self._programs.judge(truth, source, limits)
        arranged, places = self._failed_first.arranged(truth_digest, truth)
        verdict = self._programs.judge(arranged, source, limits)
        return self._failed_first.told(truth_digest, verdict, places)


def program_of(
    final: str, language: str, entry_point: str | None, *, truncated: bool
) -> tuple[str, FoundProgram | None]:
    """The program of the completion and its language, which may be told from its block's tag."""
    if language != ANY_LANGUAGE:
        tags = _tags_for(language)
        found = find_program(final, tags, entry_point=entry_point, truncated=truncated)
        return language, found
    python = find_program(final, TAGS[PYTHON], truncated=truncated)
    if python is None or not python.fenced:
        for name, tags in TAGS.items():
            found = find_program(final, tags, truncated=truncated)
            if found is not None and found.fenced:
                return name, found
    return PYTHON, python


def _tags_for(language: str) -> frozenset[str]:
    base = LANGUAGES[language].base
    return TAGS[language] | _tags_for(base) if base else TAGS[language]


def _no_jail(variant: str = PYTHON) -> NoReturn:  # noqa: ARG001 - an opener's signature
    raise NeedsSandbox("This judge has no sandbox.")
