"""Every rule of docs/math.md, by the pairs in `cases/`: `= reference | answer` states the same,
`! reference | answer` does not."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from verifier.model import Outcome, Verdict

CASES = Path(__file__).parent / "cases"
DOCS = Path(__file__).parents[3] / "docs" / "math.md"


FILES = sorted(CASES.glob("*.txt"))


def _pairs_of(path: Path) -> Iterator[tuple[str, str, bool]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        sign, _, pair = line.partition(" ")
        reference, answer = pair.split(" | ", 1)
        yield reference, answer, sign == "="


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_answer_is_the_reference_exactly_where_its_rule_says_so(
    boxed: Callable[[str, str], Verdict], path: Path
) -> None:
    """One test for all pairs of a rule: thousands take longer to hand out than to judge."""
    unlike = []
    for reference, answer, same in _pairs_of(path):
        verdict = boxed(reference, answer)
        if verdict.outcome is not (Outcome.CORRECT if same else Outcome.WRONG_ANSWER):
            unlike.append(f"{'=' if same else '!'} {reference} | {answer}: {verdict}")
    assert unlike == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_reference_is_the_answer_to_itself_however_it_is_spaced(
    boxed: Callable[[str, str], Verdict], path: Path
) -> None:
    for reference, _, _ in _pairs_of(path):
        for answer in (reference, f" {reference} ", f"${reference}$", f"{{{reference}}}."):
            verdict = boxed(reference, answer)
            assert verdict.outcome is Outcome.CORRECT, (reference, answer)


def test_every_rule_is_documented_and_every_documented_rule_has_cases() -> None:
    headings = re.findall(r"^### (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {heading.lower().replace(" ", "-") for heading in headings}
    assert documented == {path.stem for path in FILES}
