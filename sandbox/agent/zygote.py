"""The process that runs are forked from: a warm interpreter that does nothing else.

A process that forks pays for it afterwards: every page of memory that it touches again is copied or
at least faulted in again. So the one that forks does as little as it can, and the supervisor, which
does the rest, never forks. They share one table of open files, so that descriptors need not be sent
from one to the other. Runs are children of the supervisor (CLONE_PARENT), not of the zygote.

In a jail of one uid a run could kill a zygote, so there is none and the supervisor forks itself:
process 1 alone is safe from those that share its uid.
"""

import ctypes
import gc
import marshal
import os
import platform
import signal
import socket
import struct
import sys
from collections.abc import Callable
from os import read, write
from time import monotonic
from typing import NoReturn

from . import confine, python_run
from .large_pages import enlarge_pages

_MAX_MESSAGE_BYTES = 256
"""Few enough for Python to take them from memory that it holds anyway."""
_ANSWER_LIMIT_S = 30
"""How long the zygote may take for what it does at once."""
_WARM_UP_LIMIT_S = 150
"""And for what it imports first, on however busy a machine."""
_CLONE = {"x86_64": 56, "aarch64": 220}[platform.machine()]
_CLONE_FILES, _CLONE_PARENT = 0x400, 0x8000
_FIRST_TO_GO = b"1000"
"""What runs inherit as their oom_score_adj: where memory runs out, they end before any agent."""
_SETTLED_S = 0.5
"""How long the zygote stays on one CPU before the kernel may choose again."""
_libc = ctypes.PyDLL(None)
_syscall = _libc.syscall
_current_cpu, _set_affinity = _libc.sched_getcpu, _libc.sched_setaffinity

Start = Callable[[str, int | None, int | None, list[int]], NoReturn]
"""Makes a freshly forked process a run: its mode, uid, address space and descriptors."""


class Forker:
    """The supervisor itself as the one that forks."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self.pid = os.getpid()
        self._oom_score, self._own_oom_score = _open_oom_score()
        self.address_space_bytes = _warm_up()

    def fork(self, mode: str, uid: int | None, space: int | None, descriptors: list[int]) -> int:
        """Start a run; returns its process id. The descriptors stay the caller's."""
        write(self._oom_score, _FIRST_TO_GO)
        child: int = confine.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._start(mode, uid, space, descriptors)
        write(self._oom_score, self._own_oom_score)
        return child


class Zygote:
    """The supervisor's end of the zygote."""

    def __init__(self, start: Start) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Both ends stay open in the shared table: nothing would tell of a zygote that ended.
        _set_patience(ours, _WARM_UP_LIMIT_S)
        self._descriptor, descriptor = ours.fileno(), theirs.detach()
        # Without a signal at its exit it is no child that wait(2) waits for unasked, nor are the
        # runs, which take after it: what is waited for is what a run left behind, and that alone.
        self.pid = _syscall(_CLONE, _CLONE_FILES, 0, 0, 0, 0)
        if self.pid == 0:
            _serve(descriptor, start)
        self.address_space_bytes = self._answer()
        _set_patience(ours, _ANSWER_LIMIT_S)
        ours.detach()

    def fork(self, mode: str, uid: int | None, space: int | None, descriptors: list[int]) -> int:
        """See Forker.fork."""
        write(self._descriptor, marshal.dumps((mode, uid, space, descriptors)))
        return self._answer()

    def _answer(self) -> int:
        return int(read(self._descriptor, _MAX_MESSAGE_BYTES))


def _set_patience(end: socket.socket, seconds: int) -> None:
    """How long to wait for what is read from it."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", seconds, 0))


def _serve(supervisor: int, start: Start) -> NoReturn:
    # A run that is started on another CPU finds nothing of what it is a copy of in that one's
    # caches, and the kernel would have most start there: on one that is idle. So they start on the
    # zygote's own and may leave it at once, and the zygote leaves it where the kernel likes, but
    # not at every turn.
    everywhere, only = _cpu_masks()
    size = len(everywhere)
    oom_score, own_oom_score = _open_oom_score()
    write(supervisor, b"%d" % _warm_up())
    while True:
        _set_affinity(0, size, everywhere)
        request = read(supervisor, _MAX_MESSAGE_BYTES)
        _set_affinity(0, size, only.get(_current_cpu(), everywhere))
        settled_until_s = monotonic() + _SETTLED_S
        while True:
            write(oom_score, _FIRST_TO_GO)
            child = _syscall(_CLONE, _CLONE_PARENT, 0, 0, 0, 0)
            if child == 0:
                _set_affinity(0, size, everywhere)
                start(*marshal.loads(request))  # noqa: S302 - the supervisor's
            write(oom_score, own_oom_score)
            write(supervisor, b"%d" % child)
            if monotonic() > settled_until_s:
                break
            request = read(supervisor, _MAX_MESSAGE_BYTES)


def _open_oom_score() -> tuple[int, bytes]:
    """A descriptor to write this process's own to, and what it is now."""
    descriptor = os.open("/proc/self/oom_score_adj", os.O_RDWR)
    return descriptor, read(descriptor, _MAX_MESSAGE_BYTES)


def _cpu_masks() -> tuple[bytes, dict[int, bytes]]:
    """The CPUs that this process may use, together and each alone: cpu_set_t, see CPU_SET(3)."""
    cpus = os.sched_getaffinity(0)
    size = 8 * (max(cpus) // 64 + 1)
    bits = {cpu: 1 << cpu for cpu in cpus}
    only = {cpu: bit.to_bytes(size, sys.byteorder) for cpu, bit in bits.items()}
    return sum(bits.values()).to_bytes(size, sys.byteorder), only


def _warm_up() -> int:
    """Become what every run starts as; returns the address space that this takes."""
    python_run.preload()
    enlarge_pages()
    gc.collect()
    gc.freeze()
    with open("/proc/self/statm", encoding="utf-8") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
