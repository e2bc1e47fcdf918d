"""Boxes that close, the outermost ones."""

from verifier.math.boxes import boxes_in, is_filled_in


def contents(text: str) -> list[str]:
    return [text[start:end] for _, start, end in boxes_in(text)]


def test_the_outermost_boxes_that_close_are_found() -> None:
    assert contents(r"\boxed{1} and \boxed{\boxed{2}}") == ["1", r"\boxed{2}"]
    assert contents(r"\boxed{\frac{1}{2}}") == [r"\frac{1}{2}"]
    assert contents(r"\boxed{1 and then \boxed{2}") == ["2"]


def test_a_place_to_be_filled_in_is_no_answer() -> None:
    assert not is_filled_in("?")
    assert is_filled_in("3")
    assert contents(r"\boxed{...}") == []
