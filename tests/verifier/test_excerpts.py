"""Excerpts of hostile values are short, and always text that can be encoded."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Built, Opaque
from verifier.excerpts import MAX_CHARS, text_excerpt, value_excerpt


def nested() -> list[Any]:
    found: list[Any] = []
    for _ in range(100_000):
        found = [found]
    return found


@given(st.text(st.characters(exclude_categories=())) | st.binary())
def test_any_text_can_be_shown(text: str | bytes) -> None:
    assert len(text_excerpt(text).encode()) <= 4 * (MAX_CHARS + 4)


VALUES: dict[str, Callable[[], object]] = {
    "a long text": lambda: "x" * 10_000_000,
    "many bytes": lambda: b"\xff" * 10_000_000,
    "a long list": lambda: list(range(10_000_000)),
    "a deep list": nested,
    "a large number": lambda: 10**100_000,
    "a large key": lambda: {10**100_000: 1},
    "a lone surrogate": lambda: "\ud800",
    "another object": lambda: Opaque("Evil" * 100, None),
    "one to be built": lambda: Built("list_node", ([1],)),
    "no number": lambda: float("nan"),
}
"""Made where they are needed: every process of a test run reads this."""


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
def test_any_value_is_shown_in_short(make: Callable[[], object]) -> None:
    shown = value_excerpt(make())
    assert shown.encode()
    assert len(shown) <= MAX_CHARS + len(" ...")


def test_what_is_short_is_shown_whole() -> None:
    assert text_excerpt("a\nb") == "a\nb"
    assert text_excerpt(b"a\xff") == "a\ufffd"
    assert text_excerpt("x" * 501) == "x" * 500 + " ..."
    assert value_excerpt([1, "a", (None,)]) == "[1, 'a', (None,)]"
