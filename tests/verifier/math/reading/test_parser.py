"""The parser ends with a reason, and before the interpreter does."""

import pytest

from tests.verifier.math.trees import tree
from verifier.math.reading.parser import TooComplex, Unreadable


@pytest.mark.parametrize("text", ["1 +", r"\frac{1}", "(1, 2", ")"])
def test_what_does_not_close_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        tree(text)


def test_what_is_nested_without_end_is_refused() -> None:
    with pytest.raises(TooComplex):
        tree("(" * 5000 + "1" + ")" * 5000)
