"""Finds the final answers of a completion's final part: boxed ones, else a plainly stated one.

docs/extraction.md lists the rules with an example each. Takes time linear in the text: every
pattern is tried at bounded stretches only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_STATED_CHARS = 1000
"""A stated answer ends here at the latest."""
MAX_ALONE_CHARS = 200
MAX_BOXES = 256
MAX_STATEMENTS = 40
"""So many mentions of an answer are looked at, from the last one back."""

_BOXES = ("\\boxed", "\\fbox")

_BRACE = re.compile(r"\\(?:boxed|fbox)\s*\{|\\[{}\\]|[{}]")
_JOIN = re.compile(
    r"[\s,;$.*]*(?:\\text\{)?(?:and|or|,)?(?:\})?[\s$*]*(?:\\[(\[])?\s*(?:\\?[a-zA-Z](?:_\{?\w\}?)?\s*=\s*)?",
)
_MAX_JOIN_CHARS = 40
_PLACEHOLDER = re.compile(
    r"\\phantom\s*\{[^{}]*\}|\\(?:ldots|dots|cdots|quad|square|_|[ ,;])|[\s?_$.…]"
)
"""What a box that is to be filled in holds."""

_STATED = re.compile(
    r"""(?:(?P<final>final\W{1,4}answer)|answer|(?P<solution>solution))s?
    (?:\ (?:to|for|of)\ [^.:\n=]{1,80}?)?
    \W{0,4}?
    (?:\ (?:is|are|equals)\b(?:\ (?:therefore|thus|just|simply|then))?\s{0,3}[:=]?
      |(?(solution)(?!)|\s?[:=])
      |(?(final)\*{0,2}\s*\n|(?!)))
    \W{0,2}?(?=[\s$\\(\[{*\w+.-])""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = {"$$": "$$", "$": "$", r"\(": r"\)", r"\[": r"\]"}
_OPENING = re.compile(r"\s*(?:\*\*)?\s*(\$\$|\$(?![0-9.,]+(?:\s|$|[.,!?]))|\\\(|\\\[)")
_CONTINUED = re.compile(r"[\s,]*(?:and|or|,)[\s,]*$")
_SENTENCE_END = re.compile(
    r"[.!?](?=\s|\*|$)|\n|(?<=[^\\]);\s|,? (?:which|because|since|so|where|when)\b"
)
_POLITE = re.compile(r"\.?\s*I hope (?:it|this) is correct.*", re.IGNORECASE | re.DOTALL)
_PROSE = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]{4,}")


@dataclass(frozen=True, slots=True)
class FinalAnswers:
    """What a completion hands in as its final answer: usually one text.

    Several are answers that stand apart from each other and differ in their spelling, in their
    order; the last is the one shown."""

    texts: tuple[str, ...]
    boxed: bool


def find_answers(final: str, *, truncated: bool = False) -> FinalAnswers | None:
    """The final answers in the text after the thinking, None where there is none.

    `truncated`: the completion was cut off at its length limit; a stated answer may then be cut
    off too, so that only a boxed one counts."""
    boxes = _boxes(final)
    if boxes:
        return FinalAnswers(_distinct(_joined(final, boxes)), boxed=True)
    if truncated:
        return None
    stated = _stated(final) or _alone(final)
    return FinalAnswers(_distinct(stated), boxed=False) if stated else None


def _boxes(text: str) -> list[tuple[int, int, int]]:
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
    return [box for box in found if _PLACEHOLDER.sub("", text[box[1] : box[2]])]


def _next_box(text: str, start: int) -> int:
    return min((at for word in _BOXES if (at := text.find(word, start)) >= 0), default=-1)


def _start_of_last_boxes(text: str) -> int:
    """Where the last MAX_BOXES begin: no completion in earnest has more."""
    at = len(text)
    for _ in range(MAX_BOXES):
        if (at := text.rfind("\\boxed", 0, at)) < 0:
            return 0
    return at


def _first_box(text: str, at: int) -> tuple[int, int, int] | None:
    """The box that begins at `at`, None where it does not close."""
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


def _joined(text: str, boxes: list[tuple[int, int, int]]) -> list[str]:
    """The contents of the boxes; boxes that only a comma, "and" or "or" parts are one answer."""
    answers: list[str] = []
    previous_end = None
    parts: list[str] = []
    for start, content, end in boxes:
        if previous_end is not None:
            between = text[previous_end + 1 : start]
            if len(between) > _MAX_JOIN_CHARS or not _JOIN.fullmatch(between):
                answers.append(", ".join(parts))
                parts = []
        part = text[content:end].strip()
        if part not in parts:
            parts.append(part)
        previous_end = end
    answers.append(", ".join(parts))
    return answers


def _distinct(answers: list[str]) -> tuple[str, ...]:
    """Each answer once, where it was said last."""
    return tuple(reversed(dict.fromkeys(reversed(answers))))


def _stated(text: str) -> list[str]:
    """All answers called final, else the last one called the answer."""
    before, mark, marked = text.rpartition("####")
    if mark and not before.endswith("#") and marked.strip() and "\n" not in marked.strip():
        return [marked.strip()]
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is two
        lowered = text
    finals: list[str] = []
    last: list[str] = []
    for word in ("answer", "solution"):
        position = len(lowered)
        for _ in range(MAX_STATEMENTS):
            if last or (position := lowered.rfind(word, 0, position)) < 0:
                break
            window = text[max(0, position - 10) : position + 120]
            found = _STATED.search(window, max(0, min(position, 10) - 9))
            if not found or found.start() > 10:
                continue
            start = max(0, position - 10) + found.end()
            answer = _read_statement(text[start : start + MAX_STATED_CHARS])
            if not answer or "\\boxed" in answer or "answer" in answer.lower():
                continue
            if found["final"]:
                finals.insert(0, answer)
            elif not finals:
                last = [answer]
    return finals or last


def _read_statement(text: str) -> str:
    """The answer at the beginning of what follows "the answer is"."""
    text = _POLITE.sub("", text)
    opening = _OPENING.match(text)
    if opening is None:
        text = text.lstrip(" *\n:")
        end = _SENTENCE_END.search(text)
        return _clean(text[: end.start()] if end else text)
    end_at = 0
    while opening is not None:
        closing = text.find(_CLOSING[opening[1]], opening.end())
        if closing < 0:
            break
        end_at = closing + len(opening[1])
        opening = None
        joint = re.compile(r"[ ,]*(?:and|or|,)?[ ,]*(?=\$|\\\()").match(text, end_at)
        if joint and joint.end() > end_at:
            opening = _OPENING.match(text, joint.end())
    rest = text[end_at:]
    tail = _SENTENCE_END.search(rest)
    unit = rest[: tail.start()] if tail else rest
    # A unit may stand behind the formula; a sentence that goes on is none.
    return _clean(text[:end_at] + (unit if len(unit) <= 20 and "=" not in unit else ""))


def _clean(text: str) -> str:
    return text.strip().strip("*").strip().rstrip(".").strip()


def _alone(text: str) -> list[str]:
    """The final part itself where it is nothing but an answer."""
    stripped = text.strip()
    if not stripped or len(stripped) > MAX_ALONE_CHARS or "\n" in stripped or "\\boxed" in stripped:
        return []
    return [] if _PROSE.search(stripped) else [stripped]
