"""`verifier doctor` and `verifier sandbox build`: what this machine offers, and what to add."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from typing import Annotated

import redis
import typer
from rich.table import Column, Table

from api.cli.terminal import ExitCode, Unusable, err, out, read_settings
from sandbox import LANGUAGES, PYTHON, JailUnavailable
from sandbox.languages import TOOLCHAINS, VARIANTS
from sandbox.model import MIB
from sandbox.pool import OPENERS, Examination, build_image, examine
from sandbox.selfcheck import CHECKS

REDIS_URL = "redis://127.0.0.1:6379"
_ENOUGH_MEMORY_BYTES = 2 * 1024**3


def doctor() -> None:
    """Say what this machine offers to the service, what is missing, and how to get it.

    Exit code 1: programs cannot be judged here, as no jail works."""
    offers = Table("", "", Column(overflow="fold"), box=None, pad_edge=False, show_header=False)
    for line in _machine():
        offers.add_row(*line)
    found: dict[str, Examination] = {}
    for kind in OPENERS:
        try:
            with err.status(f"holding the {kind} jail to its promises"):
                found[kind] = examine(kind)
        except JailUnavailable as reason:
            offers.add_row("missing", f"{kind} jail", str(reason))
        else:
            offers.add_row(*_jail(kind, found[kind]))
    offers.add_row(*_redis())
    out.print(offers)
    if found:
        out.print(_promises(found))
    usable = [kind for kind, examined in found.items() if not examined.broken]
    if not usable:
        out.print("Programs cannot be judged here: no jail works. Math answers need none.")
        raise typer.Exit(ExitCode.UNJUDGED)
    out.print(f"`verifier serve` works here; with --sandbox auto it uses the {usable[0]} jail.")


def build_sandbox(
    base: Annotated[
        str | None, typer.Option(help="Image with python3 and pip to build on.  [python:3.11-slim]")
    ] = None,
    network: Annotated[
        str | None, typer.Option(help="Docker network for the build.  [the daemon's default]")
    ] = None,
    variant: Annotated[
        str,
        typer.Option(
            help="python, science for more libraries, or languages for the others' toolchains."
        ),
    ] = PYTHON,
    languages: Annotated[
        str | None, typer.Option(help="Those of the variant languages to have, as php,ruby.  [all]")
    ] = None,
) -> None:
    """Build the image of the Docker jail."""
    wanted = [name.strip() for name in languages.split(",")] if languages else []
    if unknown := [name for name in wanted if name not in LANGUAGES]:
        raise Unusable(f"there is no language {unknown[0]!r}; choose of {', '.join(LANGUAGES)}")
    if wanted:
        variant = TOOLCHAINS
    if variant not in VARIANTS:
        raise Unusable(f"there is no variant {variant!r}; choose of {', '.join(VARIANTS)}")
    try:
        with err.status("building the sandbox image"):
            tag = build_image(base, network, variant, wanted)
    except JailUnavailable as error:
        raise Unusable(f"{error}. `verifier doctor` says whether Docker works here.") from None
    out.print(f"Built {tag}.")


def _machine() -> list[tuple[str, str, str]]:
    settings = read_settings()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return [
        ("ok", "Python", platform.python_version()),
        ("ok", "kernel", f"{platform.system()} {platform.release()}"),
        ("ok", "CPUs", f"{len(os.sched_getaffinity(0))}: {settings.workers} workers"),
        (
            "ok" if memory >= _ENOUGH_MEMORY_BYTES else "scarce",
            "memory",
            f"{memory / 1024**3:.1f} GiB; a worker and its sandbox may take 2.5 GiB",
        ),
        ("ok", "math-verify", importlib.metadata.version("math-verify")),
    ]


def _jail(kind: str, found: Examination) -> tuple[str, str, str]:
    kept = f"{len(CHECKS) - len(found.broken)} of {len(CHECKS)} promises kept"
    if found.broken:
        return "unsafe", f"{kind} jail", f"{kept}; it is not used. {'; '.join(found.broken)}"
    around = []
    if memory := found.cgroup["memory"]:
        around = [f"in a control group of {memory // MIB:,} MiB"]
    if found.image:
        around.append(f"from {found.image}")
    around.append(f"runs {', '.join(found.languages)}")
    around.append(f"Python imports {', '.join(sorted(found.libraries, key=str.lower))}")
    return "ok", f"{kind} jail", "; ".join([kept, *around, *found.lacking])


def _promises(found: dict[str, Examination]) -> Table:
    """What each jail was held to and whether it kept it."""
    table = Table("promise", *found, box=None, pad_edge=False)
    for check in CHECKS:
        answers = [
            "BROKEN" if any(text.startswith(check.promise) for text in examined.broken) else "kept"
            for examined in found.values()
        ]
        table.add_row(check.promise, *answers)
    return table


def _redis() -> tuple[str, str, str]:
    try:
        with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as server:
            version = server.info("server")["redis_version"]
    except redis.AuthenticationError:
        return "ok", "Redis", f"answers at {REDIS_URL}, with a password"
    except redis.RedisError:
        return "absent", "Redis", f"none at {REDIS_URL}; `verifier serve` needs none on one machine"
    return "ok", "Redis", f"{version} at {REDIS_URL}"
