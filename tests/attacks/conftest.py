"""A judge with one pool of each kind of jail, kept for the session: what a program leaves behind
shall meet the next one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from sandbox import JailUnavailable, Limits, Program
from sandbox.pool import OPENERS, JailPool, open_pool
from tests.attacks import watch
from verifier.programs import ProgramJudge

collect_ignore_glob = ["*/*"]  # hostile programs, whatever their names


@dataclass(frozen=True, slots=True)
class Bench:
    """One kind of jail and the judge that uses it."""

    kind: str
    pool: JailPool
    judge: ProgramJudge
    host: watch.Host
    """How the host was before the first case."""
    resident_bytes: int
    """What this process had in use then."""
    at_rest: int
    """Processes beside its first that a jail holds while nothing runs."""
    canary: Path
    places: Mapping[str, str]
    """What programs call by a placeholder: see `cases`."""


@pytest.fixture(scope="session", params=sorted(OPENERS))
def bench(
    request: pytest.FixtureRequest,
    not_here: Callable[[str], NoReturn],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """Skipped where this machine cannot have that kind of jail (in CI: failed)."""
    try:
        pool = open_pool(request.param, 1)
    except JailUnavailable as refusal:
        not_here(str(refusal))
    canary = tmp_path_factory.mktemp("host") / "canary"
    canary.write_text("alive")
    with pool, pool.another(1) as referees, pytest.MonkeyPatch.context() as patch:
        # A test program that an answer keeps busy would cost each such case its real minute.
        patch.setattr("verifier.referee.HOST_LIMITS", Limits(cpu_s=1.0, wall_s=1.0))
        patch.setattr("verifier.referee.MAX_CALLS", 1000)
        with referees.jail():
            pass  # started now, so that every case finds the same number of jails
        judge = ProgramJudge(pool, referees, Limits())
        places = {"@CANARY@": str(canary), **_find_pipes(pool)}
        host = watch.see_host(canary)
        at_rest = len(watch.inhabitants(watch.agents(request.param)[0]))
        yield Bench(
            kind=request.param,
            pool=pool,
            judge=judge,
            host=host,
            resident_bytes=watch.resident_bytes(),
            at_rest=at_rest,
            canary=canary,
            places=places,
        )


_FIND_PIPES = """
import fcntl, os, stat
def pipes():
    return {fcntl.fcntl(n, fcntl.F_GETFL) & os.O_ACCMODE: n for n in map(int, os.listdir("/dev/fd"))
            if n > 2 and os.path.exists(f"/dev/fd/{n}") and stat.S_ISFIFO(os.fstat(n).st_mode)}
"""


def _find_pipes(pool: JailPool) -> dict[str, str]:
    """The descriptors of a called function's process, as it would find them itself."""
    limits = Limits()
    with pool.jail() as jail, jail.open_calls(Program(_FIND_PIPES), "pipes", limits) as calls:
        pipes = calls.call([], {}).value
    return {"@REQUESTS@": str(pipes[os.O_RDONLY]), "@ANSWERS@": str(pipes[os.O_WRONLY])}
