"""The report as one HTML page: no script, nothing to fetch, everything from the file escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from api.reports.summary import Problem, Report, Section

MAX_GROUPS = 1000
"""Groups listed, the hardest first."""
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: auto; padding: 2rem }}
  table {{ border-collapse: collapse; margin: 1rem 0 }}
  th, td {{ text-align: left; padding: .15rem 1.2rem .15rem 0 }}
  th {{ font-weight: 600; border-bottom: 1px solid #8888 }}
  td + td {{ font-variant-numeric: tabular-nums }}
  meter {{ width: 10rem }}
  @media (prefers-color-scheme: dark) {{ body {{ background: #161616; color: #ddd }} }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
{outcomes}
{chances}
<h2>Groups</h2>
<p>{listed}</p>
{groups}
</html>
"""


def page(report: Report, name: str) -> str:
    """The whole page."""
    found = report.everything
    hardest = sorted(found.problems, key=lambda problem: problem.solve_rate or 0)[:MAX_GROUPS]
    return _PAGE.format(
        title=html.escape(name),
        summary=_summary(found),
        outcomes=_table(
            ["outcome", "rollouts", "share"],
            (
                [html.escape(outcome), str(count), _bar(count / found.rollouts)]
                for outcome, count in found.outcomes.items()
            ),
        ),
        chances=_table(
            ["", "value", "groups"],
            (
                [f"pass@{k}", f"{entry.value:.4f}", str(entry.problems)]
                for k, entry in found.pass_at_k.items()
            ),
        ),
        listed=f"{len(hardest)} of {len(found.problems)}, the hardest first.",
        groups=_table(
            ["group", "rollouts", "judged", "solved", "mean reward"],
            (_group_cells(group) for group in hardest),
        ),
    )


def _summary(found: Section) -> str:
    average = "" if found.avg_at_k is None else f" avg@k is {found.avg_at_k.value:.4f}."
    unjudged = f" {found.unjudged} could not be judged and count in no average."
    return (
        f"{found.rollouts} rollouts in {len(found.problems)} groups of {found.k}.{average}"
        f"{unjudged if found.unjudged else ''}"
    )


def _group_cells(group: Problem) -> list[str]:
    mean = "none judged" if group.solve_rate is None else _bar(group.solve_rate)
    return [
        html.escape(group.name),
        str(group.rollouts),
        str(group.judged),
        str(group.solved),
        mean,
    ]


def _bar(share: float) -> str:
    return f'<meter value="{share:.4f}"></meter> {share:.1%}'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for cells in rows
    )
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"
