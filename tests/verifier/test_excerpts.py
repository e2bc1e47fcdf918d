"""Excerpts of hostile values are short, and always text that can be encoded."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Built, Opaque
from verifier.excerpts import MAX_CHARS, text_excerpt, value_excerpt

NESTED: list[Any] = []
for _ in range(100_000):
    NESTED = [NESTED]


@given(st.text(st.characters(exclude_categories=())) | st.binary())
def test_any_text_can_be_shown(text: str | bytes) -> None:
    assert len(text_excerpt(text).encode()) <= 4 * (MAX_CHARS + 4)


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10_000_000,
        b"\xff" * 10_000_000,
        list(range(10_000_000)),
        NESTED,
        10**100_000,
        {10**100_000: 1},
        "\ud800",
        Opaque("Evil" * 100, None),
        Built("list_node", ([1],)),
        float("nan"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_is_shown_in_short(value: object) -> None:
    shown = value_excerpt(value)
    assert shown.encode()
    assert len(shown) <= MAX_CHARS + len(" ...")


def test_what_is_short_is_shown_whole() -> None:
    assert text_excerpt("a\nb") == "a\nb"
    assert text_excerpt(b"a\xff") == "a\ufffd"
    assert text_excerpt("x" * 501) == "x" * 500 + " ..."
    assert value_excerpt([1, "a", (None,)]) == "[1, 'a', (None,)]"
