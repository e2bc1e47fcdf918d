"""What VERIFIER_MATH_* variables may say."""

import pytest

from verifier.errors import VerifierError
from verifier.math.settings import MathSettings


def test_nothing_said_is_the_defaults() -> None:
    assert MathSettings.from_environment({}) == MathSettings()


def test_what_is_said_counts() -> None:
    said = {"VERIFIER_MATH_SEVERAL_BOXES": "last", "VERIFIER_MATH_CPU_S": "3"}
    assert MathSettings.from_environment(said) == MathSettings(several_boxes="last", cpu_s=3.0)


@pytest.mark.parametrize("value", ["0", "nan", "a lot"])
def test_a_limit_that_is_none_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(VerifierError, match="VERIFIER_MATH_CPU_S"):
        MathSettings.from_environment({"VERIFIER_MATH_CPU_S": value})
