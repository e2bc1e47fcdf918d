"""What of a completion is looked at: the text after the thinking, without the tokens that end it.

The one module that the service and its client share: the service judges what `final_part` finds,
and the client sends no more than that. Standard library only; docs/extraction.md has the rules.
"""

from __future__ import annotations

import re

_THINK, _THOUGHT = "<think>", "</think>"

_LONGEST_TOKEN_CHARS = 64
_END_TOKEN = re.compile(
    r"""(?:
      <[|｜][\w▁/.:-]{3,48}[|｜]>   # <|im_end|>, <|endoftext|>, <｜end▁of▁sentence｜>, <|return|>
      | </s> | <eos> | <pad> | <unk>
      | <end_of_(?:turn|text|utterance)> | <turn\|>
      | <eo[atd]> | <seed:(?:eos|pad)> | <special_\d{1,4}>
      | \[(?:pad|eos|eot)\] | \[\|endofturn\|\] | \[e~\[
    )\Z""",
    re.VERBOSE | re.IGNORECASE,
)


def final_part(completion: str) -> str | None:
    """The text after the last `</think>`, None where a `<think>` never closes.

    Tokens at its very end that end a generation or fill a batch up are no part of it: trainers that
    decode with special tokens leave them there."""
    _, _, final = completion.rpartition(_THOUGHT)
    return None if _THINK in final else _without_end_tokens(final)


def shortened(completion: str) -> str:
    """A text no longer than the completion that has the same final part, and so the same verdict.

    Shortening it again changes nothing."""
    final = final_part(completion)
    return _THINK if final is None else final


def _without_end_tokens(text: str) -> str:
    """The text up to a last run of end tokens, which white space may part and follow."""
    cut = end = len(text)
    while end:
        tail = text[max(0, end - _LONGEST_TOKEN_CHARS) : end]
        filled = len(tail.rstrip())
        if filled < len(tail):
            end -= len(tail) - filled
            continue
        token = _END_TOKEN.search(tail)
        if token is None:
            break
        cut = end = end - len(token[0])
    return text[:cut]
