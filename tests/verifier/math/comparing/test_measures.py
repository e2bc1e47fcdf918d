"""Values with units: in the units of the other, or in several."""

from tests.verifier.math.trees import decided, formed
from verifier.math.comparing.measures import in_unit_of, same_compounds, same_quantities
from verifier.math.comparing.outcome import NOT_MINE


def test_several_units_are_one_measure() -> None:
    mixed = r"3\text{ h }20\text{ min}"
    assert decided(same_compounds, mixed, r"200\text{ min}") is True
    assert decided(same_compounds, mixed, "200") is NOT_MINE


def test_quantities_are_compared_in_one_unit() -> None:
    assert decided(same_quantities, r"5\text{ km}", r"5000\text{ m}") is True
    assert decided(same_quantities, r"5\text{ km}", r"5\text{ m}") is False
    converted = in_unit_of(formed(r"5\text{ km}"), formed(r"5000\text{ m}"))
    assert converted is not None
    assert in_unit_of(formed(r"5\text{ km}"), formed(r"5\text{ s}")) is None
