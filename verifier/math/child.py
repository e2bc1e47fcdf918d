"""The math child as its parent sees it: asked, watched from outside, killed and replaced.

What is limited is the child's CPU time, so that an answer meets the same verdict on an idle
machine and on one that drowns. Wall time counts only where the child sleeps, which it never does.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

START_LIMIT_S = 120.0
SLEEP_LIMIT_S = 10.0
"""A child that waits for nothing this long is taken for dead."""
MAX_REQUESTS = 5000
"""A child is replaced after so many: what libraries keep must not add up."""
MAX_REPLY_BYTES = 65536
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGXCPU})


class LimitReached(Exception):
    """The child used up its CPU time or memory on this request and was killed."""


class ChildLost(Exception):
    """The child ended, or could not start, through no fault that is known."""


class MathChild:
    """A killable process that compares answers. Belongs to one thread."""

    def __init__(self) -> None:
        """Starts the zygote; its imports go on while the caller does other things."""
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._child: socket.socket | None = None
        self._pid = 0
        self._last_signal = 0
        self._requests = 0
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

    def ask(self, request: Mapping[str, Any], cpu_s: float) -> dict[str, Any]:
        """The child's reply. Raises LimitReached or ChildLost; the next call has a new child."""
        if self._child is None or self._requests >= MAX_REQUESTS:
            self._renew()
        assert self._child is not None
        self._requests += 1
        line = json.dumps({**request, "cpu_s": cpu_s}).encode("ascii") + b"\n"
        try:
            limit = self._cpu_used() + cpu_s
            self._child.sendall(line)
            reply: dict[str, Any] = json.loads(self._reply(limit))
        except (OSError, EOFError):
            self._raise_for_end()
        except BaseException:
            self._drop()
            raise
        if "error" in reply:
            raise ChildLost(f"The comparison failed ({reply['error']}); the log says more.")
        return reply

    def _reply(self, limit_s: float) -> bytes:
        """One line. The child's CPU clock cannot run faster than the wall clock, so that looking at
        it when the remainder could be used up is often enough."""
        assert self._child is not None
        received = b""
        slept_s, last_used = 0.0, -1.0
        while not received.endswith(b"\n"):
            used = self._cpu_used()
            if used >= limit_s:
                raise LimitReached
            if used > last_used or not self._is_asleep():
                slept_s, last_used = 0.0, used
            elif slept_s >= SLEEP_LIMIT_S:
                raise ChildLost("The math child has fallen asleep.")
            wait_s = max(limit_s - used, 0.01)
            if select.select([self._child], [], [], wait_s)[0]:
                chunk = self._child.recv(MAX_REPLY_BYTES)
                if not chunk:
                    raise EOFError
                received += chunk
                if len(received) > MAX_REPLY_BYTES:
                    raise ChildLost("The math child replied with too much.")
            else:
                slept_s += wait_s
        return received

    def _raise_for_end(self) -> NoReturn:
        """The child is gone. A crash is what the pair made of the memory and stack it was given;
        a kill came from elsewhere."""
        self._renew()
        if self._last_signal in _CRASHES:
            raise LimitReached
        raise ChildLost("The math child ended in the middle of a comparison.")

    def _cpu_used(self) -> float:
        """CPU seconds of the child so far. Raises OSError where it is gone."""
        return time.clock_gettime((~self._pid << 3) | 2)  # what clock_getcpuclockid(3) makes of it

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
                    raise ChildLost(f"No math child could be started ({error}).") from error
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
        self._requests = 0

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._zygote = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "verifier.math.zygote", "--fd", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._control = ours

    def _drop(self) -> None:
        """Kill the child. Its process id stays its own until the zygote is asked for the next."""
        if self._child is not None:
            self._child.close()
            self._child = None
            if self._zygote is not None and self._zygote.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)
