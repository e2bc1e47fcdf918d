"""Units: their definitions beside pint's, and which letters are taken for one."""

from fractions import Fraction

import pint
import pytest

from verifier.math.units import DEFINITIONS, in_plain_letters, is_no_product, read_unit

OURS = frozenset(
    (
        *("dollar", "cent", "euro", "yuan", "yen", "rupee"),  # pint has no money
        *("celsius", "fahrenheit"),  # its scales begin elsewhere than at ours: none is converted
        *("month", "year", "decade", "century"),  # its months have days, which those of texts lack
        *("degree", "rad"),  # an angle is a number to it
        *("unit", "percent"),
        "acre",  # the survey's there, 1.000004 of the international one
        *("rev", "rpm", "sr", "lm", "lx", "pc"),  # angles are numbers to it, and pi is exact
        *("Bq", "Ci", "Sv", "dB", "G"),  # counts, other doses, a logarithm and another system there
    )
)
"""What pint is not asked about, and why."""
AMBIGUOUS = frozenset(("ton", "mmHg", "AU"))
"""A thousand kilograms here, 2,000 pounds there; a torr here, a ten-millionth more there; no length
there."""


def test_each_unit_is_what_pint_holds_it_for() -> None:
    registry: pint.UnitRegistry[Fraction] = pint.UnitRegistry(non_int_type=Fraction)
    for name in DEFINITIONS.keys() - OURS:
        made_of, size = read_unit(name)
        ours = registry.Quantity(size, "")
        for base, power in made_of:
            ours *= registry.Quantity(Fraction(1), base) ** power
        for spelling in {name, *DEFINITIONS[name][1]} - AMBIGUOUS:
            if spelling in registry:
                theirs = registry.Quantity(Fraction(1), spelling)
                ratio = (theirs / ours).to_base_units()
                assert str(ratio) == "1 dimensionless", spelling


@pytest.mark.parametrize(
    ("letters", "unit"),
    [
        ("m s^{-1}", "m s^-1"),
        (r"N\cdot m", "N m"),
        ("ms^{-1}", "ms^-1"),
        ("J kg^{-1}K^{-1}", "J kg^-1K^-1"),
        ("kg m/s^2", "kg m/s^2"),
        ("mgh", None),
        ("x s^{-1}", None),
        ("kT/m", None),
    ],
)
def test_letters_are_a_unit_where_each_word_of_theirs_is_one(
    letters: str, unit: str | None
) -> None:
    assert in_plain_letters(letters) == unit


@pytest.mark.parametrize(
    ("unit", "surely"),
    [
        ("m/s", True),
        ("kg m s^-2", True),
        ("ms^-1", True),
        ("s^-1", False),
        ("N m", False),
        ("A/h", False),
    ],
)
def test_one_letter_by_another_may_be_variables(unit: str, surely: bool) -> None:
    assert is_no_product(unit) is surely
