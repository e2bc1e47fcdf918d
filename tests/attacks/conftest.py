"""A judge with one pool of each kind of jail, kept for the session: what a program leaves behind
shall meet the next one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import pytest

from sandbox import JailUnavailable
from sandbox.pool import OPENERS, JailPool
from tests.attacks import watch
from tests.attacks.bench import DistantJudge, open_court
from tests.attacks.problems import PROBLEMS
from tests.nobody import ROOT, NobodyUnavailable, home_with
from verifier.model import LimitsOverride, Outcome

collect_ignore_glob = ["*/*"]  # hostile programs, whatever their names
SECRET = {"VERIFIER_API_KEYS": "canary-in-the-environment"}
"""In the environment of every worker and jail."""
HONEST = "def solve(text): return text[::-1]"
CASES_AT_MOST = 10
"""Before the next honest calls, which would else take longer than the cases."""
UNPRIVILEGED = "unprivileged"
"""The local jail of a worker that is nobody: every run shares its agent's uid."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One kind of jail and the judge that uses it."""

    kind: str
    judge: DistantJudge
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
    since: list[str] = field(default_factory=list)
    """The cases after which no honest call has been judged yet."""

    def note(self, case: str) -> None:
        """It has run; honest calls are judged after the last of a few."""
        self.since.append(case)
        if len(self.since) >= CASES_AT_MOST:
            self.judge_honest_calls()

    def judge_honest_calls(self) -> None:
        """A function of its own is called rightly, by the trusted side and by the referee."""
        for problem in ("call", "referee"):
            limits = LimitsOverride(cpu_s=10, wall_s=10)
            verdict = self.judge.judge(PROBLEMS[problem], HONEST, limits)
            assert verdict.outcome is Outcome.CORRECT, f"{verdict} after one of {self.since}"
        self.since.clear()


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
        with _worker(kind) as (worker, judge, places):
            bench = _see(kind, judge, worker, canary, places)
            yield bench
            bench.judge_honest_calls()
    except (JailUnavailable, NobodyUnavailable) as refusal:
        not_here(str(refusal))


@contextmanager
def _worker(kind: str) -> Iterator[tuple[int, DistantJudge, Mapping[str, str]]]:
    """A worker with nothing but this bench's jails, or one of a user who may write the canary.
    Raises JailUnavailable, NobodyUnavailable."""
    with ExitStack() as stack:
        start, jail = _start, kind
        if kind == UNPRIVILEGED:
            home = stack.enter_context(home_with("sandbox", "verifier", "tests/attacks"))
            start, jail = home.start, "local"
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = ["-m", "tests.attacks.bench", str(theirs.fileno()), jail]
            worker = start(arguments, SECRET, pass_fds=[theirs.fileno()])
        stack.callback(worker.wait)
        judge = stack.enter_context(Connection(ours.detach()))
        places = judge.recv()
        if isinstance(places, str):
            raise JailUnavailable(places)
        yield worker.pid, DistantJudge(judge), places


def _start(
    arguments: Sequence[str], environment: dict[str, str], **options: Any
) -> subprocess.Popen[str]:
    """Start Python as who we are; see `tests.nobody.Home.start`."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        text=True,
        **options,
    )


def _see(
    kind: str, judge: DistantJudge, worker: int, canary: Path, places: Mapping[str, str]
) -> Bench:
    return Bench(
        kind=kind,
        judge=judge,
        worker=worker,
        host=watch.see_host(worker, canary),
        resident_bytes=watch.resident_bytes(worker),
        descriptors=watch.open_descriptors(worker),
        at_rest=len(watch.inhabitants(watch.agents(kind, worker)[:1])[0]),
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
