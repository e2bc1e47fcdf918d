"""Audits a math problem: are its references read, do they meet themselves, do wrong ones pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from verifier.audit.findings import Answer, Ask, AuditStopped, Finding, Weight
from verifier.curation.references import fault_of_answers, is_read, reference_text
from verifier.math.damage import is_broken, repaired
from verifier.model import MathTruth

MOST_REFERENCES = 8

_NULL = frozenset({"verifier_error", "deadline_exceeded"})
_EXCLUSIVE = ("0", "1", "2", "-7", "A", "B", "C", "D")
"""Of which a reference is one at most."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LIST = re.compile(r"(?P<open>[(\[]?)(?P<inner>-?\d+(?:\s*,\s*-?\d+)+)(?P<close>[)\]]?)")
_GUESSED = re.compile(r"[A-Ea-e]|yes|no|true|false", re.IGNORECASE)
_LOST = re.compile(r"\?|\ufffd|[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TRAILS_OFF = re.compile(r"\d\.\d+(?:\.{3}|\\l?dots|…)")


class AnswerAudit:
    """One audit of one problem."""

    def __init__(self, raw: Any, truth: MathTruth, prompt: str, ask: Ask) -> None:
        self._raw = raw
        self._truth = truth
        self._prompt = prompt
        self._ask = ask
        self._references = [reference_text(answer) for answer in truth.answers[:MOST_REFERENCES]]

    async def findings(self, solution: str | None) -> list[Finding]:
        """Everything found. Raises AuditStopped."""
        found = self._read()
        if any(one.weight is Weight.BROKEN for one in found):
            return found
        found += await self._meets_itself(solution)
        if any(one.weight is Weight.BROKEN for one in found):
            return found
        return [*found, *await self._wrong_answers(), *await self._several()]

    def _read(self) -> list[Finding]:
        """What shows without judging anything."""
        fault = fault_of_answers(self._truth, self._prompt)
        if fault is not None:
            name = "proof" if fault.name == "proof" else "damaged_reference"
            damaged = all(not text.strip() or is_broken(text) for text in self._references)
            weight = Weight.BROKEN if damaged or fault.name == "proof" else Weight.WEAK
            return [
                Finding(name if damaged or name == "proof" else "prose", fault.sentence, weight)
            ]
        found = []
        for answer, text in zip(self._truth.answers, self._references, strict=False):
            found += _looks_of(answer, text)
        return found

    async def _judge(self, answers: Sequence[str], truth: Any = None) -> Sequence[Answer]:
        raw = self._raw if truth is None else truth
        rows = [{"completion": f"\\boxed{{{text}}}", "ground_truth": raw} for text in answers]
        return self._judged(await self._ask(rows))

    @staticmethod
    def _judged(answers: Sequence[Answer]) -> Sequence[Answer]:
        for answer in answers:
            if answer.outcome in _NULL:
                raise AuditStopped(f"The verifier failed: {answer.message or answer.outcome}.")
        return answers

    async def _meets_itself(self, solution: str | None) -> list[Finding]:
        answers = await self._judge(self._references)
        unusable = [answer for answer in answers if answer.outcome == "invalid_ground_truth"]
        if unusable:
            return [Finding("unusable", unusable[0].message, Weight.BROKEN)]
        found = []
        if not any(answer.passes for answer in answers):
            says = f"The reference does not meet itself: {answers[0].outcome}."
            found.append(Finding("reference_fails", says, Weight.BROKEN))
        elif solution is not None:
            row = {"completion": solution, "ground_truth": self._raw}
            (answer,) = self._judged(await self._ask([row]))
            if answer.outcome == "wrong_answer":
                found.append(_disagreement(answer))
        return found

    async def _wrong_answers(self) -> list[Finding]:
        """Of answers that exclude each other one may pass at most; some are wrong in any case."""
        wrong = sorted({text for one in self._references for text in self._wrong(one)})
        answers = await self._judge([*_EXCLUSIVE, "", *wrong])
        passed = [text for text, answer in zip(_EXCLUSIVE, answers, strict=False) if answer.passes]
        found = []
        if len(passed) > len(self._references):
            says = f"Answers that exclude each other pass: {', '.join(passed)}."
            found.append(Finding("wrong_answer_passes", says, Weight.WEAK))
        for text, answer in zip(("", *wrong), answers[len(_EXCLUSIVE) :], strict=True):
            if answer.passes:
                says = f"The wrong answer {text!r} passes."
                found.append(Finding("wrong_answer_passes", says, Weight.WEAK, {"answer": text}))
        return found

    def _wrong(self, text: str) -> list[str]:
        """Answers that cannot be right where this is the reference, whatever the others are."""
        known = {_value(other) for other in self._references}
        if _NUMBER.fullmatch(text):
            value = Fraction(text)
            numbers = [2 * value + 1, -value, value + 1]
            if self._truth.rules.tolerance is not None:
                numbers = numbers[:1]
            numbers = [number for number in numbers if number not in known]
            return [_shown(number) for number in numbers]
        if found := _LIST.fullmatch(text):
            parts = [part.strip() for part in found["inner"].split(",")]
            changed = [*parts[:-1], str(int(parts[-1]) + 1)]
            less = parts[:-1] if len(parts) > 2 else changed
            lists = [f"{found['open']}{','.join(some)}{found['close']}" for some in (changed, less)]
            return lists if len(self._references) == 1 and len({*parts}) == len(parts) else []
        return []

    async def _several(self) -> list[Finding]:
        """References of which one does not meet the other: either earns a reward."""
        if len(self._references) < 2:
            return []
        first, *others = self._references
        answers = await self._judge(others, {"kind": "math", "answers": [first]})
        for other, answer in zip(others, answers, strict=True):
            if answer.outcome == "wrong_answer" and answer.details.get("how") == "number":
                says = f"{first!r} and {other!r} are different numbers, and either is taken."
                return [Finding("ambiguous_reference", says, Weight.WEAK)]
        return []


def _looks_of(answer: str, text: str) -> list[Finding]:
    found = []
    if _LOST.search(text):
        says = f"The reference has lost something: {text[:100]!r}."
        found.append(Finding("damaged_reference", says, Weight.WEAK))
    elif _TRAILS_OFF.search(text):
        says = "The reference is a decimal number without its end."
        found.append(Finding("ambiguous_reference", says, Weight.WEAK))
    elif not is_read(text):
        says = "The reference is not read as mathematics: only what is spelled alike meets it."
        found.append(Finding("not_read", says))
    if repaired(answer) != answer:
        found.append(Finding("repaired", "Lost backslashes of the reference were restored."))
    if _GUESSED.fullmatch(text.strip()):
        found.append(Finding("can_be_guessed", "The reference is one of a few choices."))
    return found


def _disagreement(answer: Answer) -> Finding:
    """The finding about a solution that is judged wrong; of two numbers nobody doubts that."""
    sure = answer.details.get("how") == "number"
    shown = answer.details.get("answer")
    says = f"The solution's answer {shown!r} does not meet the reference."
    weight = Weight.BROKEN if sure else Weight.WEAK
    return Finding("reference_fails", says, weight, {"answer": shown})


def _value(text: str) -> Fraction | None:
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def _shown(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else f"{number.numerator}/{number.denominator}"
