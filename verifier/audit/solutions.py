"""Reference solutions: completions that are right, and the programs in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sandbox import PYTHON
from verifier.audit.suites import ProgramTruth
from verifier.ground_truth.fields import TAGS
from verifier.model import ANY_LANGUAGE, StdinTruth
from verifier.programs.candidate import with_setup
from verifier.programs.fences import find_program

_SHARP = frozenset({PYTHON, "bash"})
"""Languages whose comments begin with `#`; those of all others with `//`."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A reference as a completion gives it, and as its program is changed."""

    completion: str
    language: str
    source: str | None
    """None where no program is found in it."""

    def again(self, number: int) -> str:
        """The same program with another text: one that is known would not be run again."""
        if self.source is None:
            return self.completion
        sign = "#" if self.language in _SHARP else "//"
        return fenced(f"{self.source.rstrip()}\n{sign} run {number}\n", self.language)


def fenced(source: str, language: str = PYTHON) -> str:
    """A completion that is this program."""
    return f"``````{language}\n{source.rstrip()}\n``````\n"


def read_solution(text: str, truth: ProgramTruth) -> Solution:
    """A reference solution, which is a completion, or a program as it stands."""
    language = PYTHON if truth.language == ANY_LANGUAGE else truth.language
    entry_point = None if isinstance(truth, StdinTruth) else truth.entry_point
    tags: Collection[str] = TAGS[language]
    if language == PYTHON and truth.language == ANY_LANGUAGE:
        language, tags = _tagged(text)
    found = find_program(text, tags, entry_point=entry_point)
    if found is None:
        return Solution(text, language, None)
    source = found.source
    if source[:1] in (" ", "\t") and not isinstance(truth, StdinTruth):
        source = with_setup(truth.setup, source)
    return Solution(text if found.fenced else fenced(source, language), language, source)


def _tagged(text: str) -> tuple[str, Collection[str]]:
    for name, tags in TAGS.items():
        found = find_program(text, tags)
        if name != PYTHON and found is not None and found.fenced:
            return name, tags
    return PYTHON, TAGS[PYTHON]
