"""`verifier score`: a JSONL file of rollouts in, the same rows with their verdicts out."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli.judges import Added, Judging, at_service, on_this_machine
from api.cli.rows import Output, Row, Source, is_same_file, open_source, read_rows, windows
from api.cli.terminal import ExitCode, Unusable, complain, err, out, read_settings
from api.settings import SandboxKind, Settings

WINDOW_ROWS = 1024
WINDOW_CHARS = 32 * 1024 * 1024
WINDOWS_UNDER_WAY = 2
"""So that no worker is idle while the last rollouts of a window are judged."""


def score(
    file: Annotated[
        Path, typer.Argument(help="Rollouts, one JSON object a line; - is standard input.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where each row goes, its verdict added.")
    ],
    url: Annotated[
        str | None, typer.Option(help="A service that judges; without it this machine does.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="VERIFIER_API_KEY", help="Its key.", show_envvar=True),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that judge here.  [one for each CPU]")
    ] = None,
    sandbox: Annotated[
        SandboxKind | None, typer.Option(help="What programs run in.  [auto: what works here]")
    ] = None,
) -> None:
    """Judge every row of FILE and add `reward`, `outcome` and `details` to it.

    Rows are written in order as they are judged. The same command again continues where an earlier
    one stopped. Exit code 1: some rows could not be judged and have a null reward."""
    if is_same_file(file, output):
        raise Unusable("FILE and -o are the same file; choose another -o.")
    settings = read_settings(workers=workers, sandbox=sandbox)
    judges = at_service(url, key) if url else on_this_machine(settings)
    with open_source(file) as source:
        outcomes = _score(source, output, settings, judges, knows_problems=url is not None)
    raise typer.Exit(_summary(outcomes, output))


def _score(
    source: Source,
    output: Path,
    settings: Settings,
    judges: AbstractAsyncContextManager[Judging],
    *,
    knows_problems: bool,
) -> Counter[tuple[str, bool]]:
    """How often each outcome came, in the rows of earlier runs too. Raises Unusable."""
    total = _check(source, settings, knows_problems=knows_problems)
    rows = read_rows(source, settings)
    outcomes: Counter[tuple[str, bool]] = Counter()
    with Output(output) as written, _progress() as progress:
        outcomes.update(_kind(row) for row in written.skip_written(rows))
        skipped = outcomes.total()
        if skipped:
            err.print(f"{skipped} of {total} rows are in {output} already.")
        task = progress.add_task("judged", total=total, completed=skipped)

        def write(row: Row, added: Added) -> None:
            written.write(row, added)
            outcomes[_kind(added)] += 1

        try:
            asyncio.run(_judge_all(rows, judges, write, lambda: progress.advance(task)))
        except KeyboardInterrupt:
            progress.stop()
            complain("Stopped. Run the same command again to continue.")
            raise typer.Exit(ExitCode.UNJUDGED) from None
    return outcomes


def _check(source: Source, settings: Settings, *, knows_problems: bool) -> int:
    """How many rows there are, now that each has been found usable. Raises Unusable."""
    total = 0
    for row in read_rows(source, settings):
        total += 1
        if row.rollout.problem is not None and not knows_problems:
            raise Unusable(
                f"{source.name}, line {row.number} names a registered problem, which only a "
                "service knows: score with --url, or put the ground truth into the row."
            )
    return total


async def _judge_all(
    rows: Iterator[Row],
    judges: AbstractAsyncContextManager[Judging],
    write: Callable[[Row, Added], None],
    advance: Callable[[], None],
) -> None:
    """Nothing is started where no row is left. Raises Unusable."""
    waiting = windows(rows, WINDOW_ROWS, WINDOW_CHARS)
    first = next(waiting, None)
    if first is None:
        return
    try:
        async with judges as judging:
            await _judge_windows(itertools.chain([first], waiting), judging, write, advance)
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def _judge_windows(
    waiting: Iterator[list[Row]],
    judging: Judging,
    write: Callable[[Row, Added], None],
    advance: Callable[[], None],
) -> None:
    """Keeps a few windows under way and writes rows in order, each as soon as it can be."""
    under_way: deque[tuple[list[Row], list[asyncio.Future[Added]]]] = deque()
    async with asyncio.TaskGroup() as tasks:

        def begin() -> None:
            if window := next(waiting, None):
                found = [asyncio.get_running_loop().create_future() for _ in window]
                under_way.append((window, found))
                tasks.create_task(_judge(judging, window, found, advance))

        for _ in range(WINDOWS_UNDER_WAY):
            begin()
        while under_way:
            for row, added in zip(*under_way.popleft(), strict=True):
                write(row, await added)
            begin()


async def _judge(
    judging: Judging,
    window: Sequence[Row],
    found: Sequence[asyncio.Future[Added]],
    advance: Callable[[], None],
) -> None:
    async for index, added in judging.judge(window):
        found[index].set_result(added)
        advance()


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
    )


def _kind(added: Added) -> tuple[str, bool]:
    """The outcome, and whether the rollout was judged."""
    return added["outcome"], added["reward"] is not None


def _summary(outcomes: Counter[tuple[str, bool]], output: Path) -> ExitCode:
    counts = ", ".join(f"{count} {outcome}" for (outcome, _), count in outcomes.most_common())
    out.print(f"{outcomes.total()} rows in {output}{': ' if counts else ''}{counts}.")
    unjudged = sum(count for (_, judged), count in outcomes.items() if not judged)
    if not unjudged:
        return ExitCode.DONE
    complain(f"{unjudged} rows could not be judged: their reward is null, and `details` says why.")
    return ExitCode.UNJUDGED
