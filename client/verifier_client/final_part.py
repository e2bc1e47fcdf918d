"""What of a completion is looked at: the text after the thinking, without the tokens that end it.

The one module that the service and its client share: the service judges what `final_part` finds,
and the client sends what `shortened` leaves of that. Standard library only; docs/extraction.md has
the rules. Whoever changes where an answer or a program may stand has to look at `shortened`;
tests/client/test_shortened.py compares what is found in both.
"""

from __future__ import annotations

import re

_THINK, _THOUGHT = "<think>", "</think>"

_THINKING = {
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
    "<seed:think>": "</seed:think>",
    "<longcat_think>": "</longcat_think>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
}
"""How else a completion begins to think, and ends to: marks that models were trained to write."""
_PROMPTED = {f"<{name}>": f"</{name}>" for name in ("thinking", "thought", "thoughts", "reasoning")}
"""The same where a prompt asks for it; whether a model keeps to that is another matter."""
_LONGEST_MARK_CHARS = 64

LONG_CHARS = 4096
"""Shorter final parts are sent as they are."""
_MARKS = {
    "\\": ("\\boxed", "\\fbox"),
    "<": ("<answer>", "</answer>", "<final_answer>", "</final_answer>", "<|begin_of_box|>"),
    "[": ("[ANSWER]",),
    "`": ("```",),
    "~": ("~~~",),
}
"""Where boxed answers, answer tags and fences begin, by their first letters."""
_BOXES_LOOKED_AT = _LINES_LOOKED_AT = 32
_BOX = re.compile(r"\\boxed\s{0,9}\{([^{}\\]{1,99})\}")
_OBJECT = re.compile(r"\s*\{")
_FENCE = re.compile(r"^(?:```|~~~)[^`\n]*$", re.MULTILINE)
_ODD_LINE = re.compile(r"(?<!\\\n)(?<!\\\r\n)^[^'\"#\\\n]*\\(?=[^\r\n])", re.MULTILINE)

_LONGEST_TOKEN_CHARS = 64
_LAST_OF_TOKENS = ">]["
_END_TOKEN = re.compile(
    r"""(?:
      <[|｜][\w▁/.:-]{3,48}[|｜]>   # <|im_end|>, <|endoftext|>, <｜end▁of▁sentence｜>, <|return|>
      | </(?:longcat_)?s> | <(?:eos|eop|pad)(?:_token)?> | <unk>
      | <end_of_[a-z]{1,16}> | <turn\|>
      | <eo[atd]> | <seed:(?:eos|pad)> | <special_\d{1,4}>
      | \[(?:pad|eos|eot|sep|unused_token_\d{1,4})\] | \[\|endofturn\|\] | \[e~\[
    )\Z""",
    re.VERBOSE | re.IGNORECASE,
)


def final_part(completion: str) -> str | None:
    """The text after the last `</think>`, None where a `<think>` never closes; likewise where a
    completion begins with another mark of thinking.

    Tokens at its very end that end a generation or fill a batch up are no part of it: trainers that
    decode with special tokens leave them there."""
    final = completion
    while (after := _after_thinking(final)) is not None:
        if len(after) == len(final):
            return _without_end_tokens(final)
        final = after
    return None


def _after_thinking(text: str) -> str | None:
    """The text behind one kind of marks, all of it where there are none; None where a thought that
    began with one has no end."""
    start = text[:_LONGEST_MARK_CHARS].lstrip()
    for opening, closing in _THINKING.items():
        if start.startswith(opening):
            end = text.rfind(closing)
            return text[end + len(closing) :] if end >= 0 else None
    for opening, closing in _PROMPTED.items():
        if start.startswith(opening) and (end := text.rfind(closing)) >= 0:
            return text[end + len(closing) :]
    if _THINK[0] not in text:  # neither of the two: much sooner told than by looking for both
        return text
    # Not `rpartition`, which copies the thinking.
    end = text.rfind(_THOUGHT)
    final = text if end < 0 else text[end + len(_THOUGHT) :]
    return None if _find(final, _THINK) >= 0 else final


def shortened(completion: str, *, truncated: bool = False) -> str:
    """A text no longer than the completion, and judged alike whatever the ground truth is.

    `truncated`: it was cut off at its length limit. Shortening again changes nothing."""
    final = final_part(completion)
    if final is None:
        return _THINK
    if len(final) < LONG_CHARS:
        return final
    needed = final[_first_needed(final, truncated) :]
    # One that would begin with a mark of thinking, which counts at the beginning only, stays whole.
    return needed if final_part(needed) == needed else final


def _first_needed(final: str, truncated: bool) -> int:
    """Where the line begins before which nobody looks, 0 where that is not certain.

    Beside a box that closes, and in what was cut off, plainly stated answers do not count, so all
    that can begins with one of `_MARKS`, or is a JSON object as a whole. Text without any fence
    would be a program as a whole: it may lose its beginning only where it never compiles."""
    if not (truncated or _has_box(final)) or _OBJECT.match(final):
        return 0
    marks = [
        at
        for letter, begun in _MARKS.items()
        if (first := final.find(letter)) >= 0
        for mark in begun
        if (at := final.find(mark, first)) >= 0
    ]
    start = final.rfind("\n", 0, min(marks)) + 1 if marks else _last_odd_line(final)
    if _FENCE.search(final, start) or _is_no_python(final, start):
        return start
    return 0


def _has_box(final: str) -> bool:
    """Whether one of the last boxes closes for certain, and holds an answer."""
    at = len(final)
    for _ in range(_BOXES_LOOKED_AT):
        if (at := final.rfind("\\boxed", 0, at)) < 0:
            return False
        box = _BOX.match(final, at)
        if box and final[at - 1 : at] != "\\" and any(map(str.isalnum, box[1])):
            return True
    return False


def _last_odd_line(final: str) -> int:
    """Where the last line begins that no Python program has, 0 where there is none."""
    at = len(final)
    for _ in range(_LINES_LOOKED_AT):
        at = final.rfind("\n", 0, at)
        if at < 0:
            return 0
        if _ODD_LINE.match(final, at + 1):
            return at + 1
    return 0


def _is_no_python(final: str, start: int) -> bool:
    """Whether neither the text nor its part from `start` on can be a Python program.

    A backslash within a line, with no quotation mark or comment before it there, is an error
    wherever no string is open from a line above: none of three quotation marks, none continued by a
    backslash."""
    quoted = max(_find(final, "'''"), _find(final, '"""'))
    return quoted < 0 and bool(_ODD_LINE.search(final, start))


def _find(text: str, mark: str) -> int:
    """`text.find(mark)`; a single letter is found in a tenth of the time."""
    first = text.find(mark[0])
    return first if first < 0 else text.find(mark, first)


def _without_end_tokens(text: str) -> str:
    """The text up to a last run of end tokens, which white space may part and follow."""
    cut = end = len(text)
    while end:
        tail = text[max(0, end - _LONGEST_TOKEN_CHARS) : end]
        filled = len(tail.rstrip())
        if filled < len(tail):
            end -= len(tail) - filled
            continue
        # Nearly every text ends otherwise, which is told much sooner than by the pattern.
        token = _END_TOKEN.search(tail) if tail[-1] in _LAST_OF_TOKENS else None
        if token is None:
            break
        cut = end = end - len(token[0])
    return text[:cut]
