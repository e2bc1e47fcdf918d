"""The judge that the programs here are let loose on, in a worker of its own: what is counted there
is nobody else's.

`python -m tests.attacks.bench DESCRIPTOR KIND` serves verdicts on that socket, with that jail.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from unittest import mock

from sandbox import JailUnavailable, Limits, Program
from sandbox.pool import JailPool, open_pool
from verifier.model import AssertTruth, CallTruth, LimitsOverride, StdinTruth, Verdict
from verifier.programs.judge import ProgramJudge

Truth = StdinTruth | CallTruth | AssertTruth


@dataclass(frozen=True, slots=True)
class Court:
    """A judge, its jails, and what programs call by a placeholder: see `cases`."""

    judge: ProgramJudge
    pool: JailPool
    places: Mapping[str, str]


@contextmanager
def open_court(kind: str) -> Iterator[Court]:
    """One jail of this kind, and one for the referee. Raises JailUnavailable."""
    with (
        open_pool(kind, 1) as pool,
        pool.another(1) as referees,
        # A test program that an answer keeps busy would cost each such case its real minute.
        mock.patch.multiple(
            "verifier.programs.referee.judge",
            HOST_LIMITS=Limits(cpu_s=1.0, wall_s=1.0),
            MAX_CALLS=1000,
        ),
    ):
        with referees.jail():
            pass  # started now, so that every case finds the same number of jails
        with ProgramJudge(pool, referees, Limits()) as judge:
            judge.warm_up()  # likewise
            yield Court(judge, pool, _find_pipes(pool))


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


@dataclass(frozen=True, slots=True)
class DistantJudge:
    """The judge in the worker at the other end."""

    worker: Connection

    def collect_garbage(self) -> None:
        """Have the worker close what nobody uses there any more."""
        self.worker.send(None)
        self.worker.recv()

    def judge(self, truth: Truth, source: str, override: LimitsOverride) -> Verdict:
        """The verdict on a candidate's program."""
        self.worker.send((truth, source, override))
        verdict: Verdict = self.worker.recv()
        return verdict


def serve(asked: Connection, kind: str) -> None:
    """Say where a run's pipes are, or why there is no jail; then judge until nobody asks."""
    try:
        with open_court(kind) as court:
            asked.send(court.places)
            while True:
                rollout = asked.recv()
                asked.send(court.judge.judge(*rollout) if rollout else gc.collect())
    except JailUnavailable as refusal:
        asked.send(str(refusal))
    except EOFError:
        pass


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), sys.argv[2])
