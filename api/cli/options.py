"""The options of every command that has rollouts judged."""

from __future__ import annotations

from typing import Annotated

import typer

from api.settings import SandboxKind

Url = Annotated[
    str | None, typer.Option(help="A service that judges; without it this machine does.")
]
Key = Annotated[
    str | None, typer.Option(envvar="VERIFIER_API_KEY", help="Its key.", show_envvar=True)
]
Workers = Annotated[int | None, typer.Option(help="Processes that judge here.  [one for each CPU]")]
Sandbox = Annotated[
    SandboxKind | None, typer.Option(help="What programs run in.  [auto: what works here]")
]
