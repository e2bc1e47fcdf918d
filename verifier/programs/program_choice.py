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
_NAME = re.compile(r"[^\W\d]\w*")
_ONLY_DEFINES = re.compile(
    r"(?:(?:async[ \t]+)?def|class|import|from|@|#|\s|[)\]}'\"]|\w+[ \t]*=(?!=)|$)"
)
_READS_OR_IS_MAIN = re.compile(
    r"\b(?:input|raw_input|stdin|fileinput|scanf|getline|getchar|fgets|cin|Scanner|BufferedReader"
    r"|readline|readLine|bufio|io::Read|read_line|main)\b|\bopen\(\s*0|\bread[ \t]+-?\w"
)


def defining(sources: Sequence[str], entry_point: str) -> int | None:
    """The last of `sources` that defines what is judged, `f` or `Solution().f`."""
    owner, _, method = entry_point.partition("().")
    name = re.escape(owner)
    by_name = re.compile(
        rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|^{name}[ \t]*(?::[^=\n]*)?=(?!=)",
        re.MULTILINE,
    )
    in_solution = re.compile(
        rf"^[ \t]+(?:async[ \t]+)?def[ \t]+{re.escape(method or owner)}\b", re.MULTILINE
    )
    for number in reversed(range(len(sources))):
        source = sources[number]
        if by_name.search(source) or ("class Solution" in source and in_solution.search(source)):
            return number
    return None


def running(sources: Sequence[str]) -> int | None:
    """The last of `sources` that reads input or defines `main`, as no snippet of a program does."""
    for number in reversed(range(len(sources))):
        if _READS_OR_IS_MAIN.search(sources[number]):
            return number
    return None


def joined(sources: Sequence[str], chosen: int) -> str:
    """The chosen block with those before it that define a name which it uses and does not define.

    Blocks that do anything else than to define and import are examples, and stay out."""
    parts = [sources[chosen]]
    bound = _bound(sources[chosen])
    wanted = {name for name in _NAME.findall(sources[chosen]) if name not in bound}
    for source in reversed(sources[:chosen]):
        defines = _bound(source)
        if wanted.isdisjoint(defines) or not bound.isdisjoint(defines):
            continue
        if _is_definitions(source):
            parts.append(source)
            bound |= defines
            wanted -= defines
            wanted.update(name for name in _NAME.findall(source) if name not in bound)
    return "".join(reversed(parts))


def _bound(source: str) -> set[str]:
    names = {first or second for first, second in _DEFINED.findall(source)}
    for imported in _IMPORTED.findall(source):
        _, _, behind = f" {imported}".rpartition(" import ")
        for part in (behind or imported).split(","):
            words = _NAME.findall(part)
            if words:
                names.add(words[-1] if " as " in part else words[0])
    return names


def _is_definitions(source: str) -> bool:
    return all(_ONLY_DEFINES.match(line) for line in source.split("\n"))
