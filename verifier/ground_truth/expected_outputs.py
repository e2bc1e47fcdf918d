"""Reads what the expected outputs of a row tell of its problem, where no statement does.

Told of the row alone, for all programs alike: a conversation, whose output is one side's part of
it; and decisions with something that proves them (`YES`, and a way to do it), of which there is
mostly more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from verifier.ground_truth import fields
from verifier.model import Checker, StdinCase, StdinTruth
from verifier.programs.decisions import with_proofs

_ASKED, _ANSWERED = "? ", "! "


def as_outputs_tell(truth: StdinTruth) -> StdinTruth:
    """`truth` as its expected outputs show it to be, where nothing says how they are compared.

    Raises GroundTruthError for a conversation that nobody is there to have."""
    if truth.interactor is not None or truth.checker != Checker():
        return truth
    if _is_conversation(truth.cases):
        raise fields.fail(
            "its expected output is a part of a conversation (`? ...`, `! ...`), and it has no "
            "interactor."
        )
    return replace(truth, several_answers=_are_proven(truth.cases))


def _is_conversation(cases: Sequence[StdinCase]) -> bool:
    """Whether each output is questions, and an answer that ends them."""
    return bool(cases) and all(
        lines
        and all(line.startswith((_ASKED, _ANSWERED)) for line in lines if line.strip())
        and lines[0].startswith(_ASKED)
        and lines[-1].startswith(_ANSWERED)
        for lines in (case.output.strip().splitlines() for case in cases)
    )


def _are_proven(cases: Sequence[StdinCase]) -> bool:
    """Whether each output is decisions, and each that something is possible has its proof, of more
    than a number."""
    proofs: list[Sequence[str]] = []
    for case in cases:
        found = with_proofs(case.output)
        if found is None:
            return False
        proofs += [proof for is_possible, proof in found if is_possible]
    return bool(proofs) and all(proofs) and any(_is_more_than_a_number(proof) for proof in proofs)


def _is_more_than_a_number(proof: Sequence[str]) -> bool:
    """Whether it is several words, or one of letters: a number alone may be the least there is."""
    words = " ".join(proof).split()
    return len(words) > 1 or any(word.isalpha() and len(word) > 1 for word in words)
