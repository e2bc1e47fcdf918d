"""One Go file of several: one package, and of the imports what is used, each once.

Go refuses an import that nothing uses, one that is made twice, and one behind a declaration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PACKAGE = re.compile(r"^package[ \t]+\w+.*$", re.MULTILINE)
IMPORT = re.compile(r"^import[ \t]*(?:\(([^)]*)\)|(.*))$", re.MULTILINE)
_SPECIFIED = re.compile(r"^[ \t]*(?:([\w.]+)[ \t]+)?\"([^\"\n]+)\"", re.MULTILINE)
_OF_TESTS = ("testing", "github.com/stretchr/testify/assert")
"""What HumanEval-X's harness imports for its suites."""


def joined(texts: Iterable[str]) -> str:
    """The texts as one file of tests, in their order."""
    bodies: list[str] = []
    paths = dict.fromkeys(_OF_TESTS, "")
    for text in texts:
        for several, single in IMPORT.findall(text):
            paths |= {path: alias for alias, path in _SPECIFIED.findall(several or single)}
        bodies.append(IMPORT.sub("", _PACKAGE.sub("", text)))
    body = "\n".join(bodies)
    used = [f'{alias} "{path}"' for path, alias in paths.items() if _is_used(alias, path, body)]
    return "\n".join(("package main", *(f"import {each}" for each in used), body))


def _is_used(alias: str, path: str, body: str) -> bool:
    name = alias or path.rpartition("/")[2]
    return name in (".", "_") or re.search(rf"(?<![\w.]){re.escape(name)}\.", body) is not None
