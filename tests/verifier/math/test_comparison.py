"""The slow path: what two answers state, and what no reference may be."""

from verifier.math.comparison import compare, fault_of_reference


def test_answers_are_compared_by_what_they_state() -> None:
    assert compare(r"\frac{1}{2}", "0.5", values_only=False).same
    assert not compare(r"\frac{1}{2}", "0.51", values_only=False).same


def test_a_tolerance_is_a_part_of_the_reference() -> None:
    assert compare("100", "101", values_only=False, tolerance=0.02).same
    assert not compare("100", "103", values_only=False, tolerance=0.02).same


def test_a_hostile_answer_is_wrong_and_a_hostile_reference_has_a_fault() -> None:
    tower = "9^{9^{9^{9}}}"
    assert not compare("5", tower, values_only=False).same
    assert fault_of_reference(tower) is not None
    assert fault_of_reference(r"\frac{1}{0}") is not None
    assert fault_of_reference("5") is None
