"""`verifier compare`: two scored files over the same problems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from api.cli.files.source import open_source
from api.cli.report import in_words, scored_rows, written
from api.cli.terminal import Unusable, out, plain, show_table
from api.reports.comparison import Comparison, Difference, Flip, compare
from api.reports.estimates import LEVEL
from api.reports.page import write_comparison
from api.reports.rollouts import read_scored

_MOST_FLIPS = 20
"""Listed in the terminal."""


def compare_files(
    a: Annotated[Path, typer.Argument(help="A scored file, the one to compare with.")],
    b: Annotated[Path, typer.Argument(help="Another over the same problems.")],
    html: Annotated[
        Path | None, typer.Option(help="Write a page with every rollout; it needs nothing else.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two scored files problem by problem: the difference of their mean rewards with its
    95% interval and p-value, and the rollouts whose reward is another."""
    names = str(a), str(b)
    with open_source(a) as source_a, open_source(b) as source_b:
        sides = list(read_scored(scored_rows(source_a))), list(read_scored(scored_rows(source_b)))
        found = compare(*sides)
        if not found.everything.pairs:
            raise Unusable(
                f"{a} and {b} share no problem: problems are paired by `source` and `group` (or "
                "`problem`), which must be called the same in both."
            )
        if html:
            with written(html) as page:
                rows = scored_rows(source_a), scored_rows(source_b)
                write_comparison(page, names, found, sides, rows)
    if as_json:
        out.file.write(json.dumps({"files": {"a": str(a), "b": str(b)}, **found.as_json()}) + "\n")
    else:
        _show(found, *names)


def _show(found: Comparison, a: str, b: str) -> None:
    out.print(f"A is {plain(a)}, B is {plain(b)}.")
    alone = " and ".join(
        f"{count} only in {name}"
        for name, count in (("A", found.only_a), ("B", found.only_b))
        if count
    )
    out.print(
        f"{len(found.everything.pairs)} problems in both{f', {alone}, left out' if alone else ''}. "
        f"In brackets: {LEVEL:.0%} intervals, by bootstrap over problems.\n"
    )
    parts = {**(found.by_source if len(found.by_source) > 1 else {}), "all": found.everything}
    show_table(
        ["", "problems", "A", "B", "B - A", "p", "better", "worse", "same"],
        (_line(name, part) for name, part in parts.items()),
    )
    kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in found.kinds.items())
    out.print(f"\nOf {found.paired_rollouts} rollouts that both have: {kinds}.")
    if found.flips:
        show_table(["", "source", "problem", "rollout", "A", "B"], _flips(found))
    if len(found.flips) > _MOST_FLIPS:
        out.print(f"{len(found.flips) - _MOST_FLIPS} more: --json has them.")


def _line(name: str, part: Difference) -> list[str]:
    if part.difference is None:
        return [plain(name), str(len(part.pairs)), *[""] * 7]
    counts = [str(count) for count in (part.better, part.worse, part.same)]
    return [
        plain(name),
        str(part.difference.problems),
        f"{part.a.value:.4f}" if part.a else "",
        f"{part.b.value:.4f}" if part.b else "",
        in_words(part.difference),
        _chance(part.p_value),
        *counts,
    ]


def _chance(p: float | None) -> str:
    if p is None:
        return ""
    return f"{p:.4f}" if p >= 0.0001 else "< 0.0001"


def _flips(found: Comparison) -> Iterator[list[str]]:
    for flip in found.flips[:_MOST_FLIPS]:
        yield [
            flip.kind.replace("_", " "),
            plain(flip.b.source),
            plain(flip.b.problem),
            _name(flip),
            flip.a.outcome,
            flip.b.outcome,
        ]


def _name(flip: Flip) -> str:
    if flip.b.id is not None:
        return plain(flip.b.id)
    return f"row {flip.a.row + 1}, row {flip.b.row + 1}"
