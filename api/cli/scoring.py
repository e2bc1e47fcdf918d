"""Runs `verifier score`: checks all rows, judges a window at a time, writes in order."""

from __future__ import annotations

import asyncio
import itertools
import shlex
import signal
import sys
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from api.cli.changes import Changes
from api.cli.files.source import STANDARD
from api.cli.judges import Added, Judging, unjudged
from api.cli.output import Nowhere, Output
from api.cli.progress import Judged, ProgressShown
from api.cli.rows import Row, Rows, windows
from api.cli.terminal import ExitCode, complain, err, out

WINDOW_ROWS = 1024
WINDOW_CHARS = 32 * 1024 * 1024
WINDOWS_UNDER_WAY = 2
"""So that no worker is idle while the last rollouts of a window are judged."""

Write = Callable[[Row, Added], None]


def score_rows(
    rows: Rows,
    output: Path | None,
    judges: AbstractAsyncContextManager[Judging],
) -> ExitCode:
    """Nothing is judged before every row was found usable. Raises Unusable."""
    with _stoppable(rows, output) as stopping:
        with err.status("checking the rows"):
            total = sum(1 for _ in rows)
        judged = Judged()
        changes = Changes(rows.source) if rows.again else None
        with Nowhere() if output is None else Output(output) as written:
            left = iter(rows)
            for row, earlier in written.skip_written(left):
                judged.count(earlier)
                if changes and "before" in earlier:
                    changes.count(row.number, row.content, earlier)
            if judged.rows:
                err.print(f"{judged.rows} of {total} rows are in {output} already.")
            stopping.append(judged)
            with ProgressShown(judged, total) as progress:

                def write(row: Row, added: Added) -> None:
                    if changes:
                        added = changes.told(row.number, row.content, row.before, added)
                    written.write(row, added)
                    judged.count(added)
                    progress.update()

                _run(_judge_all(left, judges, write))
    console = err if output == STANDARD else out
    if changes:
        changes.show(console)
    return _summary(judged, output, console)


def _run(judging: Coroutine[Any, Any, None]) -> None:
    """Runs it; SIGTERM ends it as Ctrl-C does, between two steps and never within a write, also
    where Ctrl-C is ignored."""

    async def stoppable() -> None:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await judging

    try:
        asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


@contextmanager
def _stoppable(rows: Rows, output: Path | None) -> Iterator[list[Judged]]:
    """SIGTERM is as good as Ctrl-C: what is written stays, and how to go on is said.

    What it yields gets the count of rows, once there is one."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    counts: list[Judged] = []
    try:
        yield counts
    except KeyboardInterrupt:
        done = f" after {counts[0].rows} rows" if counts else ""
        complain(f"Stopped{done}. {_how_to_go_on(rows, output)}")
        raise typer.Exit(ExitCode.UNJUDGED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> None:
    """As Ctrl-C does, also where a shell that started this in its background has that ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def _how_to_go_on(rows: Rows, output: Path | None) -> str:
    if output is None or output == STANDARD:
        return "It begins anew when it is run again; with -o FILE it would go on where it stopped."
    again = shlex.join(["verifier", *sys.argv[1:]])
    pipe = "" if rows.source.is_file else ", with the same input,"
    return f"Run the same command again{pipe} to continue: {again}"


async def _judge_all(
    rows: Iterator[Row], judges: AbstractAsyncContextManager[Judging], write: Write
) -> None:
    """Nothing is started where no row is left. Raises Unusable."""
    waiting = windows(rows, WINDOW_ROWS, WINDOW_CHARS)
    first = next(waiting, None)
    if first is None:
        return
    try:
        async with judges as judging:
            await _judge_windows(itertools.chain([first], waiting), judging, write)
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def _judge_windows(waiting: Iterator[list[Row]], judging: Judging, write: Write) -> None:
    """Keeps a few windows under way and writes rows in order, each as soon as it can be."""
    under_way: deque[tuple[list[Row], list[asyncio.Future[Added]]]] = deque()
    async with asyncio.TaskGroup() as tasks:

        def begin() -> None:
            if window := next(waiting, None):
                found = [asyncio.get_running_loop().create_future() for _ in window]
                under_way.append((window, found))
                tasks.create_task(_judge(judging, window, found))

        for _ in range(WINDOWS_UNDER_WAY):
            begin()
        while under_way:
            for row, added in zip(*under_way.popleft(), strict=True):
                write(row, await added)
            begin()


async def _judge(
    judging: Judging, window: Sequence[Row], found: Sequence[asyncio.Future[Added]]
) -> None:
    """Sets what is `found` of each row of the window."""
    for row, future in zip(window, found, strict=True):
        if row.kept:
            future.set_result(row.before)
        elif row.rollout is None:
            future.set_result(unjudged(row.lack))
    places = [place for place, row in enumerate(window) if row.rollout is not None]
    if places:
        async for index, added in judging.judge([window[place] for place in places]):
            found[places[index]].set_result(added)


def _summary(judged: Judged, output: Path | None, console: Console) -> ExitCode:
    where = {None: "", STANDARD: " in standard output"}.get(output, f" in {output}")
    counts = judged.in_words()
    console.print(f"{judged.rows} rows{where}{': ' if counts else ''}{counts}.")
    if not judged.unjudged:
        return ExitCode.DONE
    again = (
        f" `verifier score {shlex.quote(str(output))} --only-null -o FILE` judges them again."
        if output not in {None, STANDARD}
        else ""
    )
    complain(
        f"{judged.unjudged} rows could not be judged: their reward is null, and `details` says why."
        f"{again}"
    )
    return ExitCode.UNJUDGED
