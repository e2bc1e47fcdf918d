"""Chooses which of a completion's code blocks is the program that is judged.

Told from lines, never by parsing: the blocks are hostile text, and the jail compiles them anyway.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DEFINED = re.compile(
    r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]{1,80})?=(?!=)", re.MULTILINE
)
_IMPORTED = re.compile(r"^(?:import|from)[ \t]+([^\n]+)", re.MULTILINE)
_ANYTHING = "*"
"""Among the names that a block defines: it imports all that a module has."""
_NAME = re.compile(r"[^\W\d]\w*")
_ONLY_DEFINES = re.compile(
    r"(?:(?:async[ \t]+)?def|class|import|from|@|#|\s|[)\]}'\"]|\w+[ \t]*=(?!=)|$)"
)
_ENDS_IN_A_STUB = re.compile(
    r"""(?::|\"\"\"|''')[ \t]*+(?:\n[ \t]++)?+(?:\.\.\.|pass)[ \t]*+(?:\#[^\n]*+)?+\s*+\Z"""
)
_READS_OR_IS_MAIN = re.compile(
    r"\b(?:(?:raw_)?input\b(?![ \t]*=)|stdin|fileinput|scanf|getline|getchar|fgets|cin|Scanner"
    r"|BufferedReader|readline|readLine|bufio|io::Read|read_line|main)\b|\bopen\(\s*0"
    r"|\bread[ \t]+-?\w"
)

_COMMENT = re.compile(r"^[ \t]*+(?://|#(?!include|define|!?\[))[^\n]*+", re.MULTILINE)
"""A line of nothing else; of those with `#` C and Rust have other uses."""


def without_comments(source: str) -> str:
    """The source without its lines of comment, which say nothing of what a block does."""
    return _COMMENT.sub("", source)


def defining(sources: Sequence[str], entry_point: str) -> int | None:
    """The last of `sources` that defines what is judged, `f` or `Solution().f`; one that gives it a
    body goes before one that only shows its signature."""
    owner, _, method = entry_point.partition("().")
    name = re.escape(owner)
    by_name = re.compile(
        rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|^{name}[ \t]*(?::[^=\n]*)?=(?!=)",
        re.MULTILINE,
    )
    in_solution = re.compile(
        rf"^[ \t]+(?:async[ \t]+)?def[ \t]+{re.escape(method or owner)}\b", re.MULTILINE
    )
    found = [
        number
        for number, source in enumerate(sources)
        if by_name.search(source) or ("class Solution" in source and in_solution.search(source))
    ]
    whole = [number for number in found if not _ENDS_IN_A_STUB.search(sources[number])]
    return max(whole or found, default=None)


def running(sources: Sequence[str]) -> int | None:
    """The last of `sources` that reads input or defines `main`, as no snippet of a program does,
    but for one that only quotes lines of the program before it."""
    chosen: int | None = None
    lines: set[str] = set()
    for number, source in enumerate(map(without_comments, sources)):
        if _READS_OR_IS_MAIN.search(source):
            own = {line.strip() for line in source.split("\n")}
            if not own < lines:
                chosen, lines = number, own
    return chosen


def joined(sources: Sequence[str], chosen: int) -> str:
    """The chosen block with those of the others that define a name which it uses and does not
    define, each where it stands.

    Blocks that do anything else than to define and import are examples, and stay out."""
    taken = {chosen}
    bound = _bound(sources[chosen])
    wanted = {name for name in _NAME.findall(sources[chosen]) if name not in bound}
    for number in [*reversed(range(chosen)), *range(chosen + 1, len(sources))]:
        source = sources[number]
        defines = _bound(source)
        is_wanted = not wanted.isdisjoint(defines) or _ANYTHING in defines
        if not is_wanted or not bound.isdisjoint(defines):
            continue
        if _is_definitions(source):
            taken.add(number)
            bound |= defines - {_ANYTHING}
            wanted -= defines
            wanted.update(name for name in _NAME.findall(source) if name not in bound)
    return "".join(sources[number] for number in sorted(taken))


def _bound(source: str) -> set[str]:
    """The names that a block defines or imports; `*` where it imports all of a module."""
    names = {first or second for first, second in _DEFINED.findall(source)}
    for imported in _IMPORTED.findall(source):
        _, _, behind = f" {imported}".rpartition(" import ")
        for part in (behind or imported).split(","):
            if part.strip() == "*":
                names.add(_ANYTHING)
            words = _NAME.findall(part)
            if words:
                names.add(words[-1] if " as " in part else words[0])
    return names


def _is_definitions(source: str) -> bool:
    return all(_ONLY_DEFINES.match(line) for line in source.split("\n"))
