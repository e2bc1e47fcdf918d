"""Operations on numbers, each bounded before it is done."""

import pytest

from tests.verifier.math.trees import formed
from verifier.math.comparing.exact import TooLarge
from verifier.math.comparing.numeric import Evaluator
from verifier.math.operations import Undefined


def value(text: str) -> float:
    return float(Evaluator({}, natural_log=False).value(formed(text)))


def test_operations_have_their_values() -> None:
    assert value("5!") == 120
    assert value(r"\binom{5}{2}") == 10
    assert value(r"\lfloor 2.7 \rfloor") == 2


def test_what_has_no_value_says_so_and_what_has_no_end_is_not_begun() -> None:
    with pytest.raises(Undefined):
        value(r"\frac{1}{0}")
    with pytest.raises(TooLarge):
        value("(10^9)!")
