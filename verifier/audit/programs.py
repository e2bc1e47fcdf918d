"""Audits a programming problem: its reference, cheap wrong programs, mutants, and its tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import PYTHON
from verifier.audit.deciding import ROUNDS, deciding_tests
from verifier.audit.expectations import findings_of_tests
from verifier.audit.findings import Answer, Ask, Finding, Weight
from verifier.audit.mutants import mutants
from verifier.audit.panel import Panel
from verifier.audit.reference import ReferenceAudit, unusable
from verifier.audit.solutions import fenced, read_solution
from verifier.audit.suites import ProgramTruth, read_cases
from verifier.audit.twins import Twins
from verifier.audit.wrong_programs import (
    WrongProgram,
    takes_input,
    wrong_functions,
    wrong_printers,
)
from verifier.model import ANY_LANGUAGE, StdinTruth
from verifier.programs.candidate import resolve_entry_point

MOST_MUTANTS = 24
FEW_MUTANTS = 6
"""Of a reference that is slow."""
MOST_SHOWN = 5
"""Wrong programs of one kind that evidence lists."""
WITNESSES_ENOUGH = 10
"""Distinct inputs on which a reference that also answers new ones alike may be a constant."""


class ProgramAudit:
    """One audit of one problem."""

    def __init__(
        self, raw: Any, truth: ProgramTruth, solution: str | None, prompt: str, ask: Ask
    ) -> None:
        self._truth = truth
        self._suite = read_cases(truth)
        self._solution = None if solution is None else read_solution(solution, truth)
        self._prompt = prompt
        self._panel = Panel(raw, ask)
        self._limits: Mapping[str, float] = {}
        """Of programs that nobody needs to see end."""
        self._is_slow = False

    async def findings(self) -> list[Finding]:
        """Everything found. Raises AuditStopped."""
        found = findings_of_tests(self._suite, self._prompt, known=self._solution is not None)
        if self._solution is None:
            note = "No solution is known: only programs that are wrong in any case were tried."
            found.append(Finding("no_solution", note))
        else:
            reference = ReferenceAudit(self._suite, self._solution, self._panel)
            found += await reference.findings()
            self._limits, self._is_slow = reference.limits, reference.is_slow
        if any(one.weight is Weight.BROKEN for one in found):
            return found
        return found + await self._wrong_programs()

    async def _wrong_programs(self) -> list[Finding]:
        """Judges wrong programs and mutants, and finds what the suite lets pass or never tests."""
        wrong = self._wrong()
        changed = self._mutants()
        completions = [fenced(program.source, self._language) for program in (*wrong, *changed)]
        if not completions:
            return []
        answers = await self._panel.judge(completions, self._limits)
        if all(answer.outcome == "invalid_ground_truth" for answer in answers):
            return [unusable(answers[0].message)]
        twins = Twins(self._truth, self._suite, self._solution, self._panel)
        passing = [p for p, answer in zip(wrong, answers, strict=False) if answer.passes]
        found = await self._passing(passing[:MOST_SHOWN], twins)
        found += await self._surviving(changed, answers[len(wrong) :], twins)
        names = [program.does for program in wrong] + [mutant.name for mutant in changed]
        rounds = 0 if self._is_slow else ROUNDS
        return found + await deciding_tests(
            self._suite, names, completions, answers, self._judge_tests, rounds
        )

    async def _judge_tests(self, pairs: Sequence[tuple[str, Any]]) -> Sequence[Answer]:
        return await self._panel.judge_by(pairs, self._limits)

    def _wrong(self) -> list[WrongProgram]:
        cases = self._suite.cases
        if not takes_input(cases):
            return []
        if isinstance(self._truth, StdinTruth):
            return wrong_printers(cases, self._prompt, self._language)
        entry_point = self._entry_point
        is_class = entry_point[:1].isupper() and "(" not in entry_point
        return [] if is_class else wrong_functions(entry_point, cases, self._prompt)

    @property
    def _language(self) -> str:
        return PYTHON if self._truth.language == ANY_LANGUAGE else self._truth.language

    @property
    def _entry_point(self) -> str:
        assert not isinstance(self._truth, StdinTruth)
        source = self._solution.source if self._solution else None
        return resolve_entry_point(self._truth.entry_point, source or "")

    def _mutants(self) -> list[Any]:
        solution = self._solution
        if solution is None or solution.source is None or solution.language != PYTHON:
            return []
        return mutants(solution.source, FEW_MUTANTS if self._is_slow else MOST_MUTANTS)

    async def _passing(self, programs: Sequence[WrongProgram], twins: Twins) -> list[Finding]:
        """The findings about wrong programs that pass every test."""
        witnesses = await twins.witnesses([program.source for program in programs])
        return [
            self._finding(program, witness, twins)
            for program, witness in zip(programs, witnesses, strict=True)
        ]

    def _finding(self, program: WrongProgram, witness: str | None, twins: Twins) -> Finding:
        details: dict[str, Any] = {"kind": program.kind, "program": program.source}
        says = f"A program that {program.does} passes every test."
        if witness is not None:
            details["input"] = witness
            return Finding("wrong_program_passes", says, Weight.WEAK, details)
        distinct = len({case.input for case in self._suite.cases})
        if twins.can_tell and distinct >= WITNESSES_ENOUGH:
            says = f"{says} The reference does the same wherever it was tried."
            return Finding("trivial_reference", says, Weight.NOTE, details)
        return Finding("wrong_program_passes", says, Weight.WEAK, details)

    async def _surviving(
        self, changed: Sequence[Any], answers: Sequence[Answer], twins: Twins
    ) -> list[Finding]:
        survivors = [m for m, answer in zip(changed, answers, strict=True) if answer.passes]
        found = []
        witnesses = await twins.witnesses([mutant.source for mutant in survivors])
        for mutant, witness in zip(survivors, witnesses, strict=True):
            if witness is not None:
                says = f"A mutant of the reference passes every test and differs on {witness}."
                details = {"mutant": mutant.name, "input": witness, "program": mutant.source}
                found.append(Finding("mutant_passes", says, Weight.WEAK, details))
        if not changed:
            return []
        counts = {
            "tried": len(changed),
            "passed": len(survivors),
            "shown_wrong": len(found),
        }
        says = (
            f"{len(survivors)} of {len(changed)} mutants pass every test; {len(found)} of them "
            "were shown to be wrong, the others may be right."
        )
        return [*found[:MOST_SHOWN], Finding("mutants", says, details=counts)]
