"""Where numbers, letters and commands end."""

from verifier.math.reading.tokens import has_thousands_run, tokenise


def texts(text: str, *, thousands: bool = True) -> list[str]:
    return [token.text for token in tokenise(text, thousands=thousands)]


def test_an_answer_is_cut_into_tokens() -> None:
    assert texts(r"2x+\sin 30") == ["2", "x", "+", "sin", "30"]


def test_commas_may_be_of_thousands() -> None:
    assert has_thousands_run("1,234")
    assert not has_thousands_run("1,000")  # no item is written so
    assert not has_thousands_run("1,23")
    assert texts("1,000") == ["1000"]
    assert texts("1,000", thousands=False) == ["1", ",", "000"]
