"""Has a program talk with a problem's interactor, which sees the case and says what it is worth.

The interactor runs in a jail without candidate code, at the same time; all that passes between the
two goes through the worker as bytes (`sandbox.jail.Runner.converse`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sandbox import PYTHON, Limits, Program, RunResult, Status
from sandbox.jail import Jail, Runner
from verifier.errors import GroundTruthError
from verifier.model import JudgingProgram, StdinCase
from verifier.programs.judges.checker import NONSENSE, ProgramChecker
from verifier.programs.judges.rulings import WRONG, BrokenJudge, Ruling, read_ruling
from verifier.programs.judges.sources import (
    INPUT,
    JURYS,
    arguments_of,
    fetched_of,
    files_of,
    native_source,
    python_program,
)

LIMITS = Limits(cpu_s=10.0, wall_s=40.0, total_cpu_s=120.0, total_wall_s=600.0)
"""An interactor's, for one case; it sleeps while the candidate works."""
PROBE = replace(LIMITS, cpu_s=2.0)
"""Of one that talks with nobody."""
_LOG = "log.txt"
"""Where it may write what a checker is to read."""


class ProgramInteractor:
    """One interactor, ready to talk, and the checker that reads what it writes, if there is one."""

    def __init__(
        self,
        interactor: JudgingProgram,
        jail: Jail,
        checker: ProgramChecker | None,
        sound_for: set[StdinCase],
    ) -> None:
        """`sound_for`: the cases for which it is known not to take anything for right."""
        self._interactor = interactor
        self._jail = jail
        self._checker = checker
        self._sound_for = sound_for

    def outcomes(
        self, cases: Sequence[StdinCase], runner: Runner
    ) -> Iterator[tuple[RunResult, Ruling]]:
        """What became of the candidate's program in each case, and what that is worth.

        Raises GroundTruthError where the interactor crashes, hangs, fails or takes anything for
        right, and JailFault."""
        for number, case in enumerate(cases):
            outcome = self._talk(runner, case)
            if number == 0 and outcome[1].is_right and case not in self._sound_for:
                self._prove_sound(case)
                self._sound_for.add(case)
            yield outcome

    def _prove_sound(self, case: StdinCase) -> None:
        """Raises GroundTruthError where it does not listen."""
        if all(self._takes(case, nonsense) for nonsense in NONSENSE):
            raise GroundTruthError(
                "The ground truth cannot be used: its interactor takes anything for right; look "
                "at its `style`."
            )

    def _takes(self, case: StdinCase, said: bytes) -> bool:
        with self._jail.load(self._program(case), PROBE) as interactor:
            result = interactor.run(said)
        try:
            return self._ruling(result, case).is_right
        except GroundTruthError:
            return False  # whatever becomes of it there, it has listened

    def _talk(self, runner: Runner, case: StdinCase) -> tuple[RunResult, Ruling]:
        """What the program did, and what it earned: nothing where it went wrong before the
        interactor ended, else what that one rules. Raises GroundTruthError."""
        with self._jail.load(self._program(case), LIMITS) as interactor:
            dialogue = runner.converse(interactor)
        mine, theirs = dialogue.mine, dialogue.theirs
        if theirs is not None and theirs.status is Status.COMPILE_ERROR:
            raise GroundTruthError(
                f"The ground truth cannot be used: its interactor does not compile: "
                f"{theirs.message}"
            )
        if dialogue.other_slept_on:
            raise GroundTruthError(
                "The ground truth cannot be used: its interactor sleeps while the program waits."
            )
        if mine is not None and not dialogue.other_ended_first and mine.status is not Status.OK:
            return _explained(mine), WRONG
        ruling = self._ruling(theirs, case)
        assert mine is not None
        if not ruling.is_right and not ruling.has_points:
            return replace(mine, status=Status.OK), ruling  # how it took that does not matter
        return mine, ruling

    def _ruling(self, theirs: RunResult | None, case: StdinCase) -> Ruling:
        assert theirs is not None
        try:
            ruling = read_ruling(theirs, self._interactor.style, case.points)
        except BrokenJudge as reason:
            raise GroundTruthError(
                f"The ground truth cannot be used: its interactor gives no answer: {reason}."
            ) from None
        if self._checker is None or not ruling.is_right:
            return ruling
        return self._checker.rule(case, base64.b64decode(theirs.files.get(_LOG, "")))

    def _program(self, case: StdinCase) -> Program:
        is_kattis = self._interactor.style == "kattis"
        arguments = arguments_of(self._interactor) if is_kattis else (INPUT, _LOG, JURYS)
        parts = {INPUT: case.input.encode(), JURYS: case.output.encode()}
        files = files_of(self._interactor, parts)
        fetch = fetched_of(self._interactor) if self._checker is None else (_LOG,)
        if self._interactor.language == PYTHON:
            program = python_program(self._interactor, "interactor", arguments)
            return replace(program, files={**program.files, **files}, fetch=fetch)
        return Program(
            native_source(self._interactor),
            self._interactor.language,
            files=files,
            fetch=fetch,
            arguments=arguments,
            is_kept=True,
        )


def _explained(mine: RunResult) -> RunResult:
    """A program's end, with the usual cause where it slept for most of its time."""
    if mine.status is not Status.TIME_LIMIT or mine.slept_s < mine.cpu_s:
        return mine
    return replace(
        mine,
        message="slept past the wall limit, as who waits for the interactor's word does: flush "
        "what is printed, and read no more than is sent",
    )
