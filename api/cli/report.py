"""`verifier report`: what a scored file adds up to, in the terminal or as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.report_page import page
from api.cli.rows import Source, is_scored, open_source, read_objects
from api.cli.tally import Tally, tally
from api.cli.terminal import Unusable, out


def report(
    file: Annotated[Path, typer.Argument(help="What `verifier score` wrote; - is standard input.")],
    html: Annotated[Path | None, typer.Option(help="Write a page that needs nothing else.")] = None,
) -> None:
    """Sum up a scored file: outcomes, avg@k, pass@k, and what could not be judged."""
    with open_source(file) as source:
        found = tally(_scored(source))
    if html:
        try:
            html.write_text(page(found, str(file)), encoding="utf-8", errors="replace")
        except OSError as error:
            raise Unusable(f"{html} cannot be written: {error.strerror}.") from None
    _show(found)


def _scored(source: Source) -> Iterator[dict[str, Any]]:
    """Raises Unusable."""
    for number, row in read_objects(source):
        if not is_scored(row):
            raise Unusable(
                f"{source.name}, line {number} has no `reward` and `outcome`; score the file "
                "first, with `verifier score`."
            )
        yield row


def _show(found: Tally) -> None:
    outcomes = Table("outcome", "rollouts", "share", box=None, pad_edge=False)
    for outcome, count in found.outcomes.items():
        outcomes.add_row(outcome, str(count), f"{count / found.rollouts:.1%}")
    out.print(outcomes)
    out.print(f"\n{found.rollouts} rollouts in {len(found.groups)} groups of {found.sizes}.")
    if found.avg_at_k is not None:
        out.print(f"avg@k   {found.avg_at_k:.4f}")
    for entry in found.pass_at_k:
        over = "" if entry.groups == len(found.groups) else f"  over {entry.groups} groups"
        out.print(f"{f'pass@{entry.k}':<7} {entry.value:.4f}{over}")
    if found.unjudged:
        out.print(f"{found.unjudged} rollouts could not be judged and count in none of these.")
