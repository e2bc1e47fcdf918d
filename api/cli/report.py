"""`verifier report`: what a scored file adds up to, in the terminal, as JSON, CSV or a page."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from api.cli.files.records import read_objects
from api.cli.files.source import Source, open_source
from api.cli.scored import is_scored
from api.cli.terminal import Unusable, out, plain, show_table
from api.reports.estimates import LEVEL, Estimate
from api.reports.page import write_report
from api.reports.rollouts import NONE, SOURCE, By, Window, read_scored
from api.reports.summary import METRICS, Report, Section, report_on

_WINDOWS: tuple[Window, ...] = ("year", "quarter", "month", "day")
_MOST_COLUMNS = 12
"""Of the table of outcomes; more sections would fit no terminal."""
_CSV_HEADS = ("field", "section", "metric", "k", "value", "low", "high", "problems")

ByOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD",
        help="Tell rollouts apart by this field too; may be repeated. Dates come by month, or with "
        "FIELD:day, :quarter or :year.",
    ),
]


def report(
    file: Annotated[Path, typer.Argument(help="What `verifier score` wrote; - is standard input.")],
    html: Annotated[
        Path | None, typer.Option(help="Write a page with every rollout; it needs nothing else.")
    ] = None,
    by: ByOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the estimates as CSV.")] = False,
) -> None:
    """Sum up a scored file: avg@k, pass@k, pass^k and majority@k with 95% intervals, by source and
    by any field; outcomes; and what could not be judged, which counts in none of these."""
    if as_json and as_csv:
        raise Unusable("--json and --csv both print; choose one.")
    fields = read_by(by or ())
    with open_source(file) as source:
        rollouts = list(read_scored(scored_rows(source), fields))
        found = report_on(rollouts, fields)
        if html:
            with written(html) as page:
                write_report(page, str(file), found, rollouts, scored_rows(source))
    if as_json:
        out.file.write(json.dumps({"file": str(file), **found.as_json()}, indent=1) + "\n")
    elif as_csv:
        _write_csv(found)
    else:
        _show(found)


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """A file for a page. Raises Unusable where it cannot be written."""
    try:
        with path.open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror}.") from None


def read_by(given: Sequence[str]) -> list[By]:
    """FIELD or FIELD:WINDOW, each."""
    found = []
    for text in given:
        name, _, window = text.rpartition(":")
        known = next((one for one in _WINDOWS if one == window), None)
        found.append(By(name, known) if name and known else By(text))
    return found


def scored_rows(source: Source) -> Iterator[dict[str, Any]]:
    """Raises Unusable where a row is none that scoring wrote."""
    for number, row in read_objects(source):
        if not is_scored(row):
            raise Unusable(
                f"{source.place(number)} has no `reward` and `outcome`; score the file "
                "first, with `verifier score`."
            )
        yield row


def in_words(estimate: Estimate | None) -> str:
    """The value and its interval."""
    if estimate is None:
        return ""
    if estimate.low is None:
        return f"{estimate.value:.4f}"
    return f"{estimate.value:.4f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _show(found: Report) -> None:
    everything = found.everything
    out.print(
        f"{everything.rollouts} rollouts of {len(everything.problems)} problems, {everything.k} "
        f"each. In brackets: {LEVEL:.0%} intervals, by bootstrap over problems."
    )
    for field, sections in found.by.items():
        if len(sections) > 1 or NONE not in sections:
            for value, section in sections.items():
                _show_section(f"{field} {value}", section)
            _show_outcomes(field, sections)
    if len(found.by[SOURCE]) > 1 or NONE in found.by[SOURCE]:
        _show_section("all", everything)
        _show_outcomes("", {"all": everything})
    if everything.unjudged:
        out.print(
            f"\n{everything.unjudged} rollouts could not be judged and count in none of the "
            "estimates, which are of the others."
        )


def _show_section(name: str, section: Section) -> None:
    kinds = ", ".join(
        f"{count} {kind.replace('_', ' ')}" for kind, count in section.kinds.items() if count
    )
    out.print(f"\n{plain(name)}: {len(section.problems)} problems{f' ({kinds})' if kinds else ''}")
    if section.avg_at_k:
        average = f"avg@{section.k.replace(' to ', '-')}"
        out.print(f"{average}  {in_words(section.avg_at_k)}")
        columns = {
            metric: column
            for metric, column in zip(METRICS[1:], _columns(section), strict=True)
            if column
        }
        show_table(
            ["k", *columns, "problems"],
            (
                [
                    str(k),
                    *(_short(column.get(k)) for column in columns.values()),
                    str(section.pass_at_k[k].problems),
                ]
                for k in section.pass_at_k
            ),
        )
    for line in _lengths(section):
        out.print(line)


def _short(estimate: Estimate | None) -> str:
    """With three digits, so that a line fits a terminal."""
    if estimate is None or estimate.low is None:
        return "" if estimate is None else f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _lengths(section: Section) -> Iterator[str]:
    if section.truncated is not None:
        share = section.truncated / section.rollouts
        yield f"truncated: {section.truncated} of {section.rollouts} rollouts ({share:.1%})"
    if section.missing_libraries:
        listed = ", ".join(f"{name} {count}" for name, count in section.missing_libraries.items())
        yield f"programs that import what their sandbox has not: {listed}"
    for unit, spread in (("characters", section.chars), ("tokens", section.tokens)):
        if spread:
            yield (
                f"length: median {spread.median:,.0f} {unit}, 90% up to {spread.p90:,.0f}, "
                f"longest {spread.longest:,}"
            )


def _show_outcomes(field: str, sections: Mapping[str, Section]) -> None:
    shown = dict(list(sections.items())[:_MOST_COLUMNS])
    outcomes = dict.fromkeys(name for part in shown.values() for name in part.outcomes)
    out.print()
    show_table(
        [f"outcomes by {plain(field)}" if field else "outcomes", *map(plain, shown)],
        (
            [outcome, *(_share(part.outcomes.get(outcome, 0), part) for part in shown.values())]
            for outcome in outcomes
        ),
    )
    if len(shown) < len(sections):
        out.print(f"{len(sections) - len(shown)} more sections: --json has them.")


def _share(count: int, section: Section) -> str:
    return f"{count} ({count / section.rollouts:.1%})"


def _columns(section: Section) -> list[Mapping[int, Estimate]]:
    return [section.pass_at_k, section.pass_hat_k, section.majority_at_k]


def _write_csv(found: Report) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(_CSV_HEADS)
    sections = [("", "all", found.everything)]
    sections += [
        (field, value, section)
        for field, parts in found.by.items()
        for value, section in parts.items()
    ]
    for field, value, section in sections:
        if section.avg_at_k:
            writer.writerow(
                [field, value, METRICS[0], section.sizes[1], *_numbers(section.avg_at_k)]
            )
        for metric, column in zip(METRICS[1:], _columns(section), strict=True):
            for k, estimate in column.items():
                writer.writerow([field, value, metric, k, *_numbers(estimate)])


def _numbers(estimate: Estimate) -> list[float | int | None]:
    return [estimate.value, estimate.low, estimate.high, estimate.problems]
