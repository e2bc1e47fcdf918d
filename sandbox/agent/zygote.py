"""Where runs come from: a warm interpreter that does nothing but fork.

A process that forks pays for it afterwards: every page of memory that it touches again is copied or
at least faulted in again. So the one that forks does as little as it can, and the supervisor, which
does the rest, never forks. Runs are children of the supervisor (CLONE_PARENT), not of the zygote.

In a jail of one uid a run could kill a zygote, so there is none and the supervisor forks itself:
process 1 alone is safe from those that share its uid.
"""

import ctypes
import gc
import json
import os
import platform
import signal
import socket
from array import array
from collections.abc import Callable
from typing import Any, NoReturn

from . import confine, python_run

_MAX_MESSAGE_BYTES = 4096
_DESCRIPTORS_BYTES = socket.CMSG_SPACE(8 * array("i").itemsize)
_CLONE = {"x86_64": 56, "aarch64": 220}[platform.machine()]
_CLONE_PARENT = 0x8000
_syscall = ctypes.PyDLL(None).syscall

Start = Callable[[dict[str, Any], list[int], int], NoReturn]
"""Makes a freshly forked process the run that a request and its descriptors ask for; the number is
the address space that it begins with."""


class Forker:
    """The supervisor itself as the one that forks."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self.pid = os.getpid()
        self.address_space_bytes = _warm_up()

    def fork(self, request: dict[str, Any], descriptors: list[int]) -> int:
        """Start a run; returns its process id. The descriptors stay the caller's."""
        child: int = confine.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._start(request, descriptors, self.address_space_bytes)
        return child


class Zygote:
    """The supervisor's end of the zygote."""

    def __init__(self, start: Start) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Without a signal at its exit it is no child that wait(2) waits for unasked, nor are the
        # runs, which take after it: what is waited for is what a run left behind, and that alone.
        self.pid = _syscall(_CLONE, 0, 0, 0, 0, 0)
        if self.pid == 0:
            self._socket.close()
            _serve(theirs, start)
        theirs.close()
        self.address_space_bytes = self._answer()

    def fork(self, request: dict[str, Any], descriptors: list[int]) -> int:
        """See Forker.fork."""
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))]
        self._socket.sendmsg([json.dumps(request).encode()], rights)
        return self._answer()

    def _answer(self) -> int:
        return int(self._socket.recv(_MAX_MESSAGE_BYTES))


def _serve(supervisor: socket.socket, start: Start) -> NoReturn:
    address_space_bytes = _warm_up()
    supervisor.send(b"%d" % address_space_bytes)
    while True:
        data, ancillary, _, _ = supervisor.recvmsg(
            _MAX_MESSAGE_BYTES, _DESCRIPTORS_BYTES, socket.MSG_CMSG_CLOEXEC
        )
        if not data:
            os._exit(0)
        descriptors = array("i", ancillary[0][2])
        child = _syscall(_CLONE, _CLONE_PARENT, 0, 0, 0, 0)
        if child == 0:
            start(json.loads(data), descriptors.tolist(), address_space_bytes)
        supervisor.send(b"%d" % child)
        for descriptor in descriptors:
            os.close(descriptor)


def _warm_up() -> int:
    """Become what every run starts as; returns the address space that this takes."""
    python_run.preload()
    gc.collect()
    gc.freeze()
    gc.disable()
    with open("/proc/self/statm", encoding="utf-8") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
