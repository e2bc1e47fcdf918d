"""Finds an input on which a program answers otherwise than the reference, in a jail."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox import PYTHON
from verifier.audit.inputs import MOST_CHARS, new_calls
from verifier.audit.mutants import constants
from verifier.audit.panel import Panel
from verifier.audit.solutions import Solution, fenced
from verifier.audit.suites import ProgramTruth, Suite
from verifier.model import StdinTruth
from verifier.programs.candidate import resolve_entry_point

MOST_CALLS = 120
MOST_KNOWN = 40
TRIES = 3
"""Inputs on which one of the two takes too long are passed over, two for each program."""
LIMITS = {"cpu_s": 2.0, "wall_s": 20.0, "total_cpu_s": 20.0, "total_wall_s": 60.0}

_SLOW = "time_limit_exceeded"
_TWIN = Path(__file__).with_name("twin.py").read_text(encoding="utf-8")


class Twins:
    """Compares programs with the reference on inputs that no test has."""

    def __init__(
        self, truth: ProgramTruth, suite: Suite, solution: Solution | None, panel: Panel
    ) -> None:
        self._truth = truth
        self._panel = panel
        self._source = solution.source if solution and solution.language == PYTHON else None
        self._known = [case.input for case in suite.cases if 0 < len(case.input) <= MOST_CHARS]
        self._calls: list[str] | None = None

    @property
    def can_tell(self) -> bool:
        """Whether there are inputs to try."""
        return bool(self._new_calls())

    async def witnesses(self, sources: Sequence[str]) -> list[str | None]:
        """For each program an input like those of the suite on which it answers otherwise than
        the reference; None where none was found, which proves nothing. One that takes too long is
        none: slow is not wrong."""
        found: list[str | None] = [None] * len(sources)
        left = dict.fromkeys(range(len(sources)), self._new_calls())
        for _ in range(TRIES):
            left = {number: calls for number, calls in left.items() if calls}
            if not left:
                break
            pairs = [self._pair(sources[number], calls) for number, calls in left.items()]
            answers = await self._panel.judge_by(pairs, LIMITS)
            for (number, calls), answer in zip([*left.items()], answers, strict=True):
                at = 0 if answer.failed_case is None else answer.failed_case // 2
                if answer.outcome == "wrong_answer":
                    found[number] = calls[at]
                left[number] = calls[at + 1 :] if answer.outcome == _SLOW else []
        return found

    def _pair(self, source: str, calls: Sequence[str]) -> tuple[str, Any]:
        """A completion, and a truth that it fails at the first call on which the two differ."""
        cases = [
            {"args": [kind, call], "expected": kind == "answer"}
            for call in calls
            for kind in ("answer", "differs")
        ]
        truth = {"kind": "call", "entry_point": "compare", "cases": cases}
        return self._program(source), truth

    def _new_calls(self) -> list[str]:
        if self._calls is None:
            if self._source is None or isinstance(self._truth, StdinTruth):
                self._calls = []
            else:
                self._calls = new_calls(self._known, constants(self._source), MOST_CALLS)
        return self._calls

    def _program(self, source: str) -> str:
        assert not isinstance(self._truth, StdinTruth)
        assert self._source is not None
        entry = resolve_entry_point(self._truth.entry_point, self._source)
        named: dict[str, Any] = {
            "SETUP": self._truth.setup,
            "REFERENCE": self._source,
            "OTHER": source,
            "ENTRY": entry,
            "KNOWN": self._known[:MOST_KNOWN],
        }
        lines = "".join(f"{name} = {value!r}\n" for name, value in named.items())
        return fenced(f"{_TWIN}\n\n{lines}")
