"""What a value is called, and whether it is called anything."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.names import named, spelled_out
from verifier.math.tree import Symbol


def test_a_value_has_the_name_in_front_of_it() -> None:
    found = named(formed("x = 5"))
    assert found is not None
    assert (found.name, found.values) == (Symbol("x"), (formed("5"),))
    bare = named(formed("5"))
    assert bare is not None
    assert bare.name is None


def test_letters_side_by_side_are_spelled_as_a_word() -> None:
    assert spelled_out(formed("AB")) == "AB"
