"""Plain words that say a set or a number."""

from tests.verifier.math.trees import formed
from verifier.math.comparing.meanings import read_words
from verifier.math.tree import FiniteSet, Words


def test_words_have_the_meaning_of_signs() -> None:
    assert read_words("no solution") == FiniteSet(())
    assert read_words("all real numbers") == formed(r"(-\infty, \infty)")
    assert read_words("twenty-five") == formed("25")


def test_any_other_word_is_itself() -> None:
    assert read_words("green") == Words("green")
