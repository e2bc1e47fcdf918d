"""The source of a judging program as it runs, with a header of ours or our driver, and the files
that it is called with."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from sandbox import Program
from verifier.model import JudgingProgram, JudgingStyle
from verifier.programs.judges import python_driver
from verifier.programs.referee.suite_side import seal

INPUT, JURYS, THEIRS = "stdin.txt", "stdout.txt", "answer.txt"
"""The files that it finds: the input, the jury's output, the candidate's. ScaleBox' names, whose
judges open them by these."""
FEEDBACK = "feedback"
"""A folder that validators of Kattis' form write to."""
SCORE = f"{FEEDBACK}/score.txt"
"""Where they write points."""
FILES = {"input": INPUT, "output": THEIRS, "answer": JURYS}
"""By what a ground truth calls them."""
_ARGUMENTS: dict[JudgingStyle, tuple[str, ...]] = {
    "cms": (INPUT, JURYS, THEIRS),
    "dmoj": (THEIRS, JURYS, INPUT),
    "kattis": (INPUT, JURYS, f"{FEEDBACK}/"),
    "prints": (INPUT, JURYS, THEIRS),
}
_USUAL = (INPUT, THEIRS, JURYS)
_INCLUDE = re.compile(
    r"^[ \t]*#[ \t]*include[ \t]*[<\"](?:[\w./]*/)?(testlib|validate)\.h[>\"].*$", re.MULTILINE
)
_DRIVER = "".join(
    Path(module.__file__ or "").read_text(encoding="utf-8") for module in (seal, python_driver)
)


_LIBRARY = "#include <bits/stdc++.h>\n#line 1\n"
"""In front of all, as a compiler takes a compiled header there alone: the image `languages` has
this one compiled, which spares nearly half of the compiler's time."""


@lru_cache(maxsize=32)
def native_source(program: JudgingProgram) -> str:
    """Its source with a header of ours in the place of testlib's or of Kattis' validators', where
    it asks for one."""
    found = _INCLUDE.search(program.source)
    if found is None:
        return program.source
    line = program.source.count("\n", 0, found.end()) + 2
    before = program.source[: found.start()].removeprefix("\ufeff")
    behind = program.source[found.end() :]
    return f"{_LIBRARY}{before}{_header(found[1])}\n#line {line}{behind}"


@lru_cache(maxsize=2)
def _header(name: str) -> str:
    return Path(__file__).with_name(f"{name}.h").read_text(encoding="utf-8")


def arguments_of(judge: JudgingProgram) -> tuple[str, ...]:
    """The paths that a checker is called with."""
    if judge.arguments:
        return tuple(FILES[name] for name in judge.arguments)
    return _ARGUMENTS.get(judge.style, _USUAL)


def files_of(judge: JudgingProgram, parts: Mapping[str, bytes]) -> dict[str, str]:
    """The files that it finds, in base64: `parts`, and what makes the folder for its feedback."""
    made = {f"{FEEDBACK}/judgemessage.txt": b""} if judge.style == "kattis" else {}
    return {name: base64.b64encode(part).decode() for name, part in {**parts, **made}.items()}


def fetched_of(judge: JudgingProgram) -> tuple[str, ...]:
    """The files of its own that tell something."""
    return (SCORE,) if judge.style == "kattis" else ()


def python_program(judge: JudgingProgram, style: str, arguments: Sequence[str]) -> Program:
    """A program in Python behind the driver, which is told its style, its text and its arguments.
    As a text: a file that a run is given costs as much as all else of most."""
    return Program(f"{_DRIVER}\njudge{(style, judge.source, *arguments)!r}\n")
