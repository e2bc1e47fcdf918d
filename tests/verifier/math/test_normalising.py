"""Each rewrite does what its example says, and docs/math.md shows it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from verifier.math import normalising
from verifier.math.normalising import normalise
from verifier.math.normalising.anywhere import ANYWHERE
from verifier.math.normalising.rewrite import Rewrite
from verifier.math.normalising.whole import OF_THE_WHOLE

CASES = Path(__file__).parent / "cases"
DOCS = Path(__file__).parents[3] / "docs" / "math.md"
REWRITES = [*ANYWHERE, *OF_THE_WHOLE]


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.name)
def test_an_example_becomes_what_it_says_and_only_by_its_rewrite(
    rewrite: Rewrite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = rewrite.example
    assert normalise(before) == after
    for table in ("ANYWHERE", "OF_THE_WHOLE"):
        others = tuple(other for other in getattr(normalising, table) if other is not rewrite)
        monkeypatch.setattr(normalising, table, others)
    assert normalise(before) != after


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.name)
def test_what_was_rewritten_stays_as_it_is(rewrite: Rewrite) -> None:
    assert normalise(rewrite.example[1]) == rewrite.example[1]


def test_the_documentation_lists_them_in_order() -> None:
    section = DOCS.read_text("utf-8").partition("### Spelling")[2].partition("\n##")[0]
    rows = re.findall(r"^\| (.+?) \| `(.*)` \| `(.*)` \|$", section, re.MULTILINE)
    shown = [(r.name, *(part.replace("\n", " ") for part in r.example)) for r in REWRITES]
    assert rows == shown


@pytest.mark.parametrize(
    "rewrite", [r for r in REWRITES if r.needs], ids=lambda rewrite: rewrite.name
)
def test_what_a_rewrite_needs_is_in_all_that_it_changes(rewrite: Rewrite) -> None:
    thorough = replace(rewrite, needs="")
    texts = [line for path in CASES.glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    for text in (*texts, rewrite.example[0], rewrite.example[1]):
        assert rewrite(text) == thorough(text), text
