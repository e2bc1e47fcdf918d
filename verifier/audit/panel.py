"""Has completions judged for an audit, by one problem's ground truth or by others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verifier.audit.findings import Answer, Ask, AuditStopped

_NULL = frozenset({"verifier_error", "deadline_exceeded"})


class Panel:
    """The judges of one problem."""

    def __init__(self, truth: Any, ask: Ask) -> None:
        self.truth = truth
        """The ground truth as the row has it."""
        self._ask = ask

    async def judge(
        self, completions: Sequence[str], limits: Mapping[str, float] | None = None
    ) -> Sequence[Answer]:
        """By the problem's ground truth. Raises AuditStopped."""
        return await self.judge_by([(text, self.truth) for text in completions], limits)

    async def judge_by(
        self, pairs: Sequence[tuple[str, Any]], limits: Mapping[str, float] | None = None
    ) -> Sequence[Answer]:
        """Completions, each with its ground truth. Raises AuditStopped if the verifier failed."""
        if not pairs:
            return []
        also = {"limits": dict(limits)} if limits else {}
        answers = await self._ask(
            [{"completion": text, "ground_truth": truth, **also} for text, truth in pairs]
        )
        for answer in answers:
            if answer.outcome in _NULL:
                raise AuditStopped(f"The verifier failed: {answer.message or answer.outcome}.")
        return answers
