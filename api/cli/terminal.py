"""What every command shares: the terminal, the exit codes, settings and their refusal in words."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from rich.cells import cell_len
from rich.console import Console

from api.settings import Settings
from verifier.logs import configure

out = Console(markup=False, highlight=False, soft_wrap=True)
"""Results."""
err = Console(markup=False, highlight=False, soft_wrap=True, stderr=True)
"""Progress and complaints."""


class ExitCode(enum.IntEnum):
    """How a command ended."""

    DONE = 0
    UNJUDGED = 1
    """Finished or stopped with rollouts left unjudged."""
    UNUSABLE = 2
    """Input or arguments cannot be used."""


class Unusable(Exception):
    """Ends a command; the text is a sentence that says what to do."""


def plain(text: str) -> str:
    """Text of others' as one line that a terminal shows and does not obey."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print it as wide as it is: a terminal breaks long lines, a file keeps them."""
    lines = [heads, *rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        )
        out.print("  ".join(cells).rstrip())


def complain(sentence: str) -> None:
    err.print(f"verifier: {sentence}")


def read_settings(**given: Any) -> Settings:
    """The settings, with what the command line names (is not None) over the environment.

    Raises Unusable."""
    named = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**named)
    except ValidationError as error:
        raise Unusable(" ".join(_in_words(problem, named) for problem in error.errors())) from None


def write_logs(name: str) -> None:
    """Write logs to standard error, under this name of the process. Raises Unusable."""
    try:
        configure(name)
    except ValueError as error:
        raise Unusable(f"{error}.") from None


def unusable_redis(error: ValueError) -> Unusable:
    """The complaint about an address of Redis."""
    return Unusable(
        f"--redis (VERIFIER_REDIS) cannot be used: {error} Give it as redis://:PASSWORD@HOST:6379/0."
    )


def _in_words(problem: Any, named: dict[str, Any]) -> str:
    if not problem["loc"]:
        return f"{problem['msg'].removeprefix('Value error, ')}."
    name = str(problem["loc"][0])
    option = name.lower().removeprefix("verifier_")
    shown = (
        f"--{option.removeprefix('worker_')}" if option in named else f"VERIFIER_{option.upper()}"
    )
    return f"{shown} cannot be used: {problem['msg']}."
