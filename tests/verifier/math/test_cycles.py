"""Cycles of permutations: told from products of numbers, and the same however they are written."""

import pytest

from verifier.math.cycles import spell_cycles


@pytest.mark.parametrize(
    ("reference", "answer", "same"),
    [
        ("(1 2)(3 4)", "(43)(21)", True),
        ("(12)(34)", "(3 4)(1 2)", True),
        ("(1 2)(2 3)", "(2 3)(1 2)", False),  # they move a number in common
        (r"\{e,(1 2),(1 2 3)\}", r"\{e,(12),(312)\}", True),
        ("(1 10 2)", "(10 2 1)", True),
    ],
)
def test_cycles_begin_with_the_smallest_number(reference: str, answer: str, same: bool) -> None:
    mine, yours = spell_cycles(reference, answer)
    assert mine != reference
    assert (mine == yours) is same


@pytest.mark.parametrize("reference", ["(12)", "(11)(22)", "(1)(2)", "f(12)(34)", "(12)(23)"])
def test_products_of_numbers_stay_what_they_are(reference: str) -> None:
    assert spell_cycles(reference, "(1 2)(3 4)") == (reference, "(1 2)(3 4)")
