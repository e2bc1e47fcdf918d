"""The value of a tree at one point."""

import pytest

from tests.verifier.math.trees import formed
from verifier.math.comparing.numeric import Evaluator
from verifier.math.operations import Undefined


def test_a_value_is_taken_at_the_point() -> None:
    assert Evaluator({"x": 3}, natural_log=False).value(formed("x^2 + 1")) == 10


def test_it_tells_whether_all_was_real() -> None:
    at_minus_one = Evaluator({"x": -1}, natural_log=False)
    at_minus_one.value(formed(r"\sqrt{x}"))
    assert not at_minus_one.real


def test_a_division_by_zero_has_no_value() -> None:
    with pytest.raises(Undefined):
        Evaluator({"x": 0}, natural_log=False).value(formed("1/x"))
