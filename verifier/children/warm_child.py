"""A process that can be killed, as its parent sees it: watched from outside, ended and replaced.

What is limited is the child's CPU time, so that a request meets the same end on an idle machine and
on one that drowns. Wall time counts only where the child sleeps, which it never does.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

from sandbox.counting import count
from verifier.errors import VerifierError

START_LIMIT_S = 120.0
SLEEP_LIMIT_S = 10.0
"""A child that waits for nothing this long is taken for dead."""
MAX_REQUESTS = 5000
"""A child is replaced after so many: what libraries keep must not add up."""
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGXCPU})


class LimitReached(VerifierError):
    """The child used up its CPU time or memory on this request and was killed."""


class Crashed(LimitReached):
    """The child crashed: it ran out of the memory or the stack that it was given."""


class ChildLost(VerifierError):
    """The child ended, or could not start, through no fault that is known."""


_early: dict[str, tuple[subprocess.Popen[bytes], socket.socket]] = {}
"""Zygotes that run already, by their modules, for the first child of each."""


def start_early(zygote: str) -> None:
    """Have this module's imports begin now, before there is who needs a child of it."""
    _early[zygote] = _started(zygote)


def _started(zygote: str) -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", zygote, "--fd", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    return process, ours


class WarmChild:
    """A killable process, forked from a zygote (`children.zygote`). Belongs to one thread."""

    def __init__(self, zygote: str) -> None:
        """Starts this module as the zygote; its imports go on while the caller does other work."""
        self._module = zygote
        self._name = zygote.split(".")[1]
        """What metrics call it: math, or programs."""
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._child: socket.socket | None = None
        self._pid = 0
        self._last_signal = 0
        self._requests = 0
        self._counted_s = 0.0
        """CPU time of the child that is counted already."""
        self._start()

    def close(self) -> None:
        """End both processes."""
        self._drop()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            self._zygote.kill()
            self._zygote.wait()
            self._zygote = None

    @property
    def pid(self) -> int:
        """The process id of the child at work, 0 where there is none yet."""
        return self._pid if self._child is not None else 0

    def _ready(self) -> socket.socket:
        """The child's socket, of a new child where there is none, or one that has done much."""
        if self._child is None or self._requests >= MAX_REQUESTS:
            self._renew()
        assert self._child is not None
        self._requests += 1
        return self._child

    def _await_reply(self, limit_s: float) -> None:
        """Returns when there is something to read. Raises LimitReached or ChildLost, and OSError
        where the child is gone.

        The child's CPU clock cannot run faster than the wall clock, so that looking at it when the
        remainder could be used up is often enough."""
        assert self._child is not None
        slept_s, last_used = 0.0, -1.0
        while True:
            used = self._cpu_used()
            if used >= limit_s:
                self._count_cpu()
                raise LimitReached
            if used > last_used or not self._is_asleep():
                slept_s, last_used = 0.0, used
            elif slept_s >= SLEEP_LIMIT_S:
                raise ChildLost("A child has fallen asleep.")
            wait_s = max(limit_s - used, 0.01)
            if select.select([self._child], [], [], wait_s)[0]:
                self._count_cpu()
                return
            slept_s += wait_s

    def _raise_for_end(self) -> NoReturn:
        """The child is gone. A crash is what the request made of the memory and stack it was given;
        a kill came from elsewhere."""
        self._renew()
        if self._last_signal in _CRASHES:
            raise Crashed
        raise ChildLost("A child ended in the middle of a request.")

    def _cpu_used(self) -> float:
        """CPU seconds of the child so far. Raises OSError where it is gone."""
        return time.clock_gettime((~self._pid << 3) | 2)  # what clock_getcpuclockid(3) makes of it

    def _count_cpu(self) -> None:
        with contextlib.suppress(OSError):
            used_s = self._cpu_used()
            count("child_cpu_seconds", self._name, by=used_s - self._counted_s)
            self._counted_s = used_s

    def _is_asleep(self) -> bool:
        state = Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
        return state not in (b"R", b"D")

    def _renew(self) -> None:
        """A new child in place of the one there is. Raises ChildLost."""
        self._drop()
        for attempt in (1, 2):
            if self._zygote is None or self._zygote.poll() is not None:
                self.close()
                self._start()
            try:
                self._fetch_child()
            except OSError as error:
                self.close()
                if attempt == 2:
                    raise ChildLost(f"No child could be started ({error}).") from error
            else:
                return

    def _fetch_child(self) -> None:
        assert self._control is not None
        self._control.settimeout(START_LIMIT_S)
        self._control.sendall(b"+")
        text, descriptors, _, _ = socket.recv_fds(self._control, 64, 1)
        if not text or not descriptors:
            raise ConnectionError("its zygote ended at start")
        self._child = socket.socket(fileno=descriptors[0])
        self._pid, self._last_signal = map(int, text.split())
        self._requests, self._counted_s = 0, 0.0
        count("child_starts", self._name)

    def _start(self) -> None:
        early = _early.pop(self._module, None)
        self._zygote, self._control = early or _started(self._module)

    def _drop(self) -> None:
        """Kill the child. Its process id stays its own until the zygote is asked for the next."""
        if self._child is not None:
            self._child.close()
            self._child = None
            if self._zygote is not None and self._zygote.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
