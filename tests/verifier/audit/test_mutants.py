"""Mutants differ from their program in one place, and are the same every time."""

import ast

import pytest

from verifier.audit.mutants import mutants

PROGRAM = '''
def f(nums: list[int], k=2):
    """It is 5."""
    if not nums or k < 0:
        return -1
    best = 0
    for i in range(1, len(nums)):
        if nums[i] > best + 1 and i % 2 == 0:
            best = max(best, abs(nums[i]))
    return sorted(nums)[0] if best else best
'''


@pytest.mark.parametrize(
    "change",
    [
        "`k < 0` became `k <= 0`",
        "`nums[i] > best + 1` became `nums[i] <= best + 1`",
        "`not nums or k < 0` became `not nums and k < 0`",
        "`if not nums or k < 0:` became `if False:`",
        "`best + 1` became `best - 1`",
        "`max(best, abs(nums[i]))` became `min(best, abs(nums[i]))`",
        "`sorted(nums)` became `list(nums)`",
        "`abs(nums[i])` became `nums[i]`",
        "`1` became `2`",
        "`not nums` became `nums`",
    ],
)
def test_every_kind_of_change(change: str) -> None:
    assert any(mutant.name.endswith(change) for mutant in mutants(PROGRAM, 1000))


def test_they_are_programs_unlike_it_and_unlike_each_other() -> None:
    found = mutants(PROGRAM, 1000)
    sources = {mutant.source for mutant in found}
    assert len(sources) == len(found) > 20
    assert ast.unparse(ast.parse(PROGRAM)) not in sources
    assert all(ast.parse(source) for source in sources)
    assert all('"""It is 5."""' in source for source in sources)
    assert mutants(PROGRAM, 1000) == found
    assert mutants(PROGRAM, 10) == found[:10]


@pytest.mark.parametrize("source", ["def f(:", "x = " + "(" * 10_000, "\0"])
def test_what_is_no_program_has_none(source: str) -> None:
    assert mutants(source, 10) == []
