"""The process that a warm child is forked from: imports paid once, then killable.

Whenever its parent (`verifier.children.warm_child`) asks, it kills the child there is and forks the
next, which takes a millisecond; the child serves requests on a socket of its own. Both end when the
parent does.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import resource
import signal
import socket
from collections.abc import Callable

from verifier.logs import configure

_SET_PDEATHSIG = 1


def run(serve: Callable[[socket.socket], None], memory_bytes: int) -> None:
    """Be the zygote of children that `serve` what comes through their socket.

    The command line is `--fd N`, the socket to the parent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    options = parser.parse_args()
    configure("child")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal is the parent's affair
    gc.collect()
    gc.freeze()
    child: int | None = None
    with socket.socket(fileno=options.fd) as control:
        while control.recv(1):
            child = _fork(control, _end(child), serve, memory_bytes)
    _end(child)


def _fork(
    control: socket.socket,
    last_signal: int,
    serve: Callable[[socket.socket], None],
    memory_bytes: int,
) -> int:
    """Fork a child, hand its socket to the parent, and return its process id. The parent also
    learns which signal ended the child before it, 0 for none."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            control.close()
            ours.close()
            _confine(memory_bytes)
            if os.getppid() != 1:
                serve(theirs)
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    with ours:
        socket.send_fds(control, [f"{child} {last_signal}".encode("ascii")], [ours.fileno()])
    return child


def _confine(memory_bytes: int) -> None:
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _end(child: int | None) -> int:
    """See to it that the child has ended; the signal that ended it."""
    if child is None:
        return 0
    os.kill(child, signal.SIGKILL)  # no harm where it has ended: it is not reaped yet
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
