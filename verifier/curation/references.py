"""What is wrong with a ground truth before anything is judged against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from verifier.errors import GroundTruthError
from verifier.ground_truth import kind_of, read_ground_truth
from verifier.math.damage import is_broken, repaired
from verifier.math.extraction import find_answers
from verifier.math.normalising import normalise
from verifier.math.reading import TooComplex, Unreadable, read
from verifier.model import GroundTruth, Kind, MathTruth

MOST_WORDS = 6
"""Of a reference in words (`July 4`, `the second player wins`): a longer one is compared letter by
letter, which no rollout survives."""

_PROOF = re.compile(
    r"\bproofs?\b|\bq\.?\s?e\.?\s?d\b|\\(?:blacksquare|qed)\b|[∎■]|\b(?:is|was|are|be) prove[nd]\b"
    r"|\bwe (?:will |shall |must )?(?:prove|show)\b|\bas (?:was )?(?:desired|required)\b",
    re.IGNORECASE,
)
_ASKS_FOR_PROOF = re.compile(r"\b(?:prove|show|demonstrate)(?: that| the| by|,|:)", re.IGNORECASE)
_ASKS_FOR_VALUE = re.compile(
    r"\?|\b(?:find|determine|compute|calculate|evaluate|solve|what|which|how (?:many|much))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")

FaultName = Literal["proof", "unparsable_reference", "no_tests"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing can be judged against a ground truth."""

    name: FaultName
    sentence: str


def fault_of(raw: Any, prompt: str = "") -> Fault | None:
    """The fault of the ground truth in `raw` (any JSON value); None where it can be used.

    `prompt`: the problem's text, where it is known; it may ask for a proof."""
    try:
        truth = read_ground_truth(raw)
    except GroundTruthError as error:
        if kind_of(raw) is Kind.CODE:
            return Fault("no_tests", str(error))
        if _asks_for_proof(prompt):
            return Fault("proof", "The problem asks for a proof.")
        return Fault("unparsable_reference", str(error))
    return fault_of_answers(truth, prompt) if isinstance(truth, MathTruth) else None


def fault_of_answers(truth: MathTruth, prompt: str = "") -> Fault | None:
    """The fault of reference answers; None where one of them can be used."""
    if _asks_for_proof(prompt):
        return Fault("proof", "The problem asks for a proof.")
    if all(_PROOF.search(answer) for answer in truth.answers):
        return Fault("proof", "The reference is a proof.")
    faults = [_fault_of_answer(answer) for answer in truth.answers]
    if None in faults:
        return None
    return Fault("unparsable_reference", str(faults[0]))


def reference_text(answer: str) -> str:
    """A reference as it is compared: repaired, normalised; of a worked solution what it boxes."""
    text = repaired(answer)
    boxed = find_answers(text) if "\\boxed" in text else None
    return normalise(boxed.texts[-1] if boxed else text)


def is_read(text: str) -> bool:
    """Whether the reader of mathematics knows all of a normalised reference."""
    try:
        read(text)
    except (Unreadable, TooComplex):
        return False
    return True


def truth_or_none(raw: Any) -> GroundTruth | None:
    """The ground truth in `raw`, or None where it cannot be used."""
    try:
        return read_ground_truth(raw)
    except GroundTruthError:
        return None


def _fault_of_answer(answer: str) -> str | None:
    text = reference_text(answer)
    if not text.strip():
        return "The reference is empty."
    if is_broken(text):
        return "Braces of the reference do not match, or it is a mere `?`."
    words = len(_WORD.findall(re.sub(r"\\[a-zA-Z]+", " ", text)))
    if words > MOST_WORDS:
        return f"The reference is a text of {words} words, which is compared letter by letter."
    return None


def _asks_for_proof(prompt: str) -> bool:
    return bool(_ASKS_FOR_PROOF.search(prompt)) and not _ASKS_FOR_VALUE.search(prompt)
