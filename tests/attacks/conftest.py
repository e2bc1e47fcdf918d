"""A judge with one pool of each kind of jail, kept for the session: what a program leaves behind
shall meet the next one."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import pytest

from sandbox import JailUnavailable
from sandbox.pool import OPENERS, JailPool
from tests.attacks import watch
from tests.attacks.bench import DistantJudge, Judging, open_court
from tests.nobody import NobodyUnavailable, home_with

collect_ignore_glob = ["*/*"]  # hostile programs, whatever their names
SECRET = {"VERIFIER_API_KEYS": "canary-in-the-environment"}
"""In the environment of every worker and jail."""
UNPRIVILEGED = "unprivileged"
"""The local jail of a worker that is nobody: every run shares its agent's uid."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One kind of jail and the judge that uses it."""

    kind: str
    judge: Judging
    worker: int
    """The process that judges."""
    host: watch.Host
    """How the host was before the first case."""
    resident_bytes: int
    """What the worker had in use then."""
    descriptors: int
    """What the worker had open then; how many depends on what the daemon was asked at the start."""
    at_rest: int
    """Processes beside its first that a jail holds while nothing runs."""
    canary: Path
    places: Mapping[str, str]
    """What programs call by a placeholder: see `cases`."""


@pytest.fixture(scope="session", params=[*sorted(OPENERS), UNPRIVILEGED])
def bench(
    request: pytest.FixtureRequest,
    not_here: Callable[[str], NoReturn],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """Skipped where this machine cannot have that kind of jail (in CI: failed)."""
    kind = request.param
    canary = tmp_path_factory.mktemp("host") / "canary"
    canary.write_text("alive")
    try:
        if kind == UNPRIVILEGED:
            with _nobody(canary.parent) as (worker, judge, places):
                yield _see(kind, judge, worker, canary, places)
        else:
            with pytest.MonkeyPatch.context() as patch:
                for name, value in SECRET.items():
                    patch.setenv(name, value)
                with open_court(kind) as court:
                    yield _see(kind, court.judge, os.getpid(), canary, court.places)
    except (JailUnavailable, NobodyUnavailable) as refusal:
        not_here(str(refusal))


@contextmanager
def _nobody(canarys: Path) -> Iterator[tuple[int, Judging, Mapping[str, str]]]:
    """Another process, of a user who may write the canary. Raises JailUnavailable."""
    with home_with("sandbox", "verifier", "tests/attacks") as home:
        ours, theirs = socket.socketpair()
        with theirs, Connection(ours.detach()) as judge:
            worker = home.start(
                ["-m", "tests.attacks.bench", str(theirs.fileno())],
                SECRET,
                pass_fds=[theirs.fileno()],
            )
            theirs.close()
            places = judge.recv()
            if isinstance(places, str):
                raise JailUnavailable(places)
            yield worker.pid, DistantJudge(judge), places
        worker.wait()


def _see(kind: str, judge: Judging, worker: int, canary: Path, places: Mapping[str, str]) -> Bench:
    return Bench(
        kind=kind,
        judge=judge,
        worker=worker,
        host=watch.see_host(worker, canary),
        resident_bytes=watch.resident_bytes(worker),
        descriptors=watch.open_descriptors(worker),
        at_rest=len(watch.inhabitants(watch.agents(kind, worker)[0])),
        canary=canary,
        places={"@CANARY@": str(canary), **places},
    )


@pytest.fixture(scope="session", params=sorted(OPENERS))
def pool(request: pytest.FixtureRequest, not_here: Callable[[str], NoReturn]) -> Iterator[JailPool]:
    """Jails for weak judges, which must not be let loose on this machine either."""
    try:
        with open_court(request.param) as court:
            yield court.pool
    except JailUnavailable as refusal:
        not_here(str(refusal))
