"""The ruling on a whole from those on its parts."""

from verifier.math.comparing.outcome import all_of


def test_one_part_that_differs_decides_and_one_that_is_open_leaves_it_open() -> None:
    assert all_of([True, True]) is True
    assert all_of([True, None]) is None
    assert all_of([None, False]) is False
