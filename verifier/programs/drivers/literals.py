"""Writes plain values as literals of each language, for the arguments of calls."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from verifier.errors import GroundTruthError

MAX_DEPTH = 32


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _single_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _without_dollars(text: str) -> str:
    return _quoted(text).replace("$", "\\$")


def _from_text(text: str) -> str:
    """Rust's: for a parameter that is a `&str`, and for one that is a `String`."""
    return f"{_quoted(text)}.into()"


@dataclass(frozen=True, slots=True)
class Literals:
    """How one language writes plain values; None: it does not."""

    constants: tuple[str, str, str] = ("null", "true", "false")
    text: Callable[[str], str] = _quoted
    sequence: tuple[str, str, str] | None = ("[", ", ", "]")
    """What is before, between and behind the members of a list."""
    entry: str | None = None
    """Between a key and its value in a map, whose signs are `mapping`."""
    mapping: tuple[str, str, str] = ("{", ", ", "}")

    def write(self, value: Any, depth: int = 0) -> str:
        """Raises GroundTruthError where the language has no way to."""
        null, true, false = self.constants
        if depth > MAX_DEPTH:
            raise _not_written("values that are nested so deep")
        if value is None or isinstance(value, bool):
            return null if value is None else true if value else false
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int | float):
            if isinstance(value, float) and not math.isfinite(value):
                raise _not_written("infinities and NaN")
            return str(value)
        if isinstance(value, list | tuple) and self.sequence is not None:
            before, between, behind = self.sequence
            return before + between.join(self.write(one, depth + 1) for one in value) + behind
        if isinstance(value, Mapping) and self.entry is not None:
            before, between, behind = self.mapping
            entries = (
                f"{self.write(key, depth + 1)}{self.entry}{self.write(one, depth + 1)}"
                for key, one in value.items()
            )
            return before + between.join(entries) + behind
        raise _not_written(f"arguments of the type {type(value).__name__}")


def _not_written(what: str) -> GroundTruthError:
    return GroundTruthError(
        f"The ground truth cannot be used: {what} are not written in this language here; give "
        "`stdin` cases, or a suite in the language itself."
    )


_C = Literals(("{}", "true", "false"), sequence=("{", ", ", "}"))
_TYPED = Literals(sequence=None)
LITERALS: Mapping[str, Literals] = {
    "bash": Literals(("''", "true", "false"), shlex.quote, sequence=None),
    "cpp": _C,
    "csharp": _TYPED,
    "d": Literals(),
    "d_ut": Literals(),
    "go": Literals(("nil", "true", "false"), sequence=None),
    "java": _TYPED,
    "javascript": Literals(entry=": "),
    "kotlin_script": Literals(text=_without_dollars, sequence=("listOf(", ", ", ")")),
    "lua": Literals(("nil", "true", "false"), sequence=("{", ", ", "}")),
    "perl": Literals(("undef", "1", "0"), _single_quoted, entry=" => "),
    "php": Literals(text=_single_quoted, entry=" => ", mapping=("[", ", ", "]")),
    "r": Literals(("NULL", "TRUE", "FALSE"), sequence=("list(", ", ", ")")),
    "racket": Literals(("'null", "#t", "#f"), sequence=("(list ", " ", ")")),
    "ruby": Literals(("nil", "true", "false"), _single_quoted, entry=" => "),
    "rust": Literals(("None", "true", "false"), _from_text, sequence=("vec![", ", ", "]")),
    "scala": Literals(sequence=("List(", ", ", ")")),
    "typescript": Literals(entry=": "),
    "verilog": Literals(("0", "1", "0"), sequence=None),
}
"""By language: those whose functions can be called."""
