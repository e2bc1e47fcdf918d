"""Lists by their members, chains of names by what they name."""

from tests.verifier.math.trees import decided
from verifier.math.comparing.lists import same_chains, same_lists
from verifier.math.comparing.outcome import NOT_MINE


def test_lists_have_the_same_members_in_any_order() -> None:
    assert decided(same_lists, "1, 2", r"\frac42, 1") is True
    assert decided(same_lists, "1, 2", "1, 2, 3") is False
    assert decided(same_lists, "1", "1") is NOT_MINE


def test_chains_name_the_same_values() -> None:
    assert decided(same_chains, "x = y = 1", "y = x = 1") is True
    assert decided(same_chains, "x = y = 1", "x = z = 1") is False
