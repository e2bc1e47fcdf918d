"""What is left to math-verify, and what is not."""

from verifier.math.fallback import (
    MAX_CHARS,
    is_too_much,
    restates,
    same_to_math_verify,
    split_sides,
)


def test_math_verify_compares_without_its_leniencies() -> None:
    assert same_to_math_verify(r"\frac{1}{2}", "0.5")
    assert not same_to_math_verify("x", "y")
    assert not same_to_math_verify("3", r"\approx 3")


def test_sides_are_split_outside_of_brackets() -> None:
    assert split_sides("x = {y=2} = 3") == ["x", "{y=2}", "3"]


def test_an_answer_that_leaves_the_work_undone_restates_the_question() -> None:
    assert restates("6", r"\sum_{k=1}^3 k")
    assert not restates(r"\sum_{k=1}^3 k", r"\sum_{n=1}^3 n")


def test_long_and_deep_texts_are_not_given_to_it() -> None:
    assert is_too_much("1" * (MAX_CHARS + 1))
    assert is_too_much("{" * 1000)
    assert not is_too_much("x + 1")
