"""Finds the final answers of a completion's final part: boxed ones, else a plainly stated one.

docs/extraction.md lists the rules with an example each. Takes time linear in the text: every
pattern is tried at bounded stretches only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from verifier.math.boxes import boxes_in, is_filled_in, joined
from verifier.math.languages import ANSWER, CHOOSE, IS, IS_AS_A_WORD, IS_AT_THE_END, THEREFORE
from verifier.math.markup import answers_in_json, elements_in, end_of_elements
from verifier.model import Extraction

MAX_STATED_CHARS = 1000
"""A stated answer ends here at the latest."""
MAX_ALONE_CHARS = 200
MAX_STATEMENTS = 40
"""So many mentions of an answer are looked at, from the last one back."""


def _any_of(words: tuple[str, ...]) -> str:
    """A pattern of any of the words, longer ones first, for `re.VERBOSE`."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_SIGNS = "−–±∓√∛∞≈≠≤≥<>|∅∫∑"
"""What an answer may begin with, beside brackets, letters and digits."""
_STATED = re.compile(
    rf"""(?P<heading>^(?:\#{{1,6}}\ [*]{{0,2}}|\*\*))?(?P<line>^)?
      (?:(?P<final>final\W{{1,4}}answer)|answer|(?P<solution>solution)
      |(?:correct|right|best)\ (?:option|choice)
      |{_any_of(ANSWER)}|(?P<chosen>{_any_of(CHOOSE)}))s?
    (?:\ (?:finale?|correct[ae]|correcte|corretta|correta|akhir))?
    (?:\ (?:to|for|of)\ [^.:\n=]{{1,80}}?)?
    \W{{0,4}}?
    (?:\ (?:is|are|equals|must\ be)\b
      (?:\ (?:therefore|thus|just|simply|then|clearly|also|exactly|indeed|given\ by))?
      \s{{0,3}}[:=]?
      |\ ?(?:{_any_of(IS)}|(?:{_any_of(IS_AS_A_WORD)})\b(?:\ (?:{_any_of(THEREFORE)})\b)?|—|–)
       (?:\ (?:la|el|le|il|die|der|das)(?=\ ))?
       \ ?[:：]?(?!(?![A-Z][^\x00-\x7f])[^\W\d_①-⑳]{{2}})
      |(?(chosen)\ ?[:：]?|(?!))
      |(?(solution)(?!)|\s?[:：=】])
      |(?(line)\ (?=\$(?!\s*\n)|\\[(\[])|(?!))
      |(?(final)\*{{0,2}}\s*\n|(?(heading)\*{{0,2}}\s*\n|(?!))))
    (?:(?![{_SIGNS}])\W){{0,2}}?(?=[\s$\\(\[{{*\w+.{_SIGNS}-])""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_DOUBTED = re.compile(
    r"(?:\b(?:whether|if)|\bdoubt(?: that)?|(?:\bun|\bnot |n't )(?:sure|certain)(?: if| that)?"
    r"|(?:\bnot|n't) (?:think|believe|know)(?: if| that)?)"
    r" (?:or not )?(?:the |my |this )?(?:final |correct |right )?\Z",
    re.IGNORECASE,
)
"""What makes "the answer is 42" no statement where it stands right before it."""
_MENTIONS = ("answer", "solution", "option", "choice", *ANSWER, *CHOOSE)
"""Words at which an answer may be stated, in lower case."""
_ABOUT_AN_ANSWER = re.compile(
    r"(?:in|not |also |indeed |definitely )?(?:correct|right|wrong|valid|verified|confirmed)"
    r"(?: and [^.]*)?",
    re.IGNORECASE,
)
"""What is said of an answer, and is none."""
_SAID_OF = re.compile(
    r"(?!.*\b(?:not|no|or|either|neither|if|when|whether|but|unless)\b)(?:the|there|its?|their)\b"
    r"(?:(?!\b(?:is|are|equals)\b).){1,120}\b(?:is|are|equals):? "
    r"(?P<value>(?:(?!\b(?:is|are|equals)\b).)+)",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence as an answer: `The largest n is 34`."""
_COPULA = re.compile(rf"\s*(?:{_any_of(IS_AT_THE_END)})\Z")
_CLOSING = {"$$": "$$", "$": "$", r"\(": r"\)", r"\[": r"\]"}
_OPENING = re.compile(r"\s*(?:\*\*)?\s*(\$\$|\$(?![0-9.,]+(?:\s|$|[.,!?]))|\\\(|\\\[)")
_SENTENCE_END = re.compile(
    r"。|[.?](?=\s|\*|$)|!(?!\s*[-+=*/^\\,.])(?=\s|\*|$)|\n|(?<=[^\\]);\s"
    r"|,? \(?(?:which|because|since|so|where|when)\b"
)
_POLITE = re.compile(r"\.?\s*I hope (?:it|this) is correct.*", re.IGNORECASE | re.DOTALL)
_FENCE = re.compile(r"\A[*:\s]*```[a-z]*[ \t]*\n")
_FORMULA = re.compile(
    r"\$\$[^$]+\$\$|(?<!\\)\$[^$]+(?<!\\)\$|\\\((?:[^\\]|\\[^)])+\\\)|\\\[(?:[^\\]|\\[^\]])+\\\]"
)
_NUMBER = re.compile(r"(?<![\w.,])[-+]?\\?\$?[0-9][0-9,]*(?:\.[0-9]+)?(?:/[0-9]+)?%?(?!\w)")
MAX_LAST_CHARS = 4000
"""The last expression is looked for so far from the end."""
_PROSE = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]{4,}")


