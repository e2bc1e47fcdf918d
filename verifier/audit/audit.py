"""Audits one problem, whatever it is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verifier.audit.answers import AnswerAudit
from verifier.audit.findings import Ask, Audited, AuditStopped, Finding, audited
from verifier.audit.programs import ProgramAudit
from verifier.audit.reference import unusable
from verifier.curation.selection import prompt_of
from verifier.errors import GroundTruthError
from verifier.ground_truth import read_ground_truth
from verifier.model import MathTruth

SOLUTIONS = ("solution", "canonical_solution", "reference_solution")
"""Fields that hold a completion that is right, the first that a row has."""
OF_DATA_SETS = ("completion", "code")
"""Such fields of rows that are a ground truth themselves; a rollout's completion may be wrong."""


async def audit(row: Mapping[str, Any], ask: Ask) -> Audited:
    """The verdict on the problem of `row`: `ground_truth`, or the row itself where it is one of a
    data set, with a `solution` where one is known. `ask` has rollouts judged.

    The same row has the same verdict."""
    raw = row.get("ground_truth")
    fields = SOLUTIONS if raw is not None else (*SOLUTIONS, *OF_DATA_SETS)
    raw = {name: row[name] for name in row if name not in _OURS} if raw is None else raw
    solution = next((row[name] for name in fields if isinstance(row.get(name), str)), None)
    try:
        return audited(await _findings(raw, solution, prompt_of(row), ask))
    except AuditStopped as reason:
        return Audited(None, [Finding("unjudged", str(reason))])


async def _findings(raw: Any, solution: str | None, prompt: str, ask: Ask) -> Sequence[Finding]:
    """Raises AuditStopped."""
    try:
        truth = read_ground_truth(raw, lambda _: None)
    except GroundTruthError as error:
        return [unusable(str(error))]
    if isinstance(truth, MathTruth):
        return await AnswerAudit(raw, truth, prompt, ask).findings(solution)
    return await ProgramAudit(raw, truth, solution, prompt, ask).findings()


_OURS = frozenset({"id", "group", "verdict", "evidence", "completion", "solution"})
"""Fields of a row that are no part of a data set's."""
