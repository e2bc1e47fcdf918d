"""A second jail for a program that has the machine to itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from sandbox.errors import JailUnavailable
from sandbox.jail import Runner
from sandbox.pool import JailPool
from sandbox.runs.python_script import Script
from sandbox.runs.side_by_side import Helper, SideBySide

ASKED_BEFORE = 8
"""So many times it is asked for in vain before it is started: a jail takes a moment to start and
some memory, and who sends one program now and then needs none."""


class SpareJail:
    """Belongs to one thread."""

    def __init__(self, pool: JailPool) -> None:
        """It is of the kind of `pool`."""
        self._pool = pool.another(1)
        # The thread stays: a local jail ends with the thread that started it.
        self._thread = ThreadPoolExecutor(1, "spare")
        self._started: Future[None] | None = None
        self._asked = 0

    def close(self) -> None:
        """End the jail."""
        self._pool.close()
        self._thread.shutdown()

    def beside(self, runner: Runner) -> Runner:
        """What runs the same program, in this jail too where it is to be had."""
        return SideBySide(runner, self._lent) if isinstance(runner, Script) else runner

    @contextmanager
    def _lent(self) -> Iterator[Helper | None]:
        """Never waits: None where no CPU is idle, or the jail is not there yet."""
        with ExitStack() as stack:
            helper = None
            if has_idle_cpu() and self._is_there():
                try:
                    helper = Helper(stack.enter_context(self._pool.jail()), self._thread)
                except JailUnavailable:
                    self._started, self._asked = None, 0
            yield helper

    def _is_there(self) -> bool:
        self._asked += 1
        if self._started is None and self._asked > ASKED_BEFORE:
            self._started = self._thread.submit(self._pool.warm)
        return self._started is not None and self._started.done()


def has_idle_cpu() -> bool:
    """Whether fewer threads of the machine are running, or waiting to, than this process has CPUs;
    its own is one of them."""
    with open("/proc/loadavg", encoding="ascii") as load:
        runnable = int(load.read().split()[3].partition("/")[0])
    return runnable < len(os.sched_getaffinity(0))
