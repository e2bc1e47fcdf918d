"""The sandbox's value types: a program, its limits, and what happened when it ran."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MIB = 1024 * 1024
FOLDER, SHELF = "/tmp", "/mnt"  # noqa: S108 - the jail's own
"""Where a run has its files: the folder that it starts in, and one for results."""


class Status(enum.StrEnum):
    """What happened to a run. The verifier translates these into outcomes in one function."""

    OK = "ok"
    COMPILE_ERROR = "compile_error"
    COMPILE_TIME_LIMIT = "compile_time_limit"
    """The compiler used up its time."""
    NONZERO_EXIT = "nonzero_exit"
    """Ended by itself with an exit code other than 0, or raised an exception."""
    SIGNALLED = "signalled"
    """Killed by a signal of its own making (a crash, `abort`)."""
    TIME_LIMIT = "time_limit"
    """Used up its CPU time, or slept past the wall limit."""
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test case (a stdin run, one call of a suite) may use, and all of them together."""

    cpu_s: float = 10.0
    """CPU seconds of the whole process tree."""
    wall_s: float = 10.0
    """Seconds spent asleep, i.e. neither running nor waiting for a CPU."""
    memory_bytes: int = 512 * MIB
    output_bytes: int = 16 * MIB
    """Standard output, standard error and returned values, each."""
    total_cpu_s: float = 120.0
    """CPU seconds of all test cases of a program, its loading and what is cleaned up after it."""
    total_wall_s: float = 30.0
    """Seconds that all test cases of a program may spend asleep."""


@dataclass(frozen=True, slots=True)
class Program:
    """Source text and the language it is written in."""

    source: str
    language: str = "python"
    compile_s: float | None = None
    """CPU seconds of its compiler, and seconds asleep, where the language has one; None: the
    sandbox's own limit."""
    files: Mapping[str, str] = field(default_factory=dict)
    """What stands in its folder when it is compiled, and when it starts: paths in there, or below
    /mnt, with contents in base64."""
    fetch: tuple[str, ...] = ()
    """Paths of files that are to be read when it has ended."""
    input_file: str = ""
    """The name of a file in its folder that has each run's standard input as well."""
    output_file: str = ""
    """The name of one there: what a run leaves in it, up to MAX_FETCHED_BYTES, is its output
    where it printed nothing."""
    prefers_file: bool = False
    """Whether that is its output though it printed something as well."""
    arguments: tuple[str, ...] = ()
    """Of its command line; none where the language is Python."""
    is_kept: bool = False
    """Whether what the compiler made of it is kept, for the next time that it is loaded on this
    machine and has other files: the compiler finds none of these."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What happened in one stdin run."""

    status: Status
    stdout: bytes
    stderr: bytes
    """The first few kilobytes, for people; never a verdict's source."""
    cpu_s: float
    peak_memory_bytes: int
    exit_code: int | None = None
    signal: int | None = None
    message: str = ""
    """One line for a person: the exception, the limit that was hit."""
    slept_s: float = 0.0
    """Seconds asleep, as far as they were seen: looks are 50 ms apart."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Those of `Program.fetch` that were there, of all that had room, with contents in base64."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What happened to two runs that talked with each other; None to one that was not begun because
    the other could not be."""

    mine: RunResult | None
    theirs: RunResult | None
    other_ended_first: bool
    other_slept_on: bool = False
    """Whether mine was ended for being asleep, and the other went on sleeping with nothing to wait
    for: its standard input had ended."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What happened in one call; `value` is plain data and meaningful where `status` is OK."""

    status: Status
    value: Any = None
    message: str = ""
    raised: str | None = None
    """The type's name where the candidate raised an exception; the process then stays usable."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What has come back so far of the calls that were asked for."""

    answers: Sequence[bytes]
    """In order, as the candidate's process wrote them."""
    awaited: int = 0
    """How many more are at work; the others are sent back unanswered."""
    quick: bool = False
    over: CallResult | None = None
    """What became of the process, where it is over."""
    late: bytes | None = None
    """The last answer of a process that is over its CPU time; it says which limit it was."""
