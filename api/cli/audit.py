"""`verifier audit`: which problems of a file are worth training on, and why the others are not."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.cli.files.records import read_objects
from api.cli.files.source import Source, is_same_file, open_source
from api.cli.judges import Judging, at_service, on_this_machine
from api.cli.options import Key, Sandbox, Url, Workers
from api.cli.output import Output
from api.cli.rows import Row
from api.cli.terminal import ExitCode, Unusable, complain, err, out, read_settings
from verifier.audit.audit import audit
from verifier.audit.findings import Answer, Audited

ADDED = ("verdict", "evidence")
"""What auditing adds to a row. A row that has them already is audited anew and loses the old."""
AT_ONCE = 4 * (os.cpu_count() or 1)
"""Problems under way: most of the time each waits for a handful of programs."""


def audit_rows(
    file: Annotated[
        Path, typer.Argument(help="Problems, one JSON object a line; - is standard input.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where each row goes, its verdict added.")
    ],
    url: Url = None,
    key: Key = None,
    workers: Workers = None,
    sandbox: Sandbox = None,
) -> None:
    """Say of every problem of FILE whether it is worth training on: `sound`, `weak`, `broken`.

    A row has `ground_truth`, or is one of a data set, and a `solution` where one is known. It gets
    `verdict` and `evidence`. The same command again continues where an earlier one stopped. Exit
    code 1: some problems could not be audited here and have a null verdict."""
    if is_same_file(file, output):
        raise Unusable("FILE and -o are the same file; choose another -o.")
    settings = read_settings(workers=workers, sandbox=sandbox)
    judges = at_service(url, key) if url else on_this_machine(settings)
    with open_source(file) as source, Output(output, _is_audited, _without_added) as written:
        total = sum(1 for _ in read_objects(source))
        rows = _rows(source)
        tally = _Tally()
        for _, row in written.skip_written(rows):
            tally.count(row)
        _audit_left(rows, total, written, tally, judges)
        raise typer.Exit(_show(tally, written))


class _Tally:
    """What the verdicts add up to."""

    def __init__(self) -> None:
        self.verdicts: Counter[str | None] = Counter()
        self.findings: Counter[tuple[str, str]] = Counter()
        """By verdict, those that weigh."""

    def count(self, row: Mapping[str, Any]) -> None:
        """One more row, with its verdict."""
        verdict = row["verdict"]
        self.verdicts[verdict] += 1
        weighty = {entry["finding"] for entry in row["evidence"] if entry.get("weight") != "note"}
        self.findings.update((verdict, name) for name in weighty)


def _audit_left(
    rows: Iterator[Row],
    total: int,
    written: Output,
    tally: _Tally,
    judges: AbstractAsyncContextManager[Judging],
) -> None:
    done = tally.verdicts.total()
    if done:
        err.print(f"{done} of {total} rows are in {written.path} already.")
    with _progress() as progress:
        task = progress.add_task("audited", total=total, completed=done)

        def write(row: Row, found: Audited) -> None:
            written.write(row, found.added())
            tally.count(found.added())
            progress.advance(task)

        try:
            asyncio.run(_audit_all(rows, judges, write))
        except KeyboardInterrupt:
            progress.stop()
            complain("Stopped. Run the same command again to continue.")
            raise typer.Exit(ExitCode.UNJUDGED) from None
        except ExceptionGroup as group:
            raise group.exceptions[0] from None


async def _audit_all(
    rows: Iterator[Row],
    judges: AbstractAsyncContextManager[Judging],
    write: Callable[[Row, Audited], None],
) -> None:
    """A few problems at a time; rows are written in order. Raises Unusable."""
    first = next(rows, None)
    if first is None:
        return
    waiting = itertools.chain([first], rows)
    under_way: deque[tuple[Row, asyncio.Task[Audited]]] = deque()
    async with judges as judging, asyncio.TaskGroup() as tasks:

        async def ask(rollouts: Sequence[Mapping[str, Any]]) -> list[Answer]:
            found = await judging.ask(rollouts)
            return [Answer(added["outcome"], added["details"]) for added in found]

        def begin() -> None:
            if (row := next(waiting, None)) is not None:
                under_way.append((row, tasks.create_task(audit(row.content, ask))))

        for _ in range(AT_ONCE):
            begin()
        while under_way:
            row, task = under_way.popleft()
            write(row, await task)
            begin()


def _rows(source: Source) -> Iterator[Row]:
    """Raises Unusable."""
    for number, content in read_objects(source):
        if not content:
            raise Unusable(f"{source.place(number)} is empty: a row needs a `ground_truth`.")
        yield Row(number, _without_added(content), asked={}, rollout=None)


def _is_audited(row: Mapping[str, Any]) -> bool:
    return "verdict" in row


def _without_added(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ADDED}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
    )


def _show(tally: _Tally, output: Output) -> ExitCode:
    console = err if output.is_stream else out
    table = Table("verdict", "finding", "problems", box=None, pad_edge=False)
    for (verdict, finding), count in sorted(tally.findings.items()):
        table.add_row(verdict, finding, str(count))
    if table.row_count:
        console.print(table)
    counts = ", ".join(f"{tally.verdicts[name]} {name}" for name in ("sound", "weak", "broken"))
    console.print(f"{tally.verdicts.total()} problems in {output.path}: {counts}.")
    if not tally.verdicts[None]:
        return ExitCode.DONE
    complain(
        f"{tally.verdicts[None]} problems could not be audited here: their verdict is null, and "
        "`evidence` says why."
    )
    return ExitCode.UNJUDGED