@dataclass(frozen=True, slots=True)
class FinalAnswers:
    """What a completion gives as its final answer: usually one text.

    Several are answers that stand apart from each other and differ in their spelling, in their
    order; the last is the one shown."""

    texts: tuple[str, ...]
    boxed: bool
    apart: tuple[str, ...] = ()
    """The same with each box on its own, where some of them may belong together."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """An answer that is stated; `is_final`: it is called the final one."""

    answer: str
    is_final: bool


def find_answers(
    final: str, *, truncated: bool = False, extraction: Extraction = "stated"
) -> FinalAnswers | None:
    """The final answers in the text after the thinking, None where there is none.

    `extraction`: see `verifier.model.AnswerRules`.

    `truncated`: the completion was cut off at its length limit; a stated answer may then be cut
    off too, so that only a boxed one counts."""
    boxes = boxes_in(final)
    # A box behind the tags is the later word; they may only have been quoted.
    if not (boxes and 0 <= end_of_elements(final) < boxes[-1][0]):
        elements = elements_in(final, truncated=truncated)
        if not elements and extraction != "boxed":
            elements = answers_in_json(final)
        if marked := [answer for element in elements for answer in _marked(element)]:
            return FinalAnswers(_distinct(marked), boxed=True)
    if boxes:
        apart = [final[content:end].strip() for _, content, end in boxes]
        if len(boxes) == 1:
            return FinalAnswers((apart[0],), boxed=True)
        return FinalAnswers(_distinct(joined(final, boxes)), boxed=True, apart=_distinct(apart))
    if truncated or extraction == "boxed":
        return None
    stated = _stated(final) or _alone(final)
    if extraction == "last":
        stated = _last_expressions(stated[-1] if stated else final) or stated
    return FinalAnswers(_distinct(stated), boxed=False) if stated else None


def boxed_answer(solution: str) -> str | None:
    """What a worked solution boxes, its last answer; None where nothing is boxed."""
    found = find_answers(solution) if "\\boxed" in solution else None
    return found.texts[-1] if found else None


def _last_expressions(text: str) -> list[str]:
    """The text if it is an expression, else the last formula or the last number in it."""
    formulas = list(_FORMULA.finditer(text, max(0, len(text) - MAX_LAST_CHARS)))
    if not _PROSE.search(_FORMULA.sub("", text)):
        return [text] if is_filled_in(text) else []
    numbers = list(_NUMBER.finditer(text, formulas[-1].end() if formulas else 0))
    return [found[-1][0] for found in (numbers, formulas) if found][:1]


def _marked(element: str) -> list[str]:
    """The answers in what is marked: boxed ones, else a stated one, else all of it."""
    if boxes := boxes_in(element):
        return joined(element, boxes)
    if stated := _stated(element):
        return stated
    whole = element.strip()
    return [whole] if len(whole) <= MAX_STATED_CHARS and is_filled_in(whole) else []


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
    for word in _MENTIONS:
        position = len(lowered)
        for _ in range(MAX_STATEMENTS):
            if last or (position := lowered.rfind(word, 0, position)) < 0:
                break
            statement = _statement_at(text, position)
            if statement is None:
                continue
            if statement.is_final:
                finals.insert(0, statement.answer)
            elif not finals:
                last = [statement.answer]
    return finals or last


def _statement_at(text: str, position: int) -> _Statement | None:
    """What is said of the answer where the word stands; None where nothing is."""
    window = text[max(0, position - 10) : position + 120]
    found = _STATED.search(window, max(0, min(position, 10) - 9))
    if not found or found.start() > 10:
        return None
    said_at = max(0, position - 10) + found.start()
    if _DOUBTED.search(text[max(0, said_at - 60) : said_at]):
        return None
    start = said_at + found.end() - found.start()
    answer = _read_statement(text[start : start + MAX_STATED_CHARS])
    if not answer or "\\boxed" in answer or "answer" in answer.lower():
        return None
    if _ABOUT_AN_ANSWER.fullmatch(answer.rstrip(".)*")):
        return None
    if (said := _SAID_OF.fullmatch(answer)) and not _PROSE.search(_FORMULA.sub("", said["value"])):
        answer = said["value"]
    return _Statement(answer, is_final=bool(found["final"]))


def _read_statement(text: str) -> str:
    """The answer at the beginning of what follows "the answer is"."""
    text = _FENCE.sub("", _POLITE.sub("", text))
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
    return _COPULA.sub("", text.strip().strip("*`").strip().rstrip(".").strip("` "))


def _alone(text: str) -> list[str]:
    """The final part itself where it is nothing but an answer."""
    stripped = text.strip()
    if len(stripped) <= MAX_STATED_CHARS and _FORMULA.fullmatch(stripped):
        return [stripped]
    if not stripped or len(stripped) > MAX_ALONE_CHARS or "\n" in stripped or "\\boxed" in stripped:
        return []
    return [] if _PROSE.search(stripped) else [stripped]
