"""Finds the files that a program reads its input from, and writes its output to.

Old contests have it so (`input.txt`, `cowroute.in`), and their programs say it by a name in quotes.
Such a program is given its input both ways, and its output is taken either way: what is in the file
is what every program has on its standard input. Where the row names no file, what a program prints
counts before it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sandbox import Program
from verifier.model import StdinTruth

_INPUT = re.compile(r"[\"'](\w{1,40}\.inp?|in(?:put)?\.txt)[\"']", re.IGNORECASE)
_OUTPUT = re.compile(r"[\"'](\w{1,40}\.out|out(?:put)?\.txt)[\"']", re.IGNORECASE)


def with_files_of(truth: StdinTruth, program: Program) -> Program:
    """`program` with the files that `truth` names, else with those that its own source does.

    Who talks with an interactor has none."""
    if truth.interactor is not None:
        return program
    return replace(
        program,
        input_file=truth.input_file or _named(_INPUT, program.source),
        output_file=truth.output_file or _named(_OUTPUT, program.source),
        prefers_file=bool(truth.output_file),
    )


def _named(pattern: re.Pattern[str], source: str) -> str:
    found = pattern.search(source)
    return found[1] if found else ""
