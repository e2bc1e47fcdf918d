"""What one suite may cost the trusted side."""

import pytest

from verifier.programs.assertions.meter import (
    MAX_STEPS,
    Meter,
    Unsupported,
    members,
    pay_for,
    weight,
)


def test_work_is_paid_for_and_ends() -> None:
    meter = Meter()
    meter.spend(MAX_STEPS)
    with pytest.raises(Unsupported):
        meter.spend(1)


def test_what_has_a_length_is_paid_by_it() -> None:
    assert weight([1, [2, 3], {4: "five"}]) == 4 + 3 + 2
    with pytest.raises(Unsupported):
        members(Meter(), range(MAX_STEPS + 1))


def test_integers_that_cannot_be_shown_are_refused() -> None:
    pay_for(Meter(), 10**1000)
    with pytest.raises(Unsupported):
        pay_for(Meter(), 10**5000)
