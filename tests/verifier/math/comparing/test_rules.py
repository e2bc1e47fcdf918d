"""Each rule of comparing decides its own examples, and docs/math.md shows them."""

import re
from pathlib import Path

import pytest

from tests.verifier.math.trees import formed
from verifier.math.comparing.outcome import NotMine
from verifier.math.comparing.rules import RULES, Rule, same

DOCS = Path(__file__).parents[4] / "docs" / "math.md"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_decides_its_examples_and_no_rule_before_it_does(rule: Rule) -> None:
    for pair, expected in ((rule.equal, True), (rule.different, False)):
        reference, answer = map(formed, pair)
        for earlier in RULES[: RULES.index(rule)]:
            assert isinstance(earlier.decide(reference, answer, same), NotMine), earlier.name
        ruling = rule.decide(reference, answer, same)
        if isinstance(ruling, NotMine):  # measures that do not add up are left to the lists
            assert expected is False
            ruling = same(reference, answer)
        assert ruling is expected


def test_the_documentation_lists_them_in_order() -> None:
    section = DOCS.read_text("utf-8").partition("\n## Rules\n")[2].partition("\n###")[0]
    rows = re.findall(
        r"^\| (.+?) \| `(.*)`, `(.*)` \| `(.*)`, `(.*)` \| (.*) \|$", section, re.MULTILINE
    )
    assert rows == [(r.name, *r.equal, *r.different, r.undecided) for r in RULES]
