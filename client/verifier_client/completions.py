"""The text of a completion, in whatever form a trainer hands it on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

END_CHARS = 128
"""Of a prompt, by which it is known where something stands before it."""
FEW_CHARS = 16
"""Of a prompt whose beginning was cut off: fewer that are left are taken for the model's."""
_OF_MESSAGES = ("role", "content", "text")
_NOT_SAID = re.compile("reason|think|thought|summary|tool|function|call")
"""In the type of a part, or of an item of a response: thoughts, calls, and what came of them."""


def text_of(completion: Any) -> str:
    """What the model said: the text, or the last thing that the assistant said in messages.

    Of the parts of a message the texts count, one behind the other; images and thoughts do not.

    What a tool or a user said is never taken for it. Nothing (None, no messages, a message that
    only calls tools) is an empty text. Raises TypeError for what is none of these."""
    if completion is None or isinstance(completion, str):
        return completion or ""
    if isinstance(completion, Mapping):
        return text_of([completion])
    if isinstance(completion, Sequence) and not isinstance(completion, bytes | bytearray):
        completion = [_plain(item) for item in completion]
        if completion and all(isinstance(item, int) for item in completion):
            raise TypeError("a completion is text or messages, and these are tokens: decode them")
        if all(_is_part(item) for item in completion):
            return "".join(map(_of_part, completion))
        said = [message for message in completion if _is_assistants(message)]
        return _content(said[-1]) if said else ""
    if hasattr(completion, "tolist"):  # numpy's, as data sets hold them
        return text_of(completion.tolist())
    if hasattr(completion, "model_dump"):
        return text_of(completion.model_dump())
    raise TypeError(f"a completion is text or messages, not {type(completion).__name__}")


def after_prompt(query: str, prompt: str) -> str:
    """The completion in a query, which OpenRLHF decodes from the prompt's tokens and those behind.

    A prompt that was too long has lost its beginning there, and a special token may stand before
    it. Else what stands in the prompt, the answer of an example say, would be taken for the
    model's."""
    if query.startswith(prompt):
        return query[len(prompt) :]
    at = prompt.find(query[:FEW_CHARS])
    while at >= 0:  # cut there?
        if query.startswith(prompt[at:]):
            return query[len(prompt) - at :]
        at = prompt.find(query[:FEW_CHARS], at + 1)
    for known in (prompt, prompt[-END_CHARS:]):  # something stands before it?
        if (at := query.find(known)) >= 0:
            return query[at + len(known) :]
    return query


def _plain(item: Any) -> Any:
    """A message as a mapping, where a trainer has one of pydantic's."""
    return item.model_dump() if hasattr(item, "model_dump") else item


def _is_part(item: Any) -> bool:
    """Whether it is a part of a message, and no message."""
    if isinstance(item, Mapping):
        return "role" not in item and item.get("type", "message") != "message"
    return isinstance(item, str)


def _is_assistants(message: Any) -> bool:
    if not isinstance(message, Mapping):
        raise TypeError(f"a message is a mapping, not {type(message).__name__}")
    if _is_part(message) and not _is_said(message):
        return False
    if message.keys().isdisjoint(_OF_MESSAGES):
        raise TypeError(f"a message has one of {', '.join(_OF_MESSAGES)}, and this has none")
    role = message.get("role")
    if not (role is None or isinstance(role, str)):  # a table of messages, column by column, say
        raise TypeError(f"the role of a message is text, not {type(role).__name__}")
    return role in (None, "assistant")


def _is_said(part: Mapping[str, Any]) -> bool:
    """Whether its type is that of words to whoever asked."""
    return _NOT_SAID.search(str(part.get("type", ""))) is None


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content", message.get("text"))
    if hasattr(content, "tolist"):
        content = content.tolist()
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, Sequence):
        return "".join(map(_of_part, content))
    raise TypeError(f"the content of a message is text or parts, not {type(content).__name__}")


def _of_part(part: Any) -> str:
    """The text of it; of an image, of a call and of what else has none, nothing."""
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping):
        raise TypeError(f"a part of a message is a mapping, not {type(part).__name__}")
    if not _is_said(part):
        return ""
    text = part.get("text", part.get("content"))
    if text is None or isinstance(text, str):
        return text or ""
    raise TypeError(f"the text of a part is text, not {type(text).__name__}")
