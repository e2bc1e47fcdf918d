"""The command line: `verifier serve | worker | score | report | compare | filter | ...`."""

from __future__ import annotations

import importlib.metadata
import io
import sys
from typing import Annotated

import typer

from api.cli.commands import group_of
from api.cli.terminal import ExitCode, Unusable, complain, out

sandbox_app = typer.Typer(
    cls=group_of({"build": "api.cli.doctor:build_sandbox"}),
    help="What candidate programs run in.",
    no_args_is_help=True,
)
app = typer.Typer(
    cls=group_of(
        {
            "serve": "api.cli.serve:serve",
            "worker": "api.cli.worker:worker",
            "score": "api.cli.score:score",
            "report": "api.cli.report:report",
            "compare": "api.cli.compare:compare_files",
            "audit": "api.cli.audit:audit_rows",
            "filter": "api.cli.filter:filter_rows",
            "doctor": "api.cli.doctor:doctor",
            "top": "api.cli.top:top",
            "drain": "api.cli.drain:drain",
        }
    ),
    help="Judges rollouts for GRPO: math answers and programs, run in a sandbox.",
    epilog="Every setting can also be given as VERIFIER_<NAME> in the environment.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(sandbox_app, name="sandbox")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        out.print(f"verifier {importlib.metadata.version('grpo-verifier')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Which release."),
    ] = False,
) -> None:
    """Of the program itself."""


def main() -> None:
    """Run a command; whatever goes wrong is told in a sentence."""
    # A name of a file may hold what the terminal's encoding has no form for.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    except Unusable as reason:
        complain(str(reason))
        sys.exit(ExitCode.UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(ExitCode.UNJUDGED)
    except Exception as error:  # noqa: BLE001 - the last one to see it; a traceback helps no user
        complain(
            f"This is a fault of the verifier's own ({type(error).__name__}: {error}). "
            "Please report it with the command that led to it."
        )
        sys.exit(ExitCode.UNJUDGED)
