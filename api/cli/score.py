"""`verifier score`: a file of rollouts in, as it stands, the same rows with their verdicts out."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from api.cli.files.source import is_same_file, open_source
from api.cli.files.truths import Truths, open_truths
from api.cli.judges import at_service, on_this_machine
from api.cli.options import Key, Sandbox, Url, Workers
from api.cli.readers import NAMES, Reader, form_of, named, read_as, recognised
from api.cli.readers.plain import Fields
from api.cli.rows import Rows
from api.cli.scoring import score_rows
from api.cli.skipping import Skipped, refuse
from api.cli.terminal import ExitCode, Unusable, complain, err, read_settings
from verifier.model import AnswerRules, Extraction


def score(  # noqa: PLR0913, PLR0917 - an option each
    file: Annotated[Path, typer.Argument(help="Rollouts; - is standard input.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where the rows go, as JSON lines; - is standard output."
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--from", help=f"What wrote FILE: {NAMES}.  [told from its content]"),
    ] = None,
    completion: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where the completion stands.")
    ] = None,
    ground_truth: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where the ground truth stands.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="FIELD", help="What rollouts of one problem share.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="FIELD", help="The data set, for `verifier report`.")
    ] = None,
    truths: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Problems with their ground truths.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="The field that joins rows and problems, or ROW=PROBLEM."),
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="List rows that cannot be used and go on.")
    ] = False,
    only_null: Annotated[
        bool, typer.Option("--only-null", help="Judge what has no reward, keep the other rows.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Judge a scored FILE anew and show what changed.")
    ] = False,
    extraction: Annotated[
        Extraction | None,
        typer.Option(help="Where answers of mathematics may stand.  [stated]"),
    ] = None,
    url: Url = None,
    key: Key = None,
    workers: Workers = None,
    sandbox: Sandbox = None,
) -> None:
    """Judge every rollout of FILE; write it with `reward`, `outcome`, `details` and `verifier`.

    FILE is what an evaluator or a trainer wrote, or rows of your own: JSON lines or lists, CSV,
    Parquet, Arrow, also compressed with gzip or zstd. A FIELD may be a path like choices.0.text.
    Rows are written in order as they are judged. The same command again continues where an earlier
    one stopped. Exit code 1: some rows could not be judged and have a null reward, or are left out.
    """
    if output is None and not again:
        raise Unusable("Nothing says where the rows go: give -o FILE, or -o - for standard output.")
    if output is not None and is_same_file(file, output):
        raise Unusable("FILE and -o are the same file; choose another -o.")
    if on is not None and truths is None:
        raise Unusable("--on says how to join; give --truths FILE too.")
    if only_null and again:
        raise Unusable("--again judges every row and --only-null a few; give one of them.")
    settings = read_settings(workers=workers, sandbox=sandbox)
    rules = AnswerRules(extraction=extraction)
    judges = at_service(url, key, rules) if url else on_this_machine(settings, rules)
    with open_source(file, form_of(form)) as opened:
        if form and completion and named(form):
            raise Unusable(f"--completion is for rows of no tool; --from {form} knows its own.")
        reader = named(form) if form else None if completion else recognised(opened)
        fields = Fields(completion, None if truths else ground_truth, group, source)
        if said := read_as(opened, reader, fields, joined=truths is not None):
            err.print(said)
        skipped = Skipped(opened) if skip_bad else None
        with _problems(truths, on, ground_truth, reader) as problems:
            rows = Rows(
                source=opened,
                settings=settings,
                refuse=skipped.refuse if skipped else functools.partial(refuse, opened),
                reader=reader,
                fields=fields,
                truths=problems,
                only_null=only_null,
                again=again,
                knows_problems=url is not None,
            )
            code = score_rows(rows, output, judges)
    if skipped and skipped.count:
        complain(f"{skipped.count} rows could not be used and were skipped.")
        code = ExitCode.UNJUDGED
    raise typer.Exit(code)


def _problems(
    file: Path | None, on: str | None, field: str | None, reader: Reader | None
) -> AbstractContextManager[Truths | None]:
    """Raises Unusable."""
    if file is None:
        return nullcontext()
    on = on or (reader.on if reader else None)
    if on is None:
        raise Unusable("--truths needs --on KEY: the field that rows and problems share.")
    return open_truths(file, on, field)
