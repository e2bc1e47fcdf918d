"""Completions in the forms that tools log them: texts, chat messages, lists of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.cli.readers.reader import BadRow


def texts_of(value: Any) -> list[str]:
    """Every answer in `value`: a text, a message, a conversation, or a list. Raises BadRow."""
    if isinstance(value, list) and not is_conversation(value):
        return [text_of(item) for item in value]
    return [text_of(value)]


_OTHERS = frozenset(("user", "human", "system", "developer", "tool", "function", "observation"))
"""Who speaks in a conversation beside the model, which few call anything but `assistant`."""


def text_of(value: Any) -> str:
    """One answer. Of a conversation what the assistant said last. Raises BadRow."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and is_conversation(value):
        said = [message for message in value if str(_role(message)) not in _OTHERS]
        if not said:
            raise BadRow("has a conversation in which the assistant says nothing.")
        return text_of(said[-1])
    if isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        return "".join(map(_part, value))
    if isinstance(value, Mapping):
        return _message(value)
    raise BadRow(f"has {_kind(value)} where a completion should be.")


def prompt_of(value: Any) -> str:
    """The text of a prompt, of a conversation what was said last. Raises BadRow."""
    said = value[-1] if isinstance(value, list) and is_conversation(value) else value
    return text_of(said)


def as_program(code: Any) -> str:
    """Code as a completion has it, between fences, added where there are none. Raises BadRow."""
    if not isinstance(code, str):
        raise BadRow(f"has {_kind(code)} where a program should be.")
    return code if "```" in code else f"```python\n{code}\n```"


def at_path(content: Any, path: str) -> Any:
    """What `path` leads to, None where there is nothing: a field, or fields and places in lists
    joined by dots, like `choices.0.text`; a place may count from the end."""
    if isinstance(content, Mapping) and path in content:
        return content[path]
    first, _, rest = path.partition(".")
    found = _step(content, first)
    return at_path(found, rest) if rest and found is not None else found


def _step(content: Any, name: str) -> Any:
    if isinstance(content, Mapping):
        return content.get(name)
    if isinstance(content, Sequence) and not isinstance(content, str):
        try:
            return content[int(name)]
        except (ValueError, IndexError):
            return None
    return None


def is_conversation(value: Sequence[Any]) -> bool:
    """Whether it is a list of messages."""
    return bool(value) and all(
        isinstance(item, Mapping) and _role(item) is not None for item in value
    )


def _role(message: Mapping[str, Any]) -> Any:
    """Who speaks, also as ShareGPT has it."""
    return message.get("role", message.get("from"))


def _message(message: Mapping[str, Any]) -> str:
    """Its text; what it thought, where that stands apart, comes first, between tags."""
    for name in ("content", "text", "value", "message", "completion", "response"):
        if isinstance(message.get(name), str | list | Mapping):
            said = text_of(message[name]) if message[name] else ""
            break
    else:
        if message.get("content", ...) is not None:
            raise BadRow("has an object without a text where a completion should be.")
        said = ""  # it only thought, or called a tool
    thought = message.get("reasoning_content") or message.get("reasoning")
    return f"<think>{thought}</think>{said}" if isinstance(thought, str) and thought else said


def _part(part: Mapping[str, Any]) -> str:
    """One of several parts of a message; pictures and tool calls have no text."""
    if part.get("type") == "reasoning":
        thought = part.get("reasoning") or part.get("text")
        return f"<think>{thought}</think>" if isinstance(thought, str) else ""
    text = part.get("text")
    return text if isinstance(text, str) else ""


def _kind(value: Any) -> str:
    names = {
        type(None): "null",
        bool: "a boolean",
        int: "a number",
        float: "a number",
        list: "a list",
    }
    return names.get(type(value), "something else")
