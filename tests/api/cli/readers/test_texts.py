"""Completions are found in every form that tools log, and what is none is said in a sentence."""

from typing import Any

import pytest

from api.cli.readers.reader import BadRow
from api.cli.readers.texts import as_program, at_path, text_of, texts_of

SAID = {"role": "assistant", "content": "4"}


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("4", ["4"]),
        (["4", "5"], ["4", "5"]),
        ([{"role": "user", "content": "2+2?"}, SAID], ["4"]),
        ([[SAID], [{"role": "assistant", "content": "5"}]], ["4", "5"]),
        ({"message": SAID}, ["4"]),
        ({"content": [{"type": "text", "text": "4"}, {"type": "image"}]}, ["4"]),
        ({"content": "4", "reasoning_content": "so"}, ["<think>so</think>4"]),
        ({"content": None, "reasoning_content": "so"}, ["<think>so</think>"]),
        ({"role": "assistant", "content": [], "tool_calls": [{}]}, [""]),
        ([SAID, {"role": "tool", "content": "5"}], ["4"]),
        ([{"role": "model", "content": "4"}], ["4"]),
        ({"content": [{"type": "reasoning", "text": "so"}, {"text": "4"}]}, ["<think>so</think>4"]),
    ],
)
def test_texts(value: Any, texts: list[str]) -> None:
    assert texts_of(value) == texts


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "has null"),
        (3, "has a number"),
        (True, "has a boolean"),
        ({"a": 1}, "without a text"),
        ([{"role": "user", "content": "5"}], "the assistant says nothing"),
    ],
)
def test_what_is_no_completion_is_named(value: Any, sentence: str) -> None:
    with pytest.raises(BadRow, match=sentence):
        text_of(value)


def test_code_gets_fences_unless_it_has_some() -> None:
    assert as_program("print(1)") == "```python\nprint(1)\n```"
    assert as_program("```py\nprint(1)\n```") == "```py\nprint(1)\n```"


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.b", "whole name"), ("c.0.text", "x"), ("c.-1.text", "y"), ("c.7.text", None), ("d", None)],
)
def test_paths(path: str, found: str | None) -> None:
    content = {"a.b": "whole name", "a": {"b": "nested"}, "c": [{"text": "x"}, {"text": "y"}]}
    assert at_path(content, path) == found
