"""Judges programs: runs them in jails and compares what comes out on the trusted side.

Expected values stay here; a jail is given a program and its inputs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sandbox import PYTHON, JailFault, Limits, Program
from sandbox.jail import Jail, Runner
from sandbox.pool import JailPool
from sandbox.spare import SpareJail
from verifier.errors import GroundTruthError
from verifier.model import (
    ANY_LANGUAGE,
    AssertTruth,
    CallTruth,
    Checker,
    JudgingProgram,
    LimitsOverride,
    Outcome,
    StdinCase,
    StdinTruth,
    Verdict,
)
from verifier.outcomes import unusable
from verifier.programs.assertions import Unsupported
from verifier.programs.candidate import resolve_entry_point, with_setup
from verifier.programs.drivers import LANGUAGES_OF_CALLS, as_stdin, value_printed
from verifier.programs.drivers.suites import judge_suite
from verifier.programs.evaluator.child import Evaluator
from verifier.programs.files import with_files_of
from verifier.programs.judges.checker import ProgramChecker, Rulings
from verifier.programs.judges.interactor import ProgramInteractor
from verifier.programs.judges.rulings import RIGHT, WRONG, Ruling
from verifier.programs.libraries import Libraries
from verifier.programs.referee.judge import referee_suite
from verifier.programs.single_tests import judge_tests
from verifier.programs.stdin import Outcomes, judge_cases, matched, ruled

T = TypeVar("T")
MAX_TRIES = 2
"""A jail that broke says nothing about the program, which gets another one once."""

MAX_TIMEOUTS = 3
"""Of one suite of calls that runs every case: what is too slow thrice fails the rest unseen."""


class ProgramJudge:
    """Judges programs in jails of `pool`, and of `referees` too where a suite cannot be read."""

    def __init__(
        self,
        pool: JailPool,
        referees: JailPool,
        limits: Limits,
        spare: SpareJail | None = None,
    ) -> None:
        """`limits` hold for each test case where neither ground truth nor rollout sets others.
        `spare` helps with programs whose cases are independent."""
        self._pool = pool
        self._spare = spare
        self._referees = referees
        self.limits = limits
        self._started: Evaluator | None = None
        self._libraries = Libraries(pool, limits)
        self._latest: tuple[AssertTruth, bool] | None = None
        """A suite, and whether it can be read."""
        self._ruled: dict[str, tuple[JudgingProgram, Rulings]] = {}
        """The latest checker and the latest interactor, and what it is known to say."""

    def __enter__(self) -> ProgramJudge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the evaluator; the jails are their pools'."""
        if self._started is not None:
            self._started.close()
            self._started = None

    def warm_up(self) -> None:
        """Start what takes a moment to start, for a judge that will see programs."""
        self._evaluator()

    def reads(self, truth: AssertTruth) -> bool:
        """Whether the trusted side can read this suite; else it is the referee's.

        Raises GroundTruthError where it is none, and JailFault."""
        if self._latest is None or self._latest[0] is not truth:
            self._latest = (truth, self._evaluator().reads(truth))
        return self._latest[1]

    def _evaluator(self) -> Evaluator:
        if self._started is None:
            self._started = Evaluator()
        return self._started

    def judge(
        self, truth: StdinTruth | CallTruth | AssertTruth, source: str, override: LimitsOverride
    ) -> Verdict:
        """The verdict on a candidate's program. A broken jail makes it `verifier_error`."""
        if isinstance(truth, StdinTruth) and truth.language == ANY_LANGUAGE:
            truth = replace(truth, language=PYTHON)  # nobody has said which
        limits = override.or_else(truth.limits).over(self.limits)
        try:
            return tried_again(lambda: self._judge(truth, source, limits, override))
        except GroundTruthError as error:
            return unusable(str(error))
        except JailFault as fault:
            return Verdict(outcome=Outcome.VERIFIER_ERROR, message=f"The sandbox broke: {fault}")

    def _judge(
        self,
        truth: StdinTruth | CallTruth | AssertTruth,
        source: str,
        limits: Limits,
        override: LimitsOverride,
    ) -> Verdict:
        """Chooses how a program is judged, by the kind of its ground truth and its language."""
        if isinstance(truth, AssertTruth) and truth.parts:
            return judge_tests(truth, limits, partial(self._referee, source=source))
        if isinstance(truth, AssertTruth) and truth.language != PYTHON:
            with self._pool.jail(truth.language) as jail:
                return judge_suite(truth, source, limits, jail)
        if isinstance(truth, AssertTruth):
            return self._judge_asserts(truth, source, limits)
        if isinstance(truth, CallTruth) and truth.language != PYTHON:
            return self._judge_calls_in_another_language(truth, source, limits)
        per_call = bool(override.or_else(truth.limits).process_per_call)
        if isinstance(truth, StdinTruth):
            with self._pool.jail(truth.language) as jail:
                return self._judge_stdin(truth, source, limits, jail)
        with self._pool.jail(variant=self._libraries.variant_of(truth, source)) as jail:
            return _judge_calls(
                truth, source, limits, jail, self._evaluator(), process_per_call=per_call
            )

    def _judge_stdin(self, truth: StdinTruth, source: str, limits: Limits, jail: Jail) -> Verdict:
        program = with_files_of(truth, Program(source, truth.language))
        judges = [truth.checker, truth.interactor]
        languages = {each.language for each in judges if isinstance(each, JudgingProgram)}
        with ExitStack() as stack:
            beside = {
                language: stack.enter_context(self._referees.jail(language))
                for language in sorted(languages)
            }
            asked = None
            if isinstance(truth.checker, Checker):
                outcomes = self._ruled_by(truth, partial(matched, truth.checker))
            else:
                checker = ProgramChecker(
                    truth.checker,
                    beside[truth.checker.language],
                    self._rulings("checker", truth.checker),
                )
                asked = stack.enter_context(checker)
                outcomes = self._ruled_by(truth, asked.rule)
            if (talker := truth.interactor) is not None:
                known = self._rulings("interactor", talker).sound_for
                interactor = ProgramInteractor(talker, beside[talker.language], asked, known)
                outcomes = partial(interactor.outcomes, truth.cases)
            return judge_cases(truth, program, limits, jail, outcomes)

    def _ruled_by(
        self, truth: StdinTruth, rule: Callable[[StdinCase, bytes], Ruling]
    ) -> Callable[[Runner], Outcomes]:
        """See `verifier.programs.stdin.ruled`; in two jails where a second one is spare."""
        spare = self._spare
        return lambda runner: ruled(truth, rule, spare.beside(runner) if spare else runner)

    def _rulings(self, role: str, program: JudgingProgram) -> Rulings:
        if role not in self._ruled or self._ruled[role][0] is not program:
            self._ruled[role] = (program, Rulings())
        return self._ruled[role][1]

    def _judge_calls_in_another_language(
        self, truth: CallTruth, source: str, limits: Limits
    ) -> Verdict:
        if truth.language not in LANGUAGES_OF_CALLS:
            raise GroundTruthError(
                f"The ground truth cannot be used: functions in {truth.language} are not called "
                "here; give `stdin` cases."
            )
        stdin, text = as_stdin(truth, "\n".join(filter(None, (truth.setup, source))))

        def rule(case: StdinCase, output: bytes) -> Ruling:
            return RIGHT if value_printed(case, output) else WRONG

        with self._pool.jail(truth.language) as jail:
            program = Program(text, truth.language)
            return judge_cases(stdin, program, limits, jail, partial(ruled, stdin, rule))

    def _judge_asserts(self, truth: AssertTruth, source: str, limits: Limits) -> Verdict:
        program = Program(with_setup(truth.setup, source), truth.language)
        entry_point = resolve_entry_point(truth.entry_point, source)
        if self.reads(truth):
            try:
                with (
                    self._pool.jail(variant=self._libraries.variant_of(truth, source)) as jail,
                    jail.open_calls(program, entry_point, limits) as calls,
                ):
                    verdict = self._evaluator().judge("suite", truth, [calls])
                return replace(verdict, cpu_s=calls.cpu_s)
            except Unsupported:  # met only in the run; the referee starts afresh
                limits = replace(limits, total_cpu_s=limits.total_cpu_s - calls.cpu_s)
        return self._referee(truth, limits, source)

    def _referee(self, truth: AssertTruth, limits: Limits, source: str) -> Verdict:
        program = Program(with_setup(truth.setup, source), truth.language)
        entry_point = resolve_entry_point(truth.entry_point, source)
        variant = self._libraries.variant_of(truth, source)
        with (
            self._pool.jail(variant=variant) as jail,
            self._referees.jail(variant=variant) as referee,  # it is given what the other makes
        ):
            return referee_suite(
                truth, program, entry_point, limits, jail, referee, self._evaluator()
            )


