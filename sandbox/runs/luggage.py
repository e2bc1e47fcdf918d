"""Files of a run beside its input and output: those given to it, those fetched from it."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sandbox.agent import MAX_FETCHED_BYTES
from sandbox.model import Program, RunResult
from sandbox.runs.sealed import new_memory, sealed

_MOST_BYTES = 2 * MAX_FETCHED_BYTES
"""What the run may send back: base64 of that much, and names."""


def with_stdin(program: Program, stdin: bytes) -> Program:
    """`program` with the files of a run that has this standard input."""
    files, fetch = program.files, program.fetch
    if program.input_file:
        files = {**files, program.input_file: base64.b64encode(stdin).decode()}
    if program.output_file:
        fetch = (*fetch, program.output_file)
    return replace(program, files=files, fetch=fetch)


def with_files(program: Program, result: RunResult, found: Mapping[str, str]) -> RunResult:
    """`result` with what was found of the files that `program` is asked for."""
    files = {path: content for path, content in found.items() if path in program.fetch}
    left = base64.b64decode(found.get(program.output_file, ""))
    counts = left and (program.prefers_file or not result.stdout.strip())
    return replace(result, files=files, stdout=left if counts else result.stdout)


@dataclass(frozen=True, slots=True)
class Luggage:
    """Of one run: descriptors for it, empty where the program has no files."""

    descriptors: tuple[int, ...] = ()
    wanted: tuple[str, ...] = ()

    def mode(self, mode: str) -> str:
        """The agent's name for a run of this mode."""
        return f"{mode} with files" if self.descriptors else mode

    def fetched(self) -> dict[str, str]:
        """What the run left of the files that were asked for: hostile, but base64 of few bytes."""
        if not self.wanted:
            return {}
        memory = self.descriptors[1]
        size = os.fstat(memory).st_size
        try:
            found = json.loads(os.pread(memory, size, 0)) if size <= _MOST_BYTES else None
        except (ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {path: found[path] for path in self.wanted if _is_base64(found.get(path))}


@contextmanager
def packed(program: Program, *, fetches: bool = True) -> Iterator[Luggage]:
    """The luggage of a run of this program; `fetches`: its files are wanted when it has ended."""
    wanted = program.fetch if fetches else ()
    if not program.files and not wanted:
        yield Luggage()
        return
    document: Mapping[str, object] = {"files": dict(program.files), "fetch": wanted}
    memory = new_memory()
    try:
        with sealed(json.dumps(document).encode()) as given:
            yield Luggage((given, memory), wanted)
    finally:
        os.close(memory)


def _is_base64(text: object) -> bool:
    try:
        return isinstance(text, str) and base64.b64decode(text, validate=True) is not None
    except (ValueError, binascii.Error):
        return False
