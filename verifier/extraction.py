"""Finds what a completion hands in: its final part, and in it the program.

docs/extraction.md lists the rules with an example each. Everything here takes time linear in the
completion's length. The final part is found by the very code by which the client shortens what it
sends. The final answer of a math completion is `verifier.math.extraction`'s affair.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from verifier_client.final_part import final_part

__all__ = ["FoundProgram", "final_part", "find_program"]

# Every quantifier is possessive: nothing is tried twice, however long the line is.
_OPENING = re.compile(
    r"(?P<quoted>(?:[ \t]*+>)*+)"
    r"(?P<indent>[ \t]*+(?:(?:[-*+]|\d{1,9}+[.)])[ \t]++)?+)"
    r"(?P<marks>`{3,}+|~{3,}+)[ \t]*+(?P<info>.*+)"
)
_QUOTED = re.compile(r"(?:[ \t]*+>)*+")
_TAG = re.compile(r"\{?+[ \t]*+\.?+([\w+#]*+)")
_STATEMENT = re.compile(
    r"(?:async[ \t]++)?+(?:def|class|import|from|for|while|if|try|with|print)\b"
    r"|@\w|\w[\w, \t]*[ \t]=[ \t]|\#include\b|.*(?:;|\) ?\{)[ \t]*$"
)
_TRIPLES = ("'''", '"""')
_CODE = re.compile(
    r"""\\.|\#.*+|'''|\"""|'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\"""", re.VERBOSE | re.DOTALL
)
_INSIDE_STRING = re.compile(r"\\.|'''|\"\"\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FoundProgram:
    """A program as the completion hands it in."""

    source: str
    fenced: bool
    """False: the completion has no fence, so all of it is taken for the program, if it compiles."""


def find_program(final: str, tags: Collection[str]) -> FoundProgram | None:
    """The last complete fenced block that is tagged with one of `tags` (lower case) or not at all.

    An untagged block after a program counts only where it holds statements: completions often end
    with a sample of the output. Text without any fence is a program as a whole, perhaps."""
    found: _Block | None = None
    any_fence = False
    for block in _blocks(final):
        any_fence = True
        if block is not None and (block.tag in tags or (not block.tag and _follows(block, found))):
            found = block
    if found is not None:
        return FoundProgram(found.source, fenced=True) if found.source.strip() else None
    if any_fence or not final.strip():
        return None
    return FoundProgram(final, fenced=False)


@dataclass(frozen=True, slots=True)
class _Block:
    source: str
    tag: str

    @property
    def has_statement(self) -> bool:
        return any(_STATEMENT.match(line) for line in self.source.split("\n"))


def _follows(untagged: _Block, found: _Block | None) -> bool:
    """Whether an untagged block takes the place of the program found before it."""
    return found is None or untagged.has_statement or not (found.tag or found.has_statement)


@dataclass(frozen=True, slots=True)
class _Fence:
    """An opening fence, and what it says of the lines below it."""

    marks: str
    tag: str
    quoted: bool
    indent: int

    def within(self, line: str) -> str:
        """The line without the marks of the quotation that the block stands in."""
        return _QUOTED.sub("", line, count=1) if self.quoted else line

    def unindented(self, line: str) -> str:
        """The line as far left as the fence is: what it is indented by is not the program's."""
        head = line[: self.indent]
        return head.lstrip(" \t") + line[self.indent :]

    def is_closed_by(self, line: str) -> bool:
        fence = line.strip()
        return len(fence) >= len(self.marks) and not fence.strip(self.marks[0])

    def is_closed_behind(self, line: str) -> bool:
        """Whether the closing fence stands behind the last line of code instead of below it."""
        line = line.rstrip()
        return line.endswith(self.marks) and line.count(self.marks) == 1 and "#" not in line

    def is_left_open_by(self, other: _Fence | None) -> bool:
        """A tagged fence opens a block: the one before it was left open."""
        return other is not None and bool(other.tag) and other.marks.startswith(self.marks)


def _opening(line: str) -> _Fence | None:
    if "```" not in line and "~~~" not in line:  # nearly every line; patterns cost more
        return None
    found = _OPENING.match(line)
    if found is None or (found["marks"][0] == "`" and "`" in found["info"]):
        return None
    tag = _TAG.match(found["info"])
    return _Fence(
        marks=found["marks"],
        tag=tag[1].lower() if tag else "",
        quoted=bool(found["quoted"]),
        indent=len(found["indent"]),
    )


def _blocks(text: str) -> Iterator[_Block | None]:
    """The complete fenced blocks in their order; None for one that never closes."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    heed_strings = True
    number = 0
    while number < len(lines):
        fence = _opening(lines[number])
        number += 1
        if fence is None:
            continue
        block, end = _read_block(lines, number, fence, heed_strings=heed_strings)
        if block is None and end == len(lines) and heed_strings:
            # A string that never ends may have hidden the closing fence. Once is enough: whoever
            # leaves strings open all over cannot have the text read again for each.
            heed_strings = False
            block, end = _read_block(lines, number, fence, heed_strings=False)
        yield block
        number = end


def _read_block(
    lines: Sequence[str], start: int, fence: _Fence, *, heed_strings: bool
) -> tuple[_Block | None, int]:
    """The block below a fence, None where it never closes, and where to read on."""
    source: list[str] = []
    quote = ""
    for number in range(start, len(lines)):
        line = fence.within(lines[number])
        if not quote:
            if fence.is_closed_by(line):
                return _Block("".join(source), fence.tag), number + 1
            if fence.is_closed_behind(line):
                source.append(fence.unindented(line.rstrip().removesuffix(fence.marks)) + "\n")
                return _Block("".join(source), fence.tag), number + 1
            if fence.is_left_open_by(_opening(line)):
                return None, number
        source.append(fence.unindented(line) + "\n")
        if heed_strings:
            quote = _open_quote(line, quote)
    return None, len(lines)


def _open_quote(line: str, quote: str) -> str:
    """The triple quote that is open at the line's end, "" for none; `quote` was before it."""
    if "'''" not in line and '"""' not in line:
        return quote
    position = 0
    while found := (_INSIDE_STRING if quote else _CODE).search(line, position):
        position = found.end()
        if found[0] in _TRIPLES and quote in ("", found[0]):
            quote = "" if quote else found[0]
    return quote
