"""What an audit finds, and the verdict that follows from it."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from verifier.errors import VerifierError

VerdictName = Literal["sound", "weak", "broken"]


class Weight(enum.IntEnum):
    """What a finding does to the verdict; the heaviest decides."""

    NOTE = 0
    WEAK = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out, as evidence."""

    name: str
    """Of its kind, see docs/audit.md."""
    says: str
    """One sentence."""
    weight: Weight = Weight.NOTE
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON-ready."""

    def shown(self) -> dict[str, Any]:
        """An entry of `evidence`."""
        weight = self.weight.name.lower()
        return {"finding": self.name, "says": self.says, "weight": weight, **self.details}


@dataclass(frozen=True, slots=True)
class Audited:
    """The verdict on a problem; None where nobody can tell here, and why is the evidence."""

    verdict: VerdictName | None
    findings: Sequence[Finding]

    def added(self) -> dict[str, Any]:
        """What a row gets."""
        return {"verdict": self.verdict, "evidence": [found.shown() for found in self.findings]}


def audited(findings: Sequence[Finding]) -> Audited:
    """The verdict that follows, the weightiest evidence first."""
    ordered = sorted(findings, key=lambda found: -found.weight)
    heaviest = ordered[0].weight if ordered else Weight.NOTE
    names: Mapping[Weight, VerdictName] = {
        Weight.NOTE: "sound",
        Weight.WEAK: "weak",
        Weight.BROKEN: "broken",
    }
    return Audited(names[heaviest], ordered)


class AuditStopped(VerifierError):
    """The audit cannot go on; the text is a sentence that says why. It is no verdict."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one rollout."""

    outcome: str
    details: Mapping[str, Any]

    @property
    def passes(self) -> bool:
        return self.outcome == "correct"

    @property
    def message(self) -> str:
        """Why, as far as the service says so."""
        failure = self.details.get("first_failure") or {}
        text = str(self.details.get("message") or failure.get("message") or "")
        return text.strip().splitlines()[-1][:300] if text.strip() else ""

    @property
    def failed_case(self) -> int | None:
        """The first test that failed, 0-based."""
        failure = self.details.get("first_failure") or {}
        case = failure.get("case")
        return case if isinstance(case, int) else None


Ask = Callable[[Sequence[Mapping[str, Any]]], Awaitable[Sequence[Answer]]]
"""Has rollouts judged, each as POST /v1/score takes it; the answers are in their order."""
