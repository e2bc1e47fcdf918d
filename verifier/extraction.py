"""Finds what a completion hands in: its final part, and in it the program.

docs/extraction.md lists the rules with an example each. Everything here takes time linear in the
completion's length. The final answer of a math completion is `verifier.math.extraction`'s affair.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_THINK, _THOUGHT = "<think>", "</think>"
_FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*([^\s`{]*)[^`\n]*$")
_STATEMENT = re.compile(
    r"(?:async[ \t]+)?(?:def|class|import|from|for|while|if|try|with|print)\b|@\w|\w[\w, \t]*[ \t]=[ \t]",
)


def final_part(completion: str) -> str | None:
    """The text after the last `</think>`; None where a `<think>` never closes."""
    final = completion[completion.rfind(_THOUGHT) + len(_THOUGHT) :] if _THOUGHT in completion else completion
    return None if _THINK in final else final


@dataclass(frozen=True, slots=True)
class FoundProgram:
    """A program as the completion hands it in."""

    source: str
    fenced: bool
    """False: the completion has no fence, so all of it is taken for the program, if it compiles."""


@dataclass(frozen=True, slots=True)
class _Block:
    source: str
    tag: str


def find_program(final: str, tags: Collection[str]) -> FoundProgram | None:
    """The last complete fenced block that is tagged with one of `tags` (lower case) or not at all.

    An untagged block after a tagged one counts only where it holds statements: completions often
    end with a sample of the output. Text without any fence is a program as a whole, perhaps."""
    found: _Block | None = None
    any_fence = False
    for block in _blocks(final):
        any_fence = True
        if block is None:
            continue
        if block.tag in tags or (
            not block.tag and (found is None or not found.tag or _has_statement(block.source))
        ):
            found = block
    if found is not None:
        return FoundProgram(found.source, fenced=True) if found.source.strip() else None
    if any_fence or not final.strip():
        return None
    return FoundProgram(final, fenced=False)


def _has_statement(source: str) -> bool:
    return any(_STATEMENT.match(line) for line in source.splitlines())


def _blocks(text: str) -> Iterator[_Block | None]:
    """The complete fenced blocks in their order; None for one that never closes."""
    opening: re.Match[str] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        fence = _FENCE.match(line.rstrip())
        if opening is None:
            if fence:
                opening, lines = fence, []
            continue
        indent, marks, tag = opening.groups()
        if fence and not fence[3] and _closes(fence[2], marks):
            yield _Block(_unindent(lines, indent), tag.lower())
            opening = None
        elif _closed_at_its_end(line, marks):
            lines.append(line.rstrip()[: -len(marks)])
            yield _Block(_unindent(lines, indent), tag.lower())
            opening = None
        elif fence and fence[3] and _closes(fence[2], marks):
            # A tagged fence opens a block: the one before it was left open.
            yield None
            opening, lines = fence, []
        else:
            lines.append(line)
    if opening is not None:
        yield None


def _closes(fence: str, opening: str) -> bool:
    return fence[0] == opening[0] and len(fence) >= len(opening)


def _closed_at_its_end(line: str, marks: str) -> bool:
    """Whether a fence stands behind the last line of code instead of below it."""
    stripped = line.rstrip()
    return stripped.endswith(marks) and stripped.count(marks) == 1 and "#" not in stripped


def _unindent(lines: list[str], indent: str) -> str:
    if indent:
        lines = [line.removeprefix(indent) for line in lines]
    return "\n".join(lines) + "\n"
