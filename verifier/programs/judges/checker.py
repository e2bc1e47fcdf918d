"""Asks a problem's own checker, a program, whether an output is right.

It runs in a jail without candidate code, once the candidate's run is over: what it reads of the
candidate is a file of bytes, and the candidate sees neither it nor what it is given.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace

from sandbox import PYTHON, Limits, Program, RunResult, Status
from sandbox.jail import Jail, Runner
from verifier.errors import GroundTruthError
from verifier.model import JudgingProgram, StdinCase
from verifier.programs.judges.rulings import BrokenJudge, Ruling, read_ruling
from verifier.programs.judges.sources import (
    INPUT,
    JURYS,
    THEIRS,
    arguments_of,
    fetched_of,
    files_of,
    native_source,
    python_program,
)

LIMITS = Limits(cpu_s=10.0, wall_s=20.0, total_cpu_s=120.0, total_wall_s=120.0)
"""Of one ruling, and of all on one program."""


ASKED_AGAIN = 3
"""How often about the first output and about one that it does not take for right, each time with
another seed where that can be set: chance must not decide."""
MAX_REMEMBERED_BYTES = 4 << 20
"""Outputs whose rulings are kept, of one checker together."""


NONSENSE = (b"", b"\x00\xff\n", b"nothing -1 of 0.5 it\n")
"""Outputs that no problem takes, all of them; nor is it what anyone says in a conversation."""


class Rulings:
    """What a checker said of outputs, each as often as it is asked of one; the programs of a group
    print the same as a rule."""

    def __init__(self) -> None:
        self._known: dict[tuple[StdinCase, bytes], Ruling] = {}
        self._bytes = 0
        self.sound_for: set[StdinCase] = set()
        """Cases whose expected output it takes for right."""

    def get(self, case: StdinCase, output: bytes) -> Ruling | None:
        return self._known.get((case, output))

    def keep(self, case: StdinCase, output: bytes, ruling: Ruling) -> None:
        """Unless there are as many as there may be."""
        self._bytes += len(output)
        if self._bytes <= MAX_REMEMBERED_BYTES:
            self._known[case, output] = ruling


class ProgramChecker:
    """One checker, ready to be asked about outputs. A context manager."""

    def __init__(self, checker: JudgingProgram, jail: Jail, rulings: Rulings | None = None) -> None:
        """`rulings`: those that this checker has given before."""
        self._checker = checker
        self._rulings = rulings or Rulings()
        self._jail = jail
        self._stack = ExitStack()
        self._python: Runner | None = None
        self._arguments = arguments_of(checker)
        self._spent_s = 0.0
        self._is_sound = False

    def __enter__(self) -> ProgramChecker:
        if self._checker.language == PYTHON:
            program = python_program(self._checker, self._checker.style, self._arguments)
            program = replace(program, fetch=fetched_of(self._checker))
            self._python = self._stack.enter_context(self._jail.load(program, LIMITS))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def rule(self, case: StdinCase, output: bytes) -> Ruling:
        """What the checker says of `output`; a ruling that it gives only once is none.

        Raises GroundTruthError where it crashes, hangs, fails, says something else when it is asked
        again, does not take the jury's own answer for right, or takes anything, and JailFault."""
        if (known := self._rulings.get(case, output)) is not None:
            return known
        is_first, self._is_sound = not self._is_sound, True
        if is_first and case not in self._rulings.sound_for:
            self._prove_sound(case)
            self._rulings.sound_for.add(case)
        ruling = self._ask(case, output)
        seeds = range(1, ASKED_AGAIN + 1) if is_first or not ruling.is_right else ()
        if any(self._ask(case, output, seed) != ruling for seed in seeds):
            raise GroundTruthError(
                "The ground truth cannot be used: its checker says something else when it is "
                "asked again."
            )
        self._rulings.keep(case, output, ruling)
        return ruling

    def _prove_sound(self, case: StdinCase) -> None:
        """Raises GroundTruthError where it refuses the jury's answer, or does not look at one."""
        if case.output.strip():
            jurys = self._ask(case, case.output.encode())
            if not (jurys.is_right or jurys.has_points):
                raise GroundTruthError(
                    "The ground truth cannot be used: its checker does not take the expected "
                    "output of the first case for right."
                )
        if all(self._takes(case, nonsense) for nonsense in NONSENSE):
            raise GroundTruthError(
                "The ground truth cannot be used: its checker takes anything for right; look at "
                "its `style`, and at how it is called."
            )

    def _takes(self, case: StdinCase, output: bytes) -> bool:
        try:
            return self._ask(case, output).is_right
        except GroundTruthError:
            return False  # whatever becomes of it there, it has looked

    def _ask(self, case: StdinCase, output: bytes, seed: int = 0) -> Ruling:
        parts = {INPUT: case.input.encode(), THEIRS: output, JURYS: case.output.encode()}
        result = self._run(files_of(self._checker, parts), output, seed)
        self._spent_s += result.cpu_s
        if result.status is Status.COMPILE_ERROR:
            raise GroundTruthError(
                f"The ground truth cannot be used: its checker does not compile: {result.message}"
            )
        try:
            return read_ruling(result, self._checker.style, case.points)
        except BrokenJudge as reason:
            raise GroundTruthError(
                f"The ground truth cannot be used: its checker gives no answer: {reason}."
            ) from None

    def _run(self, files: dict[str, str], output: bytes, seed: int) -> RunResult:
        reads_output = self._checker.style == "kattis"
        if self._python is not None:
            told = {"files": files, "seed": seed, "stdin": THEIRS if reads_output else None}
            return self._python.run(json.dumps(told).encode())
        left_s = max(LIMITS.total_cpu_s - self._spent_s, 0.001)
        program = Program(
            native_source(self._checker),
            self._checker.language,
            files=files,
            fetch=fetched_of(self._checker),
            arguments=self._arguments,
            is_kept=True,
        )
        with self._jail.load(program, replace(LIMITS, total_cpu_s=left_s)) as runner:
            return runner.run(output if reads_output else b"")
