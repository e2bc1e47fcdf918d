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


@lru_cache(maxsize=32)
def native_source(program: JudgingProgram) -> str:
    """Its source with our header in the place of testlib's, where it asks for that."""
    found = _INCLUDE.search(program.source)
    if found is None:
        return program.source
    line = program.source.count("\n", 0, found.end()) + 2
    before, behind = program.source[: found.start()], program.source[found.end() :]
    return f"{before}{_header()}\n#line {line}{behind}"


@lru_cache(maxsize=1)
def _header() -> str:
    return Path(__file__).with_name("testlib.h").read_text(encoding="utf-8")


def python_program(judge: JudgingProgram, style: str, arguments: Sequence[str]) -> Program:
    """A program in Python behind the driver, which is told the style and the arguments."""
    source = base64.b64encode(judge.source.encode()).decode()
    return Program(f"{_DRIVER}\njudge{(style, *arguments)!r}\n", files={"judge.py": source})
