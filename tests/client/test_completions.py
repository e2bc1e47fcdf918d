"""A completion's text is what the model said, in whatever form a trainer has it."""

from typing import Any

import pytest

from verifier_client.completions import after_prompt, text_of

SAID = {"role": "assistant", "content": "4"}
THOUGHT = {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "5"}]}
"""An item of a response, as OpenAI's newer protocol has them; as are the next."""
CALL = {"type": "function_call", "name": "add", "arguments": "{}", "call_id": "1"}
RESULT = {"type": "function_call_output", "output": "5", "call_id": "1"}


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
        ({"type": "text", "text": "4"}, "4"),
        ({**SAID, "reasoning_content": "5", "reasoning": "5", "thinking": "5"}, "4"),
        ({**SAID, "content": "", "reasoning_content": "5"}, ""),
        ({**SAID, "content": [{"type": "thinking", "thinking": "5"}, {"text": "4"}]}, "4"),
        ({**SAID, "content": [{"type": "reasoning", "text": "5"}, {"text": "4"}]}, "4"),
        ([SAID, {"role": "assistant", "content": "", "tool_calls": [{"id": "1"}]}], ""),
        ([THOUGHT, CALL, RESULT, {"type": "message", **SAID}], "4"),
        ([THOUGHT, {"type": "message", "content": [{"type": "output_text", "text": "4"}]}], "4"),
        ([{"type": "message", **SAID}, THOUGHT], "4"),
        ([THOUGHT], ""),
    ],
)
def test_texts(completion: Any, text: str) -> None:
    assert text_of(completion) == text


@pytest.mark.parametrize(
    "completion",
    [
        *(4, b"4", {"content": 4}, [SAID, 4], {"content": [4]}),
        *({}, [{}], {"answer": "4"}, {"role": ["assistant"], "content": ["4"]}),
        [12, 34],
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
