"""Reads which files the programs of a row use in place of standard input and output."""

from __future__ import annotations

import re
from dataclasses import replace

from verifier.ground_truth import fields
from verifier.ground_truth.fields import Row
from verifier.model import GroundTruth, StdinTruth

FIELDS = frozenset({"input_mode", "input_file", "output_file"})
"""Honoured beside the fields of any shape."""

_STANDARD = frozenset(
    {"", "stdio", "stdin", "stdout", "standard", "standard input", "standard output"}
)
_BY_FILES = frozenset({"file", "files"})
_NAME = re.compile(r"[\w-][\w.-]{0,99}")


def with_files_of(row: Row, truth: GroundTruth) -> GroundTruth:
    """`truth` with the files that `row` names: `input_mode` that is `file` (`input.txt` and
    `output.txt`, as Codeforces has them), `input_file` and `output_file`.

    Raises GroundTruthError for a name that is no file's in the program's own folder."""
    if not isinstance(truth, StdinTruth):
        return truth
    mode = fields.optional_text(row, "input_mode").lower()
    if mode not in _STANDARD | _BY_FILES:
        raise fields.fail("`input_mode` must be `stdio` or `file`.")
    input_file, output_file = _name(row, "input_file"), _name(row, "output_file")
    if mode in _BY_FILES:
        input_file, output_file = input_file or "input.txt", output_file or "output.txt"
    return replace(truth, input_file=input_file, output_file=output_file)


def _name(row: Row, key: str) -> str:
    name = fields.optional_text(row, key).strip()
    if name.lower() in _STANDARD:
        return ""
    if not _NAME.fullmatch(name):
        raise fields.fail(f"`{key}` must be the name of a file, without a folder.")
    return name
