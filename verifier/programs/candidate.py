"""Prepares a candidate's program for its tests: set-up code in front, the entry point.

The program is hostile text and is looked at line by line, never parsed: a parser is one more thing
that hostile text can bring down, and the jail compiles it anyway.
"""

from __future__ import annotations

import re

_FUTURE = re.compile(r"^from[ \t]+__future__[ \t]+import[ \t]+(\([^()]*\)|[\w \t,]+)", re.MULTILINE)
_SOLUTION = re.compile(r"^class[ \t]+Solution\b", re.MULTILINE)


def with_setup(setup: str, source: str) -> str:
    """The program with its set-up code in front.

    Imports from `__future__` go before the set-up code, where alone they are allowed. A program
    that only continues the set-up code's last function, as a completion of a HumanEval prompt does,
    becomes that function's body."""
    if not setup.strip():
        return source
    if _is_body(source):
        return f"{setup.rstrip()}\n{source}"
    source = source.removeprefix("\ufeff")
    futures = [found[0] for found in _FUTURE.finditer(source)]
    rest = _FUTURE.sub(lambda found: "pass" + "\n" * found[0].count("\n"), source)
    return "\n".join([*futures, setup, rest])


def _is_body(source: str) -> bool:
    """Whether its first statement is indented: no program of its own begins so."""
    lines = (line for line in source.splitlines() if not line.lstrip().startswith("#"))
    first = next((line for line in lines if line.strip()), "")
    return first[:1] in (" ", "\t")


def defines(source: str, name: str) -> bool:
    """Whether a line at the top level defines or assigns this name."""
    name = re.escape(name)
    pattern = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|^{name}[ \t]*[:=]"
    return re.search(pattern, source, re.MULTILINE) is not None


def resolve_entry_point(entry_point: str, source: str) -> str:
    """Where the program keeps the function: suites that name only `f` also accept a method `f` of
    LeetCode's `class Solution`."""
    if "(" in entry_point or defines(source, entry_point) or not _SOLUTION.search(source):
        return entry_point
    return f"Solution().{entry_point}"
