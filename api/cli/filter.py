"""`verifier filter`: of scored rollouts the problems that are worth training on."""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.table import Table

from api.cli.files.records import read_objects
from api.cli.files.source import Source, is_same_file, open_source
from api.cli.terminal import ExitCode, Unusable, complain, out
from verifier.curation.selection import REASONS, Drop, Problem, Range, Selection

ADDED = ("pass_rate", "reason", "reason_details")
"""What filtering adds to a row; a row that has them already is filtered anew."""
_RANGE = re.compile(
    r"(?P<low_end>[\[(]?)(?P<low>[\d.]*):(?P<high>[\d.]*)(?P<high_end>[\])]?)", re.ASCII
)

Key = tuple[str, ...]


def filter_rows(
    file: Annotated[
        Path,
        typer.Argument(help="What `verifier score` or `audit` wrote; - is standard input."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where rows of kept problems go.")],
    keep: Annotated[
        str,
        typer.Option(help="Pass rates to keep, LOW:HIGH; without the ends unless in [brackets]."),
    ] = "0:1",
    dropped: Annotated[
        Path | None, typer.Option(help="Where the other rows go, each with its reason.")
    ] = None,
) -> None:
    """Keep the problems of FILE that are worth training on.

    Rollouts of one `group` are of one problem. Kept rows get `pass_rate`, the mean reward of the
    problem's judged rollouts; null rewards count in nothing. Dropped rows get `reason` too."""
    wanted = read_range(keep)
    _refuse_same_files(file, output, dropped)
    with open_source(file) as source:
        problems = _read_problems(source)
        decided = _decide(problems, wanted)
        with ExitStack() as files:
            kept_file = files.enter_context(_replacing(output))
            dropped_file = files.enter_context(_replacing(dropped)) if dropped else None
            _write(source, problems, decided, kept_file, dropped_file)
    _show(problems, decided, output)
    raise typer.Exit(ExitCode.DONE)


def read_range(text: str) -> Range:
    """The pass rates that `--keep` names. Raises Unusable."""
    found = _RANGE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        low, high = float(found["low"] or 0), float(found["high"] or 1)
    except ValueError:
        raise _unusable_range(text) from None
    if not 0 <= low <= high <= 1:
        raise _unusable_range(text)
    return Range(low, high, low_open=found["low_end"] != "[", high_open=found["high_end"] != "]")


def _unusable_range(text: str) -> Unusable:
    return Unusable(
        f"--keep cannot be used: {text!r} is no range. Give two pass rates from 0 to 1, as 0:1 "
        "(both ends left out) or [0.25:0.75] (both kept)."
    )


def _refuse_same_files(file: Path, output: Path, dropped: Path | None) -> None:
    if is_same_file(file, output):
        raise Unusable("FILE and -o are the same file; choose another -o.")
    if dropped is None:
        return
    if is_same_file(file, dropped) or output.absolute() == dropped.absolute():
        raise Unusable("--dropped is one of the other files; choose another.")


def _read_problems(source: Source) -> dict[Key, Problem]:
    """In the order of their first rows. Raises Unusable."""
    problems: dict[Key, Problem] = {}
    for number, row in read_objects(source):
        _check(source, number, row)
        key = _key(number, row)
        if key not in problems:
            kept = {name: value for name, value in row.items() if name != "completion"}
            problems[key] = Problem(_name(number, row), kept)
        problems[key].add(row)
    return problems


def _check(source: Source, number: int, row: dict[str, Any]) -> None:
    if "reward" not in row and "verdict" not in row:
        raise Unusable(
            f"{source.place(number)} has neither `reward` nor `verdict`; score the file "
            "first, with `verifier score`, or audit it, with `verifier audit`."
        )
    reward = row.get("reward")
    is_rate = isinstance(reward, bool | int | float) and math.isfinite(reward) and 0 <= reward <= 1
    if reward is not None and not is_rate:
        raise Unusable(f"{source.place(number)}: `reward` must be from 0 to 1, or null.")


def _key(number: int, row: dict[str, Any]) -> Key:
    """By which the rollouts of one problem are known; a row that names none is one of its own."""
    for field in ("group", "problem"):
        if row.get(field) is not None:
            return field, str(row[field]), str(row.get("source"))
    return "line", str(number)


def _name(number: int, row: dict[str, Any]) -> str:
    for field in ("group", "id"):
        if row.get(field) is not None:
            return f"`{str(row[field])[:100]}`"
    return f"line {number}"


def _decide(problems: dict[Key, Problem], wanted: Range) -> dict[Key, Drop | None]:
    selection = Selection(wanted)
    return {key: selection.drop(problem) for key, problem in problems.items()}


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` once it is whole. Raises Unusable."""
    try:
        if path.exists() and not path.is_file():  # a pipe, /dev/stdout
            with open(path, "wb") as file:
                yield file
            return
        with tempfile.NamedTemporaryFile(dir=path.absolute().parent, delete=False) as file:
            try:
                yield file.file
                file.close()
                umask = os.umask(0)
                os.umask(umask)
                os.chmod(file.name, 0o666 & ~umask)
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror}.") from None


def _write(
    source: Source,
    problems: dict[Key, Problem],
    decided: dict[Key, Drop | None],
    kept: IO[bytes],
    dropped: IO[bytes] | None,
) -> None:
    for number, row in read_objects(source):
        key = _key(number, row)
        drop = decided[key]
        added: dict[str, Any] = {"pass_rate": problems[key].pass_rate}
        if drop is not None:
            added |= {"reason": drop.reason, "reason_details": drop.details}
        file = kept if drop is None else dropped
        if file is not None:
            content = {name: value for name, value in row.items() if name not in ADDED}
            file.write(json.dumps({**content, **added}).encode("ascii") + b"\n")


def _show(problems: dict[Key, Problem], decided: dict[Key, Drop | None], output: Path) -> None:
    """Prints how many problems were dropped for each reason, and how many are kept."""
    counts = Counter(drop.reason for drop in decided.values() if drop is not None)
    table = Table("dropped", "problems", "rollouts", "why", box=None, pad_edge=False)
    for reason, why in REASONS.items():
        if counts[reason]:
            rollouts = sum(
                problems[key].rollouts
                for key, drop in decided.items()
                if drop is not None and drop.reason == reason
            )
            table.add_row(reason, str(counts[reason]), str(rollouts), why)
    if counts:
        out.print(table)
    kept = [problem for key, problem in problems.items() if decided[key] is None]
    rows = sum(problem.rollouts for problem in kept)
    unjudged = sum(problem.rollouts - problem.judged for problem in problems.values())
    out.print(f"{len(kept)} of {len(problems)} problems kept: {rows} rows in {output}.")
    if unjudged and any(problem.scored for problem in problems.values()):
        out.print(f"{unjudged} rollouts could not be judged and count in no pass rate.")
    if not kept:
        complain("No problem is kept.")
