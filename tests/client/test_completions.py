"""A completion's text is what the model said, in whatever form a trainer has it."""

from typing import Any

import pytest

from verifier_client.completions import after_prompt, text_of

SAID = {"role": "assistant", "content": "4"}


@pytest.mark.parametrize(
    ("completion", "text"),
    [
        ("4", "4"),
        (None, ""),
        ([], ""),
        (SAID, "4"),
        ([SAID, {"role": "tool", "content": "5"}], "4"),
        ([{"role": "user", "content": "5"}], ""),
        ([{"role": "assistant", "content": None, "tool_calls": []}], ""),
        ({"content": [{"type": "text", "text": "4"}, {"type": "image_url"}]}, "4"),
        ([{"type": "text", "text": "4"}, {"type": "text", "text": "2"}], "42"),
    ],
)
def test_texts(completion: Any, text: str) -> None:
    assert text_of(completion) == text


@pytest.mark.parametrize(
    "completion",
    [
        *(4, b"4", {"content": 4}, [SAID, 4], {"content": [4]}),
        *({}, [{}], {"answer": "4"}, {"role": ["assistant"], "content": ["4"]}),
    ],
)
def test_what_is_no_completion_is_refused(completion: Any) -> None:
    with pytest.raises(TypeError):
        text_of(completion)


PROMPT = "What is two and two? For example, 1 + 1 = \\boxed{2}."


@pytest.mark.parametrize(
    "query",
    [
        f"{PROMPT} \\boxed{{4}}",
        f"<bos>{PROMPT} \\boxed{{4}}",
        f"{PROMPT[20:]} \\boxed{{4}}",
    ],
)
def test_the_prompt_is_taken_off_however_it_was_cut(query: str) -> None:
    assert after_prompt(query, PROMPT) == " \\boxed{4}"
