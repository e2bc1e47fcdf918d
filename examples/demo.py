"""Starts a service of its own, scores demo_batch.jsonl over HTTP and shows the verdicts.

Run by `make demo`. The batch is made to show every kind of outcome, so that each row also says what
its outcome should be. Exit codes: 0 all as they should be, 1 some are not, 2 no service.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import httpx2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from verifier_client import Client, ClientError, GroupSummary, Result

BATCH = Path(__file__).with_name("demo_batch.jsonl")
START_TIMEOUT_S = 300.0
"""A machine may be slow, and most of all the first time."""
FAULT_TIMEOUT_S = 10.0
"""For a fault that the service finds again and again, each time that it tries to start a worker."""
NO_ANSWER = "It does not answer."
STYLES = {1.0: "green", 0.0: "red", None: "yellow"}


class NoService(Exception):
    """The service did not come up; the text says why and what to do."""


def main() -> int:
    """Run the demo; the exit code."""
    # What candidates print is shown as it is, whatever it looks like.
    console = Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 110)
    rows = [json.loads(line) for line in BATCH.read_text(encoding="utf-8").splitlines()]
    try:
        with service(console) as url, Client(url, patience_s=10) as client:
            results, seconds = score(client, rows, console)
            # Sent again under the same name, the batch is not judged again.
            groups = client.score(rows, batch_id="demo").groups
    except (NoService, ClientError) as error:
        console.print(str(error), style="bold red")
        return 2
    console.print(verdicts(rows, results))
    console.print(summary(groups))
    return conclude(rows, results, seconds, console)


@contextlib.contextmanager
def service(console: Console) -> Iterator[str]:
    """The address of a service that can judge; it ends with the context. Raises NoService."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    verifier = Path(sys.executable).with_name("verifier")
    with log_file() as log:
        process = subprocess.Popen([verifier, "serve", "--port", str(port)], stdout=log, stderr=log)
        try:
            with console.status("Starting a service"):
                wait_until_ready(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def log_file() -> IO[bytes]:
    """Raises NoService."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise NoService(
            f"The service has nowhere to write its log ({error.strerror}): make room on the disk "
            "or name a folder that has some, TMPDIR=/another/folder make demo."
        ) from error


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Any) -> None:
    """Returns once rollouts can be judged. Raises NoService."""
    fault = NO_ANSWER
    began = {fault: time.monotonic()}
    """What was in the way, and since when: no answer yet, workers that start, a fault."""
    with httpx2.Client(base_url=url, trust_env=False) as http:
        while process.poll() is None:
            with contextlib.suppress(httpx2.TransportError):
                answer = http.get("/readyz")
                if answer.is_success:
                    return
                fault = answer.json()["detail"]
            now = time.monotonic()
            patience_s = START_TIMEOUT_S if len(began) < 3 else FAULT_TIMEOUT_S
            if now - began.setdefault(fault, now) > patience_s:
                raise NoService(
                    f"The service cannot judge anything on this machine: {fault}\n"
                    "`.venv/bin/verifier doctor` lists all that it lacks and how to get it."
                )
            time.sleep(0.1)
    log.seek(0)
    said = log.read().decode(errors="replace").strip()
    raise NoService(f"The service ended with code {process.returncode}:\n{said}")


def score(
    client: Client, rows: Sequence[dict[str, Any]], console: Console
) -> tuple[list[Result], float]:
    """The verdicts in the order of the rows, and the seconds they took."""
    found: dict[int | None, Result] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    began = time.monotonic()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bar = progress.add_task("Scoring rollouts", total=len(rows))
        for result in client.stream(rows, batch_id="demo"):
            found[result.index] = result
            progress.advance(bar)
    return [found[index] for index in range(len(rows))], time.monotonic() - began


def verdicts(rows: Sequence[dict[str, Any]], results: Sequence[Result]) -> Table:
    """One line for each rollout."""
    table = Table("rollout", "what it is", "outcome", "reward", "why")
    for row, result in zip(rows, results, strict=True):
        reward = "null" if result.reward is None else f"{result.reward:.0f}"
        style = STYLES[result.reward]
        if table.rows and row["id"].endswith("-0"):
            table.add_section()
        table.add_row(result.id, row["about"], result.outcome, reward, reason(result), style=style)
    return table


def reason(result: Result) -> str:
    """What the verdict rests on, in a few words."""
    if result.message:
        return result.message
    if result.answer is not None:
        return f"answer {result.answer}"
    failure = result.first_failure or {}
    said = failure.get("message") or (f"got {failure['got'].strip()}" if "got" in failure else "")
    tests = f"{result.passed} of {result.total} tests passed"
    return f"{tests}; {said}" if said else tests


def summary(groups: Sequence[GroupSummary]) -> Table:
    """One line for each group."""
    table = Table("group", "rollouts", "judged", "solved", "mean reward", "degenerate")
    for group in groups:
        mean = "null" if group.mean_reward is None else f"{group.mean_reward:.2f}"
        counts = [str(count) for count in (group.n, group.judged, group.solved)]
        table.add_row(group.id, *counts, mean, "yes" if group.degenerate else "no")
    return table


def conclude(
    rows: Sequence[dict[str, Any]], results: Sequence[Result], seconds: float, console: Console
) -> int:
    """Say in one line how it went; the exit code."""
    rewards = Counter(result.reward for result in results)
    console.print(
        f"{len(results)} rollouts in {seconds:.1f} s: {rewards[1.0]} earned a reward, "
        f"{rewards[0.0]} did not, {rewards[None]} could not be judged."
    )
    odd = [
        f"{row['id']} should be {row['expect']} and is {result.outcome}."
        for row, result in zip(rows, results, strict=True)
        if row["expect"] != result.outcome
    ]
    for sentence in odd:
        console.print(sentence, style="bold red")
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main())
