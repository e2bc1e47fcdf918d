"""Which problems of scored rollouts to train on: each is kept, or dropped for one reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from verifier.curation.duplicates import Duplicates
from verifier.curation.references import fault_of
from verifier.ground_truth import kind_of, truth_text
from verifier.model import Kind

Reason = Literal[
    "proof",
    "unparsable_reference",
    "no_tests",
    "reference_fails",
    "broken",
    "weak",
    "unjudged",
    "solve_none",
    "solve_all",
    "pass_rate",
    "duplicate",
    "near_duplicate",
]

REASONS: Mapping[Reason, str] = {
    "proof": "a proof is asked for, or given",
    "unparsable_reference": "the reference cannot be read",
    "no_tests": "code without tests that can be used",
    "reference_fails": "audited: the reference fails",
    "broken": "audited: broken",
    "weak": "audited: something wrong passes",
    "unjudged": "nobody could judge",
    "solve_none": "no judged rollout is right",
    "solve_all": "every judged rollout is right",
    "pass_rate": "the pass rate is outside --keep",
    "duplicate": "an earlier one has the same text",
    "near_duplicate": "an earlier one has nearly its text",
}
"""Each reason in words, in the order in which they are looked for."""

PROMPTS = ("prompt", "question", "problem_statement", "instruction", "query", "description")
"""Fields that hold a problem's text; `problem` does too, where it names no registered one."""


@dataclass(frozen=True, slots=True)
class Range:
    """Pass rates to keep; an open end is not one of them."""

    low: float = 0.0
    high: float = 1.0
    low_open: bool = True
    high_open: bool = True

    def __contains__(self, rate: float) -> bool:
        above = rate > self.low if self.low_open else rate >= self.low
        return above and (rate < self.high if self.high_open else rate <= self.high)


@dataclass(slots=True)
class Problem:
    """One problem and what came of its rollouts."""

    name: str
    """As reasons call it."""
    row: Mapping[str, Any]
    """The first of its rows."""
    rollouts: int = 0
    judged: int = 0
    earned: float = 0.0
    """Rewards together."""
    scored: bool = False
    """Whether its rows have rewards; else they come from an audit alone."""

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a rollout in; one whose reward is null counts in `rollouts` alone."""
        self.rollouts += 1
        self.scored = self.scored or "reward" in row
        if row.get("reward") is not None:
            self.judged += 1
            self.earned += float(row["reward"])

    @property
    def pass_rate(self) -> float | None:
        return self.earned / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Drop:
    """Why a problem is not kept."""

    reason: Reason
    details: str


class Selection:
    """Decides on problems one after another, in the order of the file."""

    def __init__(self, keep: Range) -> None:
        self._keep = keep
        self._duplicates = Duplicates()

    def drop(self, problem: Problem) -> Drop | None:
        """Why to drop it; None where it is kept, and later problems may be duplicates of it."""
        return (
            _faulty(problem.row)
            or _found_by_audit(problem.row)
            or (self._out_of_range(problem) if problem.scored else None)
            or self._repeated(problem)
        )

    def _out_of_range(self, problem: Problem) -> Drop | None:
        rate = problem.pass_rate
        if rate is None:
            return _dropped("unjudged")
        if rate in self._keep:
            return None
        if rate in (0, 1):
            return _dropped("solve_all" if rate else "solve_none")
        return Drop("pass_rate", f"Its pass rate is {rate:.3g}.")

    def _repeated(self, problem: Problem) -> Drop | None:
        raw = problem.row.get("ground_truth")
        code = raw is not None and kind_of(raw) is Kind.CODE
        truth = "" if raw is None else truth_text(raw).text
        twin = self._duplicates.twin_of(problem.name, prompt_of(problem.row), truth, code=code)
        return None if twin is None else Drop(twin.how, f"It repeats {twin.name}.")


def prompt_of(row: Mapping[str, Any]) -> str:
    """The problem's text as far as the row holds it: "" where it does not."""
    texts = [_text(row.get(name)) for name in PROMPTS]
    if row.get("ground_truth") is not None:
        texts.append(_text(row.get("problem")))
    text = next((text for text in texts if text.strip()), "")
    if text and text is texts[PROMPTS.index("instruction")]:
        text = f"{text}\n{_text(row.get('input'))}".rstrip()
    return text


def _text(value: Any) -> str:
    """A text, or what users say in messages."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    said = [part for part in value if isinstance(part, Mapping) and part.get("role") == "user"]
    return "\n".join(part["content"] for part in said if isinstance(part.get("content"), str))


def _faulty(row: Mapping[str, Any]) -> Drop | None:
    if row.get("ground_truth") is None:
        return None
    fault = fault_of(row["ground_truth"], prompt_of(row))
    if fault is not None:
        return Drop(fault.name, fault.sentence)
    if row.get("outcome") == "invalid_ground_truth":
        code = kind_of(row["ground_truth"]) is Kind.CODE
        return _dropped("no_tests" if code else "unparsable_reference")
    return None


def _found_by_audit(row: Mapping[str, Any]) -> Drop | None:
    """Why the row of an audit is dropped, None where it is no such row or a sound problem."""
    if "verdict" in row and row["verdict"] is None and "reward" not in row:
        return _dropped("unjudged")
    if row.get("verdict") not in ("weak", "broken"):
        return None
    evidence = row.get("evidence")
    found = [entry for entry in evidence if isinstance(entry, Mapping)] if evidence else []
    if row["verdict"] == "weak":
        return _dropped("weak")
    fails = any(entry.get("finding") == "reference_fails" for entry in found)
    return _dropped("reference_fails" if fails else "broken")


def _dropped(reason: Reason) -> Drop:
    sentence = REASONS[reason]
    return Drop(reason, f"{sentence[0].upper()}{sentence[1:]}.")