def tried_again(attempt: Callable[[], T]) -> T | Verdict:
    """What `attempt` gives, in another jail where the first broke; else a `verifier_error`."""
    for _ in range(MAX_TRIES):
        try:
            return attempt()
        except JailFault as fault:
            message = f"The sandbox broke {MAX_TRIES} times: {fault}"
    return Verdict(outcome=Outcome.VERIFIER_ERROR, message=message)


def _judge_calls(
    truth: CallTruth,
    source: str,
    limits: Limits,
    jail: Jail,
    evaluator: Evaluator,
    *,
    process_per_call: bool,
) -> Verdict:
    program = Program(with_setup(truth.setup, source), truth.language)
    entry_point = resolve_entry_point(truth.entry_point, source)
    if process_per_call or truth.every_case:
        return _judge_call_by_call(
            truth, program, entry_point, limits, jail, evaluator, 1 if process_per_call else None
        )
    with jail.open_calls(program, entry_point, limits) as calls:
        verdict = evaluator.judge("cases", truth, [calls])
    return replace(verdict, cpu_s=calls.cpu_s)


def _judge_call_by_call(
    truth: CallTruth,
    program: Program,
    entry_point: str,
    limits: Limits,
    jail: Jail,
    evaluator: Evaluator,
    at_once: int | None,
) -> Verdict:
    """Judge so many cases in each process, or as many as it survives.

    What all may use together, each of them may use of sleep its share, and of CPU time what is
    left."""
    total = len(truth.cases)
    wall_s = limits.total_wall_s / total if at_once else limits.total_wall_s
    cpu_s, number, passed, out_of_time = 0.0, 0, 0, 0
    outcomes: list[str] = []
    first: Verdict | None = None
    while number < total and out_of_time < MAX_TIMEOUTS:
        left_s = max(limits.total_cpu_s - cpu_s, 0.001)
        given = replace(limits, total_cpu_s=left_s, total_wall_s=max(wall_s, 0.001))
        part = replace(truth, cases=truth.cases[number : number + (at_once or total)])
        with jail.open_calls(program, entry_point, given) as calls:
            verdict = evaluator.judge("cases", part, [calls])
        cpu_s += calls.cpu_s
        if verdict.passed is None or verdict.total is None:  # the ground truth's fault or ours
            return verdict
        if first is None and verdict.first_failure is not None:
            at = number + verdict.first_failure["case"]
            first = replace(verdict, first_failure={**verdict.first_failure, "case": at})
        outcomes += _outcomes_of(verdict)
        number, passed = number + verdict.total, passed + verdict.passed
        out_of_time += verdict.outcome is Outcome.TIME_LIMIT_EXCEEDED
        if first is not None and (
            not truth.every_case or first.outcome is Outcome.COMPILE_ERROR or not left_s > 0.001
        ):
            break
    verdict = replace(first or _all_passed(total), passed=passed, total=total, cpu_s=cpu_s)
    return _with_score(verdict, outcomes) if truth.every_case else verdict


def _outcomes_of(part: Verdict) -> list[str]:
    """Of cases judged in one process, which ends at the first that fails."""
    outcomes = [str(Outcome.CORRECT)] * (part.passed or 0)
    return outcomes if part.first_failure is None else [*outcomes, str(part.outcome)]


def _with_score(verdict: Verdict, outcomes: list[str]) -> Verdict:
    if verdict.passed is None or not verdict.total:
        return verdict
    return replace(verdict, score=verdict.passed / verdict.total, cases=outcomes)


def _all_passed(count: int, cpu_s: float | None = None) -> Verdict:
    return Verdict(outcome=Outcome.CORRECT, passed=count, total=count, cpu_s=cpu_s)
