"""The fields that several shapes have, and what is refused in them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)

from api.settings import Settings
from verifier.ground_truth.fields import LIMIT_CAPS, LIMIT_FLOORS, TAGS

MAX_NAME_CHARS = 256


def _settings(info: ValidationInfo) -> Settings:
    assert isinstance(info.context, Settings)
    return info.context


def as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it should be a valid string")  # noqa: TRY004 - pydantic's way
    return value


def _short_text(value: Any) -> str:
    text = as_text(value)
    if len(text) > MAX_NAME_CHARS:
        raise ValueError(f"it should have at most {MAX_NAME_CHARS} characters")
    return text


def _text_or_messages(value: Any) -> Any:
    messages = isinstance(value, list) or (
        isinstance(value, dict) and not value.keys().isdisjoint(("role", "content", "text"))
    )
    return value if value is None or messages else as_text(value)


def within_completion_limit(value: Any, info: ValidationInfo) -> str:
    text = as_text(value)
    most = _settings(info).max_completion_chars
    if len(text) > most:
        raise ValueError(
            f"it is longer than the {most} characters of VERIFIER_MAX_COMPLETION_CHARS"
        )
    return text


def _within_deadline_limit(seconds: float, info: ValidationInfo) -> float:
    most = _settings(info).max_deadline_s
    if seconds > most:
        raise ValueError(f"it is longer than the {most:g} s of VERIFIER_MAX_DEADLINE_S")
    return seconds


def _addressable(value: Any) -> str:
    text = _short_text(value)
    if not text or not text.isprintable():
        raise ValueError("it should have at least one character, and none that no address can hold")
    return text


def encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds a lone surrogate, which is no character") from None
    return text


def _language(text: str) -> str:
    names = [name for name, tags in TAGS.items() if text.lower() in tags]
    if not names:
        raise ValueError(f"it should be one of {', '.join(TAGS)}")
    return names[0]


# Pydantic's own strings are UTF-8; a lone surrogate, which a tokenizer may well produce, is not.
Name = Annotated[
    str,
    PlainValidator(_short_text),
    WithJsonSchema({"type": "string", "maxLength": MAX_NAME_CHARS}),
]
BatchId = Annotated[
    str,
    PlainValidator(_addressable),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARS}),
]
Text = Annotated[str, PlainValidator(as_text), WithJsonSchema({"type": "string"})]
# How long one is counts where it is read: too long a one spoils no other of its batch.
Completion = Annotated[
    Any,
    PlainValidator(_text_or_messages),
    WithJsonSchema(
        {
            "anyOf": [{"type": kind} for kind in ("string", "array", "object", "null")],
            "description": "Text, or messages as chats have them: the last of the assistant's.",
        }
    ),
]
# These limits are settings: validation needs a `Settings` as its context.
Program = Annotated[
    str, PlainValidator(within_completion_limit), WithJsonSchema({"type": "string"})
]
Deadline = Annotated[
    float, Field(gt=0, allow_inf_nan=False), AfterValidator(_within_deadline_limit)
]
Source = Annotated[Program, AfterValidator(encodable)]
LanguageName = Annotated[
    str,
    PlainValidator(as_text),
    AfterValidator(_language),
    WithJsonSchema(
        {"type": "string", "enum": sorted(tag for tags in TAGS.values() for tag in tags)}
    ),
]
Timeout = Annotated[
    float, Field(ge=LIMIT_FLOORS["cpu_s"], le=LIMIT_CAPS["cpu_s"], allow_inf_nan=False)
]
