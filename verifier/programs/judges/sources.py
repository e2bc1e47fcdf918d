"""The source of a judging program as it runs: with testlib's header, or our driver."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sandbox import Program
from verifier.model import JudgingProgram
from verifier.programs.judges import python_driver
from verifier.programs.referee.suite_side import seal

INPUT, JURYS, THEIRS = "stdin.txt", "stdout.txt", "answer.txt"
"""The files that it finds: the input, the jury's output, the candidate's. ScaleBox' names, whose
judges open them by these."""
_INCLUDE = re.compile(
    r"^[ \t]*#[ \t]*include[ \t]*[<\"](?:[\w./]*/)?testlib\.h[>\"].*$", re.MULTILINE
)
_DRIVER = "".join(
    Path(module.__file__ or "").read_text(encoding="utf-8") for module in (seal, python_driver)
)


_LIBRARY = "#include <bits/stdc++.h>\n#line 1\n"
"""In front of all, as a compiler takes a compiled header there alone: the image `languages` has
this one compiled, which spares nearly half of the compiler's time."""


@lru_cache(maxsize=32)
def native_source(program: JudgingProgram) -> str:
    """Its source with our header in the place of testlib's, where it asks for that."""
    found = _INCLUDE.search(program.source)
    if found is None:
        return program.source
    line = program.source.count("\n", 0, found.end()) + 2
    before = program.source[: found.start()].removeprefix("\ufeff")
    behind = program.source[found.end() :]
    return f"{_LIBRARY}{before}{_header()}\n#line {line}{behind}"


@lru_cache(maxsize=1)
def _header() -> str:
    return Path(__file__).with_name("testlib.h").read_text(encoding="utf-8")


def python_program(judge: JudgingProgram, style: str, arguments: Sequence[str]) -> Program:
    """A program in Python behind the driver, which is told the style and the arguments."""
    source = base64.b64encode(judge.source.encode()).decode()
    return Program(f"{_DRIVER}\njudge{(style, *arguments)!r}\n", files={"judge.py": source})
