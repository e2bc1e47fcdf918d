"""Finds boxed answers: boxes that close, the outermost ones, whatever is open around them.

Takes time linear in the text."""

from __future__ import annotations

import re

from verifier.math.languages import AND, AND_ALONE, OR, OR_ALONE

MAX_BOXES = 256
"""Boxes are looked for from the last one back."""

_BOXES = ("\\boxed", "\\fbox")
_BRACE = re.compile(r"\\(?:boxed|fbox)\s*\{|\\[{}\\]|[{}]")
_SIMPLE_BOX = re.compile(r"\\(?:boxed|fbox)\s*\{((?:[^{}\\]|\\[a-zA-Z])*+)\}")
"""One without braces inside of it."""
_UNBRACED = re.compile(
    r"\\boxed\s*(-?[0-9]++(?:[.,/][0-9]++)*+(?![.,]?[0-9a-zA-Z{(\\^_])|[A-Za-z](?![a-zA-Z{(\\^_]))"
)
"""`\\boxed 12`: a number or a letter, without braces."""
_SETTING = (
    r"[\s$*{}&,;.，、；。：•·–-]|\\[ ,;:!\\()\[\]]|\\q?quad(?![a-zA-Z])|\\(?:text|mathrm)(?=\{)"
)
_JOINTS = "|".join(("and", "or", *AND, *OR, *AND_ALONE, *OR_ALONE))
_JOINT = rf"(?:{_JOINTS})(?:(?<![a-zа-яàéóúãç])|(?![^\W\d_]))"
"""A word that ends there; those of other scripts have nothing between them and the next one."""
_NAME = (
    r"(?:\\[a-zA-Z]{2,8}|[a-zA-Z])(?:_\{?\w{1,4}\}?)?(?:\\[!,])?"
    r"(?:\((?:[^()=]|\\[!,]){1,30}\)|\\left\([^()=]{1,30}\\right\))?\s*(?:=|\\approx)\s*"
)
_LABEL = (
    r"(?:(?:[Pp]art|[Bb]lank) ?)?[(（](?:[1-9]|[a-h]|i{1,3}|iv|v)[)）]"
    r"|(?:[Pp]art|[Bb]lank) (?:[1-9]|[a-h])|第?[一二三四1-4][空问]|[①-⑳]"
)
_JOIN = re.compile(
    rf"(?:{_SETTING})*+(?:(?:{_JOINT})(?:{_SETTING})*+)?"
    rf"(?:(?:{_LABEL}):?(?:{_SETTING})*+)?(?:{_NAME})?"
)
"""What parts boxes that belong together: marks that set, a joint, the number of the next part, what
it is called."""
_JOIN_IN_WORDS = re.compile(
    r"(?![^\n]*\b(?:not|no|wrong|incorrect|but|instead)\b)[^.!?:;\n\\]{0,40}"
    r"\band(?: (?:the|its) [a-z ]{1,30} (?:is|are))?[\s$]+"
)
"""The same with what is counted: `\\boxed{1} paper and \\boxed{2} bins`."""
_MAX_JOIN_CHARS = 80
_PLACEHOLDER = re.compile(
    r"\\phantom\s*\{[^{}]*\}|\\(?:ldots|dots|cdots|quad|square|_|[ ,;])|[\s?_$.…]"
)
"""What a box that is to be filled in holds."""


def is_filled_in(content: str) -> bool:
    """Whether there is more between its braces than a place to be filled in."""
    return content.isalnum() or bool(_PLACEHOLDER.sub("", content))


def boxes_in(text: str) -> list[tuple[int, int, int]]:
    """Start of the command, start and end of the content, of every outermost box that closes."""
    found: list[tuple[int, int, int]] = []
    at = _next_box(text, _start_of_last_boxes(text))
    while at >= 0:
        closed = _first_box(text, at)
        if closed is None:
            found.extend(_boxes_in_open_ones(text, at))
            break
        found.append(closed)
        at = _next_box(text, closed[2])
    return [box for box in found if is_filled_in(text[box[1] : box[2]])]


def _next_box(text: str, start: int) -> int:
    boxed, framed = (text.find(word, start) for word in _BOXES)
    return boxed if framed < 0 else framed if boxed < 0 else min(boxed, framed)


def _start_of_last_boxes(text: str) -> int:
    """Where the last MAX_BOXES begin: no completion in earnest has more."""
    at = len(text)
    for _ in range(MAX_BOXES):
        if (at := text.rfind("\\boxed", 0, at)) < 0:
            return 0
    return at


def _first_box(text: str, at: int) -> tuple[int, int, int] | None:
    """The box that begins at `at`, None where it does not close."""
    if simple := _SIMPLE_BOX.match(text, at) or _UNBRACED.match(text, at):
        return at, *simple.span(1)
    depth, content = 0, -1
    for match in _BRACE.finditer(text, at):
        mark = match[0]
        if content < 0:
            if match.start() != at:
                return None
            depth, content = 1, match.end()
        elif mark == "}":
            depth -= 1
            if depth == 0:
                return at, content, match.start()
        elif mark[-1] == "{" and len(mark) != 2:
            depth += 1
    return None


def _boxes_in_open_ones(text: str, at: int) -> list[tuple[int, int, int]]:
    """The outermost boxes that close, where the one at `at` does not."""
    found: list[tuple[int, int, int]] = []
    opened: list[tuple[int, int] | None] = []
    for match in _BRACE.finditer(text, at):
        mark = match[0]
        if mark == "}":
            box = opened.pop() if opened else None
            if box is not None:
                while found and found[-1][0] > box[0]:  # those were inside of this one
                    found.pop()
                found.append((*box, match.start()))
        elif mark == "{":
            opened.append(None)
        elif mark[-1] == "{" and len(mark) > 2:
            opened.append((match.start(), match.end()))
    return found


def joined(text: str, boxes: list[tuple[int, int, int]]) -> list[str]:
    """The contents of the boxes; boxes that only commas, "and" or "or", and
    names before an equals sign part are one answer."""
    answers: list[str] = []
    previous_end = None
    parts: list[str] = []
    for start, content, end in boxes:
        if previous_end is not None:
            between = text[previous_end + 1 : start]
            if len(between) > _MAX_JOIN_CHARS or not (
                _JOIN.fullmatch(between) or _JOIN_IN_WORDS.fullmatch(between)
            ):
                answers.append(", ".join(parts))
                parts = []
        part = text[content:end].strip()
        if part not in parts:
            parts.append(part)
        previous_end = end
    answers.append(", ".join(parts))
    return answers
