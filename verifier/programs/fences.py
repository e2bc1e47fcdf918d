"""Finds the program that a completion gives, among the code fences of its final part.

docs/extraction.md lists the rules with an example each. Everything here takes time linear in the
completion's length. Final answers of math completions are found by `verifier.math.extraction`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sandbox import PYTHON
from verifier.programs.program_choice import defining, joined, running, without_comments

# Every quantifier is possessive: nothing is tried twice, however long the line is.
_OPENING = re.compile(
    r"(?P<quoted>(?:[ \t]*+>)*+)"
    r"(?P<indent>[ \t]*+(?:(?:[-*+]|\d{1,9}+[.)])[ \t]++)?+)"
    r"(?P<marks>`{3,}+|~{3,}+)[ \t]*+(?P<info>.*+)"
)
_OPENING_BEHIND_PROSE = re.compile(
    r"(?P<quoted>)(?P<indent>)[^`]*+(?:(?<=[:.!>)\]])|(?<=[:.!>)\]] ))"
    r"(?P<marks>`{3,}+)(?P<info>[a-zA-Z]\w*+)[ \t]*+"
)
"""Behind a sentence; it must have a tag then, as what is not one is told by it alone."""
_QUOTED = re.compile(r"(?:[ \t]*+>)*+")
_TAG = re.compile(r"\{?+[ \t]*+\.?+([\w+#]*+)")
_STATEMENT = re.compile(
    r"(?:async[ \t]++)?+(?:def|class|import|from|for|while|if|try|with|print)\b"
    r"|@\w|\w[\w, \t]*[ \t]=[ \t]|\#include\b|.*(?:;|\) ?\{)[ \t]*$"
)
_CLOSING = re.compile(
    r"(?P<marks>`{3,}+|~{3,}+)[ \t]*+"
    r"(?:[.!]?+\Z|<[|\uff5c][^|\uff5c\s]{1,48}+[|\uff5c]>|</(?:s|answer|code|solution)>|<(?:eos|end_of_turn)>)"
)
"""A closing fence; tokens that end a generation and tags that close may stand behind it."""
_ANSWER_TAGS = (
    *(("<answer>", "</answer>"), ("<solution>", "</solution>"), ("<code>", "</code>")),
    *(("[ANSWER]", "[/ANSWER]"), ("[PYTHON]", "[/PYTHON]")),
)
_TAGS_ON_LINES = (
    *(("<final_code>", "</final_code>"), ("<python_code>", "</python_code>")),
    *(("<python>", "</python>"), ("[BEGIN]", "[DONE]")),
)
"""Pairs that close, and begin a line: elsewhere they may be text of a program."""
_FILE_NAME = re.compile(r"[\w/-]++\.([a-zA-Z]++\+*+)[ \t]*+")
"""In place of a tag, what its ending says."""
_NEUTRAL_TAGS = frozenset({"text", "txt", "plaintext", "plain", "code"})
"""As good as none."""
_TRIPLES = ("'''", '"""')
_CODE = re.compile(
    r"""\\.|\#.*+|'''|\"""|'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\"""", re.VERBOSE | re.DOTALL
)
_INSIDE_STRING = re.compile(r"\\.|'''|\"\"\"", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FoundProgram:
    """A program as the completion gives it."""

    source: str
    fenced: bool
    """False: the completion has no fence, so all of it is taken for the program, if it compiles."""


def find_program(
    final: str,
    tags: Collection[str],
    *,
    entry_point: str | None = None,
    truncated: bool = False,
) -> FoundProgram | None:
    """The complete fenced block, tagged with one of `tags` (lower case) or not at all, that is
    judged: the last that defines `entry_point`, with what it needs of those before it; where
    there is none, the last that reads input or is a main program; else the last.

    An untagged block after a program counts only where it holds statements: completions often end
    with a sample of the output. Where there is no block, what stands between answer tags is the
    program, or a text without any fence as a whole, perhaps; unless it is `truncated`, also a last
    block that never closes."""
    for answer in _answers(final):
        found = _find(answer, tags, entry_point, truncated=truncated)
        if found is not None and (found.fenced or _has_statement(found.source)):
            return found
    return _find(final, tags, entry_point, truncated=truncated)


def _answers(final: str) -> Iterator[str]:
    """What stands between the last pair of each kind of answer tags."""
    for opening, closing in _ANSWER_TAGS:
        _, opened, behind = final.rpartition(opening)
        if opened:
            yield behind.partition(closing)[0]
    for opening, closing in _TAGS_ON_LINES:
        _, opened, behind = f"\n{final}".rpartition(f"\n{opening}")
        inner, closed, _ = behind.partition(closing)
        if opened and closed:
            yield inner


def _find(
    final: str, tags: Collection[str], entry_point: str | None, *, truncated: bool
) -> FoundProgram | None:
    """Chooses the program: the last complete fitting block, else an unclosed one, else all text."""
    blocks = list(_blocks(final))
    fitting = [
        block
        for block in blocks
        if block is not None and block.is_complete and (block.tag in tags or not block.tag)
    ]
    programs: list[_Block] = []
    for block in fitting:
        if block.tag or _follows(block, programs[-1] if programs else None):
            programs.append(block)
    if programs:
        return _chosen([block.source for block in programs], tags, entry_point)
    left = blocks[-1] if blocks and not truncated else None
    if left is not None and not left.is_complete and left.is_program(tags):
        return FoundProgram(left.source, fenced=True)
    if blocks or not final.strip():
        return None
    return FoundProgram(final, fenced=False)


def _chosen(
    sources: list[str], tags: Collection[str], entry_point: str | None
) -> FoundProgram | None:
    if not sources[-1].strip():
        return None
    sources = [source for source in sources if without_comments(source).strip()] or sources
    chosen = running(sources) if entry_point is None else defining(sources, entry_point)
    if chosen is None:
        chosen = len(sources) - 1
    if PYTHON not in tags:
        return FoundProgram(sources[chosen], fenced=True)
    return FoundProgram(joined(sources, chosen), fenced=True)


@dataclass(frozen=True, slots=True)
class _Block:
    source: str
    tag: str
    is_complete: bool = True
    """False: it never closes, and the text ends in it."""

    @property
    def has_statement(self) -> bool:
        return _has_statement(self.source)

    def is_program(self, tags: Collection[str]) -> bool:
        """Whether it is one by its tag, or else by what is in it."""
        return (
            bool(self.source.strip()) if self.tag in tags else not self.tag and self.has_statement
        )


def _has_statement(source: str) -> bool:
    return any(_STATEMENT.match(line) for line in source.split("\n"))


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
        found = _CLOSING.match(line.strip())
        return found is not None and found["marks"].startswith(self.marks)

    def is_closed_behind(self, line: str) -> bool:
        """Whether the closing fence stands behind the last line of code instead of below it."""
        line = line.rstrip()
        return line.endswith(self.marks) and line.count(self.marks) == 1 and "#" not in line

    def is_left_open_by(self, other: _Fence | None) -> bool:
        """A tagged fence opens a block: the one before it was left open."""
        return other is not None and bool(other.tag) and other.marks.startswith(self.marks)


def _opening(line: str) -> _Fence | None:
    """The fence that a line opens, None where it opens none."""
    if "```" not in line and "~~~" not in line:  # nearly every line; patterns cost more
        return None
    found = _OPENING.match(line) or _OPENING_BEHIND_PROSE.fullmatch(line)
    if found is None or (found["marks"][0] == "`" and "`" in found["info"]):
        return None
    tag = _FILE_NAME.fullmatch(found["info"]) or _TAG.match(found["info"])
    return _Fence(
        marks=found["marks"],
        tag="" if tag is None or tag[1].lower() in _NEUTRAL_TAGS else tag[1].lower(),
        quoted=bool(found["quoted"]),
        indent=len(found["indent"]),
    )


def _blocks(text: str) -> Iterator[_Block | None]:
    """The fenced blocks in their order; None for one that another one's opening cuts off."""
    lines = [line.removesuffix("\r").lstrip("\u200b\ufeff") for line in text.split("\n")]
    track_strings = True
    number = 0
    while number < len(lines):
        fence = _opening(lines[number])
        number += 1
        if fence is None:
            continue
        block, end = _read_block(lines, number, fence, track_strings=track_strings)
        if block is not None and not block.is_complete and track_strings:
            # A string that never ends may have hidden the closing fence. Once is enough: whoever
            # leaves strings open all over cannot have the text read again for each.
            track_strings = False
            block, end = _read_block(lines, number, fence, track_strings=False)
        yield block
        number = end


def _read_block(
    lines: Sequence[str], start: int, fence: _Fence, *, track_strings: bool
) -> tuple[_Block | None, int]:
    """The block below a fence, None where another one cuts it off, and where to read on."""
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
                if not any(lines[later].strip() for later in range(number + 1, len(lines))):
                    return _Block("".join(source), fence.tag), len(lines)
                return None, number
        source.append(fence.unindented(line) + "\n")
        if track_strings:
            quote = _open_quote(line, quote)
    return _Block("".join(source), fence.tag, is_complete=False), len(lines)


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
